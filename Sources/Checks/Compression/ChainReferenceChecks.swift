import Compression
import Formats
import Profile
import Representation
import Storage

/// The steps that a chain lists exist.
struct CompressionChainStepsExist: StatementCheck {
  let key = "compression-chain-steps-exist"

  func judge(
    _ index: CompressionIndex, _ sample: Sample, by requirement: Requirement, _ findings: inout Findings
  ) {
    for (number, chain) in index.statement.chains.enumerated() {
      for (place, step) in chain.steps.enumerated() where !index.steps.contains(ExactString(step)) {
        findings.add(in: index, "chains[\(number)].steps[\(place)]", actual: step)
      }
    }
  }
}

/// The chain that a tensor names is in the statement; one that no tensor names has a remark.
struct CompressionChainExists: StatementCheck {
  let key = "compression-chain-exists"

  func judge(
    _ index: CompressionIndex, _ sample: Sample, by requirement: Requirement, _ findings: inout Findings
  ) {
    let chains = Set(index.statement.chains.map { ExactString($0.name) })
    var used: Set<ExactString> = []
    for (name, place) in sample.namedChains where used.insert(name).inserted || !chains.contains(name) {
      if !chains.contains(name) {
        findings.add(
          .malformed, at: sample.structure.path(place).field("compressionChain"), actual: name.value)
      }
    }
    // What could not be read may name it.
    guard sample.reading.known.contains(.parameters) else { return }
    for (number, chain) in index.statement.chains.enumerated()
    where !chain.name.isEmpty && !used.contains(ExactString(chain.name)) {
      findings.add(.remark, in: index, "chains[\(number)]", actual: chain.name)
    }
  }
}

/// The stages of a tensor are those that its chain lists.
struct CompressionChainStagesAgree: StatementCheck {
  let key = "compression-chain-stages-agree"

  func judge(
    _ index: CompressionIndex, _ sample: Sample, by requirement: Requirement, _ findings: inout Findings
  ) {
    let chains = Dictionary(
      index.statement.chains.map { (ExactString($0.name), $0.stages) },
      uniquingKeysWith: { first, _ in first })
    for (name, place) in sample.namedChains {
      guard let listed = chains[name], let tensor = sample.structure.tensor(place) else { continue }
      var stages: [Stage] = []
      switch tensor.content {
      case .compressed(let content): stages = content.stages
      case .withheld: continue
      default: break
      }
      // A stage that is not known is a finding of its own.
      let names = stages.compactMap(\.name)
      guard names.count == stages.count, !names.elementsEqual(listed, by: { $0.utf8.elementsEqual($1.utf8) })
      else { continue }
      findings.add(
        .malformed, at: sample.structure.path(place), expected: listed.joined(separator: ", "),
        actual: names.joined(separator: ", "))
    }
  }
}

extension Sample {
  /// The chains that tensors name, each with the place of the tensor in the structure.
  fileprivate var namedChains: [(name: ExactString, tensor: Int)] {
    structure.tensorsWithChains.compactMap { place in
      structure.tensor(place)?.compressionChain.map { (ExactString($0), place) }
    }
  }
}

/// The ratio that is claimed is not better than the one of what is stored.
struct CompressionClaimedRatio: StatementCheck {
  let key = "compression-claimed-ratio"

  func judge(
    _ index: CompressionIndex, _ sample: Sample, by requirement: Requirement, _ findings: inout Findings
  ) throws {
    var tolerances = AccuracyTolerances()
    tolerances.ratio = try requirement.number("tolerance")
    var size = StoredSize()
    for variable in index.variables where !variable.isTied { size.add(variable.tensor) }
    let claims = CompressionStatement.Claims(ratio: index.statement.claims?.ratio)
    let found = CompressionStatement.Claims(ratio: size.ratio)
    findings.add(claims.judgements(against: found, tolerances), in: index, "claims.ratio")
  }
}

/// The bits per weight that are claimed are not below those of what is stored.
struct CompressionClaimedBitsPerWeight: StatementCheck {
  let key = "compression-claimed-bits-per-weight"

  func judge(
    _ index: CompressionIndex, _ sample: Sample, by requirement: Requirement, _ findings: inout Findings
  ) throws {
    var tolerances = AccuracyTolerances()
    tolerances.bitsPerWeight = try requirement.number("tolerance")
    var size = StoredSize()
    for variable in index.variables where !variable.isTied {
      if case .compressed = variable.tensor.content { size.add(variable.tensor) }
    }
    let claims = CompressionStatement.Claims(bitsPerWeight: index.statement.claims?.bitsPerWeight)
    let found = CompressionStatement.Claims(bitsPerWeight: size.bitsPerWeight)
    findings.add(claims.judgements(against: found, tolerances), in: index, "claims.bits-per-weight")
  }
}

extension Findings {
  fileprivate mutating func add(
    _ judgements: [AccuracyFinding], in index: CompressionIndex, _ path: String
  ) {
    for finding in judgements {
      add(
        finding.kind == .remark ? .remark : .violation, in: index, path,
        expected: finding.occurrence.expected,
        actual: finding.occurrence.actual)
    }
  }
}
