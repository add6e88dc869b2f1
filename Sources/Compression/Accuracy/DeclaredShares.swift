import Storage

/// Shares that steps declare over all tensors that they target: zeros, blocks of zeros, elements that changed.
struct DeclaredShares {
  /// What one tensor adds to the share of one step.
  struct Part: Sendable {
    /// The step, by its place in the statement.
    let step: Int
    /// The requirement.
    let key: AccuracyKey
    /// The part.
    let count: Int
    /// The whole.
    let whole: Int
  }

  private let statement: CompressionStatement?
  private var totals: [Key: (count: Int, whole: Int)] = [:]
  private var zeros = 0
  private var elements = 0

  private struct Key: Hashable, Comparable {
    let step: Int
    let key: AccuracyKey

    static func < (left: Key, right: Key) -> Bool {
      (left.step, left.key.rawValue) < (right.step, right.key.rawValue)
    }
  }

  init(_ statement: CompressionStatement?) {
    self.statement = statement
  }

  /// The share of zeros in all that is stored sparsely or was pruned.
  var sparseShare: Double { elements == 0 ? 0 : Double(zeros) / Double(elements) }

  mutating func add(_ outcome: TensorExamination.Outcome) {
    for part in outcome.parts {
      let key = Key(step: part.step, key: part.key)
      let total = totals[key] ?? (0, 0)
      totals[key] = (total.count + part.count, total.whole + part.whole)
    }
    zeros += outcome.sparse?.count ?? 0
    elements += outcome.sparse?.whole ?? 0
  }

  /// Holds each share against what its step declares.
  func judge(_ tolerances: AccuracyTolerances, _ result: inout ComparisonResult) {
    for (key, total) in totals.sorted(by: { $0.key < $1.key }) where total.whole > 0 {
      guard let step = statement?.steps[key.step], let declared = step.settings.number("sparsity") else {
        continue
      }
      result.asked[key.key, default: 0] += 1
      let share = Double(total.count) / Double(total.whole)
      let margin: Double
      let bound: String
      switch key.key {
      case .sparseDeltaAsDeclared:
        margin = 1 - declared + tolerances.delta - share
        bound = "≤ \(1 - declared)"
      case .blockPatternHolds:
        margin = share - declared + tolerances.blocks
        bound = "≥ \(declared)"
      default:
        margin = share - declared + tolerances.sparsity
        bound = "≥ \(declared)"
      }
      guard !(margin >= 0) else { continue }
      var finding = AccuracyFinding(
        key.key, expected: bound, actual: "\(total.count)/\(total.whole) = \(share)", margin: margin)
      finding.occurrence.place.path = "steps[\(key.step)]"
      result.findings.append(finding)
    }
  }
}
