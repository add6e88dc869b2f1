/// How a type of blocks, in which numbers share scales, cuts a row of elements (profile clause 7.3, block types of ggml).
public struct BlockLayout: Sendable, Hashable {
  /// The name that the profile gives the type, such as `Q4_K`.
  public let name: String
  /// The number of elements of a block.
  public let elements: UInt64
  /// The number of bytes of a block.
  public let bytes: UInt64
  /// Whether the numbers of several bytes inside a block have their highest byte first.
  public let isBigEndian: Bool

  /// A type of blocks.
  public init(name: String, elements: UInt64, bytes: UInt64, isBigEndian: Bool = false) {
    self.name = name
    self.elements = elements
    self.bytes = bytes
    self.isBigEndian = isBigEndian
  }
}
