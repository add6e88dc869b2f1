import Glibc

extension CompressionStatement.FidelityLimit {
  /// How far sums are from the limit, in the unit of the measure; negative beyond it.
  func margin(_ sums: FidelitySums) -> Double {
    measure.isBetterHigher ? sums[measure] - value : value - sums[measure]
  }

  /// What is wrong with sums; nil for nothing.
  func finding(_ key: AccuracyKey, _ sums: FidelitySums, tensor: String?) -> AccuracyFinding? {
    let actual = sums[measure]
    guard !(measure.isBetterHigher ? actual >= value : actual <= value) else { return nil }
    return AccuracyFinding(
      key, tensor: tensor, expected: "\(measure.rawValue) \(measure.isBetterHigher ? "≥" : "≤") \(value)",
      actual: actual.shown, margin: margin(sums))
  }
}

extension CompressionStatement.Claims {
  /// What a claim is found to be.
  struct Judgement {
    let key: AccuracyKey
    let finding: AccuracyFinding?
  }

  /// The claims that were recomputed: better than what was found by more than the tolerance fails, worse has a remark.
  func judged(against recomputed: Self, _ tolerances: AccuracyTolerances) -> [Judgement] {
    var judgements: [Judgement] = []
    func judge(
      _ key: AccuracyKey, _ claim: Double, _ sign: String, _ actual: Double, fails: Bool, isModest: Bool,
      _ bound: Double
    ) {
      let finding: AccuracyFinding? =
        if fails {
          AccuracyFinding(
            key, expected: "\(sign) \(claim)", actual: actual.shown, margin: -(actual - bound).magnitude)
        } else if isModest {
          AccuracyFinding(key, .remark, expected: "\(claim)", actual: actual.shown)
        } else {
          nil
        }
      judgements.append(Judgement(key: key, finding: finding))
    }
    if let claim = ratio, let actual = recomputed.ratio {
      let bound = claim / (1 + tolerances.ratio)
      judge(
        .claimedRatio, claim, "≥", actual, fails: !(actual >= bound),
        isModest: actual > claim * (1 + tolerances.ratio), bound)
    }
    if let claim = bitsPerWeight, let actual = recomputed.bitsPerWeight {
      let bound = claim * (1 + tolerances.bitsPerWeight)
      judge(
        .claimedBitsPerWeight, claim, "≤", actual, fails: !(actual <= bound),
        isModest: actual < claim / (1 + tolerances.bitsPerWeight), bound)
    }
    if let claim = sparsity, let actual = recomputed.sparsity {
      let bound = claim - tolerances.claimedSparsity
      judge(
        .claimedSparsity, claim, "≥", actual, fails: !(actual >= bound),
        isModest: actual > claim + tolerances.claimedSparsity, bound)
    }
    return judgements
  }

  /// What is wrong with the claims, or worth a remark.
  public func judgements(against recomputed: Self, _ tolerances: AccuracyTolerances) -> [AccuracyFinding] {
    judged(against: recomputed, tolerances).compactMap(\.finding)
  }
}

extension Double {
  /// The number with six digits, as findings show what was measured.
  var shown: String {
    guard isFinite, self != 0 else { return "\(self)" }
    let power = pow(10, 5 - log10(magnitude).rounded(.down))
    // Beyond the powers of ten that there are, all digits are shown.
    return power.isNormal ? "\((self * power).rounded() / power)" : "\(self)"
  }
}
