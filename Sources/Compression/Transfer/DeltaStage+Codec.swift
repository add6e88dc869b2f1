import Numerics
public import Representation
public import Storage

/// The difference to a base (profile clause 7.4, section 2).
extension DeltaStage: StageCodec {
  public var isLossless: Bool { mode == .code }

  public func output(of input: ElementsType) throws(Fault) -> ElementsType? {
    switch mode {
    case .add:
      try input.accepted(ElementType.offsets.contains(input.element), "f32 | f16 | bf16")
      return ElementsType(.f32, input.dims)
    case .code:
      guard input.element.components.count == 1, let difference = Self.differenceType(input.element) else {
        throw .stage(
          .stageInputType, expected: "2 | 4 | 8 | 16 | 32 | 64 bits, not complex", actual: input.notation)
      }
      return ElementsType(difference, input.dims)
    case .unknown(let number):
      throw .stage(.deltaModeKnown, ".mode", expected: "1 | 2", actual: "\(number)")
    }
  }

  private static func differenceType(_ type: ElementType) -> ElementType? {
    switch type.bits {
    case 2: .i2
    case 4: .i4
    case 8: .i8
    case 16: .i16
    case 32: .i32
    case 64: .i64
    default: nil
    }
  }

  public func decode(
    _ payload: Elements?, as input: ElementsType, in decoding: Decoding
  ) throws(Fault) -> Elements {
    let payload = try payload.payload(of: output(of: input))
    let base = try decoding.base(base, of: input)
    guard mode == .add else { return try Self.codes(base, payload, input, subtract: false) }
    let bytes = try filledBytes(input.byteCount) { out throws(Fault) in
      try Self.forEachPair(base, payload) { start, values, others, count in
        for place in 0..<count {
          let sum = values[place] + others[place]
          // The sign of a NaN differs between processors.
          values[place] = sum.isNaN ? .nan : sum
        }
        input.element.write(values, count, to: out + start * (input.element.bits ?? 8) / 8)
      }
    }
    return try Elements(input, bytes).payload(of: input)
  }

  /// The reference encoder.
  ///
  /// - Parameters:
  ///   - mode: add or code.
  ///   - base: the elements of the base, of the same type.
  ///   - reference: what names them.
  /// - Throws: `base-tensor-type` and what `output(of:)` throws.
  public static func encode(
    _ x: Elements, mode: Mode, base: Elements, reference: BaseTensor
  ) throws(Fault) -> Encoded<DeltaStage> {
    let stage = DeltaStage(mode: mode, base: reference)
    guard let output = try stage.output(of: x.type) else { throw .stage(.deltaModeKnown, ".mode") }
    guard base.type == x.type else {
      throw .stage(.baseTensorType, ".base", expected: x.type.notation, actual: base.type.notation)
    }
    if mode == .code { return Encoded(stage, try codes(x, base, output, subtract: true)) }
    let bytes = try filledBytes(output.byteCount) { out throws(Fault) in
      try forEachPair(x, base) { start, values, others, count in
        for place in 0..<count {
          let difference = Float(Double(values[place]) - Double(others[place]))
          values[place] = difference.isNaN ? .nan : difference
        }
        output.element.write(values, count, to: out + 4 * start)
      }
    }
    return Encoded(stage, try Elements(output, bytes).payload(of: output))
  }

  private static func forEachPair(
    _ first: Elements, _ second: Elements,
    _ body: (_ start: Int, UnsafeMutablePointer<Float>, UnsafePointer<Float>, _ count: Int) -> Void
  ) throws(Fault) {
    try first.withReader { first throws(Fault) in
      try second.withReader { other throws(Fault) in
        try withRoom { (values: UnsafeMutablePointer<Float>) throws(Fault) in
          try withRoom { (others: UnsafeMutablePointer<Float>) throws(Fault) in
            for start in stride(from: 0, to: second.type.count, by: chunk) {
              let count = min(chunk, second.type.count - start)
              first.floats(from: start, count: count, into: values)
              other.floats(from: start, count: count, into: others)
              body(start, values, others, count)
            }
          }
        }
      }
    }
  }

  /// Sums or differences of codes, without what goes beyond their bits.
  private static func codes(
    _ first: Elements, _ second: Elements, _ type: ElementsType, subtract: Bool
  ) throws(Fault) -> Elements {
    let bytes: [UInt8]
    switch type.element.bits {
    case 64: bytes = combine(first.bytes, second.bytes, UInt64.self, subtract ? { $0 &- $1 } : { $0 &+ $1 })
    case 32: bytes = combine(first.bytes, second.bytes, UInt32.self, subtract ? { $0 &- $1 } : { $0 &+ $1 })
    case 16: bytes = combine(first.bytes, second.bytes, UInt16.self, subtract ? { $0 &- $1 } : { $0 &+ $1 })
    case 8: bytes = combine(first.bytes, second.bytes, UInt8.self, subtract ? { $0 &- $1 } : { $0 &+ $1 })
    default:
      // Every other element of a byte at once: what one carries or borrows is that of a place that is masked away.
      let even: UInt8 = type.element.bits == 4 ? 0x0F : 0x33
      bytes = combine(
        first.bytes, second.bytes, UInt8.self,
        subtract
          ? { (($0 | ~even) &- ($1 & even)) & even | (($0 | even) &- ($1 & ~even)) & ~even }
          : { (($0 & even) &+ ($1 & even)) & even | (($0 & ~even) &+ ($1 & ~even)) & ~even })
    }
    return try Elements(type, bytes).payload(of: type)
  }

  @inline(__always)
  private static func combine<Code: FixedWidthInteger & BitwiseCopyable>(
    _ first: [UInt8], _ second: [UInt8], _ type: Code.Type, _ body: (Code, Code) -> Code
  ) -> [UInt8] {
    let size = MemoryLayout<Code>.size
    let count = min(first.count, second.count)
    return filled(count) { out in
      let out = UnsafeMutableRawPointer(out)
      first.withUnsafeBytes { first in
        second.withUnsafeBytes { second in
          for place in stride(from: 0, to: count, by: size) {
            out.storeBytes(
              of: body(
                first.loadUnaligned(fromByteOffset: place, as: Code.self),
                second.loadUnaligned(fromByteOffset: place, as: Code.self)), toByteOffset: place,
              as: Code.self)
          }
        }
      }
    }
  }
}

extension Decoding {
  /// The elements of a base that has the type of what is derived from it.
  /// - Throws: `base-tensor-type`, and what keeps the base from being had.
  func base(_ base: BaseTensor?, of type: ElementsType) throws(Fault) -> Elements {
    guard let base else { throw .stage(.baseTensorExists, ".base", actual: "–") }
    let elements = try self.base(base)
    guard elements.type == type else {
      throw .stage(.baseTensorType, ".base", expected: type.notation, actual: elements.type.notation)
    }
    return elements
  }
}
