import CKernels
public import Numerics
public import Representation
public import Storage

extension UniformStage {
  /// Where the levels of a reference encoder lie.
  public enum Rule: Sendable, Hashable {
    /// Signed levels around zero, the greatest magnitude of a block at the greatest level.
    case symmetric
    /// Unsigned levels, one of which is zero.
    case zeroPoint
    /// Unsigned levels from the least value of a block on.
    case offset
    /// Signed levels around zero with one step for all blocks, rounded up to the type of the scale.
    case step(Double)
  }

  /// The reference encoder without a trellis: each element to its nearest level.
  ///
  /// - Parameters:
  ///   - bits: 1 … 16, from 2 on where levels are signed.
  ///   - grid: which elements share a scale; nil for one scale.
  ///   - scaleType: f32, f16, bf16, f8e8m0 or f8e4m3fn.
  /// - Throws: `quantizer-input-finite`, `quantizer-scale-finite`, `quantizer-offset-finite` and what `output(of:)` throws.
  public static func encode(
    _ x: Elements, bits: Int, rule: Rule = .symmetric, grid: [Int64]? = nil, scaleType: ElementType = .f32
  ) throws(Fault) -> Encoded<UniformStage> {
    let grid = grid ?? x.type.dims.map { _ in 0 }
    let input = try BlockInput(x, grid)
    let isSigned = rule != .zeroPoint && rule != .offset
    guard (isSigned ? 2 : 1)...16 ~= bits else {
      throw .stage(.uniformBits, ".bits", expected: isSigned ? "2 … 16" : "1 … 16", actual: "\(bits)")
    }
    var stage = UniformStage(bits: UInt64(bits), signed: isSigned, grid: grid, scale: nil)
    let most = Double(stage.levels.upperBound)
    let counts = input.grid.counts
    var zero: [Double]?
    var offset: [Double]?
    var wanted: [Double]
    switch rule {
    case .step(let step):
      wanted = [Double](repeating: step, count: input.grid.blockCount)
    case .symmetric:
      wanted = try input.greatestMagnitudes().map { $0 / most }
    case .zeroPoint:
      let (least, greatest) = try input.ranges()
      wanted = zip(least, greatest).map { (max($1, 0) - min($0, 0)) / most }
      zero = least.map { -min($0, 0) }
    case .offset:
      let (least, greatest) = try input.ranges()
      let type: ElementType = ElementType.offsets.contains(scaleType) ? scaleType : .f32
      let codes = try least.map { value throws(Fault) in try type.code(notAbove: value) }
      let side = try type.side(codes, counts)
      stage.offset = side.inlineTensor
      let rounded = side.doubles
      wanted = zip(greatest, rounded).map { ($0 - $1) / most }
      offset = rounded
    }
    let codes = try wanted.map { value throws(Fault) in try scaleType.code(notBelow: value) }
    let side = try scaleType.side(codes, counts)
    stage.scale = side.inlineTensor
    let scale = side.doubles
    if let least = zero {
      let points = zip(least, scale).map { least, scale in
        scale == 0 ? 0 : min(max((least / scale).rounded(.toNearestOrEven), 0), most)
      }
      zero = points
      guard let levelType = stage.levelType, let type = ElementsType(levelType, counts),
        let elements = Elements(type, integers: points.map { Int32($0) })
      else { throw .stage(.uniformBits) }
      stage.zeroPoint = elements.inlineTensor
    }
    guard let type = try stage.output(of: x.type) else { throw .stage(.uniformBits) }
    let levels = try stage.nearestLevels(input, type, scale, zero, offset)
    return Encoded(stage, levels)
  }

  private func nearestLevels(
    _ input: BlockInput, _ type: ElementsType, _ scale: [Double], _ zero: [Double]?, _ offset: [Double]?
  ) throws(Fault) -> Elements {
    let limits = levels
    let least = Double(signed ? -limits.upperBound : limits.lowerBound)
    let most = Double(limits.upperBound)
    let isWide = type.element.bits == 16
    // One or two bytes for each level; narrower ones are packed at the end.
    let bytes = try filledBytes(type.count * (isWide ? 2 : 1)) { out throws(Fault) in
      try withRoom { (room: UnsafeMutablePointer<Int32>) throws(Fault) in
        try input.forEachRun { start, values, block in
          guard let base = values.baseAddress else { return }
          let steps = ck_steps(
            scale: scale[block], offset: offset?[block] ?? 0, zero: zero?[block] ?? 0, least: least,
            greatest: most)
          ck_levels_from_f64(base, room, values.count, steps)
          if isWide {
            let codes = (out + 2 * start).assumingMemoryBound(to: UInt16.self)
            for index in 0..<values.count { codes[index] = UInt16(truncatingIfNeeded: room[index]) }
          } else {
            let codes = (out + start).assumingMemoryBound(to: UInt8.self)
            for index in 0..<values.count { codes[index] = UInt8(truncatingIfNeeded: room[index]) }
          }
        }
      }
    }
    return try (isWide ? Elements(type, bytes) : Elements(type, codes: bytes)).payload(of: type)
  }
}
