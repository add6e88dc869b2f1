import Storage

/// Some tensors of a safetensors file, and the file that holds just these (profile clause 8.3, section 7).
///
/// Only as much of the format is known here as says where tensors lie; whether the file keeps to its rules is for its reader to judge.
struct SafetensorsSubset: Sendable {
  private struct Tensor: Sendable {
    let name: String
    let type: JSONValue
    let shape: JSONValue
    let range: Range<UInt64>
  }

  private let tensors: [Tensor]
  private let metadata: JSONValue?

  /// The bytes of the length before the header.
  static let lengthBytes: UInt64 = 8
  /// The longest header that is read, as the format has it.
  private static let headerLimit: UInt64 = 100_000_000

  /// Where the header ends, as the first eight bytes say; nil where it leaves the file or the limit.
  static func headerEnd(_ first: [UInt8], fileSize: UInt64) -> UInt64? {
    var fields = FieldReader(first)
    guard let length = fields.integer(UInt64.self), length <= headerLimit, lengthBytes + length <= fileSize
    else {
      return nil
    }
    return lengthBytes + length
  }

  /// The tensors of a file that are wanted.
  ///
  /// - Parameter header: the bytes after the length.
  /// - Throws: `TransferFault.selectionFound` where the header cannot be read or leaves the file.
  init(_ header: [UInt8], of file: String, size: UInt64, _ isWanted: (String) -> Bool) throws(Fault) {
    let base = SafetensorsSubset.lengthBytes + UInt64(header.count)
    let value: JSONValue
    do throws(JSONFault) {
      value = try JSONValue.read(header, base: SafetensorsSubset.lengthBytes, depthLimit: 8) { _ in }
    } catch {
      throw Fault(TransferFault.selectionFound, at: Place(file, offset: error.offset), actual: "safetensors")
    }
    var tensors: [Tensor] = []
    for member in value.members ?? [] where !member.key.utf8.elementsEqual("__metadata__".utf8) {
      guard isWanted(member.key) else { continue }
      let offsets = member.value["data_offsets"]?.elements?.compactMap { $0.number?.unsigned } ?? []
      guard offsets.count == 2, offsets[0] <= offsets[1], offsets[1] <= size - base,
        let type = member.value["dtype"], let shape = member.value["shape"]
      else {
        throw Fault(TransferFault.selectionFound, at: Place(file, offset: member.offset), actual: member.key)
      }
      tensors.append(
        Tensor(name: member.key, type: type, shape: shape, range: base + offsets[0]..<base + offsets[1]))
    }
    self.tensors = tensors.sorted {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    metadata = value["__metadata__"]
  }

  /// Whether nothing was wanted.
  var isEmpty: Bool { tensors.isEmpty }

  /// The bytes of the file that the tensors take, in order of offset.
  var ranges: [Range<UInt64>] { tensors.map(\.range) }

  /// Writes a file of these tensors, in order of offset.
  func write(_ file: any ByteSource, to output: AtomicFile) throws(Fault) {
    var members: [JSONValue.Member] = []
    if let metadata { members.append(JSONValue.Member(key: "__metadata__", value: metadata)) }
    var position: UInt64 = 0
    for tensor in tensors {
      let end = position + UInt64(tensor.range.count)
      let offsets = [position, end].map { JSONValue(.number(JSONValue.Number(lexeme: "\($0)"))) }
      members.append(
        JSONValue.Member(
          key: tensor.name,
          value: JSONValue(
            .object([
              JSONValue.Member(key: "dtype", value: tensor.type),
              JSONValue.Member(key: "shape", value: tensor.shape),
              JSONValue.Member(key: "data_offsets", value: JSONValue(.array(offsets))),
            ]))))
      position = end
    }
    var header = Array(JSONValue(.object(members)).compact.utf8)
    // Data begins at a multiple of eight, as the format's own writers have it.
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    var length: [UInt8] = []
    length.append(littleEndian: UInt64(header.count))
    try output.append(length + header)
    for tensor in tensors { try output.append(file, range: tensor.range) }
  }

  /// The name of the result: that of the file, with the format's suffix.
  static func name(for file: String) -> String {
    file.utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8) ? file : file + suffix
  }

  private static let suffix = ".safetensors"

  /// Whether a file is read as safetensors, by its name.
  static func isMeant(by file: String) -> Bool {
    file.utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
  }
}
