import CKernels
import Numerics
import Storage

extension Elements {
  /// Calls a function with a reader of these elements.
  func withReader<Result, Failure: Error>(
    _ body: (ElementReader) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try bytes.span.withUnsafeBytes { raw throws(Failure) in
      try body(ElementReader(type.element, raw))
    }
  }

  /// The values as f32: exact for floating types of at most 32 bits and integers of at most 24, else rounded to nearest, ties to even.
  ///
  /// Complex elements have no values, and are NaN.
  public var floats: [Float] {
    withReader { reader in
      filled(type.count) { reader.floats(from: 0, count: type.count, into: $0) }
    }
  }

  /// The values as f64: exact but for 64-bit integers beyond 2^53, which are rounded to nearest, ties to even.
  ///
  /// Complex elements have no values, and are NaN.
  public var doubles: [Double] {
    withReader { reader in
      filled(type.count) { reader.doubles(from: 0, count: type.count, into: $0) }
    }
  }

  /// The values of an integer type of at most 32 bits, but for u32; nil for other types.
  public var integers: [Int32]? {
    guard let bits = type.element.bits, bits <= 32, type.element != .u32,
      type.element.isSignedInteger || type.element.isUnsignedInteger
    else { return nil }
    return withReader { reader in
      filled(type.count) { reader.integers(from: 0, count: type.count, into: $0) }
    }
  }

  /// The values of u32 elements; nil for other types.
  var unsignedIntegers: [UInt32]? {
    guard type.element == .u32 else { return nil }
    return bytes.span.withUnsafeBytes { raw in
      (0..<type.count).map { raw.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self) }
    }
  }

  /// Elements of a type with the low-order bits of integers as their codes; nil where they are not as many as the type has.
  public init?(_ type: ElementsType, integers: [Int32]) {
    guard integers.count == type.count, let bits = type.element.bits, bits <= 32 else { return nil }
    switch bits {
    case 32: self.init(type, filled(type.byteCount) { UnsafeMutableRawPointer($0).store(integers) })
    case 16:
      let codes = integers.map { UInt16(truncatingIfNeeded: $0) }
      self.init(type, filled(type.byteCount) { UnsafeMutableRawPointer($0).store(codes) })
    default: self.init(type, codes: integers.map { UInt8(truncatingIfNeeded: $0) })
    }
  }

  /// Elements of at most 8 bits by the low-order bits of bytes; nil where they are not as many as the type has.
  init?(_ type: ElementsType, codes: [UInt8]) {
    guard codes.count == type.count, let bits = type.element.bits, bits <= 8 else { return nil }
    guard bits < 8 else {
      self.init(type, codes)
      return
    }
    self.init(type, filled(type.byteCount) { ck_pack(codes, $0, codes.count, Int32(bits)) })
  }

  /// Elements of a floating type that are nearest to values, ties to even, as profile clause 6.1 converts; nil where they are not as many
  /// as the type has, or it is no floating type.
  ///
  /// NaN becomes the quiet one of the same sign; in a type without NaN it becomes zero.
  public init?(_ type: ElementsType, nearestTo values: [Double]) {
    guard values.count == type.count, type.element.isFloat else { return nil }
    switch type.element {
    case .f64:
      let codes = values.map { $0.isNaN ? Self.quiet($0) : $0 }
      self.init(type, filled(type.byteCount) { UnsafeMutableRawPointer($0).store(codes) })
    case .f32:
      let codes = values.map { Float($0.isNaN ? Self.quiet($0) : $0) }
      self.init(type, filled(type.byteCount) { UnsafeMutableRawPointer($0).store(codes) })
    default:
      guard let format = type.element.smallFloat else {
        self.init(type, values.map { UInt8(truncatingIfNeeded: type.element.code(nearestTo: $0) ?? 255) })
        return
      }
      let codes = filled(values.count, as: UInt16.self) {
        ck_codes_from_f64(values, $0, values.count, format)
      }
      if type.element.bits == 16 {
        self.init(type, filled(type.byteCount) { UnsafeMutableRawPointer($0).store(codes) })
      } else {
        self.init(type, codes: codes.map { UInt8(truncatingIfNeeded: $0) })
      }
    }
  }

  private static func quiet(_ value: Double) -> Double { value.sign == .minus ? -Double.nan : .nan }
}

extension UnsafeMutableRawPointer {
  /// Copies all of an array here.
  func store<Value: BitwiseCopyable>(_ values: [Value]) {
    values.span.withUnsafeBytes { raw in
      guard let base = raw.baseAddress else { return }
      copyMemory(from: base, byteCount: raw.count)
    }
  }
}

extension ElementType {
  /// Writes f32 values as this type, one rounding each: f64, f32, f16 or bf16, which quantizers and adapters accept.
  func write(_ values: UnsafePointer<Float>, _ count: Int, to out: UnsafeMutableRawPointer) {
    switch self {
    case .f16: ck_f16_from_f32(values, out, count)
    case .bf16: ck_bf16_from_f32(values, out, count)
    case .f64: ck_f64_from_f32(values, out.assumingMemoryBound(to: Double.self), count)
    default: out.copyMemory(from: values, byteCount: 4 * count)
    }
  }

  /// The bits of the least f32 magnitude that is not finite any more as this type: f64, f32, f16 or bf16.
  var infinityFromFloat: UInt32 {
    switch self {
    // 65520 and 255.5 · 2^120: half a unit beyond the greatest value, a tie that goes up to infinity.
    case .f16: 0x477F_F000
    case .bf16: 0x7F7F_8000
    default: 0x7F80_0000
    }
  }
}
