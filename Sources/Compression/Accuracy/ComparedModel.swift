public import Representation
public import Storage

/// A model whose tensors are compared: where they are and how they are decoded is no business of the comparison.
public protocol ComparedModel: Sendable {
  /// The tensors, in any order, no name twice: one for each variable that has elements of its own.
  var tensors: [ComparedTensor] { get }

  /// The elements of the tensor at an index of `tensors`, decoded; called from several threads.
  ///
  /// - Throws: what keeps it from being decoded; the code is the key of the requirement that is broken.
  func elements(at index: Int) throws(Fault) -> Elements

  /// The elements of a tensor that a descriptor holds: a side tensor, a payload, or what is left of a chain.
  func elements(of tensor: Tensor) throws(Fault) -> Elements

  /// The content digest of the whole model (profile clause 7.1, section 5); nil where it cannot be told.
  func contentDigest() throws(Fault) -> String?
}

extension ComparedModel {
  /// Formats without chains have no such tensors.
  public func elements(of tensor: Tensor) throws(Fault) -> Elements {
    throw Fault(CompressionFault.compressionStageKnown, .unsupported, at: Place())
  }

  /// Not every source tells it.
  public func contentDigest() throws(Fault) -> String? { nil }
}

/// A tensor that is compared.
public struct ComparedTensor: Sendable, Hashable {
  /// The name of its variable.
  public var name: String
  /// Its type after decoding.
  public var type: ElementsType
  /// Whether its variable is of kind parameter, so that it counts in the figures of the model.
  public var isParameter: Bool
  /// How it is stored; nil where the source does not tell in these terms.
  public var stored: Tensor?

  /// A tensor.
  public init(name: String, type: ElementsType, isParameter: Bool = true, stored: Tensor? = nil) {
    self.name = name
    self.type = type
    self.isParameter = isParameter
    self.stored = stored
  }

  /// Its chain of stages; nil where it has none.
  var content: CompressedContent? {
    if case .compressed(let content)? = stored?.content { content } else { nil }
  }
}

/// An adapter for one weight of a base, whatever holds its factors (profile clause 7.4, section 4).
public struct SuppliedAdapter: Sendable {
  /// The rank; nil where its kind has none.
  public var rank: UInt64?
  /// The numerator of the scaling.
  public var alpha: Double?
  /// Whether the scaling divides by the square root of the rank.
  public var rankStabilised: Bool
  /// Gives what merging it into a base has to give.
  public var merged: @Sendable (_ base: Elements) throws(Fault) -> Elements

  /// An adapter.
  public init(
    rank: UInt64?, alpha: Double?, rankStabilised: Bool = false,
    merged: @escaping @Sendable (_ base: Elements) throws(Fault) -> Elements
  ) {
    self.rank = rank
    self.alpha = alpha
    self.rankStabilised = rankStabilised
    self.merged = merged
  }

  /// An adapter by its descriptor; the base that this names is not looked at.
  ///
  /// - Parameter side: gives the elements of factors.
  public init(
    _ stage: AdapterStage, side: @escaping @Sendable (_ factor: Tensor) throws(Fault) -> Elements
  ) {
    var stage = stage
    if stage.base == nil { stage.base = BaseTensor(model: nil, variable: "", digest: nil) }
    let descriptor = stage
    self.init(rank: stage.rank, alpha: stage.alpha, rankStabilised: stage.rankStabilised) {
      base throws(Fault) in
      let decoding = Decoding(
        side: { factor, _ throws(Fault) in try side(factor) }, base: { _ throws(Fault) in base })
      return try descriptor.decode(nil, as: base.type, in: decoding)
    }
  }

  /// What a step declares of rank and scaling, and what the adapter has; nil where the step declares nothing.
  func declared(by settings: CompressionStatement.Settings) -> (expected: String, actual: String)? {
    var expected: [String] = []
    var actual: [String] = []
    if let rank = settings.integer("rank") {
      expected.append("rank \(rank)")
      actual.append("rank \(self.rank.map { "\($0)" } ?? "-")")
    }
    if let alpha = settings.number("alpha") {
      expected.append("alpha \(alpha)")
      actual.append("alpha \(self.alpha.map { "\($0)" } ?? "-")")
    }
    if let isStabilised = settings.boolean("rank-stabilised") {
      expected.append("rank-stabilised \(isStabilised)")
      actual.append("rank-stabilised \(rankStabilised)")
    }
    return expected.isEmpty ? nil : (expected.joined(separator: ", "), actual.joined(separator: ", "))
  }
}

/// The adapters that a merge is said to have put into its base.
public struct SuppliedAdapters: Sendable {
  private let adapters: [ExactString: SuppliedAdapter]

  /// Adapters, by the name of the weight in the base.
  public init(_ adapters: [String: SuppliedAdapter]) {
    self.adapters = Dictionary(
      adapters.map { (ExactString($0.key), $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  /// The adapter for a weight; nil where there are no factors for it.
  subscript(name: String) -> SuppliedAdapter? { adapters[ExactString(name)] }
}
