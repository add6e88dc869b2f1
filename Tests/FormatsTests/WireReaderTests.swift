import Storage
import Testing

@testable import Formats

private enum TestCode: String, FaultCode {
  case varint, fieldNumber, wireType, fieldType, group, length, truncated, depth, text, textLimit, memory
}

private func reader(_ bytes: [UInt8], _ limits: Limits = Limits()) -> WireReader {
  WireReader(MemoryByteSource(name: "t", bytes), limits: WireLimits(limits)) {
    problem, place, expected, actual in
    Fault(
      TestCode(rawValue: "\(problem)") ?? .varint, at: place, expected: expected, actual: actual)
  }
}

/// The fields of the top message as text, or the code and offset of the first fault.
private func fields(_ bytes: [UInt8]) -> [String] {
  var wire = reader(bytes)
  var message = wire.root
  var seen: [String] = []
  do {
    while let field = try wire.next(&message) {
      seen.append("\(field.number):\(field.type)=\(field.value)@\(field.offset)+\(field.start)")
    }
  } catch {
    seen.append("\(error.code)@\(error.occurrence.place.offset ?? 999)")
  }
  return seen
}

@Suite struct WireReaderTests {
  @Test(
    arguments: [
      ([], []),
      ([0x08, 0x96, 0x01], ["1:varint=150@0+3"]),
      ([0x0d, 1, 0, 0, 0], ["1:fixed32=1@0+5"]),
      ([0x09, 1, 0, 0, 0, 0, 0, 0, 0x80], ["1:fixed64=9223372036854775809@0+9"]),
      ([0x12, 0x03, 1, 2, 3, 0x08, 0x00], ["2:length=3@0+2", "1:varint=0@5+7"]),
      // The largest field number, and the largest value.
      ([0xf8, 0xff, 0xff, 0xff, 0x0f, 0x01], ["536870911:varint=1@0+6"]),
      (
        [0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
        ["1:varint=18446744073709551615@0+11"]
      ),
      // A group with a field and a group in it, then a field.
      ([0x1b, 0x08, 0x01, 0x23, 0x24, 0x1c, 0x08, 0x07], ["3:group=4@0+1", "1:varint=7@6+8"]),
    ] as [([UInt8], [String])])
  func readsFields(_ bytes: [UInt8], _ expected: [String]) {
    #expect(fields(bytes) == expected)
  }

  @Test(
    arguments: [
      // Eleven bytes; ten bytes with more than 64 bits; a tag of six bytes; a tag beyond 32 bits.
      ([0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00], "varint@0"),
      ([0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02], "varint@0"),
      ([0x88, 0x80, 0x80, 0x80, 0x80, 0x00, 0x01], "varint@0"),
      ([0xf8, 0xff, 0xff, 0xff, 0x1f, 0x01], "varint@0"),
      ([0x00, 0x01], "fieldNumber@0"),
      ([0x0e], "wireType@0"),
      ([0x0f], "wireType@0"),
      ([0x0c], "group@0"),
      ([0x1b, 0x24], "group@1"),
      ([0x1b, 0x08, 0x01], "group@0"),
      ([0x12, 0x04, 1, 2, 3], "length@0"),
      ([0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], "length@0"),
      ([0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], "length@0"),
      ([0x08], "truncated@0"),
      ([0x08, 0x80], "truncated@0"),
      ([0x0d, 1, 2, 3], "truncated@0"),
      ([0x09, 1, 2, 3, 4, 5, 6, 7], "truncated@0"),
    ] as [([UInt8], String)])
  func refusesDamage(_ bytes: [UInt8], _ expected: String) {
    #expect(fields(bytes).last == expected)
  }

  @Test func aLengthStaysInsideTheEnclosingMessage() throws {
    // Field 1 holds two bytes, of which an inner length claims three; the file would have them.
    var wire = reader([0x0a, 0x02, 0x12, 0x03, 0x08, 0x01, 0x08, 0x01])
    var root = wire.root
    let outer = try #require(try wire.next(&root))
    var inner = try wire.message(outer, in: root)
    #expect(throws: Fault.self) { try wire.next(&inner) }
    #expect(try wire.next(&root)?.offset == 4)
  }

  @Test func limitsDepthOfMessagesAndGroups() throws {
    var wire = reader(Array(repeating: 0x0b, count: 5000))
    var root = wire.root
    var code = ""
    do { _ = try wire.next(&root) } catch { code = error.code }
    #expect(code == "depth")

    var deep = WireMessage(position: 0, end: 0, depth: 100)
    let field = WireField(number: 1, type: .length, offset: 0, start: 0, value: 0)
    #expect(throws: Fault.self) { try wire.message(field, in: deep) }
    deep = WireMessage(position: 0, end: 0, depth: 99)
    #expect(try wire.message(field, in: deep).depth == 100)
  }

  @Test func readsScalarsPackedAndAlone() throws {
    // Field 8: packed [1, -1, 300]; then 5 alone; field 7: packed floats [1.0], then 2.0 alone.
    var bytes: [UInt8] = [0x42, 0x0d, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]
    bytes += [0xac, 0x02, 0x40, 0x05, 0x3a, 0x04, 0, 0, 0x80, 0x3f, 0x3d, 0, 0, 0, 0x40]
    var wire = reader(bytes)
    var root = wire.root
    var integers: [Int64] = []
    var floats: [Float] = []
    while let field = try wire.next(&root) {
      if field.number == 8 { try wire.integers(field, to: &integers) }
      if field.number == 7 { try wire.floats(field, to: &floats) }
    }
    #expect(integers == [1, -1, 300, 5])
    #expect(floats == [1, 2])
  }

  @Test func checksTexts() throws {
    var wire = reader([0x0a, 0x02, 0xc3, 0xa9, 0x0a, 0x02, 0xc3, 0x28, 0x08, 0x01])
    var root = wire.root
    let good = try #require(try wire.next(&root))
    let bad = try #require(try wire.next(&root))
    let number = try #require(try wire.next(&root))
    #expect(try wire.string(good) == "é")
    #expect(throws: Fault.self) { try wire.string(bad) }
    let repaired = try wire.repairedString(bad)
    #expect(repaired.text == "\u{fffd}(" && !repaired.isValid)
    #expect(throws: Fault.self) { try wire.string(number) }
  }

  @Test func limitsTextsAndMemory() throws {
    var limits = Limits()
    limits.textBytes = 3
    limits.structureBytes = 5
    var wire = reader([0x0a, 0x04, 65, 65, 65, 65, 0x0a, 0x03, 65, 65, 65, 0x0a, 0x03, 65, 65, 65], limits)
    var root = wire.root
    var codes: [String] = []
    while let field = try wire.next(&root) {
      do { codes.append(try wire.string(field)) } catch { codes.append(error.code) }
    }
    #expect(codes == ["textLimit", "AAA", "memory"])
  }

  @Test func tellsMinimalFromOtherEncodings() throws {
    var wire = reader([0x08, 0x01, 0x88, 0x00, 0x01, 0x08, 0x81, 0x00, 0x12, 0x80, 0x00, 0x0d, 0, 0, 0, 0])
    var root = wire.root
    var minimal: [Bool] = []
    while let field = try wire.next(&root) { minimal.append(field.isMinimal) }
    #expect(minimal == [true, false, false, false, true])
  }

  /// Fields on both sides of what a window holds, with payloads that are skipped and texts that cross its edge.
  @Test func readsAcrossWindows() throws {
    var bytes: [UInt8] = []
    var offsets: [UInt64] = []
    for index in 0..<40_000 {
      offsets.append(UInt64(bytes.count))
      bytes += [0x0a, 0x05] + Array("\(10_000 + index)".utf8)
      if index % 4000 == 0 { bytes += [0x12, 0x80, 0x80, 0x04] + [UInt8](repeating: 7, count: 65536) }
    }
    var wire = reader(bytes)
    var root = wire.root
    var index = 0
    while let field = try wire.next(&root) {
      guard field.number == 1 else { continue }
      try #require(try wire.string(field) == "\(10_000 + index)")
      try #require(field.offset == offsets[index])
      index += 1
    }
    #expect(index == 40_000)
  }

  @Test func countsVarintsOfALongPayload() throws {
    // Integers of two bytes at odd offsets, so that one of them lies across the edge of the window.
    let payload = [1] + Array(repeatElement([UInt8]([0x80, 0x01]), count: 199_999).joined()) + [1]
    var wire = reader([0x2a, 0x80, 0xb5, 0x18] + payload)
    var root = wire.root
    let field = try #require(try wire.next(&root))
    #expect(field.value == 400_000)
    #expect(try wire.countVarints(field) == 200_001)
  }
}
