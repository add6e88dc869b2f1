import Compression
import Profile

extension ComparisonFigures {
  /// How many of the tensors with the greatest error are named.
  private static let worstNamed = 20

  /// The figures of a comparison, for reports.
  init(_ result: ComparisonResult, original: String) {
    self.init(
      original: original, total: Measures(result.total), tensors: result.tensors.map { TensorFigures($0) },
      worst: result.worst(by: .relativeError, Self.worstNamed).map { TensorFigures($0) },
      byLayer: result.byLayer.map { ($0.layer, Measures($0.sums)) },
      byKind: result.byKind.map { ($0.kind, Measures($0.sums)) }, unpaired: result.unpaired,
      added: result.added, ratio: result.recomputed?.ratio, bitsPerWeight: result.recomputed?.bitsPerWeight,
      sparsity: result.recomputed?.sparsity)
  }
}

extension ComparisonFigures.Measures {
  fileprivate init(_ sums: FidelitySums) {
    self.init(
      elements: sums.count, relativeError: sums.relativeError, sqnr: sums.sqnr, cosine: sums.cosine,
      greatestError: sums.greatestError)
  }
}

extension ComparisonFigures.TensorFigures {
  fileprivate init(_ figures: ComparisonResult.TensorFigures) {
    self.init(
      name: figures.name, originalName: figures.originalName, layer: figures.role.layer,
      kind: figures.role.kind, originalType: figures.type.notation,
      candidateType: figures.candidateType.notation,
      measures: figures.sums.map { ComparisonFigures.Measures($0) }, differing: figures.differing,
      margin: figures.margin)
  }
}
