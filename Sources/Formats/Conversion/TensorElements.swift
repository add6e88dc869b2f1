import Compression
import Numerics
public import Representation
public import Storage

/// The elements of a tensor as bytes: little-endian, packed, in row-major order.
public enum TensorElements {
  /// The bytes of a tensor, wherever its elements lie and however they are written.
  ///
  /// - Parameters:
  ///   - files: the model's file table.
  ///   - tree: the files of the sample.
  ///   - limit: how many bytes there may be.
  /// - Returns: nil for tensors without bytes of their own (strings, sparse, absent), for more than `limit` bytes, and for chains that need
  ///   bases, which only `TensorDecoder` finds.
  /// - Throws: what the files throw.
  public static func bytes(
    of tensor: Tensor, files: [ParameterFile], in tree: any FileTree, limit: UInt64
  ) throws(Fault) -> [UInt8]? {
    func open(_ index: Int) throws(Fault) -> any ByteSource {
      guard files.indices.contains(index) else { throw Fault(FileFault.present, at: Place()) }
      return try tree.open(files[index].path)
    }
    switch tensor.content {
    case .stored(let range):
      guard range.length <= limit, let count = Int(exactly: range.length) else { return nil }
      return try open(range.file).bytes(at: range.offset, count: count)
    case .encoded(let content):
      guard let elements = EncodedElements(content, tensor.type), let size = elements.byteCount, size <= limit
      else { return nil }
      var bytes: [UInt8] = []
      _ = try elements.decode(from: open) { chunk throws(Fault) in bytes += chunk }
      return bytes
    case .compressed(let content):
      guard let size = tensor.type.byteCount, size <= limit, !content.needsBases else { return nil }
      let tensors = ModelTensors([:]) { tensor throws(Fault) in
        try Self.bytes(of: tensor, files: files, in: tree, limit: .max) ?? []
      }
      return try TensorDecoder(tensors).elements(of: tensor, at: "").bytes
    case .inline(let bytes): return UInt64(bytes.count) <= limit ? bytes : nil
    case .strings, .sparse, .absent, .withheld: return nil
    }
  }
}
