import Numerics
import Representation

extension PMRElementType {
  /// The code of an element type; UNSPECIFIED where the source gives none.
  init(_ type: ElementType?) {
    self =
      switch type {
      case nil: .unspecified
      case .f64: .f64
      case .f32: .f32
      case .f16: .f16
      case .bf16: .bf16
      case .f8e4m3fn: .f8E4M3Fn
      case .f8e4m3fnuz: .f8E4M3Fnuz
      case .f8e5m2: .f8E5M2
      case .f8e5m2fnuz: .f8E5M2Fnuz
      case .f8e8m0: .f8E8M0
      case .f6e2m3: .f6E2M3
      case .f6e3m2: .f6E3M2
      case .f4e2m1: .f4E2M1
      case .i64: .i64
      case .i32: .i32
      case .i16: .i16
      case .i8: .i8
      case .i4: .i4
      case .i2: .i2
      case .u64: .u64
      case .u32: .u32
      case .u16: .u16
      case .u8: .u8
      case .u4: .u4
      case .u2: .u2
      case .bool: .bool
      case .string: .string
      case .complex64: .complex64
      case .complex128: .complex128
      }
  }
}

extension ElementType {
  /// The element types in the order of their codes in the native form, which count from one.
  ///
  /// This table and `PMRElementType.init` are written apart on purpose: a test holds one against the other.
  static let nativeCodes: [ElementType] = [
    .f64, .f32, .f16, .bf16, .f8e4m3fn, .f8e4m3fnuz, .f8e5m2, .f8e5m2fnuz, .f8e8m0, .f6e2m3, .f6e3m2, .f4e2m1,
    .i64, .i32, .i16, .i8, .i4, .i2, .u64, .u32, .u16, .u8, .u4, .u2, .bool, .string, .complex64, .complex128,
  ]

  /// The element type with a code of the native form; nil for zero and for codes that the profile does not list.
  init?(nativeCode code: UInt64) {
    guard code > 0, code <= UInt64(ElementType.nativeCodes.count) else { return nil }
    self = ElementType.nativeCodes[Int(code - 1)]
  }
}

extension PMRVariableKind {
  /// The code of a kind; UNSPECIFIED where the source does not tell.
  init(_ kind: Variable.Kind?) {
    self =
      switch kind {
      case nil: .unspecified
      case .parameter: .parameter
      case .constant: .constant
      case .buffer: .buffer
      }
  }
}

extension Variable.Kind {
  /// The kind with a code of the native form; nil for zero and for codes that the profile does not list.
  init?(nativeCode code: UInt64) {
    switch code {
    case 1: self = .parameter
    case 2: self = .constant
    case 3: self = .buffer
    default: return nil
    }
  }
}
