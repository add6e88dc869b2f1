import Storage

/// Holds a compressed model against its original, tensor by tensor (profile clause 7.1, section 7).
///
/// What follows from the declared methods is asked by itself; fidelity only against limits that the statement or the user declares.
/// Whatever the number of cores, the result is the same, to the bit.
public struct Comparison: Sendable {
  /// The model before the first step.
  public let original: any ComparedModel
  /// The compressed model.
  public let candidate: any ComparedModel
  /// What the candidate's statement says; nil where it has none.
  public var statement: CompressionStatement?
  /// What the user asks for.
  public var policy: AccuracyPolicy?
  /// What decides where a value is not asked for exactly.
  public var tolerances = AccuracyTolerances()
  /// The adapters that a merge is said to have used.
  public var adapters: SuppliedAdapters?
  /// How many tensors are worked on at once.
  public var jobs = 1
  /// About how many bytes the tensors that are worked on may take together; a larger one is worked on alone.
  public var memory = 1 << 30

  /// A comparison.
  public init(
    original: any ComparedModel, candidate: any ComparedModel, statement: CompressionStatement? = nil,
    policy: AccuracyPolicy? = nil
  ) {
    self.original = original
    self.candidate = candidate
    self.statement = statement
    self.policy = policy
  }

  /// Compares.
  ///
  /// - Parameter progress: is told of each tensor that is done, with the bytes of its elements.
  public func run(progress: (_ name: String, _ bytes: Int) -> Void = { _, _ in }) -> ComparisonResult {
    let (before, after) = (original.tensors, candidate.tensors)
    let pairing = Pairing(original: before, candidate: after, statement: statement)
    var result = ComparisonResult()
    var shares = DeclaredShares(statement)
    ConcurrentMap.inOrder(
      pairing.pairs, jobs: jobs, budget: memory,
      cost: { pair in
        // Both, what the decoder holds meanwhile, and what is made of them for the checks.
        let bytes = max(
          after[pair.candidate].type.byteCount, pair.original.map { before[$0].type.byteCount } ?? 0)
        return bytes.multipliedReportingOverflow(by: 6).partialValue
      }
    ) { pair in
      var examination = TensorExamination(self, pair)
      examination.run()
      return examination.outcome
    } _: { pair, outcome in
      if let figures = outcome.figures {
        if figures.isParameter, let sums = figures.sums { result.total.add(sums) }
        result.tensors.append(figures)
      }
      result.findings += outcome.findings
      for key in outcome.asked { result.asked[key, default: 0] += 1 }
      shares.add(outcome)
      if outcome.isAdded { result.added.append(after[pair.candidate].name) }
      progress(after[pair.candidate].name, after[pair.candidate].type.byteCount)
    }
    judgePairing(pairing, before, after, &result)
    judgeOriginal(&result)
    judgeFidelity(&result)
    shares.judge(tolerances, &result)
    judgeClaims(after, shares, &result)
    return result
  }

  // MARK: The model as a whole

  /// What of the original has no counterpart, and nothing says where it went.
  private func judgePairing(
    _ pairing: Pairing, _ before: [ComparedTensor], _ after: [ComparedTensor],
    _ result: inout ComparisonResult
  ) {
    result.asked[.tensorsPaired, default: 0] += before.count
    for index in pairing.lost where !pairing.cutAway.contains(index) {
      let tensor = before[index]
      result.unpaired.append(tensor.name)
      result.findings.append(
        AccuracyFinding(
          .tensorsPaired, .unsupported, tensor: tensor.name, expected: tensor.type.notation, actual: nil))
    }
    var additions: Set<ExactString> = []
    for addition in statement?.additions ?? [] {
      for name in addition.variables { additions.insert(ExactString(name)) }
    }
    for pair in pairing.pairs where pair.original == nil {
      let tensor = after[pair.candidate]
      guard !additions.contains(ExactString(tensor.name)) else { continue }
      result.findings.append(
        AccuracyFinding(
          .tensorsPaired, .unsupported, tensor: tensor.name, expected: nil, actual: tensor.type.notation))
    }
  }

  private func judgeOriginal(_ result: inout ComparisonResult) {
    guard let declared = statement?.original.content else { return }
    do throws(Fault) {
      guard let actual = try original.contentDigest() else { return }
      result.asked[.originalAsDeclared, default: 0] += 1
      if actual != declared {
        result.findings.append(
          AccuracyFinding(.originalAsDeclared, expected: declared, actual: actual))
      }
    } catch {
      result.findings.append(AccuracyFinding(error, tensor: nil))
    }
  }

  /// Holds figures against the limits of the statement and of the user.
  private func judgeFidelity(_ result: inout ComparisonResult) {
    let sources: [(AccuracyKey, [CompressionStatement.FidelityLimit])] = [
      (.fidelityWithinLimit, statement?.limits ?? []), (.fidelityWithinPolicy, policy?.limits ?? []),
    ]
    for (key, limits) in sources {
      for limit in limits {
        guard let targets = limit.targets else {
          result.asked[key, default: 0] += 1
          if let finding = limit.finding(key, result.total, tensor: nil) { result.findings.append(finding) }
          continue
        }
        for index in result.tensors.indices where targets.matches(result.tensors[index].name) {
          guard let sums = result.tensors[index].sums else { continue }
          result.asked[key, default: 0] += 1
          let margin = limit.margin(sums)
          if result.tensors[index].margin.map({ margin < $0 || margin.isNaN }) ?? true {
            result.tensors[index].margin = margin
            result.tensors[index].limit = limit
          }
          if let finding = limit.finding(key, sums, tensor: result.tensors[index].name) {
            result.findings.append(finding)
          }
        }
      }
    }
  }

  /// Holds claims against what the tensors are stored in.
  private func judgeClaims(
    _ after: [ComparedTensor], _ shares: DeclaredShares, _ result: inout ComparisonResult
  ) {
    var recomputed = CompressionStatement.Claims()
    recomputed.sparsity = shares.sparseShare
    if after.allSatisfy({ $0.stored != nil }) {
      var all = StoredSize()
      var chained = StoredSize()
      for tensor in after {
        guard let stored = tensor.stored else { continue }
        all.add(stored)
        if tensor.content != nil { chained.add(stored) }
      }
      recomputed.ratio = all.ratio
      recomputed.bitsPerWeight = chained.bitsPerWeight
    }
    result.recomputed = recomputed
    guard let claims = statement?.claims else { return }
    for judgement in claims.judged(against: recomputed, tolerances) {
      result.asked[judgement.key, default: 0] += 1
      if let finding = judgement.finding { result.findings.append(finding) }
    }
  }
}
