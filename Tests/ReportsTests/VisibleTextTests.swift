import Testing

@testable import Reports

@Suite struct VisibleTextTests {
  /// The look at bytes and the look at characters are two ways to the same answer.
  @Test func everyCharacterIsHiddenFromBothOrNeither() {
    for value in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let isHidden = VisibleText.isHidden(scalar)
      let text = "a\(Character(scalar))b"
      if VisibleText.holdsHidden(text) != isHidden { Issue.record("U+\(String(value, radix: 16))") }
      let isLine = value == 0x09 || value == 0x0A
      if VisibleText.holdsHidden(text, exceptTabsAndLines: true) != (isHidden && !isLine) {
        Issue.record("U+\(String(value, radix: 16)) beside tabs and lines")
      }
    }
  }
}
