public import Numerics
public import Representation
public import Storage

extension UniformStage {
  /// The reference encoder that searches levels: along the paths of a trellis, or rounding that weighs the rate (profile clause 7.3, section 3).
  ///
  /// - Parameters:
  ///   - rule: `.symmetric`, or one step for all blocks. A trellis needs half the step of plain rounding for about the same rate.
  ///   - states: 4, 8, 16 or 32; 0 without a trellis.
  ///   - restart: how many elements a path has, 64 … 2^24; without a trellis it does not matter.
  ///   - weight: λ, for 1/256 bit; nil to look at the error alone.
  ///   - cores: how many threads work at once; nil for as many as the machine has cores. The result is the same.
  /// - Throws: as `encode(_:bits:rule:grid:scaleType:)`, and `trellis-states`, `trellis-restart`, `trellis-symmetric`.
  public static func encode(
    _ x: Elements, bits: Int, rule: Rule = .symmetric, grid: [Int64]? = nil, scaleType: ElementType = .f32,
    states: Int,
    restart: Int, weight: Double? = nil, cores: Int? = nil
  ) throws(Fault) -> Encoded<UniformStage> {
    guard let search = LevelSearch(states: states, bits: bits, weight: weight) else {
      throw .stage(
        .trellisStates, ".states", expected: "0 | 4 | 8 | 16 | 32", actual: "\(states), \(bits) bits")
    }
    // What the scales are does not depend on how levels are found.
    let nearest = try encode(x, bits: bits, rule: rule, grid: grid, scaleType: scaleType)
    var stage = nearest.descriptor
    guard stage.signed else { throw .stage(.trellisSymmetric, expected: "signed") }
    if search.trellis != nil {
      stage.states = UInt64(states)
      stage.restart = UInt64(clamping: restart)
    }
    guard let type = try stage.output(of: x.type) else { throw .stage(.uniformBits) }
    let run = search.trellis == nil ? max(type.count, 1) : restart
    let levels = search.levels(of: try UnitsOfSteps(x, stage), restart: run, cores: cores)
    return Encoded(stage, try Elements(type, levels: levels).payload(of: type))
  }
}

extension LevelSearch {
  /// The levels of all elements, whose runs are searched on several cores.
  func levels(of units: UnitsOfSteps, restart: Int, cores: Int?) -> [Int16] {
    let split = RunSplit(elements: units.count, run: restart)
    return [Int16](unsafeUninitializedCapacity: units.count) { levels, filled in
      // Each run writes to elements of its own.
      nonisolated(unsafe) let levels = levels
      _ = split.results(cores: cores) {
      } _: { run, _ in
        let range = split.range(run)
        units.withValues(range) {
          search($0, into: UnsafeMutableBufferPointer(rebasing: levels[range]))
        }
        return ((), false)
      }
      filled = units.count
    }
  }
}

/// Elements divided by the scales of their blocks, as f64; 0 where the scale is 0.
struct UnitsOfSteps: Sendable {
  private let elements: Elements
  /// The one scale; nil where there are several.
  private let scale: Double?
  /// All quotients, where there are several scales.
  private let quotients: [Double]

  var count: Int { elements.type.count }

  /// - Throws: where the scale does not stand in the descriptor itself.
  init(_ x: Elements, _ stage: UniformStage) throws(Fault) {
    guard let tensor = stage.scale, case .inline(let bytes) = tensor.content,
      let type = ElementsType(tensor.type),
      let scales = Elements(type, bytes)?.doubles
    else { throw .stage(.stageSideTensorType, ".scale") }
    elements = x
    guard scales.count > 1 else {
      scale = scales.first ?? 0
      quotients = []
      return
    }
    scale = nil
    var all = [Double](repeating: 0, count: x.type.count)
    try BlockInput(x, stage.grid).forEachRun { start, values, block in
      let scale = scales[block]
      for (place, value) in values.enumerated() { all[start + place] = scale == 0 ? 0 : value / scale }
    }
    quotients = all
  }

  /// Calls a function with the quotients of some elements.
  func withValues(_ range: Range<Int>, _ body: (UnsafeBufferPointer<Double>) -> Void) {
    guard let scale else {
      return quotients.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[range])) }
    }
    withUnsafeTemporaryAllocation(of: Double.self, capacity: max(range.count, 1)) { room in
      guard let base = room.baseAddress else { return }
      elements.withReader { $0.doubles(from: range.lowerBound, count: range.count, into: base) }
      for place in 0..<range.count { base[place] = scale == 0 ? 0 : base[place] / scale }
      body(UnsafeBufferPointer(start: base, count: range.count))
    }
  }
}

extension Elements {
  /// Levels as elements of the narrowest type that holds them.
  fileprivate init?(_ type: ElementsType, levels: [Int16]) {
    guard levels.count == type.count else { return nil }
    switch type.element {
    case .i16:
      self.init(type, levels.withUnsafeBytes { Array($0) })
    default:
      self.init(type, codes: levels.map { UInt8(truncatingIfNeeded: $0) })
    }
  }
}
