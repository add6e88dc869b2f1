extension CompressionStatement {
  /// How activations or caches are quantized while the model runs (7.3, section 7).
  public struct Quantity: Sendable, Hashable {
    /// What is quantized.
    public enum What: String, Sendable, Hashable, CaseIterable {
      case activation
      case keyCache = "key-cache"
      case valueCache = "value-cache"
    }

    /// What shares a scale.
    public enum Sharing: String, Sendable, Hashable, CaseIterable {
      case tensor, token, channel, block
    }

    /// Where the range comes from.
    public enum Range: String, Sendable, Hashable, CaseIterable {
      case dynamic, `static`
    }

    /// What is quantized.
    public var what: What
    /// The step that decided it.
    public var step: String
    /// Values of the graph, or variables whose product is meant.
    public var targets: Targets
    /// An element type, or the width of an integer such as `i3`.
    public var elementType: String
    /// Whether there is no zero point.
    public var symmetric: Bool
    /// What shares a scale.
    public var sharing: Sharing
    /// The elements of a block.
    public var size: Int64?
    /// Where the range comes from.
    public var range: Range
    /// The scale of a static range.
    public var scale: Double?
    /// The zero point of a static range.
    public var zeroPoint: Int64?
    /// The last positions of a cache that stay as they are.
    public var residual: Int64?
  }

  /// Variables that adaptation added (7.4, section 5).
  public struct Addition: Sendable, Hashable {
    /// What was added.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
      case adapter, prefix, prompt
    }

    /// What was added.
    public var kind: Kind
    /// The step that did it.
    public var step: String
    /// The variables.
    public var variables: [String]
    /// Where they stand.
    public var layer: Int64?
    /// The inner size of an adapter, or the tokens of a prefix or prompt.
    public var size: Int64?
  }

  /// A loss of fidelity that somebody stands for, or asks for (7.1, section 7).
  public struct FidelityLimit: Sendable, Hashable {
    /// The tensors; nil for the model as a whole.
    public var targets: Targets?
    /// What is measured.
    public var measure: FidelityMeasure
    /// At most this, or at least, by the measure.
    public var value: Double

    /// A limit.
    public init(_ measure: FidelityMeasure, _ value: Double, targets: Targets? = nil) {
      self.targets = targets
      self.measure = measure
      self.value = value
    }
  }
}

/// What is measured of a candidate against its original (7.1, section 7.1).
public enum FidelityMeasure: String, Sendable, Hashable, CaseIterable {
  case relativeError = "relative-error"
  case sqnr = "sqnr-db"
  case cosine
  case greatestError = "greatest-error"

  /// Whether greater values are better, so that a limit is the least and not the most.
  public var isBetterHigher: Bool { self == .sqnr || self == .cosine }
}
