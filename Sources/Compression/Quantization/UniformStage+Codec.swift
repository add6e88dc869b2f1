import CKernels
import Numerics
public import Representation
public import Storage

/// Even steps (profile clause 7.3, sections 2 and 3).
extension UniformStage: StageCodec {
  public var isLossless: Bool { false }

  public var sides: [(path: String, tensor: Tensor)] {
    [(".scale", scale), (".zero_point", zeroPoint), (".offset", offset), (".group_index", groupIndex)]
      .compactMap { path, tensor in tensor.map { (path, $0) } }
  }

  /// The type of a level; nil where the width is none.
  var levelType: ElementType? {
    switch bits {
    case 1...2: signed ? .i2 : .u2
    case 3...4: signed ? .i4 : .u4
    case 5...8: signed ? .i8 : .u8
    case 9...16: signed ? .i16 : .u16
    default: nil
    }
  }

  /// The levels of the width, which is 1 … 16.
  var levels: ClosedRange<Int32> {
    let bits = Int32(clamping: bits)
    return signed ? (-1 << (bits - 1))...((1 << (bits - 1)) - 1) : 0...((1 << bits) - 1)
  }

  public func output(of input: ElementsType) throws(Fault) -> ElementsType? {
    try input.acceptedByQuantizer()
    guard let levelType else { throw .stage(.uniformBits, ".bits", expected: "1 … 16", actual: "\(bits)") }
    var counts = try Grid(grid, over: input.dims).counts
    if let groupIndex {
      guard let axis = Int(exactly: groupAxis), axis < input.dims.count, grid[axis] == 0 else {
        throw .stage(
          .uniformGroupAxis, ".group_axis", expected: "< \(input.dims.count), grid[axis] = 0",
          actual: "\(groupAxis)")
      }
      try expectSide(groupIndex, [.u32], [input.dims[axis]], ".group_index")
      let dims = scale.flatMap { ElementsType($0.type) }?.dims ?? []
      counts[axis] = dims.count == counts.count ? dims[axis] : 0
    }
    try expectSide(scale, ElementType.scales, counts, ".scale")
    guard [0, 4, 8, 16, 32].contains(states) else {
      throw .stage(.trellisStates, ".states", expected: "0 | 4 | 8 | 16 | 32", actual: "\(states)")
    }
    guard zeroPoint == nil || offset == nil else {
      throw .stage(.uniformOneOrigin, expected: "zero_point | offset", actual: "zero_point, offset")
    }
    if zeroPoint != nil {
      try expectSide(zeroPoint, [.i32, .i16, .i8, .i4, .i2, .u16, .u8, .u4, .u2], counts, ".zero_point")
    }
    if offset != nil { try expectSide(offset, ElementType.offsets, counts, ".offset") }
    try checkTrellis()
    return ElementsType(levelType, input.dims)
  }

  private func checkTrellis() throws(Fault) {
    guard states != 0 else {
      guard restart == 0 else {
        throw .stage(.trellisRestart, ".restart", expected: "0", actual: "\(restart)")
      }
      return
    }
    guard signed, zeroPoint == nil, offset == nil else {
      throw .stage(
        .trellisSymmetric, expected: "signed",
        actual: !signed ? "unsigned" : zeroPoint != nil ? "zero_point" : "offset")
    }
    guard 64...(1 << 24) ~= restart else {
      throw .stage(.trellisRestart, ".restart", expected: "64 … 2^24", actual: "\(restart)")
    }
  }

  public func decode(
    _ payload: Elements?, as input: ElementsType, in decoding: Decoding
  ) throws(Fault) -> Elements {
    let payload = try payload.payload(of: output(of: input))
    try checkLevels(payload)
    var grid = try Grid(grid, over: input.dims)
    if let groupIndex { grid = try naming(groupIndex, in: grid, decoding) }
    let count = grid.blockCount
    let scale = try decoding.finiteFloats(self.scale, ".scale", count: count, .quantizerScaleFinite)
    let zero = try zeroPoints(count, decoding)
    var offset: [Float]?
    if self.offset != nil {
      offset = try decoding.finiteFloats(self.offset, ".offset", count: count, .quantizerOffsetFinite)
    }
    let values = BlockValues(grid, scale: scale, zero: zero, offset: offset)
    let undone = Undone(type: input, boundedBelow: values.bound(states == 0 ? 65536 : 131072))
    if states != 0 { return try decodeTrellis(payload, values, grid, undone) }
    var result: Elements?
    try values.withBlocks { blocks throws(Fault) in
      try payload.withReader { reader throws(Fault) in
        try withRoom { room throws(Fault) in
          result = try undone.elements(grid) { segment, out in
            reader.uniform(segment, blocks(segment), room: room, into: out)
          }
        }
      }
    }
    return try result.payload(of: input)
  }

  private func decodeTrellis(
    _ payload: Elements, _ values: BlockValues, _ grid: Grid, _ undone: Undone
  ) throws(Fault) -> Elements {
    guard let trellis = Trellis(states: Int(states)) else { throw .stage(.trellisStates, ".states") }
    let multiples = trellis.multiples(of: payload.integers ?? [], restart: Int(restart))
    var result: Elements?
    try values.withBlocks { blocks throws(Fault) in
      result = try undone.elements(grid) { segment, out in
        multiples.span.withUnsafeBufferPointer { multiples in
          guard let base = multiples.baseAddress else { return }
          ck_uniform_i32(base + segment.start, out, segment.count, blocks(segment))
        }
      }
    }
    return try result.payload(of: undone.type)
  }

  /// Levels are narrower than the elements that hold them, where the width is not that of a type.
  private func checkLevels(_ payload: Elements) throws(Fault) {
    guard let levelType, let width = levelType.bits, bits < width else { return }
    let found = payload.withReader { $0.firstOutside(levels, count: payload.type.count) }
    if let found {
      throw .stage(
        .uniformLevelRange, expected: "\(levels.lowerBound) … \(levels.upperBound)",
        actual: "[\(found.place)] = \(found.value)")
    }
  }

  private func zeroPoints(_ count: Int, _ decoding: Decoding) throws(Fault) -> [Int32]? {
    guard zeroPoint != nil else { return nil }
    guard let zero = try decoding.elements(zeroPoint, ".zero_point", count: count).integers else {
      throw .stage(.stageSideTensorType, ".zero_point")
    }
    if let place = zero.firstIndex(where: { !(-65536...65536 ~= $0) }) {
      throw .stage(
        .uniformZeroPointRange, ".zero_point", expected: "−65536 … 65536",
        actual: "[\(place)] = \(zero[place])")
    }
    return zero
  }

  private func naming(
    _ index: Tensor, in grid: Grid, _ decoding: Decoding
  ) throws(Fault) -> Grid {
    let axis = Int(groupAxis)
    let groups = scale.flatMap { ElementsType($0.type) }?.dims[axis] ?? 0
    let elements = try decoding.elements(index, ".group_index", count: grid.dims[axis])
    guard let blocks = elements.unsignedIntegers else { throw .stage(.stageSideTensorType, ".group_index") }
    if let place = blocks.firstIndex(where: { $0 >= groups }) {
      throw .stage(
        .uniformGroupIndexRange, ".group_index", expected: "< \(groups)",
        actual: "[\(place)] = \(blocks[place])")
    }
    return grid.naming(blocks, of: groups, along: axis)
  }
}
