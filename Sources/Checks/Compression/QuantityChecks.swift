import Compression
import Numerics
import Profile
import Storage

/// A declaration of quantized activations or caches is complete and sound.
struct QuantityForm: StatementCheck {
  let key = "quantity-form"

  func judge(
    _ index: CompressionIndex, _ sample: Sample, by requirement: Requirement, _ findings: inout Findings
  ) {
    for (number, quantity) in index.statement.quantities.enumerated() {
      let path = "quantities[\(number)]"
      if !index.steps.contains(ExactString(quantity.step)) {
        findings.add(in: index, path + ".step", actual: quantity.step)
      }
      let levels = Self.levels(quantity.elementType)
      if levels == nil, ElementType(rawValue: quantity.elementType)?.isFloat != true {
        findings.add(
          in: index, path + ".element-type", expected: "f64 … f4e2m1, i2 … i64, u2 … u64",
          actual: quantity.elementType)
      }
      if quantity.sharing == .block, (quantity.size ?? 0) < 1 {
        findings.add(in: index, path + ".size", expected: "≥ 1", actual: quantity.size.map { "\($0)" })
      }
      if let residual = quantity.residual, residual < 0 {
        findings.add(in: index, path + ".residual", expected: "≥ 0", actual: "\(residual)")
      }
      if let scale = quantity.scale, !(scale > 0) {
        findings.add(in: index, path + ".scale", expected: "> 0", actual: "\(scale)")
      }
      if let zero = quantity.zeroPoint {
        if quantity.symmetric {
          findings.add(in: index, path + ".zero-point", expected: "symmetric: -", actual: "\(zero)")
        } else if let levels, !levels.contains(zero) {
          findings.add(
            in: index, path + ".zero-point", expected: "\(levels.lowerBound) … \(levels.upperBound)",
            actual: "\(zero)")
        }
      }
    }
  }

  /// The levels of an integer type of 6.1, or of `i` or `u` and 2 to 16 bits; nil for anything else.
  private static func levels(_ word: String) -> ClosedRange<Int64>? {
    let type = ElementType(rawValue: word)
    guard let bits = Int(word.dropFirst()), word.hasPrefix("i") || word.hasPrefix("u"),
      (2...16).contains(bits) && "\(bits)" == word.dropFirst() || type != nil
    else { return nil }
    let half = Int64(1) << Int64(min(bits, 63) - 1)
    return word.hasPrefix("i") ? -half...half - 1 : 0...half - 1 + half
  }
}

/// A static range of a whole tensor gives its scale.
struct QuantityStaticScalePresent: StatementCheck {
  let key = "quantity-static-scale-present"

  func judge(
    _ index: CompressionIndex, _ sample: Sample, by requirement: Requirement, _ findings: inout Findings
  ) {
    for (number, quantity) in index.statement.quantities.enumerated()
    where quantity.range == .static && quantity.sharing == .tensor && quantity.scale == nil {
      findings.add(in: index, "quantities[\(number)].scale")
    }
  }
}

/// A tensor whose float quantization is declared as MX has blocks of 32 with a power of two for each.
struct ScaledFloatMXForm: StatementCheck {
  let key = "scaled-float-mx-form"

  func judge(
    _ index: CompressionIndex, _ sample: Sample, by requirement: Requirement, _ findings: inout Findings
  ) {
    for variable in index.variables {
      guard let lacking = index.statement.lacksMXForm(variable.name, variable.tensor) else { continue }
      findings.add(
        .malformed, at: Place(path: "\(variable.path).stages[\(lacking.stage)]"),
        expected: "[…, 1, 32] f8e8m0", actual: lacking.actual)
    }
  }
}
