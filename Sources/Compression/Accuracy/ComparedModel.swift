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

/// The adapters that a merge is said to have put into its base (profile clause 7.4, section 4).
public struct SuppliedAdapters: Sendable {
  /// The descriptor for each tensor that there are factors for, by the name of the tensor in the base; bases in them are not looked at.
  public let stages: [ExactString: AdapterStage]
  /// Gives the elements of factors.
  public let elements: @Sendable (Tensor) throws(Fault) -> Elements

  /// Adapters.
  public init(
    _ stages: [String: AdapterStage], elements: @escaping @Sendable (Tensor) throws(Fault) -> Elements
  ) {
    self.stages = Dictionary(
      stages.map { (ExactString($0.key), $0.value) }, uniquingKeysWith: { first, _ in first })
    self.elements = elements
  }
}
