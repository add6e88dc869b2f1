public import Storage

/// What a comparison judges by itself; each is the key of a requirement of accuracy.
public enum AccuracyKey: String, Sendable, Hashable, CaseIterable {
  // 7.1
  case losslessExact = "compression-lossless-exact"
  case tensorsPaired = "compression-tensors-paired"
  case originalAsDeclared = "compression-original-as-declared"
  case fidelityWithinLimit = "compression-fidelity-within-limit"
  case fidelityWithinPolicy = "compression-fidelity-within-policy"
  case claimedRatio = "compression-claimed-ratio"
  case claimedBitsPerWeight = "compression-claimed-bits-per-weight"
  case claimedSparsity = "compression-claimed-sparsity"
  // 7.2
  case pruningKeptValues = "pruning-kept-values"
  case nMPatternHolds = "sparse-n-m-pattern-holds"
  case sparsityAsDeclared = "sparsity-as-declared"
  case blockPatternHolds = "sparse-block-pattern-holds"
  case lowRankRankAsDeclared = "low-rank-rank-as-declared"
  case circulantStructureHolds = "circulant-structure-holds"
  // 7.3
  case uniformBitsAsDeclared = "uniform-bits-as-declared"
  case uniformNearestLevel = "uniform-nearest-level"
  case scaleFollowsRule = "scale-follows-rule"
  case trellisStepBound = "trellis-step-bound"
  case codebookNearestEntry = "codebook-nearest-entry"
  case scaledFloatTypeAsDeclared = "scaled-float-type-as-declared"
  case scaledFloatNearestCode = "scaled-float-nearest-code"
  // 7.4
  case adapterMergeResult = "adapter-merge-result"
  case adapterSettingsAsDeclared = "adapter-settings-as-declared"
  case adapterUnmergeBound = "adapter-unmerge-bound"
  case transferUntouchedEqual = "transfer-untouched-equal"
  case biasTuningOnlyBiases = "bias-tuning-only-biases"
  case sparseDeltaAsDeclared = "sparse-delta-as-declared"
}

/// Something that a comparison found, of a tensor or of the model as a whole.
public struct AccuracyFinding: Sendable, Hashable {
  /// What kind of finding it is.
  public enum Kind: Sendable, Hashable {
    /// The requirement is not met.
    case violation
    /// Worth knowing; the requirement is met.
    case remark
    /// What the requirement asks for could not be looked at.
    case unsupported
    /// What a decoder found wrong with the candidate or the original.
    case fault(Fault.Kind)
  }

  /// The key of the requirement.
  public var key: String
  /// What kind of finding it is.
  public var kind: Kind
  /// The tensor, by its name in the candidate, or in the original where the candidate has none; nil for the model.
  public var tensor: String?
  /// Where, what was expected and what was found. The place of a fault of a decoder is the decoder's.
  public var occurrence: Occurrence
  /// How far the value is from what decides, in the unit of the requirement; negative where it is not met.
  public var margin: Double?

  /// What is wrong with a tensor, or with the model.
  init(
    _ key: AccuracyKey, _ kind: Kind = .violation, tensor: String? = nil, expected: String?,
    actual: String?, margin: Double? = nil
  ) {
    self.key = key.rawValue
    self.kind = kind
    self.tensor = tensor
    self.margin = margin
    occurrence = Occurrence(
      Place(path: tensor.map { "parameters[\"\($0)\"]" } ?? "parameters"), expected: expected, actual: actual)
  }

  /// What a decoder found wrong.
  init(_ fault: Fault, tensor: String?) {
    key = fault.code
    kind = .fault(fault.kind)
    self.tensor = tensor
    occurrence = fault.occurrence
    if occurrence.place.path?.isEmpty != false, let tensor {
      occurrence.place.path = "parameters[\"\(tensor)\"]"
    }
  }
}

/// What decides where a value is not asked for exactly; the catalogue gives the numbers and their reasons.
public struct AccuracyTolerances: Sendable, Hashable {
  /// `slack` of the requirements on nearest levels, entries and codes: a share of a step.
  public var slack = 1.0 / 1024
  /// `tolerance` of `scale-follows-rule`: a share of the scale.
  public var scale = 1.0 / 128
  /// `tolerance` of the claimed ratio: a share of it.
  public var ratio = 0.01
  /// `tolerance` of the claimed bits per weight: a share of them.
  public var bitsPerWeight = 0.01
  /// `tolerance` of the claimed sparsity: a share of the elements.
  public var claimedSparsity = 0.01
  /// `tolerance` of `sparsity-as-declared`: a share of the elements.
  public var sparsity = 0.01
  /// `tolerance` of `sparse-block-pattern-holds`: a share of the blocks.
  public var blocks = 0.01
  /// `tolerance` of `sparse-delta-as-declared`: a share of the elements.
  public var delta = 0.01
  /// `ulps` of `adapter-merge-result`: units in the last place of the tensor's type.
  public var mergeUnits = 2.0
  /// `share` of `adapter-merge-result`: of the greatest change.
  public var mergeShare = 1.0 / 1_048_576

  /// The values of the catalogue.
  public init() {}
}

/// The limits of fidelity that a user asks for, whatever the vendor says.
public struct AccuracyPolicy: Sendable, Hashable {
  /// The limits; those without targets are of the model as a whole.
  public var limits: [CompressionStatement.FidelityLimit]

  /// A policy.
  public init(limits: [CompressionStatement.FidelityLimit]) {
    self.limits = limits
  }
}
