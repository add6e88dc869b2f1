import Numerics
import Representation
import Storage

extension Conversion {
  /// Tensors whose elements go into a file of their own.
  struct Values {
    /// The file.
    let file: ValuesFile
    /// For each tensor, the number of bytes.
    let lengths: [UInt64]
  }

  /// A file index that no file table reaches: it stands for the file of values until that has a place.
  private static let fileToCome = Int(UInt32.max)

  /// Turns encoded elements into plain bytes: short ones in the structure, long ones in a file of their own.
  ///
  /// - Returns: what goes into the file; nil where there is no need for one.
  func materialise(_ model: inout Model, in tree: any FileTree) throws(ConversionFailure) -> Values? {
    var entries: [ValuesFile.Entry] = []
    let files = model.files
    var opened: [Int: any ByteSource] = [:]
    func open(_ index: Int) throws(Fault) -> any ByteSource {
      if let source = opened[index] { return source }
      guard files.indices.contains(index) else { throw Fault(FileFault.present, at: Place()) }
      let source = try tree.open(files[index].path)
      opened = [index: source]
      return source
    }
    try model.changeTensors { tensor, path throws(ConversionFailure) in
      guard case .encoded(let content) = tensor.content else { return }
      guard let elements = EncodedElements(content, tensor.type), let bytes = elements.byteCount else {
        throw .elements(
          path: path.description, reason: "element type \(tensor.type.elementType?.rawValue ?? "?")")
      }
      // A digest of the encoded bytes says nothing about the decoded ones.
      tensor.digest = nil
      if bytes > Self.inlineLimit {
        tensor.content = .stored(
          ByteRange(file: Self.fileToCome, offset: UInt64(entries.count), length: bytes))
        entries.append(ValuesFile.Entry(path: path, type: tensor.type, elements: elements, byteCount: bytes))
        return
      }
      var decoded: [UInt8] = []
      do throws(Fault) {
        _ = try elements.decode(from: open) { chunk throws(Fault) in decoded += chunk }
      } catch {
        throw .file(error)
      }
      guard UInt64(decoded.count) == bytes else {
        throw .elements(path: path.description, reason: "\(decoded.count) B ≠ \(bytes) B")
      }
      tensor.content = .inline(decoded)
    }
    guard let first = entries.first else { return nil }
    guard let file = ValuesFile(entries), file.size != nil else {
      throw .elements(path: first.path.description, reason: "≥ 2^64 B")
    }
    return Values(file: file, lengths: entries.map(\.byteCount))
  }

  /// Adds the file of values, which is written, to the file table, and points the tensors to it.
  func addValues(
    _ values: Values, named name: String, at path: String, to model: inout Model
  ) throws(ConversionFailure) {
    var entry = ParameterFile(path: name, size: values.file.size ?? 0, payload: values.file.payload)
    if computesDigests {
      do throws(Fault) {
        entry.digest = try Self.digest(of: try FileByteSource(path: path, name: name))
      } catch {
        throw .file(error)
      }
    }
    let index = model.files.count
    model.files.append(entry)
    model.changeTensors { tensor, _ in
      guard case .stored(let range) = tensor.content, range.file == Self.fileToCome,
        let number = Int(exactly: range.offset), values.lengths.indices.contains(number)
      else { return }
      tensor.content = .stored(values.file.range(of: number, values.lengths[number], file: index))
    }
  }
}
