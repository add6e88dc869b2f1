/// What a chain of stages left of a tensor, and what a decoder needs to undo it (profile clause 7.1, sections 4 and 6).
public struct CompressedContent: Sendable, Hashable {
  /// The stages in the order of the encoder; a decoder undoes them from the last to the first.
  public var stages: [Stage]
  /// What the last stage left; nil after a terminal stage.
  public var payload: Tensor?

  /// A chain and its payload.
  public init(stages: [Stage], payload: Tensor?) {
    self.stages = stages
    self.payload = payload
  }
}

/// One turn of one tensor into another, with its descriptor (profile clause 7.1, section 4).
public enum Stage: Sendable, Hashable {
  case permute(PermuteStage)
  case parts
  case codes
  case planes
  case pack(PackStage)
  case trits
  case reshape(ReshapeStage)
  case sparse(SparseStage)
  case outliers(OutliersStage)
  case lowRank(LowRankStage)
  case circulant(CirculantStage)
  case reference(ReferenceStage)
  case uniform(UniformStage)
  case codebook(CodebookStage)
  case scaledFloat(ScaledFloatStage)
  case sign(SignStage)
  case entropy(EntropyStage)
  case zstd
  case delta(DeltaStage)
  case adapter(AdapterStage)
  /// A method that this version of the profile does not have, by its number.
  case unknown(UInt64)

  /// The name that the profile gives the stage, as chains of the compression statement list it; nil for an unknown one.
  public var name: String? {
    switch self {
    case .permute: "permute"
    case .parts: "parts"
    case .codes: "codes"
    case .planes: "planes"
    case .pack: "pack"
    case .trits: "trits"
    case .reshape: "reshape"
    case .sparse: "sparse"
    case .outliers: "outliers"
    case .lowRank: "low_rank"
    case .circulant: "circulant"
    case .reference: "reference"
    case .uniform: "uniform"
    case .codebook: "codebook"
    case .scaledFloat: "scaled_float"
    case .sign: "sign"
    case .entropy: "entropy"
    case .zstd: "zstd"
    case .delta: "delta"
    case .adapter: "adapter"
    case .unknown: nil
    }
  }
}

/// A tensor of this model or of another one, named by what it holds (profile clause 7.4, section 1).
public struct BaseTensor: Sendable, Hashable {
  /// The content digest of the model; nil for this model.
  public var model: DeclaredDigest?
  /// The name of the variable.
  public var variable: String
  /// The digest of the tensor after decoding.
  public var digest: DeclaredDigest?

  /// A tensor of a model.
  public init(model: DeclaredDigest?, variable: String, digest: DeclaredDigest?) {
    self.model = model
    self.variable = variable
    self.digest = digest
  }
}

extension CompressedContent {
  /// The chain as it is shown: `uniform → entropy`.
  public var shown: String { stages.map { $0.name ?? "?" }.joined(separator: " → ") }
}
