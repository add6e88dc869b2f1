import Numerics
public import Representation
public import Storage

/// Integers without the bits that they do not need (profile clause 7.1, section 4).
extension PackStage: StageCodec {
  public var isLossless: Bool { true }

  public func output(of input: ElementsType) throws(Fault) -> ElementsType? {
    let bits = input.element.bits ?? 64
    try input.accepted(
      (input.element.isSignedInteger || input.element.isUnsignedInteger) && bits <= 16,
      "an integer of at most 16 bits")
    guard width >= 1, width < bits else {
      throw .stage(.packWidth, ".width", expected: "1 … \(bits - 1)", actual: "\(width)")
    }
    // The width is below that of the elements, whose bits fit into 63 bits.
    return try input.with(.u8, [(input.count * Int(width) + 7) / 8])
  }

  public func decode(
    _ payload: Elements?, as input: ElementsType, in decoding: Decoding
  ) throws(Fault) -> Elements {
    let expected = try output(of: input)
    guard let payload, payload.type == expected else { throw .payload(expected, payload) }
    let width = Int(width)
    let used = input.count * width % 8
    if used > 0, let last = payload.bytes.last, last >> UInt8(used) != 0 {
      throw .stage(.packPaddingZero, expected: "0", actual: "\(last >> UInt8(used))")
    }
    // The bit of the sign, where there is one: what is subtracted from a code in whose place it was turned over.
    let sign = input.element.isSignedInteger ? 1 << (width - 1) : 0
    if input.element.bits == 16 {
      return try Elements(writing: input) { target in
        let codes = target.assumingMemoryBound(to: UInt16.self)
        payload.bytes.withUnsafeBytes { BitFields.unpack($0, width: width, into: codes) }
        let sign = UInt16(truncatingIfNeeded: sign)
        if sign != 0 { for i in codes.indices { codes[i] = (codes[i] ^ sign) &- sign } }
      }
    }
    let codes = [UInt8](unsafeUninitializedCapacity: input.count) { codes, count in
      let codes = UnsafeMutableBufferPointer(rebasing: codes[..<input.count])
      payload.bytes.withUnsafeBytes { BitFields.unpack($0, width: width, into: codes) }
      let sign = UInt8(truncatingIfNeeded: sign)
      if sign != 0 { for i in codes.indices { codes[i] = (codes[i] ^ sign) &- sign } }
      count = input.count
    }
    return input.element.bits == 8 ? Elements(input, exactly: codes) : .packing(codes, as: input)
  }

  /// Encodes elements.
  ///
  /// - Throws: `pack-width` where an element does not fit into the width.
  public static func encode(_ x: Elements, width: Int) throws(Fault) -> Encoded<PackStage> {
    let descriptor = PackStage(width: UInt64(clamping: width))
    guard let output = try descriptor.output(of: x.type) else { throw .payload(nil, x) }
    let bits = x.type.element.bits ?? 8
    let isSigned = x.type.element.isSignedInteger
    let packed = try Elements(writing: output) { target throws(Fault) in
      var used: UInt64 = 0
      if bits == 16 {
        x.bytes.withUnsafeBytes { source in
          let codes = source.assumingMemoryBound(to: UInt16.self)
          for code in codes { used |= UInt64(beyond(code, bits, isSigned)) }
          BitFields.pack(codes, width: width, into: target)
        }
      } else {
        let codes = bits == 8 ? x.bytes : x.unpackedCodes()
        codes.withUnsafeBufferPointer { codes in
          for code in codes { used |= UInt64(beyond(code, bits, isSigned)) }
          BitFields.pack(codes, width: width, into: target)
        }
      }
      // Of a signed element one bit more is needed than differs from its sign.
      let needed = UInt64.bitWidth - used.leadingZeroBitCount + (isSigned ? 1 : 0)
      guard needed <= width else {
        throw .stage(.packWidth, ".width", expected: "≥ \(needed)", actual: "\(width)")
      }
    }
    return Encoded(descriptor, packed)
  }

  /// The bits of a code that its sign does not repeat.
  @inline(__always)
  private static func beyond<Code: FixedWidthInteger & UnsignedInteger>(
    _ code: Code, _ bits: Int, _ isSigned: Bool
  ) -> Code {
    guard isSigned else { return code }
    let mask = Code.max &>> Code(truncatingIfNeeded: Code.bitWidth - bits)
    return code &>> Code(truncatingIfNeeded: bits - 1) & 1 == 0 ? code : ~code & mask
  }
}
