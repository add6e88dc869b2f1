import Storage

/// Values in heads of requests and answers.
enum FieldValue {
  /// A value without the white space around it.
  static func trimmed(_ bytes: some BidirectionalCollection<UInt8>) -> String {
    let isSpace: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    var slice = bytes.drop(while: isSpace)
    while let last = slice.last, isSpace(last) { slice.removeLast() }
    return String(decoding: slice, as: UTF8.self)
  }

  /// A number of decimal digits and nothing else; one above 2⁶⁴ − 1 is taken as that, since it lies beyond every file.
  static func number(_ text: some Collection<UInt8>) -> UInt64? {
    guard !text.isEmpty, text.allSatisfy(\.isASCIIDigit) else { return nil }
    var value: UInt64 = 0
    for byte in text {
      let (tens, tooMany) = value.multipliedReportingOverflow(by: 10)
      let (sum, tooLarge) = tens.addingReportingOverflow(UInt64(byte - UInt8(ascii: "0")))
      if tooMany || tooLarge { return .max }
      value = sum
    }
    return value
  }

  /// Whether a text is a strong entity tag that can be repeated in a request as it stands.
  static func isStrongTag(_ text: String) -> Bool {
    let bytes = text.utf8
    let quote = UInt8(ascii: "\"")
    guard bytes.count >= 2, bytes.first == quote, bytes.last == quote else { return false }
    return bytes.dropFirst().dropLast().allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != quote }
  }
}
