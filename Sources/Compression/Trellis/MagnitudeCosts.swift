import CKernels

/// What magnitudes cost a coder, counted in a first pass (profile clause 7.3, section 3): for each quantizer one cost for each magnitude up to
/// 255, then one for each length in binary digits from 9 on.
struct MagnitudeCosts {
  /// The magnitudes that are counted one by one.
  private static let counted = 256

  /// The cost in 1/256 bit, of both quantizers in turn.
  let rates: [UInt32]

  /// Costs after levels of one run; without a trellis all belong to the first quantizer.
  init(_ levels: UnsafeBufferPointer<Int16>, trellis: Trellis?) {
    var counts = [UInt32](repeating: 0, count: 2 * Self.counted)
    var state: UInt8 = 0
    for level in levels {
      let magnitude = min(Int(level.magnitude), Self.counted - 1)
      counts[Int(state & 1) * Self.counted + magnitude] += 1
      if let trellis { state = trellis.next[2 * Int(state) + Int(level & 1)] }
    }
    var rates: [UInt32] = []
    for quantizer in 0...1 {
      let own = counts[quantizer * Self.counted..<(quantizer + 1) * Self.counted]
      let all = Self.logarithm(own.reduce(0, +) + UInt32(Self.counted))
      for (magnitude, count) in own.enumerated() {
        rates.append(all - Self.logarithm(count + 1) + (magnitude > 0 ? 256 : 0))
      }
      let last = rates[rates.count - 1]
      for length in 9..<UInt32(9 + Int(CK_TRELLIS_COSTS) - Self.counted) {
        rates.append(last + 512 * (length - 8))
      }
    }
    self.rates = rates
  }

  /// ⌊256 · log₂ number⌋ of a number from 1 on, by squaring: the same on every machine.
  static func logarithm(_ number: UInt32) -> UInt32 {
    var whole = UInt32(31 - number.leadingZeroBitCount)
    var scaled = (UInt64(number) << 32) >> UInt64(whole)
    for _ in 0..<8 {
      // Below 2^33, so that the upper half of the square is 0 … 3.
      let square = scaled.multipliedFullWidth(by: scaled)
      scaled = square.high << 32 | square.low >> 32
      whole *= 2
      if scaled >> 33 > 0 {
        scaled >>= 1
        whole += 1
      }
    }
    return whole
  }
}
