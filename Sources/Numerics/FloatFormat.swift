/// A binary floating-point format of at most 16 bits with a sign, by its parameters (profile clause 6.1, element types).
struct FloatFormat: Sendable {
  /// What the format does with the codes that IEEE 754 gives to infinities and NaN.
  enum Special: Sendable {
    /// All-ones exponents are infinities and NaN, as in IEEE 754.
    case infinityAndNaN
    /// Only the code with all ones is NaN (`fn`).
    case allOnesNaN
    /// Only the code of negative zero is NaN (`fnuz`).
    case negativeZeroNaN
    /// Every code is a number.
    case none
  }

  let exponentBits: Int
  let fractionBits: Int
  let bias: Int
  let special: Special

  private var magnitudeBits: Int { exponentBits + fractionBits }
  private var signBit: UInt64 { 1 << magnitudeBits }
  private var fractionMask: UInt64 { (1 << fractionBits) - 1 }
  private var magnitudeMask: UInt64 { signBit - 1 }

  /// The magnitude code of the greatest finite value.
  private var greatest: UInt64 {
    switch special {
    case .infinityAndNaN: infinity - 1
    case .allOnesNaN: magnitudeMask - 1
    case .negativeZeroNaN, .none: magnitudeMask
    }
  }

  /// The magnitude code with an all-ones exponent and nothing else.
  private var infinity: UInt64 { magnitudeMask & ~fractionMask }

  /// The value of a code, exactly; NaN keeps its sign and nothing else.
  func value(ofCode code: UInt64) -> Double {
    let negative = code & signBit != 0
    let magnitude = code & magnitudeMask
    let sign: FloatingPointSign = negative ? .minus : .plus
    if isNaN(negative, magnitude) { return Double(sign: sign, exponent: 0, significand: .nan) }
    if special == .infinityAndNaN, magnitude == infinity { return negative ? -.infinity : .infinity }
    let exponent = Int(magnitude >> UInt64(fractionBits))
    let fraction = magnitude & fractionMask
    let significand = exponent == 0 ? fraction : fraction | (fractionMask + 1)
    let scale = max(exponent, 1) - bias - fractionBits
    return Double(sign: sign, exponent: scale, significand: Double(significand))
  }

  private func isNaN(_ negative: Bool, _ magnitude: UInt64) -> Bool {
    switch special {
    case .infinityAndNaN: magnitude > infinity
    case .allOnesNaN: magnitude == magnitudeMask
    case .negativeZeroNaN: negative && magnitude == 0
    case .none: false
    }
  }

  /// The code nearest to a value, ties to the even one; nil for NaN in a format that has none.
  func code(nearestTo value: Double) -> UInt64? {
    let sign = value.sign == .minus ? signBit : 0
    if value.isNaN { return nan(sign) }
    guard let magnitude = magnitude(nearestTo: value.magnitude), magnitude <= greatest else {
      return overflow(sign)
    }
    if magnitude == 0, special == .negativeZeroNaN { return 0 }
    return sign | magnitude
  }

  /// The magnitude code nearest to a value that is not negative, as if there were always one more exponent; nil where
  /// it is beyond even that.
  private func magnitude(nearestTo value: Double) -> UInt64? {
    if value == 0 { return 0 }
    let least = 1 - bias
    // The exponent of a subnormal double is meaningless here, but also far below every least exponent.
    let exponent = value.isNormal ? max(Int(value.exponent), least) : least
    guard value.isFinite, exponent <= least + (1 << exponentBits) else { return nil }
    // Scaled so that one unit is the distance between neighbours: a power of two, so it is exact.
    let units = Double(sign: .plus, exponent: fractionBits - exponent, significand: value)
      .rounded(.toNearestOrEven)
    // The leading one of a normal value carries into the exponent, and so does rounding up to the next power of two.
    return UInt64(exponent - least) << UInt64(fractionBits) + UInt64(units)
  }

  private func overflow(_ sign: UInt64) -> UInt64 {
    switch special {
    case .infinityAndNaN: sign | infinity
    case .allOnesNaN: sign | magnitudeMask
    case .negativeZeroNaN: signBit
    case .none: sign | magnitudeMask
    }
  }

  private func nan(_ sign: UInt64) -> UInt64? {
    switch special {
    case .infinityAndNaN: sign | infinity | (1 << UInt64(fractionBits - 1))
    case .allOnesNaN: sign | magnitudeMask
    case .negativeZeroNaN: signBit
    case .none: nil
    }
  }
}

/// `f8e8m0`: a power of two and nothing else, the scale of the block formats.
enum PowerOfTwo {
  private static let bias = 127
  private static let nan: UInt64 = 0xFF

  /// The value of a code; 255 is NaN.
  static func value(ofCode code: UInt64) -> Double {
    code == nan ? .nan : Double(sign: .plus, exponent: Int(code) - bias, significand: 1)
  }

  /// The code of the nearest power of two, ties to the greater one.
  ///
  /// Zero, negative values, and what rounds beyond 2^127 become NaN; positive values below 2^-127 become 2^-127.
  static func code(nearestTo value: Double) -> UInt64 {
    guard value > 0, value.isFinite else { return nan }
    guard value.isNormal else { return 0 }
    let exponent = Int(value.exponent) + (value.significand >= 1.5 ? 1 : 0)
    return exponent > bias ? nan : UInt64(max(exponent + bias, 0))
  }
}
