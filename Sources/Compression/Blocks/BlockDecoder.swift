import CKernels
public import Representation

/// Decodes blocks in which numbers share scales to f32, exactly as profile clause 7.3, block types of ggml, says.
public struct BlockDecoder: Sendable {
  private let kind: BlockKind
  private let isBigEndian: Bool
  private let grid: BlockGridPoints?

  /// A decoder of a type of blocks.
  ///
  /// Nil where the profile does not know the type or gives it another size, and for big-endian blocks of a type in which there is no agreed
  /// order.
  public init?(layout: BlockLayout) {
    guard let kind = BlockKind.named[layout.name], layout.elements == UInt64(kind.elements),
      layout.bytes == UInt64(kind.bytes), kind.hasBigEndianOrder || !layout.isBigEndian
    else { return nil }
    self.kind = kind
    isBigEndian = layout.isBigEndian
    grid = kind.grid.map(\.points)
  }

  /// The number of elements of a block.
  public var elements: Int { kind.elements }
  /// The number of bytes of a block.
  public var bytes: Int { kind.bytes }

  /// Decodes blocks, as many as there are bytes of and room for.
  ///
  /// - Returns: the number of blocks that were decoded.
  @discardableResult
  public func decode(
    _ blocks: UnsafeRawBufferPointer, into elements: UnsafeMutableBufferPointer<Float>
  ) -> Int {
    let count = min(blocks.count / kind.bytes, elements.count / kind.elements)
    guard count > 0, let from = blocks.bindMemory(to: UInt8.self).baseAddress, let to = elements.baseAddress
    else { return 0 }
    ck_f32_from_blocks(CInt(kind.number), isBigEndian ? 1 : 0, grid?.start, from, to, count)
    return count
  }
}
