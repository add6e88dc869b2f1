/// The difference to a base (profile clause 7.4, section 2).
public struct DeltaStage: Sendable, Hashable {
  /// How base and difference are put together.
  public var mode: Mode
  /// The base.
  public var base: BaseTensor?

  /// A descriptor; what is left out is absent.
  public init(mode: Mode, base: BaseTensor?) {
    self.mode = mode
    self.base = base
  }

  /// How base and difference are put together.
  public enum Mode: Sendable, Hashable {
    case add, code
    /// Not stated, or a number that this version of the profile does not have.
    case unknown(UInt64)
  }
}

/// A base and factors that change it (profile clause 7.4, section 3).
public struct AdapterStage: Sendable, Hashable {
  /// The kind of adapter.
  public var kind: Kind
  /// The base.
  public var base: BaseTensor?
  /// The factors, in the order of the profile.
  public var factors: [Tensor]
  /// The numerator of the scaling.
  public var alpha: Double?
  /// The rank.
  public var rank: UInt64
  /// Whether the scaling divides by the square root of the rank.
  public var rankStabilised: Bool
  /// Whether the weights are stored turned.
  public var transposed: Bool
  /// The magnitude of each row, for DoRA.
  public var magnitude: Tensor?
  /// The axis that is scaled, for IA3.
  public var axis: UInt64

  /// A descriptor; what is left out is absent.
  public init(
    kind: Kind, base: BaseTensor?, factors: [Tensor], alpha: Double? = nil, rank: UInt64 = 0,
    rankStabilised: Bool = false, transposed: Bool = false, magnitude: Tensor? = nil, axis: UInt64 = 0
  ) {
    self.kind = kind
    self.base = base
    self.factors = factors
    self.alpha = alpha
    self.rank = rank
    self.rankStabilised = rankStabilised
    self.transposed = transposed
    self.magnitude = magnitude
    self.axis = axis
  }

  /// The kinds of adapters.
  public enum Kind: Sendable, Hashable {
    case lora, dora, loha, lokr, ia3
    /// Not stated, or a number that this version of the profile does not have.
    case unknown(UInt64)
  }
}
