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
}
