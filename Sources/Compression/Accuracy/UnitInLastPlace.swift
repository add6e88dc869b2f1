import Numerics

extension ElementType {
  /// The distance to the next value of this type, at a value that was f32 before (profile clause 7.3, section 6).
  func unitInLastPlace(_ value: Double) -> Double {
    let narrow = Float(value)
    guard narrow.isFinite else { return .infinity }
    // A normal f32 ulp is 2^(exponent − 23); the narrower types have fewer bits, and subnormal numbers of their own.
    return switch self {
    case .f16: max(Double(narrow.magnitude.ulp) * 8192, 0x1p-24)
    case .bf16: max(Double(narrow.magnitude.ulp) * 65536, 0x1p-133)
    default: Double(narrow.magnitude.ulp)
    }
  }
}
