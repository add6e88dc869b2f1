import Numerics

/// Whether scales are what the declared rule makes of the originals (profile clause 7.3, section 6).
struct ScaleRuleCheck {
  /// The original, as it reached the stage.
  let input: Elements
  /// The places that a stage before has put aside.
  let aside: [Int]
  /// `tolerance` of the requirement.
  let tolerance: Double

  /// A scale that is not.
  struct Misfit: Equatable {
    var count = 0
    var block = 0
    var expected = 0.0
    var actual = 0.0
  }

  /// What a rule makes of the least and the greatest element of a block.
  enum Rule {
    /// The greatest magnitude, divided by this.
    case greatest(Double)
    /// The greatest less the least, divided by this; zero lies between them where there is no offset.
    case range(Double, takesZero: Bool)
  }

  /// The scales that are too far from what the rule makes of their blocks, but for the rounding of their type.
  func misfit(_ runs: GridRuns, scales: [Double], type: ElementType, rule: Rule) -> Misfit {
    let x = ElementBlocks(input)
    let outside = Set(aside)
    var least = [Double](repeating: .infinity, count: scales.count)
    var greatest = [Double](repeating: -.infinity, count: scales.count)
    runs.forEach { start, count, block in
      var done = 0
      while done < count {
        let (from, length) = (start + done, min(count - done, QuantizerPromise.piece))
        x.withDoubles(from, length) { numbers in
          var (low, high) = (least[block], greatest[block])
          for index in 0..<length where outside.isEmpty || !outside.contains(from + index) {
            low = numbers[index] < low ? numbers[index] : low
            high = numbers[index] > high ? numbers[index] : high
          }
          (least[block], greatest[block]) = (low, high)
        }
        done += length
      }
      return true
    }
    var misfit = Misfit()
    for block in scales.indices where least[block] <= greatest[block] {
      let ideal: Double
      switch rule {
      case .greatest(let top): ideal = max(greatest[block], -least[block]) / top
      case .range(let top, true): ideal = (max(greatest[block], 0) - min(least[block], 0)) / top
      case .range(let top, false): ideal = (greatest[block] - least[block]) / top
      }
      let spacing = type.spacing(ideal)
      let scale = scales[block].magnitude
      guard ideal > 0, ideal.isFinite,
        !(scale >= ideal * (1 - tolerance) - spacing && scale <= ideal * (1 + tolerance) + spacing)
      else { continue }
      if misfit.count == 0 { (misfit.block, misfit.expected, misfit.actual) = (block, ideal, scales[block]) }
      misfit.count += 1
    }
    return misfit
  }
}

extension ElementType {
  /// How far apart the values of a type of scales are, around a positive number.
  fileprivate func spacing(_ value: Double) -> Double {
    switch self {
    case .f8e8m0: value
    case .f8e4m3fn: max(value / 8, 0x1p-9)
    default: unitInLastPlace(value)
    }
  }
}
