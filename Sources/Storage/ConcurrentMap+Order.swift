extension ConcurrentMap {
  /// Does work on things several at once, and gives the results out one by one, in the order of the things.
  ///
  /// Memory is that of one batch: as many things as `jobs`, fewer where their costs are above `budget` together, one at least.
  /// - Parameters:
  ///   - cost: what a thing costs while it is worked on, in bytes.
  ///   - work: what is done, on several threads.
  ///   - body: takes the results, on the thread of the caller.
  public static func inOrder<Item: Sendable, Result: Sendable, Failure: Error>(
    _ items: [Item], jobs: Int, budget: Int, cost: (Item) -> Int, _ work: @Sendable (Item) -> Result,
    _ body: (Item, Result) throws(Failure) -> Void
  ) throws(Failure) {
    var next = items.startIndex
    while next < items.endIndex {
      var end = next
      var spent = 0
      while end < items.endIndex, end - next < max(jobs, 1) {
        let (sum, overflow) = spent.addingReportingOverflow(max(cost(items[end]), 0))
        guard end == next || !overflow && sum <= budget else { break }
        spent = overflow ? .max : sum
        end += 1
      }
      let first = next
      let results = results(count: end - first) { work(items[first + $0]) }
      for (index, result) in results.enumerated() { try body(items[first + index], result) }
      next = end
    }
  }
}
