public import Compression
import Formats
public import Profile
import Storage

extension Sample {
  /// The sample with what a comparison with its original found.
  ///
  /// - Parameters:
  ///   - original: the original.
  ///   - base: the model that deltas build on; the original where there is no other.
  ///   - adapter: the adapter that a merge of the candidate is said to have used.
  ///   - policy: the limits of fidelity that the user asks for.
  ///   - catalogue: gives the tolerances.
  ///   - jobs: how many tensors are worked on at once.
  ///   - progress: is told of the bytes of elements that were compared.
  public func compared(
    with original: Sample, base: Sample? = nil, adapter: Sample? = nil, policy: AccuracyPolicy? = nil,
    by catalogue: Catalogue,
    jobs: Int = 1, progress: (Int) -> Void = { _ in }
  ) -> Sample {
    let ground = base ?? original
    var comparison = Comparison(
      original: ComparedWeights(original.reading, in: original.tree),
      candidate: ComparedWeights(reading, in: tree, base: (reading: ground.reading, tree: ground.tree)),
      statement: reading.statement?.statement, policy: policy)
    comparison.adapters = adapter.flatMap {
      WeightReading.adapters(
        of: $0.reading, in: $0.tree, base: (reading: original.reading, tree: original.tree))
    }
    comparison.tolerances = AccuracyTolerances(catalogue)
    comparison.jobs = jobs
    var sample = self
    sample.comparison = ComparedSample(comparison.run { progress($1) }, hasPolicy: policy != nil)
    return sample
  }
}
