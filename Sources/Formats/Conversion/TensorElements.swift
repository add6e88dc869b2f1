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
  /// - Returns: nil for tensors without bytes of their own (strings, sparse, absent) and for more than `limit` bytes.
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
    case .inline(let bytes): return UInt64(bytes.count) <= limit ? bytes : nil
    case .strings, .sparse, .compressed, .absent, .withheld: return nil
    }
  }
}
