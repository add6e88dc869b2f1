public import Representation

extension Stage {
  /// What the stage does; nil for a stage that this version of the profile, or this version of the decoder, does not have.
  public var codec: (any StageCodec)? {
    switch self {
    case .permute: nil
    case .parts: nil
    case .codes: nil
    case .planes: nil
    case .pack: nil
    case .trits: nil
    case .reshape: nil
    case .sparse: nil
    case .outliers: nil
    case .lowRank: nil
    case .circulant: nil
    case .reference: nil
    case .uniform: nil
    case .codebook: nil
    case .scaledFloat: nil
    case .sign: nil
    case .entropy: nil
    case .zstd: nil
    case .delta: nil
    case .adapter: nil
    case .unknown: nil
    }
  }
}
