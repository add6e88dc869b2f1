import Numerics
public import Representation
public import Storage

/// What is kept of a tensor that is mostly zeros, and where it stood (profile clause 7.2, section 3).
extension SparseStage: StageCodec {
  public var isLossless: Bool { true }

  public var sides: [(path: String, tensor: Tensor)] {
    [(".pattern", pattern), (".columns", columns)].compactMap { path, tensor in tensor.map { (path, $0) } }
  }

  public var leavesOpenCount: Bool { kind == .bitmap || kind == .block }

  public func output(of input: ElementsType) throws(Fault) -> ElementsType? {
    try input.accepted(
      input.element.components.count == 1 && !input.dims.isEmpty, "not complex, one dim or more")
    if kind != .rows, columns != nil { throw Self.unused(".columns") }
    if kind != .nOfM, n != 0 { throw Self.unused(".n") }
    if kind != .nOfM, m != 0 { throw Self.unused(".m") }
    if kind != .block, !block.isEmpty { throw Self.unused(".block") }
    switch kind {
    case .bitmap:
      try expectSide(pattern, ".pattern", ElementsType(.u8, [Self.bitBytes(input.count)]))
      return try input.with(input.element, [0])
    case .rows:
      return try input.with(input.element, [try rowsKept(of: input)])
    case .nOfM:
      let kept = try input.with(input.element, try groupDims(of: input))
      let place: ElementType = m <= 4 ? .u2 : m <= 16 ? .u4 : .u8
      try expectSide(pattern, ".pattern", ElementsType(place, kept.dims))
      return kept
    case .block:
      let (grid, size) = try blocks(of: input)
      try expectSide(pattern, ".pattern", ElementsType(.u8, [Self.bitBytes(grid.count)]))
      return try input.with(input.element, [0, size.count])
    case .unknown(let number):
      throw .stage(.sparseKindKnown, ".kind", expected: "1 … 4", actual: "\(number)")
    }
  }

  public func openCount(of input: ElementsType, in decoding: Decoding) throws(Fault) -> Int? {
    guard leavesOpenCount, let pattern else { return nil }
    let bits = kind == .bitmap ? input.count : try blocks(of: input).grid.count
    return try Self.kept(try decoding.side(pattern, ".pattern"), of: bits)
  }

  public func decode(
    _ payload: Elements?, as input: ElementsType, in decoding: Decoding
  ) throws(Fault) -> Elements {
    let output = try output(of: input)
    guard let payload, let output, payload.type.element == input.element,
      payload.type.dims.count == output.dims.count
    else { throw .payload(output, payload) }
    if !leavesOpenCount, payload.type != output { throw .payload(output, payload) }
    guard let pattern else {
      throw .stage(.stageSideTensorType, ".pattern", expected: "a tensor", actual: "none")
    }
    let told = try decoding.side(pattern, ".pattern")
    if leavesOpenCount {
      let bits = kind == .bitmap ? input.count : try blocks(of: input).grid.count
      var dims = output.dims
      dims[0] = try Self.kept(told, of: bits)
      let expected = try input.with(input.element, dims)
      guard payload.type == expected else { throw .payload(expected, payload) }
    }
    switch kind {
    case .bitmap: return payload.scattered(to: input, by: told)
    case .rows: return try rowsDecoded(payload, as: input, rows: told, in: decoding)
    case .nOfM: return try groupsDecoded(payload, as: input, places: told)
    case .block: return try blocksDecoded(payload, as: input, kept: told)
    case .unknown(let number):
      throw .stage(.sparseKindKnown, ".kind", expected: "1 … 4", actual: "\(number)")
    }
  }

  /// How many bytes so many bits fill.
  static func bitBytes(_ count: Int) -> Int { count / 8 + (count % 8 == 0 ? 0 : 1) }

  /// How many of so many bits are set.
  ///
  /// - Throws: `sparse-pattern-padding-zero`.
  static func kept(_ pattern: Elements, of count: Int) throws(Fault) -> Int {
    if count % 8 > 0, let last = pattern.bytes.last, last >> UInt8(count % 8) != 0 {
      throw .stage(
        .sparsePatternPaddingZero, ".pattern", expected: "0", actual: "\(last >> UInt8(count % 8))")
    }
    var kept = 0
    for byte in pattern.bytes { kept &+= byte.nonzeroBitCount }
    return kept
  }

  private static func unused(_ path: String) -> Fault {
    .stage(.stageFieldUnusedAbsent, path, expected: "absent", actual: "present")
  }
}
