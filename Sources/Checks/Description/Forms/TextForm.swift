import Storage

/// The forms that texts of a description take; each is a predicate that never reads more than the text.
enum TextForm {
  /// The first scalar that no name may hold: a control character, or a separator of lines or paragraphs.
  static func firstControl(in text: String) -> Unicode.Scalar? {
    text.unicodeScalars.first { scalar in
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: true
      default: false
      }
    }
  }

  /// A scalar as it is written in reports, such as `U+000A`.
  static func codePoint(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// Whether a text is a version by Semantic Versioning 2.0.0: `1.2.3`, `1.0.0-rc.1+build.5`.
  static func isSemanticVersion(_ text: String) -> Bool {
    var core = Substring(text)
    if let plus = core.firstIndex(of: "+") {
      guard areLabels(core[core.index(after: plus)...], numbersMayBeginWithZero: true) else { return false }
      core = core[..<plus]
    }
    if let hyphen = core.firstIndex(of: "-") {
      guard areLabels(core[core.index(after: hyphen)...], numbersMayBeginWithZero: false) else {
        return false
      }
      core = core[..<hyphen]
    }
    let numbers = core.split(separator: ".", omittingEmptySubsequences: false)
    return numbers.count == 3 && numbers.allSatisfy { isNumber($0) && !beginsWithZero($0) }
  }

  /// Whether a text is a URI with a scheme (RFC 3986), a URN (RFC 8141) among them.
  static func isURI(_ text: String) -> Bool {
    guard let colon = text.firstIndex(of: ":") else { return false }
    let scheme = text[..<colon]
    let rest = text[text.index(after: colon)...]
    guard let first = scheme.utf8.first, first.isASCIILetter, !rest.isEmpty else { return false }
    guard scheme.utf8.allSatisfy({ $0.isASCIILetterOrDigit || "+-.".utf8.contains($0) }) else { return false }
    let bytes = Array(rest.utf8)
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "%") {
        guard index + 2 < bytes.count, bytes[index + 1].isASCIIHexadecimalDigit,
          bytes[index + 2].isASCIIHexadecimalDigit
        else { return false }
        index += 3
      } else {
        guard bytes[index].isASCIILetterOrDigit || uriPunctuation.contains(bytes[index]) else { return false }
        index += 1
      }
    }
    return isURNIfItSaysSo(scheme: scheme, rest: rest)
  }

  /// Whether a text is a name in reverse-DNS form, such as `com.example.layout`: two labels or more.
  static func isReverseDNS(_ text: String) -> Bool {
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    guard labels.count >= 2, text.utf8.count <= 253, labels[0].utf8.first?.isASCIILetter == true else {
      return false
    }
    return labels.allSatisfy { label in
      let bytes = label.utf8
      return (1...63).contains(bytes.count) && bytes.first != UInt8(ascii: "-")
        && bytes.last != UInt8(ascii: "-")
        && bytes.allSatisfy { $0.isASCIILetterOrDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    }
  }

  /// Whether a text is an e-mail address: `dot-atom@domain` of RFC 5322, with the letters of RFC 6531.
  static func isEmailAddress(_ text: String) -> Bool {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, text.utf8.count <= 254, parts[0].utf8.count <= 64 else { return false }
    let atoms = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
    return labels.count >= 2
      && atoms.allSatisfy { atom in
        !atom.isEmpty
          && atom.unicodeScalars.allSatisfy {
            $0.isASCII
              ? UInt8($0.value).isASCIILetterOrDigit || atomPunctuation.contains(UInt8($0.value))
              : isLetterLike($0)
          }
      }
      && labels.allSatisfy { label in
        (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
          && label.unicodeScalars.allSatisfy {
            $0.isASCII ? UInt8($0.value).isASCIILetterOrDigit || $0 == "-" : isLetterLike($0)
          }
      }
  }

  private static let uriPunctuation = Set("-._~:/?#[]@!$&'()*+,;=".utf8)
  private static let atomPunctuation = Set("!#$%&'*+-/=?^_`{|}~".utf8)

  /// A letter, a mark or a digit of any script.
  private static func isLetterLike(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .nonspacingMark, .spacingMark, .decimalNumber:
      true
    default: false
    }
  }

  private static func isURNIfItSaysSo(scheme: Substring, rest: Substring) -> Bool {
    guard scheme.lowercased() == "urn" else { return true }
    guard let colon = rest.firstIndex(of: ":") else { return false }
    let space = rest[..<colon]
    return (2...32).contains(space.utf8.count) && space.first != "-" && space.last != "-"
      && space.utf8.allSatisfy { $0.isASCIILetterOrDigit || $0 == UInt8(ascii: "-") }
      && rest.index(after: colon) < rest.endIndex
  }

  private static func areLabels(_ text: Substring, numbersMayBeginWithZero: Bool) -> Bool {
    text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
      !label.isEmpty && label.utf8.allSatisfy { $0.isASCIILetterOrDigit || $0 == UInt8(ascii: "-") }
        && (numbersMayBeginWithZero || !isNumber(label) || !beginsWithZero(label))
    }
  }

  private static func isNumber(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy(\.isASCIIDigit)
  }

  private static func beginsWithZero(_ number: Substring) -> Bool {
    number.utf8.count > 1 && number.utf8.first == UInt8(ascii: "0")
  }
}
