/// What a comparison measured, for reports: how far a candidate is from its original, as a whole, by layer, by kind of tensor, by tensor.
public struct ComparisonFigures: Sendable {
  /// The measures of profile clause 7.1, section 7.1.
  public struct Measures: Sendable {
    /// The number of elements.
    public var elements: UInt64
    /// √(Σ (x − x̂)² / Σ x²).
    public var relativeError: Double
    /// In decibels; infinite where nothing differs.
    public var sqnr: Double
    /// The cosine of both as vectors.
    public var cosine: Double
    /// The greatest difference of two elements.
    public var greatestError: Double

    /// Measures.
    public init(
      elements: UInt64, relativeError: Double, sqnr: Double, cosine: Double, greatestError: Double
    ) {
      self.elements = elements
      self.relativeError = relativeError
      self.sqnr = sqnr
      self.cosine = cosine
      self.greatestError = greatestError
    }
  }

  /// A tensor that was compared.
  public struct TensorFigures: Sendable {
    /// Its name in the candidate.
    public var name: String
    /// Its name in the original, where that differs.
    public var originalName: String?
    /// The layer that its name tells; nil outside of layers.
    public var layer: Int?
    /// Its name without the layer.
    public var kind: String
    /// Its types, in words.
    public var originalType: String
    public var candidateType: String
    /// The measures; nil for elements that are no floating ones.
    public var measures: Measures?
    /// How many elements have other bits; nil where the types differ.
    public var differing: UInt64?
    /// How far it is from its tightest limit; negative beyond it.
    public var margin: Double?

    /// A tensor.
    public init(
      name: String, originalName: String?, layer: Int?, kind: String, originalType: String,
      candidateType: String, measures: Measures?, differing: UInt64?, margin: Double?
    ) {
      self.name = name
      self.originalName = originalName
      self.layer = layer
      self.kind = kind
      self.originalType = originalType
      self.candidateType = candidateType
      self.measures = measures
      self.differing = differing
      self.margin = margin
    }
  }

  /// The original, as the user gave it.
  public var original: String
  /// All floating parameters together.
  public var total: Measures
  /// The tensors, in the order of their names.
  public var tensors: [TensorFigures]
  /// The tensors with the greatest relative error, the worst first.
  public var worst: [TensorFigures]
  /// The sums of each layer; nil: outside of layers.
  public var byLayer: [(layer: Int?, measures: Measures)]
  /// The sums of each kind of tensor.
  public var byKind: [(kind: String, measures: Measures)]
  /// Tensors of the original, and of the candidate, that nothing was compared with.
  public var unpaired: [String]
  public var added: [String]
  /// What was recomputed: bytes for each byte stored, stored bits for each element, the share of zeros.
  public var ratio: Double?
  public var bitsPerWeight: Double?
  public var sparsity: Double?

  /// Figures.
  public init(
    original: String, total: Measures, tensors: [TensorFigures], worst: [TensorFigures],
    byLayer: [(layer: Int?, measures: Measures)], byKind: [(kind: String, measures: Measures)],
    unpaired: [String], added: [String], ratio: Double?, bitsPerWeight: Double?, sparsity: Double?
  ) {
    self.original = original
    self.total = total
    self.tensors = tensors
    self.worst = worst
    self.byLayer = byLayer
    self.byKind = byKind
    self.unpaired = unpaired
    self.added = added
    self.ratio = ratio
    self.bitsPerWeight = bitsPerWeight
    self.sparsity = sparsity
  }
}
