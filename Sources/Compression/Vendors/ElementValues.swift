import CKernels
import Numerics

/// The values of elements of floating types.
enum FloatElements {
  /// As f32: exact for f32 and narrower; f64 and integers are rounded to nearest.
  static func values(_ elements: Elements) -> [Float] {
    let count = elements.type.count
    return elements.bytes.withUnsafeBytes { bytes in
      [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
        initialized = count
        guard count > 0, let to = buffer.baseAddress else { return }
        switch elements.type.element {
        case .f32:
          for index in 0..<count {
            to[index] = Float(
              bitPattern: UInt32(
                littleEndian: bytes.loadUnaligned(fromByteOffset: 4 &* index, as: UInt32.self)))
          }
        case .f16:
          bytes.withMemoryRebound(to: UInt16.self) { from in
            if let from = from.baseAddress { ck_f32_from_f16(from, to, count) }
          }
        case .bf16:
          for index in 0..<count {
            let code = UInt16(
              littleEndian: bytes.loadUnaligned(fromByteOffset: 2 &* index, as: UInt16.self))
            to[index] = Float(bitPattern: UInt32(code) << 16)
          }
        case let type where type.bits == 8:
          CodeTable.values(type).withUnsafeBufferPointer { table in
            for index in 0..<count { to[index] = table[Int(bytes[index])] }
          }
        case let type where type.bits == 4 || type.bits == 2:
          let bits = type.bits == 4 ? 4 : 2
          CodeTable.values(type).withUnsafeBufferPointer { table in
            for index in 0..<count {
              let bit = index &* bits
              to[index] = table[Int(bytes[bit >> 3] >> UInt8(truncatingIfNeeded: bit & 7))]
            }
          }
        case let type:
          for index in 0..<count { to[index] = type.float(ofCode: code(bytes, type, index)) ?? .nan }
        }
      }
    }
  }

  /// Values as elements of f32.
  static func bytes(_ values: [Float]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 4 * values.count) { buffer, initialized in
      initialized = 4 * values.count
      let to = UnsafeMutableRawBufferPointer(buffer)
      for (index, value) in values.enumerated() {
        to.storeBytes(of: value.bitPattern.littleEndian, toByteOffset: 4 &* index, as: UInt32.self)
      }
    }
  }

  /// The code of an element of at most 64 bits.
  private static func code(_ bytes: UnsafeRawBufferPointer, _ type: ElementType, _ index: Int) -> UInt64 {
    guard let bits = type.bits, bits <= 64 else { return 0 }
    var code: UInt64 = 0
    var taken = 0
    var bit = index &* bits
    while taken < bits {
      let byte = UInt64(bytes[bit / 8]) >> UInt64(bit % 8)
      code |= byte << UInt64(taken)
      let step = 8 - bit % 8
      taken += step
      bit += step
    }
    return bits == 64 ? code : code & ((1 << UInt64(bits)) - 1)
  }
}

/// The values of all codes of a type of at most eight bits.
enum CodeTable {
  /// Entries for the codes; those beyond the width of the type repeat it.
  static func values(_ type: ElementType) -> [Float] {
    let mask = type.bits.map { $0 >= 8 ? 255 : (UInt64(1) << UInt64($0)) - 1 } ?? 255
    return (0..<256).map { type.float(ofCode: UInt64($0) & mask) ?? .nan }
  }
}

/// The values of elements of integer types of whole bytes.
enum IntegerElements {
  static func values(_ elements: Elements) -> [Int64] {
    let type = elements.type.element
    guard let bits = type.bits, bits % 8 == 0, bits <= 64 else { return [] }
    let width = bits / 8
    return (0..<elements.type.count).map { index in
      var code: UInt64 = 0
      for byte in 0..<width { code |= UInt64(elements.bytes[index * width + byte]) << UInt64(8 * byte) }
      guard type.isSignedInteger, bits < 64, code >> UInt64(bits - 1) & 1 == 1 else {
        return Int64(truncatingIfNeeded: code)
      }
      return Int64(truncatingIfNeeded: code | ~UInt64(0) << UInt64(bits))
    }
  }
}
