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
  /// How it is stored, where that is a chain of stages.
  public var content: CompressedContent?
  /// The chain of the compression statement that it names.
  public var chain: String?

  /// A tensor.
  public init(
    name: String, type: ElementsType, isParameter: Bool = true, content: CompressedContent? = nil,
    chain: String? = nil
  ) {
    self.name = name
    self.type = type
    self.isParameter = isParameter
    self.content = content
    self.chain = chain
  }
}
