import Testing

@testable import HTTP

@Suite("What a Range field asks for") struct RequestedPartTests {
  @Test(
    "One range is a part, as RFC 9110 section 14.1.2 counts it",
    arguments: [
      ("bytes=0-0", 0..<1), ("bytes=0-99", 0..<100), ("bytes=10-", 10..<100), ("bytes=99-", 99..<100),
      ("bytes=90-200", 90..<100), ("bytes=-1", 99..<100), ("bytes=-100", 0..<100), ("bytes=-101", 0..<100),
      ("BYTES=5-6", 5..<7), ("bytes= 5-6 ", 5..<7), ("bytes=,5-6,", 5..<7),
      ("bytes=7-18446744073709551615", 7..<100), ("bytes=7-99999999999999999999999", 7..<100),
      ("bytes=-99999999999999999999999", 0..<100), ("bytes=007-009", 7..<10),
    ] as [(String, Range<UInt64>)])
  func part(field: String, range: Range<UInt64>) {
    #expect(RequestedPart([field], of: 100) == .bytes(range))
  }

  @Test(
    "What begins after the end, or is the last nothing, is not there",
    arguments: ["bytes=100-", "bytes=100-200", "bytes=-0", "bytes=99999999999999999999999-"])
  func beyondEnd(field: String) {
    #expect(RequestedPart([field], of: 100) == .beyondEnd)
  }

  @Test(
    "Several ranges, another unit and what is no range are no range",
    arguments: [
      "bytes=0-1,5-6", "bytes=-1,-2", "items=0-1", "bytes=5-4", "bytes=", "bytes=-", "bytes=a-b", "bytes=1",
      "bytes=+1-2", "bytes=1-2-3", "bytes=0x1-2", "bytes 0-1", "bytes=1--2", "bytes=1- 2", "", "bytes",
      "bytes=１-２",
    ])
  func whole(field: String) {
    #expect(RequestedPart([field], of: 100) == .whole)
  }

  @Test("Two fields are no range, and neither is none")
  func fields() {
    #expect(RequestedPart(["bytes=0-1", "bytes=0-1"], of: 100) == .whole)
    #expect(RequestedPart([], of: 100) == .whole)
  }

  @Test("Of nothing no part is there", arguments: ["bytes=0-", "bytes=-1", "bytes=0-0"])
  func empty(field: String) {
    #expect(RequestedPart([field], of: 0) == .beyondEnd)
  }
}
