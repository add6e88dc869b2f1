/// The SPDX licence list, looked up without regard to case.
public struct LicenceList: Sendable {
  /// What the list says of an identifier.
  public enum Status: Sendable, Hashable {
    /// On the list.
    case current
    /// On the list, and another identifier is to be used instead.
    case deprecated
  }

  /// The list that the project carries, read at its first use.
  public static let carried = LicenceList()

  /// The version of the list, such as `3.27.0`.
  public static let version = SPDXIdentifiers.version

  private let licences: [String: Status]
  private let exceptions: [String: Status]

  private init() {
    licences = Self.entries(SPDXIdentifiers.licences)
    exceptions = Self.entries(SPDXIdentifiers.exceptions)
  }

  /// What the list says of a licence; nil where it does not know it.
  ///
  /// `GPL-2.0+` is an entry of its own, every other licence with `+` is looked up without it.
  public func status(ofLicence identifier: LicenceExpression.Identifier) -> Status? {
    let name = LicenceToken.lowercased(identifier.text)
    if identifier.orLater, let status = licences[name + "+"] { return status }
    return licences[name]
  }

  /// What the list says of an exception; nil where it does not know it.
  public func status(ofException identifier: LicenceExpression.Identifier) -> Status? {
    exceptions[LicenceToken.lowercased(identifier.text)]
  }

  private static func entries(_ block: String) -> [String: Status] {
    var entries: [String: Status] = [:]
    for word in block.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
      let deprecated = word.first == "!"
      let name = LicenceToken.lowercased(String(deprecated ? word.dropFirst() : word))
      entries[name] = deprecated ? .deprecated : .current
    }
    return entries
  }
}
