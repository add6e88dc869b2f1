/// Makes what a file may smuggle into a report visible: control characters, and those that change the direction of text.
public enum VisibleText {
  /// The text for a terminal: no escape sequence from a file reaches it, and a line stays a line.
  public static func forTerminal(_ text: String) -> String {
    if !holdsHidden(text) { return text }
    return escaped(text) { isHidden($0) }
  }

  /// The text for XML 1.0, which has no way to write some characters at all.
  static func forXML(_ text: String) -> String {
    if !holdsHidden(text, exceptTabsAndLines: true) { return text }
    return escaped(text) { scalar in
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

  /// Whether a text holds a character that is hidden, told from its bytes: reports consist of texts by the million, hardly any of
  /// which does.
  ///
  /// - Parameter exceptTabsAndLines: whether tabs and line feeds do not count.
  static func holdsHidden(_ text: String, exceptTabsAndLines: Bool = false) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      var index = 0
      while index < bytes.count {
        let byte = bytes[index]
        if byte < 0x20 || byte == 0x7F {
          guard exceptTabsAndLines, byte == 0x09 || byte == 0x0A else { return true }
        } else if byte >= 0xC2 {
          switch (byte, bytes[index + 1]) {
          case (0xC2, 0x80...0x9F): return true
          case (0xE2, 0x80):
            switch bytes[index + 2] {
            case 0x8B, 0x8E, 0x8F, 0xA8...0xAE: return true
            default: break
            }
          case (0xE2, 0x81) where (0xA0...0xAF).contains(bytes[index + 2]): return true
          case (0xEF, 0xBB) where bytes[index + 2] == 0xBF: return true
          case (0xEF, 0xBF) where bytes[index + 2] >= 0xBE: return true
          case (0xF3, 0xA0) where (0x80...0x81).contains(bytes[index + 2]): return true
          default: break
          }
        }
        index += 1
      }
      return false
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
