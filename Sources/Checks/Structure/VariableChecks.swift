import Formats
import Profile
import Representation
import Storage

/// A variable has a name.
struct VariableNamePresent: Check {
  let key = "variable-name-present"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    for scope in sample.structure.scopes {
      for index in scope.variables.indices where scope.variables[index].name.isEmpty {
        findings.add(at: scope.variablePath(index).field("name"))
      }
    }
  }
}

/// The variables of a scope have different names, compared byte by byte.
struct VariableNamesUnique: Check {
  let key = "variable-names-unique"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    // Names that were repaired may look alike and differ; such a name says that not all is known.
    let isExact = sample.reading.known.contains(.parameters)
    for scope in sample.structure.scopes where !scope.repeatedNames.isEmpty {
      var seen: Set<ExactString> = []
      for index in scope.variables.indices {
        let name = scope.variables[index].name
        guard isExact || !name.unicodeScalars.contains("\u{FFFD}") else { continue }
        if !name.isEmpty, !seen.insert(ExactString(name)).inserted {
          findings.add(at: scope.variablePath(index), actual: name)
        }
      }
    }
  }
}

/// The variables of a scope have names that stay different where a system folds Unicode forms into each other.
struct VariableNamesNormalisedDistinct: Check {
  let key = "variable-names-normalised-distinct"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    for scope in sample.structure.scopes where scope.variables.count > 1 {
      let variables = scope.variables
      // Names in ASCII have one form only; most models have no others.
      guard variables.indices.contains(where: { !variables[$0].name.utf8.allSatisfy { $0 < 0x80 } }) else {
        continue
      }
      // Swift compares strings by canonical equivalence, which is what is asked here.
      var seen: [String: ExactString] = [:]
      for index in variables.indices {
        let name = variables[index].name
        guard let earlier = seen[name] else {
          seen[name] = ExactString(name)
          continue
        }
        if earlier != ExactString(name) {
          findings.add(
            at: scope.variablePath(index), expected: earlier.scalars, actual: ExactString(name).scalars)
        }
      }
    }
  }
}

/// A variable says what it is to the model.
struct VariableKindStated: Check {
  let key = "variable-kind-stated"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    let kinds = Variable.Kind.allCases.map(\.rawValue).joined(separator: ", ")
    for scope in sample.structure.scopes {
      for index in scope.variables.indices where scope.variables[index].kind == nil {
        findings.add(at: scope.variablePath(index).field("kind"), expected: kinds)
      }
    }
  }
}

/// Only a parameter is trainable.
struct TrainableOnlyParameter: Check {
  let key = "trainable-only-parameter"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    for scope in sample.structure.scopes {
      for index in scope.variables.indices where scope.variables[index].trainable == true {
        guard let kind = scope.variables[index].kind, kind != .parameter else { continue }
        findings.add(
          at: scope.variablePath(index).field("trainable"), expected: "parameter", actual: kind.rawValue)
      }
    }
  }
}

/// A model holds something: parameters or a graph.
struct ModelNotEmpty: Check {
  let key = "model-not-empty"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    guard sample.model.graphs.isEmpty, sample.model.parameters.isEmpty else { return }
    findings.add(at: Place(sample.reading.files.count == 1 ? sample.reading.files[0].path : ""))
  }
}

extension ExactString {
  /// The name with what is not ASCII written as code points, so that two forms of a letter can be told apart.
  fileprivate var scalars: String {
    value.unicodeScalars.map { scalar in
      scalar.isASCII ? String(scalar) : "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
    }.joined()
  }
}
