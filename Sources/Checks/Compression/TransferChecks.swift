import Compression
import Profile
import Representation
import Storage

/// A declaration of added variables is complete.
struct AdditionForm: StatementCheck {
  let key = "addition-form"

  func judge(
    _ index: CompressionIndex, _ sample: Sample, by requirement: Requirement, _ findings: inout Findings
  ) {
    for (number, addition) in index.statement.additions.enumerated() {
      let path = "additions[\(number)]"
      if !index.steps.contains(ExactString(addition.step)) {
        findings.add(in: index, path + ".step", actual: addition.step)
      }
      if addition.variables.isEmpty {
        findings.add(in: index, path + ".variables", expected: "≥ 1", actual: "0")
      }
      if let size = addition.size, size < 1 {
        findings.add(in: index, path + ".size", expected: "≥ 1", actual: "\(size)")
      }
    }
  }
}

/// The variables that adaptation added exist in this model.
struct AdditionVariablesExist: StatementCheck {
  let key = "addition-variables-exist"

  func judge(
    _ index: CompressionIndex, _ sample: Sample, by requirement: Requirement, _ findings: inout Findings
  ) {
    for (number, addition) in index.statement.additions.enumerated() {
      for (place, name) in addition.variables.enumerated() where index.variable(name) == nil {
        findings.add(in: index, "additions[\(number)].variables[\(place)]", actual: name)
      }
    }
  }
}

/// The first dim of prefixes and prompts is the size that is declared.
struct AdditionDims: StatementCheck {
  let key = "addition-dims"

  func judge(
    _ index: CompressionIndex, _ sample: Sample, by requirement: Requirement, _ findings: inout Findings
  ) {
    for (number, addition) in index.statement.additions.enumerated() where addition.kind != .adapter {
      guard let size = addition.size else { continue }
      for (place, name) in addition.variables.enumerated() {
        guard let dims = index.variable(name)?.tensor.type.dims else { continue }
        guard dims.first != .fixed(size) else { continue }
        let actual =
          switch dims.first {
          case .fixed(let first): "\(first)"
          case nil: "[]"
          default: "?"
          }
        findings.add(
          in: index, "additions[\(number)].variables[\(place)]", expected: "\(size)", actual: actual)
      }
    }
  }
}

/// A distillation step names its teacher.
struct DistillationTeacherNamed: StatementCheck {
  let key = "distillation-teacher-named"

  func judge(
    _ index: CompressionIndex, _ sample: Sample, by requirement: Requirement, _ findings: inout Findings
  ) {
    index.forEachDistillation { step, path in
      guard step.settings.text("teacher")?.isEmpty != false else { return }
      findings.add(in: index, path + ".settings.teacher", actual: step.settings["teacher"]?.compact)
    }
  }
}

extension CompressionIndex {
  fileprivate func forEachDistillation(_ body: (CompressionStatement.Step, String) -> Void) {
    for (number, step) in statement.steps.enumerated() where step.method == .listed(.distillation) {
      body(step, "steps[\(number)]")
    }
  }
}

/// A teacher is named by its content digest.
struct DistillationTeacherByDigest: StatementCheck {
  let key = "distillation-teacher-by-digest"

  func judge(
    _ index: CompressionIndex, _ sample: Sample, by requirement: Requirement, _ findings: inout Findings
  ) {
    index.forEachDistillation { step, path in
      // A step without a teacher is a finding of its own.
      guard let teacher = step.settings.text("teacher"), !teacher.isEmpty else { return }
      let isDigest =
        teacher.utf8.count == 64
        && teacher.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
      if !isDigest {
        findings.add(
          .violation, in: index, path + ".settings.teacher", expected: "[0-9a-f]{64}", actual: teacher)
      }
    }
  }
}

/// The settings of distillation are listed losses and a positive temperature.
struct DistillationSettingsForm: StatementCheck {
  let key = "distillation-settings-form"

  func judge(
    _ index: CompressionIndex, _ sample: Sample, by requirement: Requirement, _ findings: inout Findings
  ) throws {
    let losses = try requirement.texts("losses")
    index.forEachDistillation { step, path in
      if let temperature = step.settings["temperature"], !(temperature.number.map { $0.double > 0 } ?? false)
      {
        findings.add(
          in: index, path + ".settings.temperature", expected: "> 0", actual: temperature.compact)
      }
      guard let loss = step.settings["loss"] else { return }
      guard let words = loss.elements else {
        findings.add(
          in: index, path + ".settings.loss", expected: losses.joined(separator: ", "), actual: loss.compact)
        return
      }
      for (place, word) in words.enumerated() where word.string.map(losses.contains) != true {
        findings.add(
          in: index, "\(path).settings.loss[\(place)]", expected: losses.joined(separator: ", "),
          actual: word.string ?? word.compact)
      }
    }
  }
}

/// Quantization and pruning come after a merge into the same variables, which would undo them.
struct TransferOrderSound: StatementCheck {
  let key = "transfer-order-sound"

  func judge(
    _ index: CompressionIndex, _ sample: Sample, by requirement: Requirement, _ findings: inout Findings
  ) {
    let steps = index.statement.steps
    guard let last = steps.lastIndex(where: { $0.method == .listed(.merge) }) else { return }
    for (number, step) in steps[..<last].enumerated() where step.method.listed?.isUndoneByMerge == true {
      let merge = steps[number...].first { merge in
        merge.method == .listed(.merge)
          && index.variables.contains { variable in
            [step, merge].allSatisfy { $0.targets?.matches(variable.name) ?? true }
          }
      }
      guard let merge else { continue }
      findings.add(
        .violation, in: index, "steps[\(number)]", expected: "\(merge.name) < \(step.name)",
        actual: "\(step.name) < \(merge.name)")
    }
  }
}
