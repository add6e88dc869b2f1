import Testing

@testable import Numerics

@Suite("Packed elements")
struct PackingTests {
  @Test(
    "Low-order bits come first",
    arguments: [
      (.u4, [0x21, 0x43], [1, 2, 3, 4]), (.i4, [0xF8], [8, 15]), (.f4e2m1, [0x70, 0x0A], [0, 7, 10, 0]),
      (.u2, [0b11_10_01_00], [0, 1, 2, 3]),
      // Four elements of six bits in three bytes: 0x01, 0x02, 0x03, 0x3F.
      (.f6e2m3, [0x81, 0x30, 0xFC], [0x01, 0x02, 0x03, 0x3F]),
      (.f6e3m2, [0x3F, 0x00, 0x00, 0x01], [0x3F, 0, 0, 0, 1]), (.u8, [1, 255], [1, 255]),
      (.f16, [0x00, 0x3C, 0x01, 0x80], [0x3C00, 0x8001]), (.f32, [1, 2, 3, 4], [0x0403_0201]),
      (.u64, [1, 2, 3, 4, 5, 6, 7, 8, 9], [0x0807_0605_0403_0201]),
    ] as [(ElementType, [UInt8], [UInt64])])
  func order(_ type: ElementType, _ bytes: [UInt8], _ codes: [UInt64]) {
    for (index, code) in codes.enumerated() {
      #expect(type.code(at: UInt64(index), in: bytes) == code)
    }
  }

  @Test(
    "Elements beyond the bytes",
    arguments: [
      (.u4, 2), (.u2, 4), (.f6e2m3, 1), (.u8, 1), (.f16, 0), (.u64, 0), (.u4, .max), (.u64, .max),
      (.f6e3m2, .max),
      (.u8, 1 << 63), (.f16, 1 << 62), (.string, 0), (.complex128, 0),
    ] as [(ElementType, UInt64)])
  func beyond(_ type: ElementType, _ index: UInt64) {
    #expect(type.code(at: index, in: [0]) == nil)
  }

  @Test("An empty run has no element")
  func empty() {
    #expect(ElementType.u2.code(at: 0, in: []) == nil)
  }

  @Test(
    "Padding bits",
    arguments: [
      (.u4, 0, 0), (.u4, 1, 4), (.u4, 2, 0), (.i2, 1, 6), (.i2, 2, 4), (.i2, 3, 2), (.i2, 4, 0),
      (.f6e2m3, 1, 2),
      (.f6e2m3, 2, 4), (.f6e2m3, 3, 6), (.f6e2m3, 4, 0), (.f6e2m3, 5, 2), (.u8, 3, 0), (.string, 3, 0),
      (.u4, .max, 4),
    ] as [(ElementType, UInt64, Int)])
  func padding(_ type: ElementType, _ count: UInt64, _ bits: Int) {
    #expect(type.paddingBits(elements: count) == bits)
    #expect(type.paddingIsZero(elements: count, last: 0))
    #expect(type.paddingIsZero(elements: count, last: 0x80) == (bits == 0))
    if bits > 0 {
      #expect(type.paddingIsZero(elements: count, last: 0xFF >> UInt8(bits)))
      #expect(!type.paddingIsZero(elements: count, last: 1 << UInt8(8 - bits)))
    }
  }

  @Test(
    "Byte counts",
    arguments: [
      (.u4, 3, 2), (.i2, 5, 2), (.f6e2m3, 1, 1), (.f6e2m3, 4, 3), (.f6e2m3, 5, 4), (.f32, 0, 0),
      (.f64, 1 << 61, nil), (.f64, 1 << 61 - 1, .max - 7), (.u4, .max, 1 << 63),
      (.f6e3m2, .max, 13_835_058_055_282_163_712),
      (.string, 1, nil), (.complex128, 2, 32),
    ] as [(ElementType, UInt64, UInt64?)])
  func byteCount(_ type: ElementType, _ count: UInt64, _ bytes: UInt64?) {
    #expect(type.byteCount(elements: count) == bytes)
  }
}
