import Numerics

/// The fields of a tensor that can hold its elements (ONNX, TensorProto).
enum ONNXDataField: UInt32, Sendable {
  case floats = 4
  case integers32 = 5
  case strings = 6
  case integers64 = 7
  case raw = 9
  case doubles = 10
  case unsigned64 = 11

  /// The field's name in the schema.
  var name: String {
    switch self {
    case .floats: "float_data"
    case .integers32: "int32_data"
    case .strings: "string_data"
    case .integers64: "int64_data"
    case .raw: "raw_data"
    case .doubles: "double_data"
    case .unsigned64: "uint64_data"
    }
  }
}

/// The data types of ONNX (TensorProto.DataType).
enum ONNXDataType {
  /// The largest code that is defined; a larger one belongs to a newer version.
  static let last: Int32 = 26

  /// The element type of a code; nil for zero and for codes that are not defined.
  static func elementType(_ code: Int32) -> ElementType? {
    switch code {
    case 1: .f32
    case 2: .u8
    case 3: .i8
    case 4: .u16
    case 5: .i16
    case 6: .i32
    case 7: .i64
    case 8: .string
    case 9: .bool
    case 10: .f16
    case 11: .f64
    case 12: .u32
    case 13: .u64
    case 14: .complex64
    case 15: .complex128
    case 16: .bf16
    case 17: .f8e4m3fn
    case 18: .f8e4m3fnuz
    case 19: .f8e5m2
    case 20: .f8e5m2fnuz
    case 21: .u4
    case 22: .i4
    case 23: .f4e2m1
    case 24: .f8e8m0
    case 25: .u2
    case 26: .i2
    default: nil
    }
  }

  /// The version of the format that introduced a code, where that is later than the first.
  static func version(_ code: Int32) -> Int64 {
    switch code {
    case 16: 4
    case 17...20: 9
    case 21, 22: 10
    case 23: 11
    case 24: 12
    case 25, 26: 13
    default: 1
    }
  }

  /// The typed field for the elements of a type; every type but strings can also stand in the raw field.
  static func field(_ type: ElementType) -> ONNXDataField {
    switch type {
    case .f32, .complex64: .floats
    case .f64, .complex128: .doubles
    case .i64: .integers64
    case .u32, .u64: .unsigned64
    case .string: .strings
    default: .integers32
    }
  }

  /// Whether the values of the integer field are bit patterns rather than numbers.
  static func isBitPattern(_ type: ElementType) -> Bool {
    switch type {
    case .i32, .i16, .i8, .u16, .u8, .bool, .i64, .u32, .u64: false
    default: true
    }
  }
}
