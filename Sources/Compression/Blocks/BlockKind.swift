/// A row of the profile's table of types of blocks (clause 7.3, block types of ggml, section 2).
struct BlockKind: Sendable {
  /// The number of the type.
  let number: Int
  /// The name.
  let name: String
  /// The number of elements of a block.
  let elements: Int
  /// The number of bytes of a block.
  let bytes: Int
  /// The grid whose points a block names.
  let grid: BlockGrid?
  /// Whether implementations agree on the bytes of a block in a big-endian file.
  let hasBigEndianOrder: Bool

  private init(
    _ number: Int, _ name: String, _ elements: Int, _ bytes: Int, grid: BlockGrid? = nil,
    bigEndian: Bool = true
  ) {
    self.number = number
    self.name = name
    self.elements = elements
    self.bytes = bytes
    self.grid = grid
    hasBigEndianOrder = bigEndian
  }

  /// All of them, by name.
  static let named = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

  /// All of them, by number.
  static let all: [BlockKind] = [
    BlockKind(2, "Q4_0", 32, 18), BlockKind(3, "Q4_1", 32, 20),
    BlockKind(6, "Q5_0", 32, 22, bigEndian: false),
    BlockKind(7, "Q5_1", 32, 24, bigEndian: false), BlockKind(8, "Q8_0", 32, 34),
    BlockKind(9, "Q8_1", 32, 36),
    BlockKind(10, "Q2_K", 256, 84), BlockKind(11, "Q3_K", 256, 110, bigEndian: false),
    BlockKind(12, "Q4_K", 256, 144), BlockKind(13, "Q5_K", 256, 176), BlockKind(14, "Q6_K", 256, 210),
    BlockKind(15, "Q8_K", 256, 292), BlockKind(16, "IQ2_XXS", 256, 66, grid: .iq2xxs, bigEndian: false),
    BlockKind(17, "IQ2_XS", 256, 74, grid: .iq2xs, bigEndian: false),
    BlockKind(18, "IQ3_XXS", 256, 98, grid: .iq3xxs, bigEndian: false),
    BlockKind(19, "IQ1_S", 256, 50, grid: .iq1, bigEndian: false), BlockKind(20, "IQ4_NL", 32, 18),
    BlockKind(21, "IQ3_S", 256, 110, grid: .iq3s), BlockKind(22, "IQ2_S", 256, 82, grid: .iq2s),
    BlockKind(23, "IQ4_XS", 256, 136, bigEndian: false),
    BlockKind(29, "IQ1_M", 256, 56, grid: .iq1, bigEndian: false), BlockKind(34, "TQ1_0", 256, 54),
    BlockKind(35, "TQ2_0", 256, 66), BlockKind(39, "MXFP4", 32, 17), BlockKind(40, "NVFP4", 64, 36),
    BlockKind(41, "Q1_0", 128, 18), BlockKind(42, "Q2_0", 64, 18),
  ]
}
