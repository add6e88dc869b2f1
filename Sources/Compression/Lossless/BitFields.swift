import Numerics

/// Codes of 1 to 15 bits without gaps, low-order bits first, as profile clause 6.1 stores elements of less than a byte.
enum BitFields {
  /// Every group of eight codes fills `width` bytes, so that it begins at a byte.
  private static let group = 8
  /// Two loads of eight bytes cover a group of any width.
  private static let reach = 16

  /// Unpacks codes of at most 8 bits, one to a byte.
  ///
  /// - Parameters:
  ///   - bytes: at least ⌈count·width/8⌉ of them.
  ///   - codes: room for `count` codes, all of which are written.
  static func unpack(
    _ bytes: UnsafeRawBufferPointer, width: Int, into codes: UnsafeMutableBufferPointer<UInt8>
  ) {
    // A constant width lets the compiler unroll a group.
    switch width {
    case 1: run(bytes, 1, codes)
    case 2: run(bytes, 2, codes)
    case 3: run(bytes, 3, codes)
    case 4: run(bytes, 4, codes)
    case 5: run(bytes, 5, codes)
    case 6: run(bytes, 6, codes)
    case 7: run(bytes, 7, codes)
    default: run(bytes, width, codes)
    }
  }

  /// Unpacks codes of at most 15 bits, one to two bytes.
  static func unpack(
    _ bytes: UnsafeRawBufferPointer, width: Int, into codes: UnsafeMutableBufferPointer<UInt16>
  ) {
    run(bytes, width, codes)
  }

  /// Packs codes, whose bits beyond `width` are left out.
  ///
  /// - Parameter bytes: room for exactly ⌈count·width/8⌉ bytes, all of which are written; bits behind the last code are zero.
  static func pack(
    _ codes: UnsafeBufferPointer<UInt8>, width: Int, into bytes: UnsafeMutableRawBufferPointer
  ) {
    switch width {
    case 1: fill(codes, 1, bytes)
    case 2: fill(codes, 2, bytes)
    case 3: fill(codes, 3, bytes)
    case 4: fill(codes, 4, bytes)
    case 5: fill(codes, 5, bytes)
    case 6: fill(codes, 6, bytes)
    case 7: fill(codes, 7, bytes)
    default: fill(codes, width, bytes)
    }
  }

  /// Packs codes of at most 15 bits; as above.
  static func pack(
    _ codes: UnsafeBufferPointer<UInt16>, width: Int, into bytes: UnsafeMutableRawBufferPointer
  ) {
    fill(codes, width, bytes)
  }

  @inline(__always)
  private static func run<Code: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    _ bytes: UnsafeRawBufferPointer, _ width: Int, _ codes: UnsafeMutableBufferPointer<Code>
  ) {
    let mask = Code(truncatingIfNeeded: (1 << width) - 1)
    let middle = 4 * width
    var first = 0
    var index = 0
    while index &+ group <= codes.count, first &+ reach <= bytes.count {
      let low = bytes.loadUnaligned(fromByteOffset: first, as: UInt64.self)
      let high =
        bytes.loadUnaligned(fromByteOffset: first &+ middle / 8, as: UInt64.self) &>> UInt64(middle % 8)
      for place in 0..<4 {
        codes[index &+ place] = Code(truncatingIfNeeded: low &>> UInt64(place &* width)) & mask
        codes[index &+ 4 &+ place] = Code(truncatingIfNeeded: high &>> UInt64(place &* width)) & mask
      }
      first &+= width
      index &+= group
    }
    while index < codes.count {
      var value: UInt32 = 0
      let start = index * width
      for offset in 0..<3 where start / 8 + offset < bytes.count {
        value |= UInt32(bytes[start / 8 + offset]) << UInt32(8 * offset)
      }
      codes[index] = Code(truncatingIfNeeded: value >> UInt32(start % 8)) & mask
      index += 1
    }
  }

  @inline(__always)
  private static func fill<Code: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    _ codes: UnsafeBufferPointer<Code>, _ width: Int, _ bytes: UnsafeMutableRawBufferPointer
  ) {
    let mask = UInt64(1) << UInt64(width) - 1
    let middle = 4 * width
    var first = 0
    var index = 0
    // A group is written with eight bytes at a time: what lies behind it is written again by the next.
    while index &+ group <= codes.count, first &+ reach <= bytes.count {
      var low: UInt64 = 0
      var high: UInt64 = 0
      for place in 0..<4 {
        low |= (UInt64(truncatingIfNeeded: codes[index &+ place]) & mask) &<< UInt64(place &* width)
        high |= (UInt64(truncatingIfNeeded: codes[index &+ 4 &+ place]) & mask) &<< UInt64(place &* width)
      }
      let shift = UInt64(middle % 8)
      bytes.storeBytes(of: low, toByteOffset: first, as: UInt64.self)
      if shift != 0 { high = high &<< shift | low &>> UInt64(middle &- 4) & 15 }
      bytes.storeBytes(of: high, toByteOffset: first &+ middle / 8, as: UInt64.self)
      first &+= width
      index &+= group
    }
    for byte in first..<max(bytes.count, first) { bytes[byte] = 0 }
    while index < codes.count {
      let start = index * width
      let value =
        UInt32(truncatingIfNeeded: UInt64(truncatingIfNeeded: codes[index]) & mask) << UInt32(start % 8)
      for offset in 0..<3 where start / 8 + offset < bytes.count {
        bytes[start / 8 + offset] |= UInt8(truncatingIfNeeded: value >> UInt32(8 * offset))
      }
      index += 1
    }
  }
}

extension Elements {
  /// The codes of elements of less than a byte, one to a byte.
  func unpackedCodes() -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: type.count) { codes, count in
      let room = UnsafeMutableBufferPointer(rebasing: codes[..<type.count])
      bytes.withUnsafeBytes { BitFields.unpack($0, width: type.element.bits ?? 8, into: room) }
      count = type.count
    }
  }

  /// Elements of less than a byte, from as many codes, one to a byte.
  static func packing(_ codes: [UInt8], as type: ElementsType) -> Elements {
    let bytes = [UInt8](unsafeUninitializedCapacity: type.byteCount) { bytes, count in
      let room = UnsafeMutableRawBufferPointer(start: bytes.baseAddress, count: type.byteCount)
      codes.withUnsafeBufferPointer { BitFields.pack($0, width: type.element.bits ?? 8, into: room) }
      count = type.byteCount
    }
    return Elements(type, exactly: bytes)
  }
}
