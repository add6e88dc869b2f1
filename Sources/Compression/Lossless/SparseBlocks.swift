import Numerics
public import Representation
public import Storage

/// Whole blocks.
extension SparseStage {
  /// The blocks along each dim, and the sizes of a block.
  func blocks(of input: ElementsType) throws(Fault) -> (grid: ElementsType, block: ElementsType) {
    let sizes = block.compactMap(Int.init(exactly:))
    guard sizes.count == input.dims.count, sizes.count == block.count,
      zip(sizes, input.dims).allSatisfy({ $0 >= 1 && $1 % $0 == 0 }),
      let grid = ElementsType(input.element, zip(sizes, input.dims).map { $1 / $0 }),
      let type = ElementsType(input.element, sizes)
    else {
      throw .stage(
        .sparseBlockDivides, ".block", expected: "divides \(input.notation)", actual: "\(block.prefix(64))")
    }
    return (grid, type)
  }

  func blocksDecoded(
    _ payload: Elements, as input: ElementsType, kept: Elements
  ) throws(Fault) -> Elements {
    let (grid, block) = try blocks(of: input)
    // Blocks as elements of all blocks, zero or not, in the order of the grid; then their rows go where they belong.
    let cells = try input.with(input.element, grid.dims + block.dims)
    var places: [Int] = []
    places.reserveCapacity(payload.type.dims[0])
    for place in 0..<grid.count where kept.bytes[place >> 3] >> UInt8(place & 7) & 1 == 1 {
      places.append(place)
    }
    let spread: Elements
    if let bits = input.element.bits, bits % 8 == 0 {
      let size = block.byteCount
      spread = try Elements(zeroed: cells) { target in
        payload.bytes.withUnsafeBytes { source in
          for (index, place) in places.enumerated() {
            UnsafeMutableRawBufferPointer(rebasing: target[place * size..<(place + 1) * size])
              .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[index * size..<(index + 1) * size]))
          }
        }
      }
    } else {
      var codes = [UInt8](repeating: 0, count: cells.count)
      let few = payload.unpackedCodes()
      for (index, place) in places.enumerated() {
        for offset in 0..<block.count {
          codes[place * block.count + offset] = few[index * block.count + offset]
        }
      }
      spread = .packing(codes, as: cells)
    }
    return spread.picked(as: try Self.interleaved(grid, block), strides: Self.cellStrides(cells)).relabelled(
      input)
  }

  /// Keeps blocks that have an element with a code other than 0.
  public static func encode(_ x: Elements, block sizes: [Int]) throws(Fault) -> Encoded<SparseStage> {
    try x.type.accepted(
      x.type.element.components.count == 1 && !x.type.dims.isEmpty, "not complex, one dim or more")
    var descriptor = SparseStage(kind: .block, pattern: nil, block: sizes.map(Int64.init))
    let (grid, block) = try descriptor.blocks(of: x.type)
    let rank = x.type.dims.count
    let split = try interleaved(grid, block)
    let apart = StridedCopy.rowMajor(split.dims)
    let order = (0..<rank).map { 2 * $0 } + (0..<rank).map { 2 * $0 + 1 }
    let cells = x.relabelled(split).picked(
      as: try x.type.with(x.type.element, grid.dims + block.dims), strides: order.map { apart[$0] })
    let (bits, _) = try cells.nonzeroBits()
    var pattern = [UInt8](repeating: 0, count: bitBytes(grid.count))
    var chosen = [UInt8](repeating: 0, count: bits.bytes.count)
    var kept = 0
    for place in 0..<grid.count {
      let members = place * block.count..<(place + 1) * block.count
      guard members.contains(where: { bits.bytes[$0 >> 3] >> UInt8($0 & 7) & 1 == 1 }) else { continue }
      kept += 1
      pattern[place >> 3] |= 1 << UInt8(place & 7)
      for member in members { chosen[member >> 3] |= 1 << UInt8(member & 7) }
    }
    descriptor.pattern = Elements(try x.type.with(.u8, [pattern.count]), exactly: pattern).inlineTensor
    let choice = Elements(try x.type.with(.u8, [chosen.count]), exactly: chosen)
    let output = try x.type.with(x.type.element, [kept, block.count])
    return Encoded(descriptor, try cells.gathered(by: choice, count: output.count).relabelled(output))
  }

  /// Each dim as two: the block, and the place in it.
  private static func interleaved(_ grid: ElementsType, _ block: ElementsType) throws(Fault) -> ElementsType {
    try grid.with(grid.element, zip(grid.dims, block.dims).flatMap { [$0, $1] })
  }

  /// How far neighbours are apart among cells of all blocks, for the dims of the interleaved type.
  private static func cellStrides(_ cells: ElementsType) -> [Int] {
    let apart = StridedCopy.rowMajor(cells.dims)
    let rank = cells.dims.count / 2
    return (0..<rank).flatMap { [apart[$0], apart[rank + $0]] }
  }
}
