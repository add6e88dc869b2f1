/// The type of a tensor's elements (profile clause 6.1, element types).
///
/// The raw value is the name that the profile gives it; it never changes.
public enum ElementType: String, Sendable, Hashable, CaseIterable {
  case f64, f32, f16, bf16
  case f8e4m3fn, f8e4m3fnuz, f8e5m2, f8e5m2fnuz, f8e8m0
  case f6e2m3, f6e3m2, f4e2m1
  case i64, i32, i16, i8, i4, i2
  case u64, u32, u16, u8, u4, u2
  case bool, string, complex64, complex128

  /// The number of bits of one element; nil for `string`, whose elements have no fixed size.
  public var bits: Int? {
    switch self {
    case .complex128: 128
    case .f64, .i64, .u64, .complex64: 64
    case .f32, .i32, .u32: 32
    case .f16, .bf16, .i16, .u16: 16
    case .f8e4m3fn, .f8e4m3fnuz, .f8e5m2, .f8e5m2fnuz, .f8e8m0, .i8, .u8, .bool: 8
    case .f6e2m3, .f6e3m2: 6
    case .f4e2m1, .i4, .u4: 4
    case .i2, .u2: 2
    case .string: nil
    }
  }

  /// The number of bytes that `count` elements take, packed without gaps and rounded up to whole bytes.
  ///
  /// Nil for `string`, and where the number does not fit into 64 bits.
  public func byteCount(elements count: UInt64) -> UInt64? {
    guard let bits else { return nil }
    if bits % 8 == 0 {
      let (bytes, overflow) = count.multipliedReportingOverflow(by: UInt64(bits / 8))
      return overflow ? nil : bytes
    }
    // Whole groups of eight elements first, so that the product of bits never overflows on the way.
    let (groups, rest) = count.quotientAndRemainder(dividingBy: 8)
    let (bytes, overflow) = groups.multipliedReportingOverflow(by: UInt64(bits))
    let (sum, carried) = bytes.addingReportingOverflow((rest * UInt64(bits) + 7) / 8)
    return overflow || carried ? nil : sum
  }
}
