public import Compression
public import Representation
public import Storage

/// The weights of a sample as a comparison sees them: by name, decoded, and with their chains where they have some.
public struct ComparedWeights: ComparedModel {
  public let tensors: [ComparedTensor]
  private let source: any WeightSource
  private let decoder: TensorDecoder
  private let isDecodedElsewhere: Bool

  /// The weights of what was read.
  ///
  /// - Parameter base: what the model that deltas and adapters build on was read as, and its files.
  public init(
    _ reading: Reading, in tree: any FileTree, base: (reading: Reading, tree: any FileTree)? = nil
  ) {
    let source = WeightReading.weights(of: reading, in: tree, base: base)
    var variables: [ExactString: Variable] = [:]
    for variable in reading.model.parameters + (reading.model.graphs.first?.variables ?? []) {
      variables[ExactString(variable.name)] = variables[ExactString(variable.name)] ?? variable
    }
    tensors = source.weights.map { weight in
      let variable = variables[ExactString(weight.name)]
      let isOwn = weight.storage.form == "plain" || weight.storage.form == "chain"
      return ComparedTensor(
        name: weight.name, type: weight.type, isParameter: variable.map { $0.kind == .parameter } ?? true,
        stored: isOwn ? variable?.tensor : nil)
    }
    self.source = source
    decoder = TensorDecoder(
      ModelTensors(reading, in: tree), others: base.map { [ModelTensors($0.reading, in: $0.tree)] } ?? [])
    isDecodedElsewhere = source.weights.contains { $0.storage.form != "plain" && $0.storage.form != "chain" }
  }

  public func elements(at index: Int) throws(Fault) -> Elements {
    guard source.weights.indices.contains(index) else {
      throw Fault(FileFault.present, .system, at: Place())
    }
    return try source.elements(of: source.weights[index])
  }

  public func elements(of tensor: Tensor) throws(Fault) -> Elements {
    try decoder.elements(of: tensor, at: "")
  }

  public func contentDigest() throws(Fault) -> String? {
    // What other formats hold in several tensors has no content that its files would name.
    isDecodedElsewhere ? nil : try decoder.contentDigest()
  }
}
