import Numerics
import Profile
import Representation
import Storage

private let path = ModelPath.model.field("pre-training")

/// `pre-training-paradigm-of-term`: remarks on a paradigm that term 3.1 of the standard does not speak of.
struct PreTrainingParadigmOfTerm: Check {
  let key = "pre-training-paradigm-of-term"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) throws {
    guard let paradigm = sample.model.preTraining?.paradigm else { return }
    let paradigms = try requirement.texts("paradigms")
    if !paradigms.contains(paradigm) {
      findings.add(
        .remark, at: sample.place(path.field("paradigm")), expected: paradigms.joined(separator: " | "),
        actual: paradigm)
    }
  }
}

/// `pre-training-data-volume-positive`: nothing is learned from no data.
struct PreTrainingDataVolumePositive: Check {
  let key = "pre-training-data-volume-positive"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    if sample.model.preTraining?.dataVolume == 0 {
      findings.add(at: sample.place(path.field("data-volume")), expected: "≥ 1", actual: "0")
    }
  }
}

/// The checks of the pre-training statement.
let preTrainingChecks: [any Check] = [
  PresenceCheck("pre-training-present", path) { $0.preTraining != nil },
  PresenceCheck("pre-training-paradigm-present", path.field("paradigm")) { model in
    model.preTraining.map { $0.paradigm != nil } ?? true
  },
  EnumerationCheck("pre-training-paradigm-known", list: "paradigms") { model in
    model.preTraining?.paradigm.map { [PlacedText(text: $0, path: path.field("paradigm"))] } ?? []
  },
  PreTrainingParadigmOfTerm(),
  PresenceCheck("pre-training-objective-present", path.field("objective")) { model in
    model.preTraining.map { $0.objective != nil } ?? true
  },
  PreTrainingDataVolumePositive(),
  PresenceCheck("pre-training-data-unit-present", path.field("data-unit")) { model in
    model.preTraining?.dataVolume == nil || model.preTraining?.dataUnit != nil
  },
  EnumerationCheck("pre-training-data-unit-known", list: "units") { model in
    model.preTraining?.dataUnit.map { [PlacedText(text: $0, path: path.field("data-unit"))] } ?? []
  },
  FormCheck(
    "pre-training-precision-known", expected: "f32 | f16 | bf16 | … | mixed",
    texts: { model in
      model.preTraining?.precision.map { [PlacedText(text: $0, path: path.field("precision"))] } ?? []
    }, accepts: { ElementType(rawValue: $0)?.isArithmetic == true || $0 == "mixed" }),
]

extension ElementType {
  /// Whether models are trained in it: every numeric type, but neither truth values nor strings.
  fileprivate var isArithmetic: Bool { self != .bool && self != .string }
}
