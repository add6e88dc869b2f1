import Numerics
import Testing

@testable import Compression

/// The loops over elements against `Numerics.ElementType`, which converts one element at a time.
@Suite struct NumbersTests {
  static let narrow = ElementType.allCases.filter { ($0.bits ?? 64) <= 16 }

  @Test(arguments: narrow) func everyCodeHasItsValue(_ type: ElementType) throws {
    let bits = try #require(type.bits)
    // An odd number of them once more, so that packing begins and ends inside of a byte.
    let codes = (0..<1 << bits).map { UInt64($0) } + [1, 2, 3]
    let elements = try #require(Elements(codes, type))
    let floats = elements.floats
    let doubles = elements.doubles
    let wrong = codes.indices.filter { place in
      let value = type.value(ofCode: codes[place]) ?? .nan
      if type == .bool, codes[place] > 1 { return false }
      return !same(doubles[place], value) || !same(Double(floats[place]), value)
    }
    #expect(wrong == [])
    if let integers = elements.integers {
      #expect(integers == codes.map { Int32(type.value(ofCode: $0) ?? .nan) })
      #expect(Elements(elements.type, integers: integers) == elements)
    }
  }

  @Test(arguments: narrow) func readsFromAnyPlace(_ type: ElementType) throws {
    let bits = try #require(type.bits)
    let codes = (0..<61).map { UInt64($0) &* 0x9E37 & (1 << UInt64(bits) - 1) }
    let elements = try #require(Elements(codes, type))
    for first in 0..<20 {
      elements.withReader { reader in
        var out = [Float](repeating: 0, count: 37)
        reader.floats(from: first, count: 37, into: &out)
        let wrong = (0..<37).filter { place in
          type != .bool && !same(Double(out[place]), type.value(ofCode: codes[first + place]) ?? .nan)
        }
        #expect(wrong == [])
      }
    }
  }

  @Test func widerElements() throws {
    for type in [ElementType.f64, .f32, .i64, .u64, .i32, .u32] {
      let codes: [UInt64] = [
        0, 1, 0x8000_0000, 0xFFFF_FFFF, 0x3FFF_FFFF_FFFF_FFFF, 0x7FEF_0000_1234_5678, .max,
      ]
      let mask = UInt64.max >> UInt64(64 - (type.bits ?? 64))
      let elements = try #require(Elements(codes.map { $0 & mask }, type))
      for (place, code) in codes.enumerated() {
        #expect(same(elements.doubles[place], type.value(ofCode: code & mask) ?? .nan))
        #expect(
          same(Double(elements.floats[place]), type.float(ofCode: code & mask).map(Double.init) ?? .nan))
      }
    }
  }

  /// Values of f16 and bf16, the middle between each two and its neighbours, to every floating type.
  @Test func roundsToTheNearest() throws {
    var values: [Double] = [
      .infinity, .nan, .greatestFiniteMagnitude, .leastNonzeroMagnitude, 0x1p-1022, 1e300, 1e-300,
    ]
    for type in [ElementType.f16, .f8e4m3fn, .f8e5m2fnuz, .f6e3m2] {
      let half = UInt64(1) << UInt64((type.bits ?? 1) - 1)
      for code in stride(from: 0, to: half, by: type == .f16 ? 13 : 1) {
        guard let value = type.value(ofCode: code), let next = type.value(ofCode: code + 1) else { continue }
        let middle = (value + next) / 2
        values += [value, middle, middle.nextUp, middle.nextDown]
      }
    }
    for code in stride(from: UInt64(0), through: 0x7FFF, by: 71) {
      let value = ElementType.bf16.value(ofCode: code) ?? .nan
      let middle = (value + (ElementType.bf16.value(ofCode: code + 1) ?? .nan)) / 2
      values += [value, middle, middle.nextUp]
    }
    values += values.map { -$0 }
    for type in ElementType.allCases where type.isFloat {
      let many = try #require(ElementsType(type, [values.count]))
      let result = try #require(Elements(many, nearestTo: values))
      var wrong = 0
      for (place, value) in values.enumerated() {
        guard let code = type.code(nearestTo: value) else { continue }
        let found = type.code(at: UInt64(place), in: result.bytes)
        let isNaN = value.isNaN && (type == .f32 || type == .f64)
        if isNaN ? type.value(ofCode: found ?? 0)?.isNaN != true : found != code { wrong += 1 }
      }
      #expect(wrong == 0, "\(type)")
    }
  }

  @Test func roundsFloatsToHalves() {
    var values: [Float] = []
    for code in stride(from: UInt32(0), through: 0x7F80_0000, by: 40093) {
      values.append(Float(bitPattern: code))
    }
    for code in stride(from: UInt64(0), through: 0x7C00, by: 5) {
      let value = Float(ElementType.f16.value(ofCode: code) ?? .nan)
      let next = Float(ElementType.f16.value(ofCode: code + 1) ?? .nan)
      let middle = (value + next) / 2
      values += [value, middle, middle.nextUp, middle.nextDown]
    }
    values += [65520, Float(65520).nextDown, 0x1.ffp127, Float(0x1.ffp127).nextDown]
    values += values.map { -$0 }
    values += [.nan, -.nan, Float(bitPattern: 0x7F80_0001), Float(bitPattern: 0xFFFF_FFFF)]
    for type in [ElementType.f16, .bf16] {
      var bytes = [UInt8](repeating: 0, count: 2 * values.count)
      bytes.withUnsafeMutableBytes { raw in
        if let base = raw.baseAddress { type.write(values, values.count, to: base) }
      }
      var wrong = 0
      for (place, value) in values.enumerated() {
        let code = UInt64(bytes[2 * place]) | UInt64(bytes[2 * place + 1]) << 8
        if code != type.code(nearestTo: value) { wrong += 1 }
        let isFinite = value.magnitude.bitPattern < type.infinityFromFloat
        if isFinite != (type.value(ofCode: code)?.isFinite == true) { wrong += 1 }
      }
      #expect(wrong == 0, "\(type)")
    }
  }

  private func same(_ a: Double, _ b: Double) -> Bool {
    a.bitPattern == b.bitPattern || a.isNaN && b.isNaN
  }
}

extension Elements {
  /// Elements by their codes, packed one by one.
  init?(_ codes: [UInt64], _ type: ElementType) {
    guard let bits = type.bits, let kind = ElementsType(type, [codes.count]) else { return nil }
    var bytes = [UInt8](repeating: 0, count: kind.byteCount)
    for (place, code) in codes.enumerated() {
      for bit in 0..<bits where code >> UInt64(bit) & 1 == 1 {
        bytes[(place * bits + bit) / 8] |= 1 << UInt8((place * bits + bit) % 8)
      }
    }
    self.init(kind, bytes)
  }
}
