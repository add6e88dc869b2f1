import CKernels
import Numerics
public import Representation
public import Storage

/// A matrix as the product of two factors (profile clause 7.2, section 4).
extension LowRankStage: StageCodec {
  public var isLossless: Bool { false }

  public var sides: [(path: String, tensor: Tensor)] {
    [(".left", left), (".right", right)].compactMap { path, tensor in tensor.map { (path, $0) } }
  }

  public func output(of input: ElementsType) throws(Fault) -> ElementsType? {
    _ = try form(input)
    return nil
  }

  private func form(_ input: ElementsType) throws(Fault) -> (rows: Int, rank: Int, columns: Int) {
    let rows = try Self.rows(input, split)
    let columns = input.dims[Int(split)...].reduce(1, *)
    let dims = left.flatMap { ElementsType($0.type) }?.dims ?? []
    let rank = dims.count == 2 ? dims[1] : 0
    guard rank >= 1 else { throw .stage(.lowRankRank, ".left", expected: "≥ 1", actual: "\(rank)") }
    try expectSide(left, ElementType.offsets, [rows, rank], ".left")
    try expectSide(right, ElementType.offsets, [rank, columns], ".right")
    return (rows, rank, columns)
  }

  /// The rows of the matrix as which a tensor is seen.
  private static func rows(_ input: ElementsType, _ split: UInt64) throws(Fault) -> Int {
    try input.accepted(
      ElementType.quantized.contains(input.element) && input.dims.count >= 2,
      "(f64 | f32 | f16 | bf16)[≥ 2 dims]")
    guard let split = Int(exactly: split), 1..<input.dims.count ~= split else {
      throw .stage(.lowRankSplit, ".split", expected: "1 … \(input.dims.count - 1)", actual: "\(split)")
    }
    return input.dims[..<split].reduce(1, *)
  }

  public func decode(
    _ payload: Elements?, as input: ElementsType, in decoding: Decoding
  ) throws(Fault) -> Elements {
    let (rows, rank, columns) = try form(input)
    let left = Matrix(
      rows, rank,
      try decoding.finiteDoubles(left, ".left", count: rows * rank, .lowRankFactorsFinite))
    let right = RightFactor(
      Matrix(
        rank, columns,
        try decoding.finiteDoubles(right, ".right", count: rank * columns, .lowRankFactorsFinite)))
    let bytes = try filledBytes(input.byteCount) { out throws(Fault) in
      try input.writeRows(rows, columns, to: out) { range, values in
        right.product(of: left, rows: range, into: values)
      }
    }
    return try Elements(input, bytes).payload(of: input)
  }
}

extension ElementsType {
  /// Writes a matrix of this type, some rows after the others: f64 values to f32 first, then to the type.
  ///
  /// - Parameter limit: the code of a fault where a value is not finite as this type; nil where it may be infinite.
  /// - Throws: the fault, with the first place.
  func writeRows(
    _ rows: Int, _ columns: Int, to out: UnsafeMutableRawPointer, finite code: CompressionFault? = nil,
    _ body: (Range<Int>, UnsafeMutablePointer<Double>) throws(Fault) -> Void
  ) throws(Fault) {
    let width = (element.bits ?? 8) / 8
    guard rows > 0, columns > 0 else { return }
    try withRoom(productRows * columns) { (values: UnsafeMutablePointer<Double>) throws(Fault) in
      try withRoom(productRows * columns) { (floats: UnsafeMutablePointer<Float>) throws(Fault) in
        for first in stride(from: 0, to: rows, by: productRows) {
          let range = first..<min(first + productRows, rows)
          let count = range.count * columns
          try body(range, values)
          ck_f32_from_f64(values, floats, count)
          if let code, ck_greatest_magnitude_f32(floats, count) >= element.infinityFromFloat {
            let place =
              (0..<count).first { floats[$0].magnitude.bitPattern >= element.infinityFromFloat } ?? 0
            throw .stage(
              code, expected: "|x| ≤ \(element.greatestFinite)",
              actual: "[\(first * columns + place)] = \(values[place])")
          }
          element.write(floats, count, to: out + first * columns * width)
        }
      }
    }
  }
}
