import CKernels
public import Numerics
public import Representation
public import Storage

/// Signs, with a zero between them or without (profile clause 7.3, section 5).
extension SignStage: StageCodec {
  public var isLossless: Bool { false }

  public var sides: [(path: String, tensor: Tensor)] {
    [(".scale", scale), (".offset", offset)].compactMap { path, tensor in tensor.map { (path, $0) } }
  }

  public func output(of input: ElementsType) throws(Fault) -> ElementsType? {
    try input.acceptedByQuantizer()
    let counts = try Grid(grid, over: input.dims).counts
    try expectSide(scale, ElementType.scales, counts, ".scale")
    if offset != nil { try expectSide(offset, ElementType.offsets, counts, ".offset") }
    return ElementsType(ternary ? .i2 : .u2, input.dims)
  }

  public func decode(
    _ payload: Elements?, as input: ElementsType, in decoding: Decoding
  ) throws(Fault) -> Elements {
    let payload = try payload.payload(of: output(of: input))
    let levels: ClosedRange<Int32> = ternary ? -1...1 : 0...1
    if let found = payload.withReader({ $0.firstOutside(levels, count: payload.type.count) }) {
      throw .stage(
        .signLevelRange, expected: ternary ? "−1 | 0 | 1" : "0 | 1",
        actual: "[\(found.place)] = \(found.value)")
    }
    let grid = try Grid(grid, over: input.dims)
    let count = grid.blockCount
    let scales = try decoding.finiteFloats(scale, ".scale", count: count, .quantizerScaleFinite)
    var offsets: [Float]?
    if offset != nil {
      offsets = try decoding.finiteFloats(offset, ".offset", count: count, .quantizerOffsetFinite)
    }
    let undone = Undone(type: input)
    let isTernary = ternary
    return try payload.withReader { reader throws(Fault) in
      try undone.elements(grid) { segment, out in
        var block = segment.block
        for start in stride(from: 0, to: segment.count, by: segment.run) {
          let scale = scales[block]
          // By the code's low-order bits; a product would turn a zero times a negative scale into −0.
          var table = isTernary ? [0, scale, 0, -scale] : [-scale, scale, 0, 0]
          if let offset = offsets?[block] { table = table.map { $0 + offset } }
          reader.withBytes(
            from: segment.start + start, count: min(segment.run, segment.count - start)
          ) { codes, part, done in
            let out = out + start + done
            for place in 0..<part { out[place] = table[Int(codes[place] & 3)] }
          }
          block += 1
        }
      }
    }
  }

  /// The reference encoder: the mean magnitude of each block, about its mean where there are offsets; with a zero, 7/10 of that part zero
  /// from the rest, whose mean magnitude is the scale.
  ///
  /// - Parameters:
  ///   - grid: which elements share a scale; nil for one scale.
  ///   - scaleType: f32, f16, bf16, f8e8m0 or f8e4m3fn.
  ///   - withOffset: whether each block has its mean, as f32, for an offset.
  /// - Throws: `quantizer-input-finite`, `quantizer-scale-finite`, `quantizer-offset-finite` and what `output(of:)` throws.
  public static func encode(
    _ x: Elements, ternary: Bool, grid: [Int64]? = nil, scaleType: ElementType = .f32,
    withOffset: Bool = false
  ) throws(Fault) -> Encoded<SignStage> {
    let grid = grid ?? x.type.dims.map { _ in 0 }
    let input = try BlockInput(x, grid)
    var stage = SignStage(ternary: ternary, grid: grid, scale: nil)
    let blocks = input.grid.blockCount
    let zeros = [Double](repeating: 0, count: blocks)
    var offset = zeros
    if withOffset {
      let mean = try input.means { value, _ in value }
      let side = try finiteSide(mean, .f32, input.grid.counts, .quantizerOffsetFinite, ".offset")
      stage.offset = side.inlineTensor
      offset = side.doubles
    }
    let mean = try input.means { value, block in abs(value - offset[block]) }
    var scale = mean
    let least = mean.map { $0 * 7 / 10 }
    if ternary {
      scale = try input.means { value, block in
        let size = abs(value - offset[block])
        return size > least[block] ? size : nil
      }
    }
    stage.scale = try finiteSide(scale, scaleType, input.grid.counts, .quantizerScaleFinite, ".scale")
      .inlineTensor
    guard let output = try stage.output(of: x.type) else { throw .stage(.signLevelRange) }
    var codes = [UInt8](repeating: 0, count: output.count)
    try input.forEachRun { start, values, block in
      for (place, value) in values.enumerated() {
        let value = value - offset[block]
        if ternary {
          codes[start + place] = abs(value) > least[block] ? (value > 0 ? 1 : 3) : 0
        } else {
          codes[start + place] = value >= 0 ? 1 : 0
        }
      }
    }
    return Encoded(stage, try Elements(output, codes: codes).payload(of: output))
  }

  private static func finiteSide(
    _ values: [Double], _ type: ElementType, _ dims: [Int], _ code: CompressionFault, _ path: String
  ) throws(Fault) -> Elements {
    let codes = values.map { type.code(nearestTo: $0) ?? .max }
    if let place = codes.firstIndex(where: { type.value(ofCode: $0)?.isFinite != true }) {
      throw .stage(
        code, path, expected: "\(type.rawValue), |x| < ∞", actual: "[\(place)] = \(values[place])")
    }
    return try type.side(codes, dims)
  }
}

extension BlockInput {
  /// The mean of what a function makes of each value of a block, in row-major order; what is nil does not count. 0 where nothing counts.
  fileprivate func means(_ part: (_ value: Double, _ block: Int) -> Double?) throws(Fault) -> [Double] {
    var sums = [Double](repeating: 0, count: grid.blockCount)
    var members = sums
    try forEachRun { _, values, block in
      var sum = sums[block]
      var count = members[block]
      for value in values {
        guard let value = part(value, block) else { continue }
        sum += value
        count += 1
      }
      sums[block] = sum
      members[block] = count
    }
    return zip(sums, members).map { $1 > 0 ? $0 / $1 : 0 }
  }
}
