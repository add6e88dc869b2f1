import Profile
import Representation
import Storage

/// `parameter-count-agrees`: the count that a model states is the sum over its parameters.
struct ParameterCountAgrees: Check {
  let key = "parameter-count-agrees"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    guard let stated = sample.model.parameterCount else { return }
    let place = sample.place(.model.field("parameter-count")) { $0.parameterCount }
    guard let counted = sample.model.countableParameters else {
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
    let counted = sample.model.countableParameters ?? sample.model.parameterCount
    guard let counted, counted < threshold else { return }
    findings.add(
      .remark, at: sample.place(.model.field("parameters")), expected: "≥ \(threshold)", actual: "\(counted)")
  }
}

extension Model {
  /// The number of parameters; nil where it cannot be told from what is stored.
  ///
  /// That is so where a shape is unknown, where the source does not tell parameters from buffers, and where the model is
  /// compressed: the elements that a compressed tensor stores are not those that the model computes with.
  fileprivate var countableParameters: UInt64? {
    guard compressionStatement == nil else { return nil }
    var countable = true
    forEachVariable { variable, _ in
      if variable.kind == nil || variable.tensor.compressionChain != nil { countable = false }
    }
    return countable ? countedParameters : nil
  }
}

/// The checks of the number of parameters.
let parameterCountChecks: [any Check] = [
  PresenceCheck("parameter-count-present", .model.field("parameter-count")) { $0.parameterCount != nil },
  ParameterCountAgrees(),
  LargeModelSizeNote(),
]
