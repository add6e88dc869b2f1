import CKernels
import Numerics

extension ElementType {
  /// The parameters of a floating-point type of at most 16 bits with a sign, for loops over elements.
  var smallFloat: ck_format? {
    switch self {
    case .f16: ck_format(exponent_bits: 5, fraction_bits: 10, bias: 15, special: 0)
    case .bf16: ck_format(exponent_bits: 8, fraction_bits: 7, bias: 127, special: 0)
    case .f8e4m3fn: ck_format(exponent_bits: 4, fraction_bits: 3, bias: 7, special: 1)
    case .f8e4m3fnuz: ck_format(exponent_bits: 4, fraction_bits: 3, bias: 8, special: 2)
    case .f8e5m2: ck_format(exponent_bits: 5, fraction_bits: 2, bias: 15, special: 0)
    case .f8e5m2fnuz: ck_format(exponent_bits: 5, fraction_bits: 2, bias: 16, special: 2)
    case .f6e2m3: ck_format(exponent_bits: 2, fraction_bits: 3, bias: 1, special: 3)
    case .f6e3m2: ck_format(exponent_bits: 3, fraction_bits: 2, bias: 3, special: 3)
    case .f4e2m1: ck_format(exponent_bits: 2, fraction_bits: 1, bias: 1, special: 3)
    default: nil
    }
  }

  /// The greatest finite value of a floating-point type; NaN for other types.
  var greatestFinite: Double {
    switch self {
    case .f64: Double.greatestFiniteMagnitude
    case .f32: Double(Float.greatestFiniteMagnitude)
    case .f16: 65504
    case .bf16: 0x1.FEp127
    case .f8e4m3fn: 448
    case .f8e4m3fnuz: 240
    case .f8e5m2, .f8e5m2fnuz: 57344
    case .f8e8m0: 0x1p127
    case .f6e2m3: 7.5
    case .f6e3m2: 28
    case .f4e2m1: 6
    default: .nan
    }
  }

  /// The values of all codes of a type of at most 8 bits as f32: exact.
  var floatTable: [Float]? {
    switch self {
    case .f8e4m3fn: Self.tables.f8e4m3fn
    case .f8e4m3fnuz: Self.tables.f8e4m3fnuz
    case .f8e5m2: Self.tables.f8e5m2
    case .f8e5m2fnuz: Self.tables.f8e5m2fnuz
    case .f8e8m0: Self.tables.f8e8m0
    case .f6e2m3: Self.tables.f6e2m3
    case .f6e3m2: Self.tables.f6e3m2
    case .f4e2m1: Self.tables.f4e2m1
    case .i8: Self.tables.i8
    case .i4: Self.tables.i4
    case .i2: Self.tables.i2
    case .u8, .bool: Self.tables.u8
    case .u4: Self.tables.u4
    case .u2: Self.tables.u2
    default: nil
    }
  }

  private static let tables = Tables()

  /// Tables of 256 values each, so that no byte leads outside.
  private struct Tables: Sendable {
    let f8e4m3fn = values(.f8e4m3fn)
    let f8e4m3fnuz = values(.f8e4m3fnuz)
    let f8e5m2 = values(.f8e5m2)
    let f8e5m2fnuz = values(.f8e5m2fnuz)
    let f8e8m0 = values(.f8e8m0)
    let f6e2m3 = values(.f6e2m3)
    let f6e3m2 = values(.f6e3m2)
    let f4e2m1 = values(.f4e2m1)
    let i8 = values(.i8)
    let i4 = values(.i4)
    let i2 = values(.i2)
    let u8 = values(.u8)
    let u4 = values(.u4)
    let u2 = values(.u2)

    private static func values(_ type: ElementType) -> [Float] {
      let mask = UInt64.max >> UInt64(64 - (type.bits ?? 64))
      return (0..<256).map { type.float(ofCode: UInt64($0) & mask) ?? .nan }
    }
  }
}
