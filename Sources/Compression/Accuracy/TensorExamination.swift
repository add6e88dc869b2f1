import Numerics
import Representation
import Storage

/// Everything that is asked of one tensor of the candidate and the one that it came from.
struct TensorExamination {
  /// What was found.
  struct Outcome: Sendable {
    var figures: ComparisonResult.TensorFigures?
    var findings: [AccuracyFinding] = []
    var asked: [AccuracyKey] = []
    /// What it adds to shares that steps declare.
    var parts: [DeclaredShares.Part] = []
    /// What it adds to the share of zeros, where it is stored sparsely or a pruning step targets it.
    var sparse: (count: Int, whole: Int)?
    /// Whether the original has no such tensor.
    var isAdded = false
  }

  let comparison: Comparison
  let pair: Pairing.Pair
  let tensor: ComparedTensor
  let history: TensorHistory
  var outcome = Outcome()

  init(_ comparison: Comparison, _ pair: Pairing.Pair) {
    self.comparison = comparison
    self.pair = pair
    tensor = comparison.candidate.tensors[pair.candidate]
    history = TensorHistory(
      of: tensor.name, chain: tensor.stored?.compressionChain, in: comparison.statement)
  }

  /// Examines the tensor; faults of decoders become findings.
  mutating func run() {
    judgeSettings()
    do throws(Fault) {
      let after = try comparison.candidate.elements(at: pair.candidate)
      judgePatterns(after)
      guard let index = pair.original else {
        outcome.isAdded = true
        return
      }
      let before = try comparison.original.elements(at: index)
      guard let frame = Frame(before, after, pair.cut) else {
        find(
          AccuracyFinding(
            .tensorsPaired, .unsupported, tensor: tensor.name, expected: before.type.notation,
            actual: after.type.notation))
        return
      }
      measure(frame, comparison.original.tensors[index].name)
      try judge(before, after, frame)
    } catch {
      find(AccuracyFinding(error, tensor: tensor.name))
    }
  }

  /// The two tensors in the same dims.
  struct Frame {
    /// The original, with all units.
    let original: Elements
    /// The candidate, with zeros where units were lost.
    let candidate: Elements
    /// What was kept of the original, in the dims of the candidate as it is.
    let kept: Elements

    /// Nil where the two cannot be held against each other.
    init?(_ before: Elements, _ after: Elements, _ cut: KeptUnits?) {
      original = before
      if let cut {
        guard let kept = cut.kept(of: before, dims: after.type.dims), let wide = cut.expanded(after) else {
          return nil
        }
        (candidate, self.kept) = (wide, kept)
      } else {
        (candidate, kept) = (after, before)
      }
      let (one, other) = (original.type.element, candidate.type.element)
      guard original.type.dims == candidate.type.dims, one == other || one.isFloat && other.isFloat else {
        return nil
      }
    }

    /// How many elements of what was kept have other bits now, and the first of them; nil where the types differ.
    func differences(_ after: Elements) -> (count: Int, first: Int?)? {
      kept.type == after.type ? ElementCodes(kept).differences(from: after) : nil
    }
  }

  mutating func find(_ finding: AccuracyFinding) { outcome.findings.append(finding) }

  /// Notes that a requirement was asked of the tensor.
  mutating func ask(_ key: AccuracyKey) { outcome.asked.append(key) }

  private mutating func measure(_ frame: Frame, _ name: String) {
    let isExact = frame.original.type == frame.candidate.type
    let differing = isExact ? ElementCodes(frame.original).differences(from: frame.candidate).count : nil
    outcome.figures = ComparisonResult.TensorFigures(
      name: tensor.name, originalName: name.utf8.elementsEqual(tensor.name.utf8) ? nil : name,
      role: TensorRole(tensor.name), type: frame.original.type, candidateType: tensor.type,
      isParameter: tensor.isParameter,
      sums: FidelitySums.of(frame.original, frame.candidate, shared: comparison.jobs > 1),
      differing: differing.map(UInt64.init), margin: nil, limit: nil)
  }

  // MARK: What needs no original

  /// What the stages are against what their steps declare.
  private mutating func judgeSettings() {
    guard let content = tensor.content, comparison.statement != nil else { return }
    for found in CompressionStatement.disagreements(content, history) {
      ask(found.key)
      guard let wrong = found.wrong else { continue }
      var finding = AccuracyFinding(
        found.key, tensor: tensor.name, expected: wrong.expected, actual: wrong.actual)
      finding.occurrence.place.path? += ".stages[\(found.stage)]"
      find(finding)
    }
  }

  /// Zeros and structure that steps declare, on the elements as they are now.
  private mutating func judgePatterns(_ after: Elements) {
    let steps = comparison.statement?.steps ?? []
    let targeted = steps.indices.filter { steps[$0].targets?.matches(tensor.name) ?? true }
    let pruned = targeted.filter { steps[$0].method.listed?.prunesElements == true }
    let isSparse = tensor.content?.stages.contains { if case .sparse = $0 { true } else { false } } ?? false
    if isSparse || !pruned.isEmpty, let zeros = ZeroFlags(after) {
      outcome.sparse = (zeros.count, after.type.count)
      for index in pruned { judge(zeros, by: steps[index], index, after.type) }
    }
    for index in targeted where steps[index].method == .listed(.blockCirculant) {
      guard let block = steps[index].settings.integer("block").flatMap(Int.init(exactly:)), block >= 1,
        after.type.dims.count == 2
      else { continue }
      ask(.circulantStructureHolds)
      if let place = ElementCodes(after).brokenCirculant(block: block) {
        find(
          AccuracyFinding(
            .circulantStructureHolds, tensor: tensor.name, expected: "block \(block)",
            actual: after.type.indices(of: place)))
      }
    }
  }

  private mutating func judge(
    _ zeros: ZeroFlags, by step: CompressionStatement.Step, _ index: Int, _ type: ElementsType
  ) {
    switch step.method.listed {
    case .nMSparsity:
      guard let n = step.settings.integer("n").flatMap(Int.init(exactly:)),
        let m = step.settings.integer("m").flatMap(Int.init(exactly:)),
        let broken = zeros.broken(n: n, of: m)
      else { return }
      ask(.nMPatternHolds)
      if broken.count > 0 {
        find(
          AccuracyFinding(
            .nMPatternHolds, tensor: tensor.name, expected: "≤ \(n):\(m)",
            actual: "\(broken.kept):\(m) \(type.indices(of: broken.place)), × \(broken.count)"))
      }
    case .unstructuredPruning:
      outcome.parts.append(
        .init(step: index, key: .sparsityAsDeclared, count: zeros.count, whole: type.count))
    case .blockSparsity:
      guard let sizes = step.settings.integers("block"), let blocks = zeros.zeroBlocks(sizes) else { return }
      outcome.parts.append(
        .init(step: index, key: .blockPatternHolds, count: blocks.zero, whole: blocks.all))
    default: return
    }
  }
}
