import Storage

/// Where the two parts of each run stand in a stream: the table at its beginning (profile clause 7.5, section 1).
struct EntropyTable {
  /// Bytes of the table for a run.
  static let entrySize = 8

  /// For each run the end of its coded and of its plain part; before the first one, where the first run begins.
  private let bounds: [Int]

  /// Reads the table of so many runs.
  ///
  /// - Throws: a fault where the table is cut, or does not add up to the bytes that follow it.
  init(of stream: [UInt8], runs: Int) throws(Fault) {
    // Compared before anything is allocated; a run has at least 64 elements, so that the product fits.
    let (size, overflow) = runs.multipliedReportingOverflow(by: Self.entrySize)
    guard !overflow, size <= stream.count else {
      throw .stage(.entropyEntryTable, expected: "≥ 8 · \(runs) B", actual: "\(stream.count) B")
    }
    var bounds = [size], end = size
    bounds.reserveCapacity(2 * runs + 1)
    for place in stride(from: 0, to: size, by: 4) {
      let length = (0..<4).reduce(0) { $0 | Int(stream[place + $1]) << (8 * $1) }
      // At most 2^32 runs fit into memory with their tables, and 2^64 bytes are never reached: but that is not worth proving.
      let (sum, overflow) = end.addingReportingOverflow(length)
      guard !overflow else { throw Self.lies(stream.count - size, nil) }
      end = sum
      bounds.append(end)
    }
    guard end == stream.count else { throw Self.lies(stream.count - size, end - size) }
    self.bounds = bounds
  }

  private static func lies(_ expected: Int, _ actual: Int?) -> Fault {
    .stage(.entropyEntryTable, expected: "Σ = \(expected) B", actual: actual.map { "\($0) B" } ?? "> 2^63 B")
  }

  /// The coded part of a run.
  func coded(_ run: Int) -> Range<Int> { bounds[2 * run]..<bounds[2 * run + 1] }

  /// The plain part of a run.
  func plain(_ run: Int) -> Range<Int> { bounds[2 * run + 1]..<bounds[2 * run + 2] }
}
