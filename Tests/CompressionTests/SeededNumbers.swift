import Numerics

/// splitmix64, as conformance/oracle/entropy_expectations.py has it.
struct SeededNumbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  /// A number of many scales.
  mutating func signed() -> Int64 {
    let number = Int64(bitPattern: next())
    return number >> Int64(next() % 8)
  }

  /// A number below another one.
  mutating func below(_ end: Int) -> Int { end > 0 ? Int(next() % UInt64(end)) : 0 }
}

/// The lowest bits of codes, packed as profile clause 6.1 has it.
func packed(_ codes: [UInt64], bits: Int) -> [UInt8] {
  var bytes = [UInt8](repeating: 0, count: (codes.count * bits + 7) / 8)
  for (place, code) in codes.enumerated() {
    for bit in 0..<bits where code >> UInt64(bit) & 1 != 0 {
      bytes[(place * bits + bit) / 8] |= 1 << UInt8((place * bits + bit) % 8)
    }
  }
  return bytes
}
