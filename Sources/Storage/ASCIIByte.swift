/// What a byte is as a character of ASCII.
extension UInt8 {
  /// Whether the byte is an ASCII capital.
  public var isASCIICapital: Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) }
  /// Whether the byte is an ASCII letter.
  public var isASCIILetter: Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) && self < 0x80
  }
  /// Whether the byte is an ASCII digit.
  public var isASCIIDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
  /// Whether the byte is an ASCII letter or digit.
  public var isASCIILetterOrDigit: Bool { isASCIILetter || isASCIIDigit }
  /// Whether the byte is an ASCII hexadecimal digit.
  public var isASCIIHexadecimalDigit: Bool {
    isASCIIDigit || ((UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self | 0x20) && self < 0x80)
  }
}
