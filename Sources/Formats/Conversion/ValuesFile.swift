import Numerics
import Representation
import Storage

/// A safetensors file for elements that the source format writes in a way that no byte range can stand for.
struct ValuesFile {
  /// A tensor of the file.
  struct Entry {
    /// The tensor's place in the model, for messages.
    let path: ModelPath
    /// The type in the structure.
    let type: TensorType
    /// The elements.
    let elements: EncodedElements
    /// The number of bytes of the decoded elements.
    let byteCount: UInt64
  }

  /// The tensors in the order of the file.
  private let entries: [Entry]
  /// For each tensor, in the order in which it was given, its first byte after the header.
  private let offsets: [UInt64]
  /// The header with its length before it.
  private let header: [UInt8]
  /// The number of bytes after the header.
  private let payloadBytes: UInt64

  /// A file for tensors; wide elements come first, so that all of them are aligned.
  ///
  /// Nil where the sizes do not fit into 64 bits.
  init?(_ tensors: [Entry]) {
    let order = tensors.indices.sorted {
      (tensors[$0].elements.width, $1) > (tensors[$1].elements.width, $0)
    }
    var offsets = [UInt64](repeating: 0, count: tensors.count)
    var end: UInt64 = 0
    var lines: [String] = []
    for index in order {
      let entry = tensors[index]
      guard let next = ByteRange.end(offset: end, length: entry.byteCount) else { return nil }
      offsets[index] = end
      let (type, shape) = Self.description(of: entry)
      lines.append(
        "\"values.\(index)\":{\"dtype\":\"\(type)\",\"shape\":[\(shape)],\"data_offsets\":[\(end),\(next)]}")
      end = next
    }
    var json = Array("{\(lines.joined(separator: ","))}".utf8)
    json += Array(repeating: 0x20, count: (8 - json.count % 8) % 8)
    let length = UInt64(json.count)
    header = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + json
    self.offsets = offsets
    entries = order.map { tensors[$0] }
    payloadBytes = end
  }

  /// The number of bytes of the file; nil where it does not fit into 64 bits.
  var size: UInt64? { ByteRange.end(offset: UInt64(header.count), length: payloadBytes) }

  /// The bytes after the header.
  var payload: Range<UInt64> { UInt64(header.count)..<UInt64(header.count) + payloadBytes }

  /// The bytes of the tensor that was given with that index, in the file with an index in a file table.
  func range(of index: Int, _ length: UInt64, file: Int) -> ByteRange {
    ByteRange(file: file, offset: UInt64(header.count) + offsets[index], length: length)
  }

  /// Writes the file.
  func write(
    to path: String, from open: (Int) throws(Fault) -> any ByteSource
  ) throws(ConversionFailure) {
    do throws(Fault) {
      let file = try AtomicFile(path)
      try file.append(header)
      for entry in entries {
        let before = file.byteCount
        _ = try entry.elements.decode(from: open) { chunk throws(Fault) in try file.append(chunk) }
        guard file.byteCount - before == entry.byteCount else {
          file.discard()
          throw Fault(
            FileFault.stableWhileRead, .system, at: Place(path, path: entry.path.description),
            expected: "\(entry.byteCount) B", actual: "\(file.byteCount - before) B")
        }
      }
      try file.commit()
    } catch {
      throw .file(error)
    }
  }

  /// The type and shape that safetensors gives a tensor: bytes where it has no such type, a list where the dims do not fit.
  private static func description(of entry: Entry) -> (type: String, shape: String) {
    guard let type = entry.type.elementType, let name = SafetensorsElementTypes.name(of: type) else {
      return ("U8", "\(entry.byteCount)")
    }
    if let dims = entry.type.dims, entry.type.elementCount == entry.elements.content.count {
      let sizes = dims.compactMap { if case .fixed(let size) = $0 { size } else { nil } }
      return (name, sizes.map(String.init).joined(separator: ","))
    }
    return (name, "\(entry.elements.content.count)")
  }
}
