import Compression
import Profile
import Storage

/// The statement has a step.
struct CompressionStepsPresent: StatementCheck {
  let key = "compression-steps-present"

  func judge(
    _ index: CompressionIndex, _ sample: Sample, by requirement: Requirement, _ findings: inout Findings
  ) {
    guard index.statement.steps.isEmpty else { return }
    findings.add(in: index, "steps", expected: "≥ 1", actual: "0")
  }
}

/// Steps have names, each another.
struct CompressionStepNamesDistinct: StatementCheck {
  let key = "compression-step-names-distinct"

  func judge(
    _ index: CompressionIndex, _ sample: Sample, by requirement: Requirement, _ findings: inout Findings
  ) {
    findings.addRepeated(index.statement.steps.map(\.name), in: index, "steps")
  }
}

extension Findings {
  /// Adds the names of a list that are empty, or stand in it for the second time.
  fileprivate mutating func addRepeated(_ names: [String], in index: CompressionIndex, _ list: String) {
    var seen: Set<ExactString> = []
    for (number, name) in names.enumerated() {
      if name.isEmpty {
        add(in: index, "\(list)[\(number)].name", expected: "≠ \"\"", actual: "\"\"")
      } else if !seen.insert(ExactString(name)).inserted {
        add(in: index, "\(list)[\(number)].name", expected: "1 × \(name)", actual: "> 1")
      }
    }
  }
}

/// The method of a step is one that the profile lists; what another did is not judged.
struct CompressionStepMethodKnown: StatementCheck {
  let key = "compression-step-method-known"

  func judge(
    _ index: CompressionIndex, _ sample: Sample, by requirement: Requirement, _ findings: inout Findings
  ) {
    for (number, step) in index.statement.steps.enumerated() where step.method.listed == nil {
      findings.add(.unsupported, in: index, "steps[\(number)].method", actual: step.method.word)
    }
  }
}

/// A step names its tool.
struct CompressionStepToolPresent: StatementCheck {
  let key = "compression-step-tool-present"

  func judge(
    _ index: CompressionIndex, _ sample: Sample, by requirement: Requirement, _ findings: inout Findings
  ) {
    for (number, step) in index.statement.steps.enumerated() where step.tool?.name.isEmpty != false {
      let path = step.tool == nil ? "steps[\(number)].tool" : "steps[\(number)].tool.name"
      findings.add(in: index, path, expected: "≠ \"\"", actual: step.tool.map { "\"\($0.name)\"" })
    }
  }
}

/// A step gives the version of its tool.
struct CompressionStepToolVersionPresent: StatementCheck {
  let key = "compression-step-tool-version-present"

  func judge(
    _ index: CompressionIndex, _ sample: Sample, by requirement: Requirement, _ findings: inout Findings
  ) {
    for (number, step) in index.statement.steps.enumerated() {
      // A step without a tool is a finding of its own.
      guard let tool = step.tool, tool.version?.isEmpty != false else { continue }
      findings.add(.violation, in: index, "steps[\(number)].tool.version", actual: tool.name)
    }
  }
}

/// Original, inputs and outputs are named by their content.
struct CompressionDigestsPresent: StatementCheck {
  let key = "compression-digests-present"

  func judge(
    _ index: CompressionIndex, _ sample: Sample, by requirement: Requirement, _ findings: inout Findings
  ) {
    if index.statement.original.content == nil { findings.add(.violation, in: index, "original.content") }
    for (number, step) in index.statement.steps.enumerated() {
      if step.input == nil { findings.add(.violation, in: index, "steps[\(number)].input") }
      if step.output == nil { findings.add(.violation, in: index, "steps[\(number)].output") }
    }
  }
}

/// The input of each step is the output of the one before, that of the first the original.
struct CompressionRecordUnbroken: StatementCheck {
  let key = "compression-record-unbroken"

  func judge(
    _ index: CompressionIndex, _ sample: Sample, by requirement: Requirement, _ findings: inout Findings
  ) {
    var before = index.statement.original.content
    for (number, step) in index.statement.steps.enumerated() {
      if let before, let input = step.input, input != before {
        findings.add(in: index, "steps[\(number)].input", expected: before, actual: input)
      }
      before = step.output
    }
  }
}

/// Each pattern of targets matches a variable.
struct CompressionTargetsMatch: StatementCheck {
  let key = "compression-targets-match"

  func judge(
    _ index: CompressionIndex, _ sample: Sample, by requirement: Requirement, _ findings: inout Findings
  ) {
    // Steps mostly share their patterns; each is looked for once.
    var known: [ExactString: Bool] = [:]
    for (number, step) in index.statement.steps.enumerated() {
      for (place, text) in (step.targets?.include ?? []).enumerated() {
        let isMatched = known[ExactString(text)] ?? index.matchesSomething(text)
        known[ExactString(text)] = isMatched
        if !isMatched {
          findings.add(.violation, in: index, "steps[\(number)].targets.include[\(place)]", actual: text)
        }
      }
    }
  }
}

extension CompressionIndex {
  fileprivate func matchesSomething(_ text: String) -> Bool {
    guard text.utf8.contains(UInt8(ascii: "*")) else { return variable(text) != nil }
    let pattern = NamePattern(text)
    return variables.contains { pattern.matches($0.name) }
  }
}

/// Steps that learned from data name it by its digest.
struct CompressionDataDigestPresent: StatementCheck {
  let key = "compression-data-digest-present"

  func judge(
    _ index: CompressionIndex, _ sample: Sample, by requirement: Requirement, _ findings: inout Findings
  ) {
    let quantities = index.statement.quantities.filter { $0.range == .static }
    let ranged = Set(quantities.map { ExactString($0.step) })
    for (number, step) in index.statement.steps.enumerated() {
      let isDistilled = step.method == .listed(.distillation)
      guard isDistilled || step.settings.rounding == .learned || ranged.contains(ExactString(step.name))
      else {
        continue
      }
      let named = step.data.contains { $0.digest != nil && (!isDistilled || $0.kind == .distillation) }
      if !named {
        findings.add(
          .violation, in: index, "steps[\(number)].data",
          expected: isDistilled ? "kind distillation, digest" : "digest", actual: "\(step.data.count)")
      }
    }
  }
}

/// A metric does not get worse by more than the vendor allows.
struct CompressionMetricWithinLimit: StatementCheck {
  let key = "compression-metric-within-limit"

  func judge(
    _ index: CompressionIndex, _ sample: Sample, by requirement: Requirement, _ findings: inout Findings
  ) {
    for (number, step) in index.statement.steps.enumerated() {
      for (place, metric) in step.metrics.enumerated() {
        guard let limit = metric.limit, !(metric.loss <= limit) else { continue }
        findings.add(
          .violation, in: index, "steps[\(number)].metrics[\(place)]", expected: "≤ \(limit)",
          actual: "\(metric.before) → \(metric.after)")
      }
    }
  }
}

/// Chains have names, each another.
struct CompressionChainNamesDistinct: StatementCheck {
  let key = "compression-chain-names-distinct"

  func judge(
    _ index: CompressionIndex, _ sample: Sample, by requirement: Requirement, _ findings: inout Findings
  ) {
    findings.addRepeated(index.statement.chains.map(\.name), in: index, "chains")
  }
}

/// The statement is of no later minor version than the tool knows; one that is, is read all the same.
struct CompressionStatementMinorVersionKnown: StatementCheck {
  let key = "compression-statement-minor-version-known"

  func judge(
    _ index: CompressionIndex, _ sample: Sample, by requirement: Requirement, _ findings: inout Findings
  ) {
    guard index.statement.minor > CompressionStatement.knownMinor else { return }
    findings.add(
      .remark, in: index, "minor", expected: "≤ \(CompressionStatement.knownMinor)",
      actual: "\(index.statement.minor)")
  }
}
