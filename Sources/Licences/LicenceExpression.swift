/// A licence expression of SPDX (specification 3.1, annex on licence expressions), read for its identifiers.
///
/// Operators are written all in capitals or all in small letters; identifiers are compared without regard to case. The
/// parser is bounded in length and in depth.
public struct LicenceExpression: Hashable, Sendable {
  /// An identifier of the expression, and where it stands.
  public struct Identifier: Hashable, Sendable {
    /// The identifier as written, without a `+`.
    public var text: String
    /// Whether a `+` follows: this version of the licence, or any later one.
    public var orLater = false
    /// The place of its first byte in the expression.
    public var offset: Int
  }

  /// The licence identifiers that the SPDX list has to know, in the order of the text.
  public private(set) var licences: [Identifier] = []
  /// The exception identifiers that the SPDX list has to know, in the order of the text.
  public private(set) var exceptions: [Identifier] = []
  /// The references to licences and additions that the list does not know (`LicenseRef-`, `AdditionRef-`).
  public private(set) var references: [Identifier] = []
  /// `NONE` and `NOASSERTION`, which state no licence.
  public private(set) var specials: [Identifier] = []
  /// The expression with one space between tokens and everything in small letters, to compare expressions by.
  public let normalised: String

  /// The longest expression that is read, in bytes.
  static let byteLimit = 4096
  /// The deepest nesting of parentheses that is read.
  static let depthLimit = 32

  /// Reads an expression.
  public init(_ text: String) throws(LicenceExpressionError) {
    let tokens = try LicenceToken.tokens(of: text)
    normalised = tokens.map { LicenceToken.lowercased($0.text) }.joined(separator: " ")
    var parser = Parser(tokens: tokens, end: text.utf8.count)
    _ = try parser.alternatives(depth: 0)
    guard let extra = parser.next else {
      licences = parser.licences
      exceptions = parser.exceptions
      references = parser.references
      specials = parser.specials
      return
    }
    throw extra.text == ")"
      ? LicenceExpressionError(.unbalancedParenthesis, at: extra.offset, found: extra.text)
      : LicenceExpressionError(.operatorExpected, at: extra.offset, found: extra.text)
  }

  /// Whether the SPDX list has every licence and every exception of the expression; references stand for themselves.
  public var isListed: Bool {
    licences.allSatisfy { LicenceList.carried.status(ofLicence: $0) != nil }
      && exceptions.allSatisfy { LicenceList.carried.status(ofException: $0) != nil }
  }

  /// Whether a text is `NOASSERTION` alone, with spaces and parentheses around it or not: it says that nothing is said.
  ///
  /// `NONE` says that no licence is granted, which is an answer.
  public static func statesNothing(_ text: String) -> Bool {
    guard let expression = try? LicenceExpression(text), expression.specials.count == 1 else { return false }
    return expression.specials[0].text == "NOASSERTION" && expression.licences.isEmpty
      && expression.references.isEmpty
  }
}

/// Reads the tokens of an expression by recursive descent, in the order of precedence: OR, AND, WITH.
private struct Parser {
  var tokens: [LicenceToken]
  /// The length of the text, as the offset of what is missing at the end.
  let end: Int
  var position = 0

  var licences: [LicenceExpression.Identifier] = []
  var exceptions: [LicenceExpression.Identifier] = []
  var references: [LicenceExpression.Identifier] = []
  var specials: [LicenceExpression.Identifier] = []

  init(tokens: [LicenceToken], end: Int) {
    self.tokens = tokens
    self.end = end
  }

  /// The token that comes next; nil at the end.
  var next: LicenceToken? { position < tokens.count ? tokens[position] : nil }

  /// Reads `a OR b OR …` and says whether it is nothing but `NONE` or `NOASSERTION`.
  mutating func alternatives(depth: Int) throws(LicenceExpressionError) -> Bool {
    let start = next?.offset ?? end
    var special = try conjunction(depth: depth)
    while next?.keyword == .or {
      position += 1
      let operand = next?.offset ?? end
      // NONE and NOASSERTION state that there is nothing to choose from.
      if special { throw LicenceExpressionError(.specialInChoice, at: start) }
      special = try conjunction(depth: depth)
      if special { throw LicenceExpressionError(.specialInChoice, at: operand) }
    }
    return special
  }

  private mutating func conjunction(depth: Int) throws(LicenceExpressionError) -> Bool {
    var special = try term(depth: depth)
    while next?.keyword == .and {
      position += 1
      _ = try term(depth: depth)
      special = false
    }
    return special
  }

  private mutating func term(depth: Int) throws(LicenceExpressionError) -> Bool {
    guard let token = next else { throw LicenceExpressionError(.licenceExpected, at: end) }
    if token.text == "(" {
      guard depth < LicenceExpression.depthLimit else {
        throw LicenceExpressionError(.tooDeep, at: token.offset)
      }
      position += 1
      _ = try alternatives(depth: depth + 1)
      guard next?.text == ")" else {
        throw LicenceExpressionError(.unbalancedParenthesis, at: token.offset, found: "(")
      }
      position += 1
      try refuseWith()
      return false
    }
    guard token.text != ")", token.keyword == nil else {
      throw LicenceExpressionError(.licenceExpected, at: token.offset, found: token.text)
    }
    position += 1
    if token.text == "NONE" || token.text == "NOASSERTION" {
      specials.append(LicenceExpression.Identifier(text: token.text, offset: token.offset))
      try refuseWith()
      return true
    }
    try licence(token)
    if next?.keyword == .with {
      position += 1
      try addition()
    }
    return false
  }

  /// WITH belongs to a single licence, neither to parentheses nor to NONE.
  private func refuseWith() throws(LicenceExpressionError) {
    if let token = next, token.keyword == .with {
      throw LicenceExpressionError(.withoutLicence, at: token.offset, found: token.text)
    }
  }

  private mutating func licence(_ token: LicenceToken) throws(LicenceExpressionError) {
    if token.isReference(to: "LicenseRef-") {
      references.append(LicenceExpression.Identifier(text: token.text, offset: token.offset))
      return
    }
    var text = token.text
    let orLater = text.utf8.last == UInt8(ascii: "+")
    if orLater { text.removeLast() }
    guard LicenceToken.isIdentifier(text), !token.looksLikeReference else {
      throw LicenceExpressionError(.badIdentifier, at: token.offset, found: token.text)
    }
    licences.append(LicenceExpression.Identifier(text: text, orLater: orLater, offset: token.offset))
  }

  private mutating func addition() throws(LicenceExpressionError) {
    guard let token = next else { throw LicenceExpressionError(.exceptionExpected, at: end) }
    guard token.keyword == nil, token.text != "(", token.text != ")" else {
      throw LicenceExpressionError(.exceptionExpected, at: token.offset, found: token.text)
    }
    position += 1
    if token.isReference(to: "AdditionRef-") {
      references.append(LicenceExpression.Identifier(text: token.text, offset: token.offset))
    } else if LicenceToken.isIdentifier(token.text), !token.looksLikeReference {
      exceptions.append(LicenceExpression.Identifier(text: token.text, offset: token.offset))
    } else {
      throw LicenceExpressionError(.badIdentifier, at: token.offset, found: token.text)
    }
  }
}
