import Numerics
public import Representation
public import Storage

extension Elements {
  /// Elements put where the bits of a pattern are set, all others zero; the pattern keeps as many as there are.
  func scattered(to type: ElementsType, by pattern: Elements) -> Elements {
    switch type.element.bits {
    case 8: return scattered(UInt8.self, type, pattern.bytes)
    case 16: return scattered(UInt16.self, type, pattern.bytes)
    case 32: return scattered(UInt32.self, type, pattern.bytes)
    case 64: return scattered(UInt64.self, type, pattern.bytes)
    default:
      let kept = unpackedCodes()
      var codes = [UInt8](repeating: 0, count: type.count)
      codes.withUnsafeMutableBufferPointer { target in
        kept.withUnsafeBufferPointer { Self.scatter($0, pattern.bytes, target) }
      }
      return .packing(codes, as: type)
    }
  }

  private func scattered<Word: FixedWidthInteger & BitwiseCopyable>(
    _: Word.Type, _ type: ElementsType, _ pattern: [UInt8]
  ) -> Elements {
    var result = [UInt8](repeating: 0, count: type.byteCount)
    result.withUnsafeMutableBytes { target in
      bytes.withUnsafeBytes {
        Self.scatter(
          $0.assumingMemoryBound(to: Word.self), pattern, target.assumingMemoryBound(to: Word.self))
      }
    }
    return Elements(type, exactly: result)
  }

  @inline(__always)
  private static func scatter<Word: BitwiseCopyable>(
    _ kept: UnsafeBufferPointer<Word>, _ pattern: [UInt8], _ target: UnsafeMutableBufferPointer<Word>
  ) {
    var next = 0
    pattern.withUnsafeBytes { bits in
      forEachWord(bits) { word, place in
        var word = word
        if word == .max, place &+ 64 <= target.count, next &+ 64 <= kept.count {
          for i in 0..<64 { target[place &+ i] = kept[next &+ i] }
          next &+= 64
          return
        }
        while word != 0 {
          target[place &+ word.trailingZeroBitCount] = kept[next]
          next &+= 1
          word &= word &- 1
        }
      }
    }
  }

  /// A bit for each element: whether its code is other than 0; and how many are.
  func nonzeroBits() throws(Fault) -> (pattern: Elements, kept: Int) {
    let room = try type.with(.u8, [SparseStage.bitBytes(type.count)])
    var kept = 0
    let pattern = try Elements(zeroed: room) { target in
      switch type.element.bits {
      case 8: kept = mark(UInt8.self, target)
      case 16: kept = mark(UInt16.self, target)
      case 32: kept = mark(UInt32.self, target)
      case 64: kept = mark(UInt64.self, target)
      default: kept = unpackedCodes().withUnsafeBufferPointer { Self.mark($0, target) }
      }
    }
    return (pattern, kept)
  }

  private func mark<Word: FixedWidthInteger & BitwiseCopyable>(
    _: Word.Type, _ target: UnsafeMutableRawBufferPointer
  ) -> Int {
    bytes.withUnsafeBytes { Self.mark($0.assumingMemoryBound(to: Word.self), target) }
  }

  @inline(__always)
  private static func mark<Word: FixedWidthInteger>(
    _ codes: UnsafeBufferPointer<Word>, _ target: UnsafeMutableRawBufferPointer
  ) -> Int {
    var kept = 0
    var first = 0
    for byte in target.indices {
      var bits: UInt8 = 0
      for place in 0..<min(8, codes.count &- first) {
        bits |= (codes[first &+ place] == 0 ? 0 : 1) &<< UInt8(truncatingIfNeeded: place)
      }
      target[byte] = bits
      kept &+= bits.nonzeroBitCount
      first &+= 8
    }
    return kept
  }

  /// The elements whose bit is set, one after the other; as many as there are set bits.
  func gathered(by pattern: Elements, count: Int) throws(Fault) -> Elements {
    let kept = try type.with(type.element, [count])
    switch type.element.bits {
    case 8: return try gathered(UInt8.self, pattern.bytes, kept)
    case 16: return try gathered(UInt16.self, pattern.bytes, kept)
    case 32: return try gathered(UInt32.self, pattern.bytes, kept)
    case 64: return try gathered(UInt64.self, pattern.bytes, kept)
    default:
      var codes = [UInt8](repeating: 0, count: count)
      let all = unpackedCodes()
      codes.withUnsafeMutableBufferPointer { target in
        all.withUnsafeBufferPointer { Self.gather($0, pattern.bytes, target) }
      }
      return .packing(codes, as: kept)
    }
  }

  private func gathered<Word: BitwiseCopyable>(
    _: Word.Type, _ pattern: [UInt8], _ kept: ElementsType
  ) throws(Fault) -> Elements {
    try Elements(zeroed: kept) { target in
      bytes.withUnsafeBytes {
        Self.gather($0.assumingMemoryBound(to: Word.self), pattern, target.assumingMemoryBound(to: Word.self))
      }
    }
  }

  @inline(__always)
  private static func gather<Word: BitwiseCopyable>(
    _ all: UnsafeBufferPointer<Word>, _ pattern: [UInt8], _ target: UnsafeMutableBufferPointer<Word>
  ) {
    var next = 0
    pattern.withUnsafeBytes { bits in
      forEachWord(bits) { word, place in
        var word = word
        while word != 0, next < target.count {
          target[next] = all[place &+ word.trailingZeroBitCount]
          next &+= 1
          word &= word &- 1
        }
      }
    }
  }

  /// Calls `body` with 64 bits at a time, and the number of the first of them.
  @inline(__always)
  private static func forEachWord(_ bits: UnsafeRawBufferPointer, _ body: (UInt64, Int) -> Void) {
    var at = 0
    while at &+ 8 <= bits.count {
      body(bits.loadUnaligned(fromByteOffset: at, as: UInt64.self), at &* 8)
      at &+= 8
    }
    while at < bits.count {
      body(UInt64(bits[at]), at &* 8)
      at &+= 1
    }
  }
}

/// Bitmaps.
extension SparseStage {
  /// Keeps what has a code other than 0, with a bit for each element.
  public static func encodeBitmap(_ x: Elements) throws(Fault) -> Encoded<SparseStage> {
    try x.type.accepted(
      x.type.element.components.count == 1 && !x.type.dims.isEmpty, "not complex, one dim or more")
    let (pattern, kept) = try x.nonzeroBits()
    return Encoded(
      SparseStage(kind: .bitmap, pattern: pattern.inlineTensor), try x.gathered(by: pattern, count: kept))
  }
}
