import Compression
import Representation
import Storage

/// Finds the one step for all tensors of a model at which what comes back has the relative error that a recipe asks for
/// (profile clause 7.5, section 9).
struct StepSearch {
  private let model: Model
  private let encoder: ModelEncoder
  private let places: [CompressiblePlace]
  private let jobs: Int

  /// How near the error has to come to the one that is asked for, as a share of it, and how often it is tried.
  private static let tolerance = 0.002
  private static let trials = 8

  init(_ model: Model, _ encoder: ModelEncoder, _ places: [CompressiblePlace], jobs: Int) {
    self.model = model
    self.encoder = encoder
    self.places = places
    self.jobs = jobs
  }

  /// The step of a recipe whose settings ask for a relative error.
  ///
  /// The error grows with the step and is about proportional to it, so that each trial tells the next.
  /// - Throws: what is wrong with a tensor.
  func step(for settings: CompressionRecipe.Uniform, error wanted: Double) throws(Fault) -> Double {
    let nothing = try sums(step: nil)
    guard nothing.count > 0, nothing.original > 0, nothing.original.isFinite else { return 1 }
    let mean = nothing.original / Double(nothing.count)
    var step = wanted * (12 * mean).squareRoot() / (settings.rounding == .trellis ? 2 : 1)
    for _ in 0..<Self.trials {
      let found = try sums(step: step).relativeError
      guard found > 0, found.isFinite else { return step }
      if abs(found / wanted - 1) <= Self.tolerance { return step }
      step *= wanted / found
    }
    return step
  }

  /// The loss of what is quantized, at a step; without one, the sums of what would be.
  private func sums(step: Double?) throws(Fault) -> FidelitySums {
    var total = FidelitySums()
    try ConcurrentMap.inOrder(
      places, jobs: jobs, budget: ModelCompressor.budget, cost: { model.byteCount(at: $0) ?? 0 }
    ) { place in
      encoder.loss(of: model[place], step: step)
    } _: { _, result throws(Fault) in
      if let sums = try result.get() { total.add(sums) }
    }
    return total
  }
}
