import Compression
import Representation
import Storage

/// The file that holds the elements of a compressed model, one tensor after the other, each at a multiple of 64 bytes.
struct CompressedFile {
  /// Its place in the file table.
  let index: Int
  private let file: AtomicFile

  /// Content up to this is put into the structure itself, in bytes.
  private static let inlineLimit = 64
  private static let alignment: UInt64 = 64

  init(_ path: String, index: Int) throws(Fault) {
    file = try AtomicFile(path)
    self.index = index
  }

  /// The number of bytes so far.
  var byteCount: UInt64 { file.byteCount }

  /// Writes elements, unless they are few.
  func content(_ bytes: [UInt8]) throws(Fault) -> TensorContent {
    if bytes.count <= Self.inlineLimit { return .inline(bytes) }
    let padding = (Self.alignment - file.byteCount % Self.alignment) % Self.alignment
    try file.append([UInt8](repeating: 0, count: Int(padding)))
    let offset = file.byteCount
    try file.append(bytes)
    return .stored(ByteRange(file: index, offset: offset, length: UInt64(bytes.count)))
  }

  /// Writes what a chain holds in memory: side tensors and payloads.
  func content(_ chain: CompressedContent) throws(Fault) -> TensorContent {
    var chain = chain
    try chain.changeTensors { tensor, path throws(Fault) in
      guard case .inline(let bytes) = tensor.content else { return }
      // Not every damaged bit of a stream shows in decoding.
      if path.hasSuffix(".payload") {
        let digest = try Digest.of(bytes, .sha256)
        tensor.digest = DeclaredDigest(algorithm: digest.algorithm.rawValue, value: digest.hex)
      }
      tensor.content = try content(bytes)
    }
    return .compressed(chain)
  }

  /// Brings the file to disk.
  func commit() throws(Fault) { try file.commit() }
}
