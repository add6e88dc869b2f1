import Storage

extension Model {
  /// The number of parameters: the elements of all variables of kind parameter, each tied one once, and no buffers.
  ///
  /// Variables are tied where one says so, or where both name the same bytes. Nil where a shape is unknown or the sum does not fit
  /// into 64 bits.
  public var countedParameters: UInt64? {
    var total: UInt64 = 0
    var known = true
    var seen: Set<ByteRange> = []
    seen.reserveCapacity(parameters.count)
    forEachVariable { variable, _ in
      guard known, variable.kind == .parameter, variable.tiedTo == nil else { return }
      if case .stored(let range) = variable.tensor.content, range.length > 0,
        !seen.insert(range).inserted
      {
        return
      }
      guard let count = variable.tensor.type.elementCount else {
        known = false
        return
      }
      let (sum, overflow) = total.addingReportingOverflow(count)
      total = sum
      known = !overflow
    }
    return known ? total : nil
  }

  /// The number of parameters as the model computes with them; nil where it cannot be told from what is stored.
  ///
  /// That is so where a shape is unknown, where the source does not tell parameters from buffers, and where the model is
  /// compressed or quantized: the elements that a packed tensor stores are not those that the model computes with.
  public var countableParameters: UInt64? {
    guard compressionStatement == nil, !isQuantized else { return nil }
    var countable = true
    forEachVariable { variable, _ in
      if variable.kind == nil || variable.tensor.compressionChain != nil { countable = false }
    }
    return countable ? countedParameters : nil
  }

  /// Whether the source says, in the property under which transformers keeps it, that the weights are quantized.
  private var isQuantized: Bool {
    properties.contains { ExactString($0.key) == ExactString("quantization_config") }
  }
}
