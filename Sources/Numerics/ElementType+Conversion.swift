extension ElementType {
  /// The parameters of a floating-point type of at most 16 bits with a sign.
  private var floatFormat: FloatFormat? {
    switch self {
    case .f16: FloatFormat(exponentBits: 5, fractionBits: 10, bias: 15, special: .infinityAndNaN)
    case .bf16: FloatFormat(exponentBits: 8, fractionBits: 7, bias: 127, special: .infinityAndNaN)
    case .f8e4m3fn: FloatFormat(exponentBits: 4, fractionBits: 3, bias: 7, special: .allOnesNaN)
    case .f8e4m3fnuz: FloatFormat(exponentBits: 4, fractionBits: 3, bias: 8, special: .negativeZeroNaN)
    case .f8e5m2: FloatFormat(exponentBits: 5, fractionBits: 2, bias: 15, special: .infinityAndNaN)
    case .f8e5m2fnuz: FloatFormat(exponentBits: 5, fractionBits: 2, bias: 16, special: .negativeZeroNaN)
    case .f6e2m3: FloatFormat(exponentBits: 2, fractionBits: 3, bias: 1, special: .none)
    case .f6e3m2: FloatFormat(exponentBits: 3, fractionBits: 2, bias: 3, special: .none)
    case .f4e2m1: FloatFormat(exponentBits: 2, fractionBits: 1, bias: 1, special: .none)
    default: nil
    }
  }

  /// Whether the type is a signed integer.
  public var isSignedInteger: Bool {
    switch self {
    case .i64, .i32, .i16, .i8, .i4, .i2: true
    default: false
    }
  }

  /// Whether the type is an unsigned integer.
  public var isUnsignedInteger: Bool {
    switch self {
    case .u64, .u32, .u16, .u8, .u4, .u2: true
    default: false
    }
  }

  /// Whether the type is a real floating-point one.
  public var isFloat: Bool {
    self == .f64 || self == .f32 || self == .f8e8m0 || floatFormat != nil
  }

  /// The real type that an element consists of, and how many of it: two for a complex one.
  public var components: (type: ElementType, count: Int) {
    switch self {
    case .complex64: (.f32, 2)
    case .complex128: (.f64, 2)
    default: (self, 1)
    }
  }

  /// The value of a code (the bits of one element, in the low-order bits), as f64.
  ///
  /// Exact for every type but `i64` and `u64`, which are rounded to nearest, ties to even, beyond 2^53. NaN keeps its sign,
  /// not its payload. Nil where the code means nothing: higher bits set, a `bool` beyond 1, a string or complex type (read
  /// those by `components`).
  public func value(ofCode code: UInt64) -> Double? {
    guard let bits, bits <= 64, bits == 64 || code >> UInt64(bits) == 0 else { return nil }
    if let floatFormat { return floatFormat.value(ofCode: code) }
    if isSignedInteger { return Double(signExtended(code, bits)) }
    if isUnsignedInteger { return Double(code) }
    return switch self {
    case .f64: Double(bitPattern: code)
    case .f32: Double(Float(bitPattern: UInt32(truncatingIfNeeded: code)))
    case .f8e8m0: PowerOfTwo.value(ofCode: code)
    case .bool: code <= 1 ? Double(code) : nil
    default: nil
    }
  }

  /// The value of a code as f32: exact for floating-point types of at most 32 bits and integers of at most 24, else
  /// rounded to nearest, ties to even.
  public func float(ofCode code: UInt64) -> Float? {
    // Directly from the integer: rounding to f64 first would round twice.
    switch self {
    case .u64: return Float(code)
    case .i64: return Float(Int64(bitPattern: code))
    default: return value(ofCode: code).map(Float.init)
    }
  }

  /// The code of the value of this type that is nearest to a value.
  ///
  /// Floating-point types round to nearest, ties to even, and overflow as `ml_dtypes` does: to infinity where the type has
  /// one, else to NaN where it has that (`fn`, `fnuz`), else to the greatest value (`f6`, `f4`). `f8e8m0` rounds ties up,
  /// and turns zero and negative values into NaN. Integers round to nearest, ties to even, and saturate. `bool` is 1 for
  /// everything but zero. Nil for NaN in a type that has none, and for string and complex types.
  public func code(nearestTo value: Double) -> UInt64? {
    if let floatFormat { return floatFormat.code(nearestTo: value) }
    if isSignedInteger || isUnsignedInteger { return integerCode(nearestTo: value) }
    return switch self {
    case .f64: value.bitPattern
    case .f32: UInt64(Float(value).bitPattern)
    case .f8e8m0: PowerOfTwo.code(nearestTo: value)
    case .bool: value == 0 ? 0 : 1
    default: nil
    }
  }

  /// The code of the value of this type that is nearest to an f32 value; see `code(nearestTo:)` for f64.
  public func code(nearestTo value: Float) -> UInt64? {
    // f64 holds every f32 value, so that there is only one rounding.
    code(nearestTo: Double(value))
  }

  private func signExtended(_ code: UInt64, _ bits: Int) -> Int64 {
    let unused = UInt64(64 - bits)
    return Int64(bitPattern: code << unused) >> Int64(unused)
  }

  private func integerCode(nearestTo value: Double) -> UInt64? {
    guard let bits, !value.isNaN else { return nil }
    let rounded = value.rounded(.toNearestOrEven)
    let mask = UInt64.max >> UInt64(64 - bits)
    if isUnsignedInteger {
      if rounded <= 0 { return 0 }
      return min(UInt64(exactly: rounded) ?? mask, mask)
    }
    let greatest = Int64.max >> Int64(64 - bits)
    let least = -greatest - 1
    let integer = Int64(exactly: rounded) ?? (rounded < 0 ? least : greatest)
    return UInt64(bitPattern: min(max(integer, least), greatest)) & mask
  }
}
