import Numerics
public import Storage

/// The bytes of all elements, those of the same place together, lowest first (profile clause 7.1, section 4); the stage has no fields.
public struct PlanesStage: StageCodec, Hashable {
  /// The stage.
  public init() {}

  public var isLossless: Bool { true }

  public func output(of input: ElementsType) throws(Fault) -> ElementsType? {
    let bits = input.element.bits ?? 0
    try input.accepted(
      input.element.components.count == 1 && [16, 32, 64].contains(bits), "16, 32, 64 bits, not complex")
    return try input.with(.u8, [bits / 8, input.count])
  }

  public func decode(
    _ payload: Elements?, as input: ElementsType, in decoding: Decoding
  ) throws(Fault) -> Elements {
    let expected = try output(of: input)
    guard let payload, payload.type == expected else { throw .payload(expected, payload) }
    let count = input.count
    return try Elements(writing: input) { target in
      payload.bytes.withUnsafeBytes { source in
        // As many planes as an element has bytes; a loop for each number is what the compiler can turn into wide instructions.
        switch payload.type.dims[0] {
        case 2:
          let words = target.assumingMemoryBound(to: UInt16.self)
          for i in 0..<count {
            words[i] = UInt16(source[i]) | UInt16(source[count &+ i]) &<< 8
          }
        case 4:
          let words = target.assumingMemoryBound(to: UInt32.self)
          for i in 0..<count {
            let low = UInt32(source[i]) | UInt32(source[count &+ i]) &<< 8
            let high = UInt32(source[2 &* count &+ i]) | UInt32(source[3 &* count &+ i]) &<< 8
            words[i] = low | high &<< 16
          }
        default:
          let words = target.assumingMemoryBound(to: UInt64.self)
          for i in 0..<count {
            var word: UInt64 = 0
            for plane in 0..<8 {
              word |= UInt64(source[plane &* count &+ i]) &<< UInt64(8 &* plane)
            }
            words[i] = word
          }
        }
      }
    }
  }

  /// Encodes elements.
  public static func encode(_ x: Elements) throws(Fault) -> Encoded<PlanesStage> {
    guard let output = try PlanesStage().output(of: x.type) else { throw .payload(nil, x) }
    let count = x.type.count
    let planes = try Elements(writing: output) { target in
      x.bytes.withUnsafeBytes { source in
        switch output.dims[0] {
        case 2: split(source.assumingMemoryBound(to: UInt16.self), 2, count, target)
        case 4: split(source.assumingMemoryBound(to: UInt32.self), 4, count, target)
        default: split(source.assumingMemoryBound(to: UInt64.self), 8, count, target)
        }
      }
    }
    return Encoded(PlanesStage(), planes)
  }

  @inline(__always)
  private static func split<Word: FixedWidthInteger>(
    _ words: UnsafeBufferPointer<Word>, _ size: Int, _ count: Int, _ target: UnsafeMutableRawBufferPointer
  ) {
    for plane in 0..<size {
      let shift = Word(truncatingIfNeeded: 8 &* plane)
      for i in 0..<count { target[plane &* count &+ i] = UInt8(truncatingIfNeeded: words[i] &>> shift) }
    }
  }
}
