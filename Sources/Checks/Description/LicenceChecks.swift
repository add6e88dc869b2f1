import Licences
import Profile
import Representation
import Storage

/// `licence-expression-valid`: a licence that every SPDX tool can read.
struct LicenceExpressionValid: Check {
  let key = "licence-expression-valid"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    guard let licence = sample.model.licence else { return }
    do throws(LicenceExpressionError) {
      _ = try LicenceExpression(licence)
    } catch {
      findings.add(at: sample.licencePlace, expected: error.description, actual: licence)
    }
  }
}

/// The requirements that speak of the identifiers of an expression that can be read.
struct LicenceIdentifierCheck: Check {
  let key: String
  /// The identifiers that are not as the requirement asks.
  let offenders: @Sendable (LicenceExpression) -> [LicenceExpression.Identifier]
  /// What was expected, as reports name it in every language.
  let expected: String?

  init(
    _ key: String, expected: String? = nil,
    offenders: @escaping @Sendable (LicenceExpression) -> [LicenceExpression.Identifier]
  ) {
    self.key = key
    self.expected = expected
    self.offenders = offenders
  }

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    // An expression that cannot be read is the business of `licence-expression-valid` alone.
    guard let licence = sample.model.licence, let expression = try? LicenceExpression(licence) else { return }
    for identifier in offenders(expression) {
      findings.add(
        at: sample.licencePlace, expected: expected,
        actual: identifier.text + (identifier.orLater ? "+" : ""))
    }
  }
}

extension Sample {
  fileprivate var licencePlace: Place { place(.model.field("licence")) }
}

/// The checks of the licence.
let licenceChecks: [any Check] = [
  PresenceCheck("licence-present", .model.field("licence")) { model in
    model.licence.map { !LicenceExpression.statesNothing($0) } ?? false
  },
  LicenceExpressionValid(),
  LicenceIdentifierCheck(
    "licence-identifiers-listed", expected: "SPDX License List \(LicenceList.version) | LicenseRef-…"
  ) { expression in
    expression.licences.filter { LicenceList.carried.status(ofLicence: $0) == nil }
  },
  LicenceIdentifierCheck(
    "licence-exceptions-listed", expected: "SPDX License List \(LicenceList.version) | AdditionRef-…"
  ) { expression in
    expression.exceptions.filter { LicenceList.carried.status(ofException: $0) == nil }
  },
  LicenceIdentifierCheck("licence-identifiers-current") { expression in
    expression.licences.filter { LicenceList.carried.status(ofLicence: $0) == .deprecated }
      + expression.exceptions.filter { LicenceList.carried.status(ofException: $0) == .deprecated }
  },
]
