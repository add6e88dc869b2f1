import Compression
import Profile
import Representation
import Storage

/// The step of a reduction exists.
struct ReductionStepExists: StatementCheck {
  let key = "reduction-step-exists"

  func judge(
    _ index: CompressionIndex, _ sample: Sample, by requirement: Requirement, _ findings: inout Findings
  ) {
    for (number, reduction) in index.statement.reductions.enumerated()
    where !index.steps.contains(ExactString(reduction.step)) {
      findings.add(in: index, "reductions[\(number)].step", actual: reduction.step)
    }
  }
}

/// Runs of kept units ascend, apart from each other, inside the units.
struct ReductionKeptForm: StatementCheck {
  let key = "reduction-kept-form"

  func judge(
    _ index: CompressionIndex, _ sample: Sample, by requirement: Requirement, _ findings: inout Findings
  ) {
    for (number, reduction) in index.statement.reductions.enumerated() where reduction.keptCount == nil {
      let runs = reduction.kept.prefix(8).map { "[\($0.first), \($0.count)]" }.joined(separator: ", ")
      findings.add(
        in: index, "reductions[\(number)].kept",
        expected: "[first, count], 0 ≤ first, first + count ≤ \(reduction.units)",
        actual: "[\(runs)]")
    }
  }
}

/// The tensors that a reduction lists are variables of this model.
struct ReductionTensorExists: StatementCheck {
  let key = "reduction-tensor-exists"

  func judge(
    _ index: CompressionIndex, _ sample: Sample, by requirement: Requirement, _ findings: inout Findings
  ) {
    index.forEachCut { _, cut, path in
      if index.variable(cut.tensor) == nil {
        findings.add(in: index, path + ".tensor", actual: cut.tensor)
      }
    }
  }
}

extension CompressionIndex {
  fileprivate func forEachCut(
    _ body: (CompressionStatement.Reduction, CompressionStatement.Cut, String) -> Void
  ) {
    for (number, reduction) in statement.reductions.enumerated() {
      for (place, cut) in reduction.cuts.enumerated() {
        body(reduction, cut, "reductions[\(number)].cuts[\(place)]")
      }
    }
  }
}

/// The dims of a cut tensor are what the kept units give.
struct ReductionDimsAgree: StatementCheck {
  let key = "reduction-dims-agree"

  func judge(
    _ index: CompressionIndex, _ sample: Sample, by requirement: Requirement, _ findings: inout Findings
  ) {
    index.forEachCut { reduction, cut, path in
      // Runs, tensors and dims that are not in order are findings of their own.
      guard let kept = reduction.keptCount, let dims = index.variable(cut.tensor)?.tensor.type.dims else {
        return
      }
      guard let axis = Int(exactly: cut.axis), dims.indices.contains(axis) else {
        findings.add(in: index, path + ".axis", expected: "0 ≤ axis < \(dims.count)", actual: "\(cut.axis)")
        return
      }
      guard case .fixed(let size) = dims[axis] else { return }
      let (inner, overflow) = kept.multipliedReportingOverflow(by: cut.unit)
      let (all, overflowed) = inner.multipliedReportingOverflow(by: cut.parts)
      guard cut.unit >= 1, cut.parts >= 1, !overflow, !overflowed, all == size else {
        findings.add(in: index, path, expected: "\(cut.parts)×\(kept)×\(cut.unit)", actual: "\(size)")
        return
      }
    }
  }
}

/// No axis of a tensor is cut twice.
struct ReductionAxisOnce: StatementCheck {
  let key = "reduction-axis-once"

  func judge(
    _ index: CompressionIndex, _ sample: Sample, by requirement: Requirement, _ findings: inout Findings
  ) {
    var seen: [ExactString: Set<Int64>] = [:]
    index.forEachCut { _, cut, path in
      if !seen[ExactString(cut.tensor), default: []].insert(cut.axis).inserted {
        findings.add(in: index, path + ".axis", expected: "1 × \(cut.axis)", actual: "\(cut.tensor): > 1")
      }
    }
  }
}

/// Numbers in renumbered names are below the number of kept units.
struct ReductionNamesAgree: StatementCheck {
  let key = "reduction-names-agree"

  func judge(
    _ index: CompressionIndex, _ sample: Sample, by requirement: Requirement, _ findings: inout Findings
  ) {
    for (number, reduction) in index.statement.reductions.enumerated() {
      for (place, name) in reduction.names.enumerated() {
        let path = "reductions[\(number)].names[\(place)]"
        let marks = name.ranges(of: "{}")
        guard marks.count == 1, let mark = marks.first else {
          findings.add(in: index, path, expected: "1 × {}", actual: name)
          continue
        }
        guard let kept = reduction.keptCount else { continue }
        let head = String(name[..<mark.lowerBound])
        let tail = String(name[mark.upperBound...])
        for variable in index.variables {
          guard let found = NamePattern.number(in: variable.name, head: head, tail: tail), found >= kept
          else {
            continue
          }
          findings.add(in: index, path, expected: "< \(kept)", actual: variable.name)
        }
      }
    }
  }
}

/// Hyper-parameters are what was kept, where all layers were cut alike.
struct ReductionArchitectureAgrees: StatementCheck {
  let key = "reduction-architecture-agrees"

  /// The hyper-parameters that a kind of unit counts; heads are of queries or of keys and values.
  private static let names: [CompressionStatement.Reduction.Kind: [String]] = [
    .layers: ["layers"], .heads: ["attention-heads", "key-value-heads"], .neurons: ["feed-forward-size"],
    .experts: ["experts"], .vocabulary: ["vocabulary-size"],
  ]

  func judge(
    _ index: CompressionIndex, _ sample: Sample, by requirement: Requirement, _ findings: inout Findings
  ) {
    guard let architecture = sample.model.architecture else { return }
    for (number, reduction) in index.statement.reductions.enumerated() {
      guard let kept = reduction.keptCount, let names = Self.names[reduction.kind] else { continue }
      let stated = names.compactMap { name -> (name: String, value: Int64)? in
        if case .integer(let value)? = architecture[name] { (name, value) } else { nil }
      }
      let alike = index.statement.reductions.filter { $0.kind == reduction.kind }
      guard !stated.isEmpty, !stated.contains(where: { $0.value == kept }),
        alike.allSatisfy({ $0.keptCount == kept }), Self.cutsAllLayers(alike, architecture)
      else { continue }
      findings.add(
        .violation, in: index, "reductions[\(number)]", expected: "\(kept)",
        actual: stated.map { "\($0.name) \($0.value)" }.joined(separator: ", "))
    }
  }

  /// Whether reductions speak of every layer: by name, or of none in particular.
  private static func cutsAllLayers(
    _ reductions: [CompressionStatement.Reduction], _ architecture: Architecture
  ) -> Bool {
    let layers = Set(reductions.flatMap(\.cuts).compactMap { TensorRole($0.tensor).layer })
    guard !layers.isEmpty, case .integer(let all)? = architecture["layers"] else { return true }
    return Int64(layers.count) >= all
  }
}

/// Token reduction says in which layers which share of tokens stays, and later layers keep no more.
struct TokenReductionForm: StatementCheck {
  let key = "token-reduction-form"

  func judge(
    _ index: CompressionIndex, _ sample: Sample, by requirement: Requirement, _ findings: inout Findings
  ) {
    var layers: Int64?
    if case .integer(let stated)? = sample.model.architecture?["layers"] { layers = stated }
    for (number, step) in index.statement.steps.enumerated() where step.method == .listed(.tokenReduction) {
      let path = "steps[\(number)].settings.layers"
      guard let entries = step.settings["layers"]?.elements, !entries.isEmpty else {
        findings.add(
          in: index, path, expected: "[{layer, keep}, …]", actual: step.settings["layers"]?.compact)
        continue
      }
      var last: (layer: Int64, keep: Double) = (-1, 1)
      for (place, entry) in entries.enumerated() {
        let isPlain = entry.members?.allSatisfy { ["layer", "keep"].contains($0.key) } == true
        guard isPlain, let layer = entry["layer"]?.number?.integer, let keep = entry["keep"]?.number?.double,
          layer > last.layer, layers.map({ layer < $0 }) ?? true, keep > 0, keep <= last.keep
        else {
          findings.add(
            in: index, "\(path)[\(place)]",
            expected: "\(last.layer) < layer\(layers.map { " < \($0)" } ?? ""), 0 < keep ≤ \(last.keep)",
            actual: entry.compact)
          break
        }
        last = (layer, keep)
      }
    }
  }
}
