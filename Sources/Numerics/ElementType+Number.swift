extension ElementType {
  /// The number of the type in the native form and in content digests (profile clauses 6.1 and 7.1), counted from one; it never changes.
  public var number: UInt32 {
    switch self {
    case .f64: 1
    case .f32: 2
    case .f16: 3
    case .bf16: 4
    case .f8e4m3fn: 5
    case .f8e4m3fnuz: 6
    case .f8e5m2: 7
    case .f8e5m2fnuz: 8
    case .f8e8m0: 9
    case .f6e2m3: 10
    case .f6e3m2: 11
    case .f4e2m1: 12
    case .i64: 13
    case .i32: 14
    case .i16: 15
    case .i8: 16
    case .i4: 17
    case .i2: 18
    case .u64: 19
    case .u32: 20
    case .u16: 21
    case .u8: 22
    case .u4: 23
    case .u2: 24
    case .bool: 25
    case .string: 26
    case .complex64: 27
    case .complex128: 28
    }
  }
}
