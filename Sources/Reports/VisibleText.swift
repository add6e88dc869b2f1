/// Makes what a file may smuggle into a report visible: control characters, and those that change the direction of text.
public enum VisibleText {
  /// The text for a terminal: no escape sequence from a file reaches it, and a line stays a line.
  public static func forTerminal(_ text: String) -> String {
    escaped(text) { isHidden($0) }
  }

  /// The text for XML 1.0, which has no way to write some characters at all.
  static func forXML(_ text: String) -> String {
    escaped(text) { scalar in
      switch scalar.value {
      case 0x09, 0x0A: false
      case 0xFFFE, 0xFFFF: true
      default: isHidden(scalar)
      }
    }
  }

  /// Whether a character shows nothing, and may change what is shown around it.
  static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20...0x7E: false
    case 0x00...0x1F, 0x7F...0x9F: true
    // Zero-width characters, marks and overrides of direction, line and paragraph separators, byte-order mark.
    case 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFFE, 0xFFFF: true
    // Tag characters.
    case 0xE0000...0xE007F: true
    default: false
    }
  }

  private static func escaped(_ text: String, where isHidden: (Unicode.Scalar) -> Bool) -> String {
    guard text.unicodeScalars.contains(where: isHidden) else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if isHidden(scalar) {
        result.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }
}
