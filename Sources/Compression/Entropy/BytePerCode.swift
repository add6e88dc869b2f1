import Numerics

/// Codes of types of less than 8 bits, one to a byte instead of packed: runs may begin at any bit of a byte, which cores must not share.
enum BytePerCode {
  /// Packed codes, one to a byte; with the sign extended where the type has one.
  static func unpacked(_ elements: Elements) -> [UInt8] {
    let bits = elements.type.element.bits ?? 8, count = elements.type.count
    let unused = UInt8(8 - bits), mask = UInt8.max >> unused
    let signed = elements.type.element.isSignedInteger
    return [UInt8](unsafeUninitializedCapacity: count) { codes, filled in
      elements.bytes.withUnsafeBufferPointer { packed in
        var held: UInt32 = 0, heldBits = 0, at = 0
        for place in 0..<count {
          if heldBits < bits {
            held |= UInt32(packed[at]) << UInt32(heldBits)
            heldBits += 8
            at += 1
          }
          let code = UInt8(truncatingIfNeeded: held) & mask
          codes.initializeElement(
            at: place, to: signed ? UInt8(bitPattern: Int8(bitPattern: code << unused) >> Int8(unused)) : code
          )
          held >>= UInt32(bits)
          heldBits -= bits
        }
      }
      filled = count
    }
  }

  /// Codes, one to a byte, packed; bits above those of the type are dropped.
  static func packed(_ codes: [UInt8], as type: ElementsType) -> [UInt8] {
    let bits = type.element.bits ?? 8, mask = UInt32(UInt8.max >> UInt8(8 - bits))
    return [UInt8](unsafeUninitializedCapacity: type.byteCount) { packed, filled in
      var held: UInt32 = 0, heldBits = 0, at = 0
      for code in codes {
        held |= (UInt32(code) & mask) << UInt32(heldBits)
        heldBits += bits
        if heldBits >= 8 {
          packed.initializeElement(at: at, to: UInt8(truncatingIfNeeded: held))
          held >>= 8
          heldBits -= 8
          at += 1
        }
      }
      if heldBits > 0 {
        packed.initializeElement(at: at, to: UInt8(truncatingIfNeeded: held))
        at += 1
      }
      filled = at
    }
  }
}
