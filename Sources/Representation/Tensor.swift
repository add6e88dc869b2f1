public import Storage

/// A tensor: a type and where its bytes lie, never the bytes themselves (profile clause 6.1, Tensor).
public struct Tensor: Sendable, Hashable {
  /// The type.
  public var type: TensorType
  /// Where the elements lie.
  public var content: TensorContent
  /// The digest that the structure declares for the tensor's bytes as stored.
  public var digest: DeclaredDigest?
  /// The name of the tensor's chain in the compression statement, where it is compressed (clause 7).
  public var compressionChain: String?

  /// A tensor.
  public init(
    _ type: TensorType, _ content: TensorContent, digest: DeclaredDigest? = nil,
    compressionChain: String? = nil
  ) {
    self.type = type
    self.content = content
    self.digest = digest
    self.compressionChain = compressionChain
  }
}

/// Where the elements of a tensor lie.
public enum TensorContent: Sendable, Hashable {
  /// Little-endian elements, packed, in row-major order, as a run of bytes of a file.
  case stored(ByteRange)
  /// Elements that the source writes in another way; a reader of that format turns them into little-endian elements.
  case encoded(EncodedContent)
  /// Little-endian elements, packed, in row-major order, in the structure itself.
  case inline([UInt8])
  /// The elements of a string tensor, in row-major order, in the structure itself.
  case strings([[UInt8]])
  /// A sparse tensor: the values that differ from zero and their places.
  indirect case sparse(values: Tensor, indices: Tensor)
  /// What a chain of stages left of the elements (clause 7).
  indirect case compressed(CompressedContent)
  /// The source gives no content.
  case absent
  /// The source gives content, and a fault that its reader has logged keeps everybody from knowing where it lies.
  case withheld
}

/// Elements in the encoding of their source format.
public struct EncodedContent: Sendable, Hashable {
  /// How the elements are written.
  public enum Encoding: Sendable, Hashable {
    /// A run of Protocol Buffers variable-length integers, one for each element.
    case variableLengthIntegers
    /// A run of Protocol Buffers variable-length integers, each holding the bits of one element in its low-order bits.
    case variableLengthBitPatterns
    /// Little-endian 32-bit words, each holding one element in its low-order bits.
    case words32
    /// Elements of whole bytes, each with its highest byte first.
    case bigEndian
    /// Blocks of that type, which decode to the element type of the tensor.
    case blocks(BlockLayout)
  }

  /// How the elements are written.
  public var encoding: Encoding
  /// Where they are written: one range where the source packs them, more where it does not.
  public var ranges: [ByteRange]
  /// The number of elements that were counted in the ranges.
  public var count: UInt64

  /// Elements in the encoding of their source format.
  public init(_ encoding: Encoding, ranges: [ByteRange], count: UInt64) {
    self.encoding = encoding
    self.ranges = ranges
    self.count = count
  }
}
