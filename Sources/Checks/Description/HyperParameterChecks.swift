import Profile
import Representation
import Storage

/// `hyper-parameter-types`: a name that the profile knows has a value of the type that the profile gives it.
struct HyperParameterTypes: Check {
  let key = "hyper-parameter-types"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) throws {
    var types: [ExactString: String] = [:]
    for type in ["integer", "real", "text", "boolean"] {
      for name in try requirement.texts(type) { types[ExactString(name)] = type }
    }
    for (parameter, path) in sample.model.placedHyperParameters {
      guard let expected = types[ExactString(parameter.name)] else { continue }
      let actual = parameter.value.typeName
      // A whole number is a real one too: 10000 for a rotary base.
      if actual == expected || (expected == "real" && actual == "integer") { continue }
      findings.add(
        at: sample.place(path), expected: expected, actual: "\(actual) \(parameter.value.written)")
    }
  }
}

/// `hyper-parameter-counts`: sizes are at least one, and counts of what may be missing at least zero.
struct HyperParameterCounts: Check {
  let key = "hyper-parameter-counts"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) throws {
    let positive = Set(try requirement.texts("positive").map(ExactString.init))
    let natural = Set(try requirement.texts("natural").map(ExactString.init))
    for (parameter, path) in sample.model.placedHyperParameters {
      guard case .integer(let count) = parameter.value else { continue }
      let name = ExactString(parameter.name)
      let least: Int64
      if positive.contains(name) {
        least = 1
      } else if natural.contains(name) {
        least = 0
      } else {
        continue
      }
      if count < least {
        findings.add(at: sample.place(path), expected: "≥ \(least)", actual: "\(count)")
      }
    }
  }
}

/// The requirements that ask for a real hyper-parameter to lie in a range.
struct HyperParameterRange: Check {
  let key: String
  /// The names of the hyper-parameters.
  let names: Set<String>
  /// The range, as reports write it.
  let expected: String
  /// Whether a value lies in the range; NaN never does.
  let holds: @Sendable (Double) -> Bool

  init(
    _ key: String, of names: Set<String>, expected: String, holds: @escaping @Sendable (Double) -> Bool
  ) {
    self.key = key
    self.names = names
    self.expected = expected
    self.holds = holds
  }

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    for (parameter, path) in sample.model.placedHyperParameters where names.contains(parameter.name) {
      let number: Double
      switch parameter.value {
      case .integer(let value): number = Double(value)
      case .float(let value): number = value
      case .text, .boolean: continue
      }
      if !holds(number) {
        findings.add(at: sample.place(path), expected: expected, actual: parameter.value.written)
      }
    }
  }
}

/// The checks of the hyper-parameters.
let hyperParameterChecks: [any Check] = [
  DistinctCheck("hyper-parameters-distinct") { model in
    model.placedHyperParameters.map { PlacedText(text: $0.parameter.name, path: $0.path) }
  },
  HyperParameterTypes(),
  HyperParameterCounts(),
  HyperParameterRange(
    "normalisation-epsilon-range", of: ["normalisation-epsilon"], expected: "0 < x < 1"
  ) { $0 > 0 && $0 < 1 },
  HyperParameterRange(
    "dropout-range", of: ["hidden-dropout", "attention-dropout"], expected: "0 ≤ x < 1"
  ) { $0 >= 0 && $0 < 1 },
  EnumerationCheck("position-encoding-known", list: "encodings") { $0.texts(of: "position-encoding") },
  EnumerationCheck("normalisation-known", list: "kinds") { $0.texts(of: "normalisation") },
]

extension Model {
  fileprivate func texts(of name: String) -> [PlacedText] {
    placedHyperParameters.compactMap { parameter, path in
      guard parameter.name == name, case .text(let text) = parameter.value else { return nil }
      return PlacedText(text: text, path: path)
    }
  }
}

extension HyperParameter.Value {
  /// The type, as the profile names it.
  var typeName: String {
    switch self {
    case .integer: "integer"
    case .float: "real"
    case .text: "text"
    case .boolean: "boolean"
    }
  }

  /// The value as reports write it.
  var written: String {
    switch self {
    case .integer(let value): "\(value)"
    case .float(let value): "\(value)"
    case .text(let value): "\"\(value)\""
    case .boolean(let value): "\(value)"
    }
  }
}
