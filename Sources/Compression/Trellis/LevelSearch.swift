import CKernels

/// The search of the reference encoder for levels of least error, or of least error and weighted rate (profile clause 7.3, section 3).
///
/// Each run between restarts is searched alone: what is found does not depend on the order, nor on the number of cores.
public struct LevelSearch: Sendable {
  /// The trellis; nil for rounding that weighs the rate.
  public let trellis: Trellis?
  /// The greatest magnitude of a level.
  public let most: Int32
  /// The weight λ of 1/256 bit against the square of the scale; nil to look at the error alone.
  public let weight: Double?

  /// A search; nil for another number of states than 0, 4, 8, 16 or 32, or of bits than 2 … 16.
  public init?(states: Int, bits: Int, weight: Double? = nil) {
    trellis = Trellis(states: states)
    guard states == 0 || trellis != nil, (2...16).contains(bits) else { return nil }
    most = 1 << (bits - 1) - 1
    self.weight = weight
  }

  /// The levels of one run of values, which are in units of the step.
  ///
  /// - Parameter levels: as many as values; filled with the levels.
  public func search(_ values: UnsafeBufferPointer<Double>, into levels: UnsafeMutableBufferPointer<Int16>) {
    guard let from = values.baseAddress, let to = levels.baseAddress, levels.count == values.count else {
      return
    }
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: trellis == nil ? 1 : values.count) { choices in
      guard let choices = choices.baseAddress else { return }
      func pass(_ costs: UnsafePointer<Double>?) {
        (trellis?.next ?? []).withUnsafeBufferPointer { next in
          var form = ck_trellis_form(
            states: UInt32(trellis?.states ?? 0), next: next.baseAddress, most: most, costs: costs)
          ck_trellis_search(from, values.count, &form, choices, to)
        }
      }
      pass(nil)
      if let weight {
        let rates = MagnitudeCosts(UnsafeBufferPointer(levels), trellis: trellis).rates
        rates.map { weight * Double($0) }.withUnsafeBufferPointer { pass($0.baseAddress) }
      }
    }
  }

  /// The levels of values in row-major order, which are in units of the step; one run where `restart` is nil.
  public func levels(of values: [Double], restart: Int? = nil) -> [Int16] {
    [Int16](unsafeUninitializedCapacity: values.count) { levels, count in
      levels.initialize(repeating: 0)
      values.withUnsafeBufferPointer { values in
        var start = 0
        while start < values.count {
          let end = start + min(max(restart ?? values.count, 1), values.count - start)
          search(
            UnsafeBufferPointer(rebasing: values[start..<end]),
            into: UnsafeMutableBufferPointer(rebasing: levels[start..<end]))
          start = end
        }
      }
      count = values.count
    }
  }
}
