/// Why a text is no SPDX licence expression, and where.
public struct LicenceExpressionError: Error, Hashable, CustomStringConvertible {
  /// What is wrong.
  public enum Reason: String, Hashable, Sendable, CaseIterable {
    /// Nothing but spaces.
    case empty
    /// Longer than `LicenceExpression.byteLimit`.
    case tooLong = "too-long"
    /// Parentheses deeper than `LicenceExpression.depthLimit`.
    case tooDeep = "too-deep"
    /// A byte that no expression may hold: a line break, a tab, a character outside ASCII.
    case badCharacter = "bad-character"
    /// An identifier that is not of letters, digits, `-` and `.`, or a reference without a name.
    case badIdentifier = "bad-identifier"
    /// A licence belongs here.
    case licenceExpected = "licence-expected"
    /// AND, OR, WITH or the end belongs here.
    case operatorExpected = "operator-expected"
    /// An exception belongs after WITH.
    case exceptionExpected = "exception-expected"
    /// WITH after something that is not a single licence.
    case withoutLicence = "with-needs-a-licence"
    /// NONE or NOASSERTION beside OR.
    case specialInChoice = "none-in-a-choice"
    /// A parenthesis without its partner.
    case unbalancedParenthesis = "unbalanced-parenthesis"
  }

  /// What is wrong.
  public let reason: Reason
  /// The byte of the expression, counted from zero.
  public let offset: Int
  /// The token that was found there; nil at the end.
  public let found: String?

  init(_ reason: Reason, at offset: Int, found: String? = nil) {
    self.reason = reason
    self.offset = offset
    self.found = found
  }

  public var description: String {
    "\(reason.rawValue) @\(offset)" + (found.map { " \"\($0)\"" } ?? "")
  }
}
