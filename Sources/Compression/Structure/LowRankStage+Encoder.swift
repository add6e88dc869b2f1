public import Numerics
public import Representation
public import Storage

extension LowRankStage {
  /// An encoder: the best factors that a few rounds of subspace iteration find, near those of the singular value decomposition, each with the
  /// square roots of the singular values.
  ///
  /// Every operation has its place in an order that depends on nothing but the dims, so that the result is the same on every machine.
  /// - Parameters:
  ///   - rank: at least 1; more than the lesser side of the matrix is that side.
  ///   - split: how many dims make the rows; nil for 1.
  ///   - factorType: f32, f16 or bf16.
  /// - Throws: `quantizer-input-finite`, `low-rank-rank`, `low-rank-factors-finite` and what `output(of:)` throws.
  public static func encode(
    _ x: Elements, rank: Int, split: Int = 1, factorType: ElementType = .f32
  ) throws(Fault) -> Encoded<LowRankStage> {
    try x.type.accepted(
      ElementType.quantized.contains(x.type.element) && x.type.dims.count >= 2,
      "(f64 | f32 | f16 | bf16)[≥ 2 dims]")
    guard 1..<x.type.dims.count ~= split else {
      throw .stage(
        .lowRankSplit, ".split", expected: "1 … \(x.type.dims.count - 1)", actual: "\(split)")
    }
    guard rank >= 1 else { throw .stage(.lowRankRank, ".left", expected: "≥ 1", actual: "\(rank)") }
    try x.checkFinite()
    let rows = x.type.dims[..<split].reduce(1, *)
    let columns = x.type.dims[split...].reduce(1, *)
    let (left, right) = SubspaceIteration(Matrix(rows, columns, x.doubles), rank: rank).factors
    var stage = LowRankStage(split: UInt64(split), left: nil, right: nil)
    stage.left = try side(left, factorType, ".left")
    stage.right = try side(right, factorType, ".right")
    _ = try stage.output(of: x.type)
    return Encoded(stage, nil)
  }

  private static func side(
    _ factor: Matrix, _ type: ElementType, _ path: String
  ) throws(Fault) -> Tensor {
    guard ElementType.offsets.contains(type), let kind = ElementsType(type, [factor.rows, factor.columns]),
      let elements = Elements(kind, nearestTo: factor.values)
    else { throw .stage(.stageSideTensorType, path, expected: "f32 | f16 | bf16", actual: type.rawValue) }
    guard elements.doubles.allSatisfy(\.isFinite) else {
      throw .stage(.lowRankFactorsFinite, path, expected: "\(type.rawValue), |x| < ∞")
    }
    return elements.inlineTensor
  }
}
