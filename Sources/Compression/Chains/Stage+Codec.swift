public import Representation

extension Stage {
  /// What the stage does; nil for a stage that this version of the profile, or this version of the decoder, does not have.
  public var codec: (any StageCodec)? {
    switch self {
    case .permute(let stage): stage
    case .parts: PartsStage()
    case .codes: CodesStage()
    case .planes: PlanesStage()
    case .pack(let stage): stage
    case .trits: TritsStage()
    case .reshape(let stage): stage
    case .sparse(let stage): stage
    case .outliers(let stage): stage
    case .lowRank(let stage): stage
    case .circulant(let stage): stage
    case .reference(let stage): stage
    case .uniform(let stage): stage
    case .codebook(let stage): stage
    case .scaledFloat(let stage): stage
    case .sign(let stage): stage
    case .entropy(let stage): stage
    case .zstd: ZstdStage()
    case .delta(let stage): stage
    case .adapter(let stage): stage
    case .unknown: nil
    }
  }
}
