import Numerics
public import Storage

/// Five of −1, 0, 1 in a byte (profile clause 7.1, section 4); the stage has no fields.
public struct TritsStage: StageCodec, Hashable {
  /// The stage.
  public init() {}

  public var isLossless: Bool { true }

  public func output(of input: ElementsType) throws(Fault) -> ElementsType? {
    try input.accepted(input.element == .i2, "i2")
    return try input.with(.u8, [input.count / 5 + (input.count % 5 == 0 ? 0 : 1)])
  }

  public func decode(
    _ payload: Elements?, as input: ElementsType, in decoding: Decoding
  ) throws(Fault) -> Elements {
    let expected = try output(of: input)
    guard let payload, payload.type == expected else { throw .payload(expected, payload) }
    let bytes = payload.bytes
    var greatest: UInt8 = 0
    for byte in bytes { greatest = max(greatest, byte) }
    guard greatest < 243 else { throw .stage(.tritsByteRange, expected: "≤ 242", actual: "\(greatest)") }
    let rest = input.count % 5
    if rest > 0, let last = bytes.last, Int(last) >= Self.powers[rest] {
      throw .stage(.tritsPaddingZero, expected: "< \(Self.powers[rest])", actual: "\(last)")
    }
    return try Elements(writing: input) { target in
      Self.codesOfBytes.withUnsafeBufferPointer { table in
        var first = 0
        var next = 0
        // Four bytes are twenty elements, which are five bytes.
        while next &+ 4 <= bytes.count, first &+ 8 <= target.count {
          var word: UInt64 = 0
          for place in 0..<4 {
            word |= UInt64(table[Int(bytes[next &+ place])]) &<< UInt64(10 &* place)
          }
          target.storeBytes(of: word, toByteOffset: first, as: UInt64.self)
          first &+= 5
          next &+= 4
        }
        var word: UInt64 = 0
        var bits = 0
        while first < target.count {
          if bits < 8, next < bytes.count {
            word |= UInt64(table[Int(bytes[next])]) << UInt64(bits)
            bits += 10
            next += 1
          }
          target[first] = UInt8(truncatingIfNeeded: word)
          word >>= 8
          bits -= 8
          first += 1
        }
        // The last byte stands for five elements; those that are none are no part of the result.
        let used = input.count * 2 % 8
        if used > 0, let last = target.indices.last { target[last] &= UInt8(1) << UInt8(used) - 1 }
      }
    }
  }

  /// Encodes elements.
  ///
  /// - Throws: `sign-level-range` for an element other than −1, 0, 1.
  public static func encode(_ x: Elements) throws(Fault) -> Encoded<TritsStage> {
    guard let output = try TritsStage().output(of: x.type) else { throw .payload(nil, x) }
    let codes = x.unpackedCodes()
    guard !codes.contains(2) else { throw .stage(.signLevelRange, expected: "−1, 0, 1", actual: "−2") }
    let packed = try Elements(writing: output) { target in
      codes.withUnsafeBufferPointer { codes in
        for byte in target.indices {
          var sum = 0
          // An element is one below its digit, and codes of two bits wrap: 3, 0, 1 are the digits 0, 1, 2.
          for place in stride(from: min(5, codes.count - 5 * byte) - 1, through: 0, by: -1) {
            sum = 3 &* sum &+ Int((codes[5 &* byte &+ place] &+ 1) & 3)
          }
          target[byte] = UInt8(truncatingIfNeeded: sum)
        }
      }
    }
    return Encoded(TritsStage(), packed)
  }

  private static let powers = [1, 3, 9, 27, 81, 243]

  /// For each byte, the codes of its five elements, two bits each.
  private static let codesOfBytes: [UInt16] = (0..<243).map { byte in
    var codes: UInt16 = 0
    for place in 0..<5 {
      let digit = byte / powers[place] % 3
      codes |= UInt16((digit + 3) & 3) << UInt16(2 * place)
    }
    return codes
  }
}
