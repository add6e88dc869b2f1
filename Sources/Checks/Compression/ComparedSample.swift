public import Compression
public import Profile
import Storage

/// What a comparison of the sample with its original found (profile clause 7.1, section 7).
public struct ComparedSample: Sendable {
  /// Figures and findings.
  public let result: ComparisonResult
  /// Whether the user asked for limits of their own.
  public let hasPolicy: Bool

  /// What was found.
  public init(_ result: ComparisonResult, hasPolicy: Bool) {
    self.result = result
    self.hasPolicy = hasPolicy
  }

  /// What is judged by the statement and the files alone, whether there is an original or not.
  static let judgedAlone: Set<AccuracyKey> = [.claimedRatio, .claimedBitsPerWeight]

  /// Whether a requirement of accuracy was asked of anything; nil for other requirements.
  func asks(_ key: String) -> Bool? {
    AccuracyKey(rawValue: key).flatMap { Self.judgedAlone.contains($0) ? nil : result.asked[$0] != nil }
  }
}

/// The requirements of accuracy, which a comparison judges tensor by tensor.
let comparisonChecks: [any Check] = AccuracyKey.allCases
  .filter { !ComparedSample.judgedAlone.contains($0) }.map { ComparisonCheck(key: $0.rawValue) }

/// What a comparison found against one requirement.
struct ComparisonCheck: Check {
  let key: String

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) throws {
    for finding in sample.comparison?.result.findings ?? [] where finding.key == key {
      findings.add(Finding.Kind(finding.kind), finding.occurrence, margin: finding.margin)
    }
  }
}

extension Finding.Kind {
  fileprivate init(_ kind: AccuracyFinding.Kind) {
    switch kind {
    case .violation: self = .violation
    case .remark: self = .remark
    case .unsupported: self = .unsupported
    case .fault(let kind): self.init(kind)
    }
  }
}

extension AccuracyTolerances {
  /// The tolerances that a catalogue sets; an overlay may have changed them.
  public init(_ catalogue: Catalogue) {
    self.init()
    func value(_ key: AccuracyKey, _ name: String, _ path: WritableKeyPath<AccuracyTolerances, Double>) {
      guard let requirement = catalogue.requirements.first(where: { $0.key == key.rawValue }),
        let number = try? requirement.number(name)
      else { return }
      self[keyPath: path] = number
    }
    value(.uniformNearestLevel, "slack", \.slack)
    value(.scaleFollowsRule, "tolerance", \.scale)
    value(.claimedRatio, "tolerance", \.ratio)
    value(.claimedBitsPerWeight, "tolerance", \.bitsPerWeight)
    value(.claimedSparsity, "tolerance", \.claimedSparsity)
    value(.sparsityAsDeclared, "tolerance", \.sparsity)
    value(.blockPatternHolds, "tolerance", \.blocks)
    value(.sparseDeltaAsDeclared, "tolerance", \.delta)
    value(.adapterMergeResult, "ulps", \.mergeUnits)
    value(.adapterMergeResult, "share", \.mergeShare)
  }
}
