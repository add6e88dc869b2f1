import Storage

/// A token of a licence expression: a parenthesis, an operator or an identifier, and where it stands.
struct LicenceToken: Hashable {
  /// An operator that is written as a word.
  enum Keyword: String {
    case and, or, with
  }

  /// The text as written.
  let text: String
  /// The place of its first byte.
  let offset: Int

  /// The operator that it is; a mixture of capitals and small letters is none.
  var keyword: Keyword? {
    switch text {
    case "AND", "and": .and
    case "OR", "or": .or
    case "WITH", "with": .with
    default: nil
    }
  }

  /// Whether it begins as a reference does, so that it can only be a reference.
  var looksLikeReference: Bool {
    let small = Self.lowercased(text)
    return small.hasPrefix("licenseref-") || small.hasPrefix("additionref-")
      || small.hasPrefix("documentref-")
  }

  /// Whether it is `prefix` and an identifier, with or without a `DocumentRef-…:` before it.
  func isReference(to prefix: String) -> Bool {
    var rest = Substring(text)
    let document = "DocumentRef-"
    if rest.hasPrefix(document) {
      guard let colon = rest.firstIndex(of: ":") else { return false }
      guard Self.isIdentifier(rest[..<colon].dropFirst(document.count)) else { return false }
      rest = rest[rest.index(after: colon)...]
    }
    return rest.hasPrefix(prefix) && Self.isIdentifier(rest.dropFirst(prefix.count))
  }

  /// Whether a text is what SPDX calls an `idstring`: letters, digits, `-` and `.`, at least one a letter or a digit.
  static func isIdentifier(_ text: some StringProtocol) -> Bool {
    var holdsLetterOrDigit = false
    for byte in text.utf8 {
      if byte.isASCIILetterOrDigit {
        holdsLetterOrDigit = true
      } else if byte != UInt8(ascii: "-"), byte != UInt8(ascii: ".") {
        return false
      }
    }
    return holdsLetterOrDigit
  }

  /// The text with ASCII capitals made small; other characters stay.
  static func lowercased(_ text: String) -> String {
    String(decoding: text.utf8.map { $0.isASCIICapital ? $0 | 0x20 : $0 }, as: UTF8.self)
  }

  /// Cuts a text at spaces and parentheses.
  static func tokens(of text: String) throws(LicenceExpressionError) -> [LicenceToken] {
    guard text.utf8.count <= LicenceExpression.byteLimit else {
      throw LicenceExpressionError(.tooLong, at: LicenceExpression.byteLimit)
    }
    var tokens: [LicenceToken] = []
    var word: [UInt8] = []
    var start = 0
    func close(_ word: inout [UInt8]) {
      if !word.isEmpty {
        tokens.append(LicenceToken(text: String(decoding: word, as: UTF8.self), offset: start))
      }
      word = []
    }
    for (offset, byte) in text.utf8.enumerated() {
      switch byte {
      case UInt8(ascii: " "):
        close(&word)
      case UInt8(ascii: "("), UInt8(ascii: ")"):
        close(&word)
        tokens.append(LicenceToken(text: byte == UInt8(ascii: "(") ? "(" : ")", offset: offset))
      case 0x21...0x7E:
        if word.isEmpty { start = offset }
        word.append(byte)
      default:
        throw LicenceExpressionError(.badCharacter, at: offset)
      }
    }
    close(&word)
    guard !tokens.isEmpty else { throw LicenceExpressionError(.empty, at: 0) }
    return tokens
  }
}
