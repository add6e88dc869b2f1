import CKernels
import Numerics
import Storage

/// What encoders of quantizers ask of their input: exact values as f64, block by block (profile clause 7.3).
struct BlockInput {
  let input: Elements
  let grid: Grid

  /// - Throws: `grid-form`, `stage-input-type`, and `quantizer-input-finite` where an element is not finite.
  init(_ input: Elements, _ grid: [Int64]) throws(Fault) {
    try input.type.acceptedByQuantizer()
    self.input = input
    self.grid = try Grid(grid, over: input.type.dims)
    try input.checkFinite()
  }

  /// Calls a function with the values of each run of elements of one block, in row-major order.
  func forEachRun(
    _ body: (_ start: Int, _ values: UnsafeMutableBufferPointer<Double>, _ block: Int) throws(Fault) -> Void
  ) throws(Fault) {
    try input.withReader { reader throws(Fault) in
      try withRoom { (room: UnsafeMutablePointer<Double>) throws(Fault) in
        try grid.forEachSegment { segment throws(Fault) in
          reader.doubles(from: segment.start, count: segment.count, into: room)
          var block = segment.block
          for start in stride(from: 0, to: segment.count, by: segment.run) {
            let run = UnsafeMutableBufferPointer(
              start: room + start, count: min(segment.run, segment.count - start))
            try body(segment.start + start, run, block)
            block += 1
          }
        }
      }
    }
  }

  /// The least and the greatest value of each block; 0 for one without elements.
  func ranges() throws(Fault) -> (least: [Double], greatest: [Double]) {
    var least = [Double](repeating: .infinity, count: grid.blockCount)
    var greatest = [Double](repeating: -.infinity, count: grid.blockCount)
    try forEachRun { _, values, block in
      guard let base = values.baseAddress else { return }
      let range = ck_range_f64(base, values.count)
      // Adding 0 leaves no −0: which of two zeros is the least is nobody's business.
      least[block] = min(least[block], range.least + 0)
      greatest[block] = max(greatest[block], range.greatest + 0)
    }
    return (least.map { $0.isFinite ? $0 : 0 }, greatest.map { $0.isFinite ? $0 : 0 })
  }

  /// The greatest magnitude of each block; 0 for one without elements.
  func greatestMagnitudes() throws(Fault) -> [Double] {
    let (least, greatest) = try ranges()
    return zip(least, greatest).map { max($0.magnitude, $1.magnitude) }
  }
}

extension Elements {
  /// - Throws: `quantizer-input-finite`, with the first element that is NaN or infinite.
  func checkFinite() throws(Fault) {
    let place: Int? = withReader { reader in
      if type.element == .f64 {
        return doubles.firstIndex { !$0.isFinite }
      }
      return withUnsafeTemporaryAllocation(of: Float.self, capacity: chunk) { room in
        guard let base = room.baseAddress else { return nil }
        for start in stride(from: 0, to: type.count, by: chunk) {
          let part = min(chunk, type.count - start)
          reader.floats(from: start, count: part, into: base)
          guard ck_greatest_magnitude_f32(base, part) >= 0x7F80_0000 else { continue }
          return (0..<part).first { !base[$0].isFinite }.map { start + $0 }
        }
        return nil
      }
    }
    if let place {
      throw .stage(.quantizerInputFinite, expected: "|x| < ∞", actual: "[\(place)] = \(doubles[place])")
    }
  }
}

extension ElementType {
  /// The code of the smallest value of a scale's type that is not below a value that is not negative.
  /// - Throws: `quantizer-scale-finite` where there is none that is finite.
  func code(notBelow value: Double) throws(Fault) -> UInt64 {
    // f8e8m0 has no zero: its smallest value is not below zero.
    var code = value == 0 ? 0 : self.code(nearestTo: value) ?? .max
    if let rounded = self.value(ofCode: code), rounded < value { code += 1 }
    guard let rounded = self.value(ofCode: code), rounded.isFinite, rounded >= value else {
      throw .stage(
        .quantizerScaleFinite, ".scale", expected: "\(rawValue) ≤ \(greatestFinite)", actual: "\(value)")
    }
    return code
  }

  /// The code of the greatest value of an offset's type that is not above a value.
  /// - Throws: `quantizer-offset-finite` where there is none that is finite.
  func code(notAbove value: Double) throws(Fault) -> UInt64 {
    let half = UInt64(1) << UInt64((bits ?? 32) - 1)
    var code = self.code(nearestTo: value) ?? .max
    if let rounded = self.value(ofCode: code), rounded > value {
      code = code == 0 ? half + 1 : code < half ? code - 1 : code + 1
    }
    guard let rounded = self.value(ofCode: code), rounded.isFinite else {
      throw .stage(
        .quantizerOffsetFinite, ".offset", expected: "\(rawValue) ≥ −\(greatestFinite)", actual: "\(value)")
    }
    return code
  }

  /// A side tensor of codes of this type, which has 8, 16 or 32 bits.
  func side(_ codes: [UInt64], _ dims: [Int]) throws(Fault) -> Elements {
    guard let type = ElementsType(self, dims),
      let elements = Elements(type, integers: codes.map { Int32(truncatingIfNeeded: $0) })
    else { throw .stage(.stageSideTensorType, expected: rawValue) }
    return elements
  }
}
