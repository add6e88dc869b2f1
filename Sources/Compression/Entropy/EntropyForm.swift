import CKernels

/// What is coded, once descriptor and type have been checked.
struct EntropyForm: Sendable {
  /// What is asked of levels alone.
  struct Levels: Sendable {
    /// The size of the last dim, at least 1.
    let columns: Int
    /// Next states of the trellis; nil without states.
    let next: [UInt8]?
  }

  let split: RunSplit
  /// The bits of an element.
  let bits: Int
  /// Nil for symbols.
  let levels: Levels?

  /// How many bytes an element takes while it is coded: types below a byte have one.
  var width: Int { max(bits / 8, 1) }

  /// How many means of columns a run needs.
  var columnsOfRun: Int { min(levels?.columns ?? 0, split.run, split.elements) }

  /// Hands the form of levels of a run to a kernel.
  func withLevels<Result>(count: Int, _ levels: Levels, _ body: (inout ck_entropy_levels) -> Result) -> Result
  {
    func form(_ next: UnsafePointer<UInt8>?) -> Result {
      var form = ck_entropy_levels(
        count: count, columns: levels.columns, width: UInt32(width), most: UInt32.max >> UInt32(33 - bits),
        next: next)
      return body(&form)
    }
    guard let next = levels.next else { return form(nil) }
    return next.withUnsafeBufferPointer { form($0.baseAddress) }
  }
}

/// Memory of one core for the means of columns, which goes with its owner.
final class ColumnMeans {
  let numbers: UnsafeMutablePointer<Int32>

  init(count: Int) { numbers = .allocate(capacity: max(count, 1)) }

  deinit { numbers.deallocate() }
}
