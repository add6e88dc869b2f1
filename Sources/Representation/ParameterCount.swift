import Storage

extension Model {
  /// The number of parameters as the model computes with them: the elements of all variables of kind parameter, each tied one once,
  /// and no buffers. Variables are tied where one says so, or where both name the same bytes.
  ///
  /// Nil where it cannot be told from what is stored: where a shape is unknown or the sum does not fit into 64 bits, where the source
  /// does not tell parameters from buffers, and where the model is compressed or quantized by other means than the chains of clause 7,
  /// whose tensors say what they decode to: the elements that a packed tensor stores are not those that the model computes with.
  public var countableParameters: UInt64? {
    guard !isQuantized else { return nil }
    var counts: [UInt64?] = []
    var stored: [StoredCount] = []
    var countable = true
    var hasChains = false
    forEachVariable { variable in
      var isChain = false
      if case .compressed = variable.tensor.content { isChain = true }
      hasChains = hasChains || isChain
      if variable.kind == nil || variable.tensor.compressionChain != nil && !isChain { countable = false }
      guard countable, variable.kind == .parameter, variable.tiedTo == nil else { return }
      let count = variable.tensor.type.elementCount
      if case .stored(let range) = variable.tensor.content, range.length > 0 {
        stored.append(StoredCount(range: range, place: stored.count, count: count))
      } else {
        counts.append(count)
      }
    }
    guard countable, hasChains || compressionStatement == nil else { return nil }
    var total: UInt64 = 0
    for count in counts + StoredCount.distinct(stored) {
      guard let count else { return nil }
      let (sum, overflow) = total.addingReportingOverflow(count)
      if overflow { return nil }
      total = sum
    }
    return total
  }

  /// Whether the source says, in the property under which transformers keeps it, that the weights are quantized.
  private var isQuantized: Bool {
    properties.contains { ExactString($0.key) == ExactString("quantization_config") }
  }
}

/// The number of elements of a parameter that lies in a file.
private struct StoredCount {
  let range: ByteRange
  /// Its place among the parameters.
  let place: Int
  let count: UInt64?

  /// The counts of those that lie at different bytes; of several at the same ones that of the first.
  ///
  /// Sorted rather than hashed: parameters mostly lie in the order in which they are listed, and then this costs next to nothing.
  static func distinct(_ list: [StoredCount]) -> [UInt64?] {
    let sorted = list.sorted { left, right in
      (left.range.file, left.range.offset, left.range.length, left.place)
        < (right.range.file, right.range.offset, right.range.length, right.place)
    }
    var counts: [UInt64?] = []
    var last: ByteRange?
    for entry in sorted where entry.range != last {
      counts.append(entry.count)
      last = entry.range
    }
    return counts
  }
}
