import CKernels
public import Numerics
public import Representation
public import Storage

/// A smaller floating-point type with scales (profile clause 7.3, section 5).
extension ScaledFloatStage: StageCodec {
  public var isLossless: Bool { false }

  public var sides: [(path: String, tensor: Tensor)] { scale.map { [(".scale", $0)] } ?? [] }

  public func output(of input: ElementsType) throws(Fault) -> ElementsType? {
    try input.acceptedByQuantizer()
    guard let elementType, elementType.smallFloat != nil, let bits = elementType.bits,
      let inputBits = input.element.bits, bits < inputBits
    else {
      throw .stage(
        .scaledFloatType, ".element_type",
        expected: "f16 | bf16 | f8 | f6 | f4, < \(input.element.bits ?? 0) bits",
        actual: elementType?.rawValue ?? "–")
    }
    let counts = try Grid(grid, over: input.dims).counts
    if scale != nil {
      try expectSide(scale, ElementType.scales, counts, ".scale")
    } else if grid.contains(where: { $0 != 0 }) {
      throw .stage(.gridForm, ".grid", expected: "\(grid.map { _ in 0 })", actual: "\(grid)")
    }
    return ElementsType(elementType, input.dims)
  }

  public func decode(
    _ payload: Elements?, as input: ElementsType, in decoding: Decoding
  ) throws(Fault) -> Elements {
    let payload = try payload.payload(of: output(of: input))
    let grid = try Grid(grid, over: input.dims)
    var scales: [Float] = []
    if scale != nil {
      scales = try decoding.finiteFloats(scale, ".scale", count: grid.blockCount, .quantizerScaleFinite)
    }
    let undone = Undone(type: input)
    var result: Elements?
    try BlockValues(grid, scale: scales).withBlocks { blocks throws(Fault) in
      try payload.withReader { reader throws(Fault) in
        result = try undone.elements(grid) { segment, out in
          reader.floats(from: segment.start, count: segment.count, into: out)
          if !scales.isEmpty { ck_scale(out, segment.count, blocks(segment)) }
        }
      }
    }
    return try result.payload(of: input)
  }

  /// The reference encoder: the greatest magnitude of each block becomes the greatest value of the smaller type; with scales of f8e8m0 as the
  /// MX formats have it.
  ///
  /// - Parameters:
  ///   - grid: which elements share a scale; nil for one scale.
  ///   - scaleType: f32, f16, bf16, f8e8m0 or f8e4m3fn; nil for plain casting, where magnitudes beyond the greatest value become it.
  /// - Throws: `quantizer-input-finite`, `quantizer-scale-finite` and what `output(of:)` throws.
  public static func encode(
    _ x: Elements, elementType: ElementType, grid: [Int64]? = nil, scaleType: ElementType? = .f32
  ) throws(Fault) -> Encoded<ScaledFloatStage> {
    let grid = grid ?? x.type.dims.map { _ in 0 }
    let input = try BlockInput(x, grid)
    var stage = ScaledFloatStage(elementType: elementType, grid: grid)
    let top = elementType.greatestFinite
    var scale: [Double]?
    if let scaleType {
      guard top > 0 else { throw .stage(.scaledFloatType, ".element_type", actual: elementType.rawValue) }
      var codes: [UInt64] = []
      for most in try input.greatestMagnitudes() {
        if scaleType == .f8e8m0 {
          let power = most == 0 ? -127 : Int(most.exponent) - Int(top.exponent)
          codes.append(UInt64(min(max(power, -127), 127) + 127))
        } else {
          codes.append(try scaleType.code(notBelow: most / top))
        }
      }
      let side = try scaleType.side(codes, input.grid.counts)
      stage.scale = side.inlineTensor
      scale = side.doubles
    }
    guard let output = try stage.output(of: x.type) else { throw .stage(.scaledFloatType, ".element_type") }
    var scaled = x.doubles
    try input.forEachRun { start, values, block in
      let scale = scale?[block] ?? 1
      for (place, value) in values.enumerated() {
        scaled[start + place] = scale == 0 ? 0 : min(max(value / scale, -top), top)
      }
    }
    return Encoded(stage, try Elements(output, nearestTo: scaled).payload(of: output))
  }
}
