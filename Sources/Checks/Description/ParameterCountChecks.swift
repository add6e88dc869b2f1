import Profile
import Representation
import Storage

/// `parameter-count-agrees`: the count that a model states is the sum over its parameters.
struct ParameterCountAgrees: Check {
  let key = "parameter-count-agrees"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    guard let stated = sample.model.parameterCount else { return }
    let place = sample.place(.model.field("parameter-count"))
    guard let counted = sample.parameterCount else {
      findings.add(.unsupported, at: place, expected: "?", actual: "\(stated)")
      return
    }
    if counted != stated { findings.add(at: place, expected: "\(counted)", actual: "\(stated)") }
  }
}

/// `large-model-size-note`: remarks on a model below the size that the note on term 3.2 of the standard speaks of.
struct LargeModelSizeNote: Check {
  let key = "large-model-size-note"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) throws {
    let threshold = try requirement.limit("parameters")
    // What is stored counts; what is only stated stands in where the sum cannot be had.
    let counted = sample.parameterCount ?? sample.model.parameterCount
    guard let counted, counted < threshold else { return }
    findings.add(
      .remark, at: sample.place(.model.field("parameters")), expected: "≥ \(threshold)", actual: "\(counted)")
  }
}

/// The checks of the number of parameters.
let parameterCountChecks: [any Check] = [
  PresenceCheck("parameter-count-present", .model.field("parameter-count")) { $0.parameterCount != nil },
  ParameterCountAgrees(),
  LargeModelSizeNote(),
]
