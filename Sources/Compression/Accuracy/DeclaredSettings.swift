import Numerics
import Representation

extension CompressionStatement {
  /// What the stages of a tensor are, where the step that made them declares something else; nothing of it needs an element.
  ///
  /// - Returns: for each requirement that speaks of one of the stages, what is wrong; nil for nothing.
  static func disagreements(
    _ content: CompressedContent, _ history: TensorHistory
  ) -> [(key: AccuracyKey, stage: Int, wrong: (expected: String, actual: String)?)] {
    var found: [(key: AccuracyKey, stage: Int, wrong: (expected: String, actual: String)?)] = []
    func compare(_ key: AccuracyKey, _ index: Int, _ expected: String, _ actual: String) {
      found.append((key, index, expected == actual ? nil : (expected, actual)))
    }
    for (index, stage) in content.stages.enumerated() {
      switch stage {
      case .uniform(let stage):
        guard let bits = history.maker(.uniformQuantization)?.settings.integer("bits") else { break }
        compare(.uniformBitsAsDeclared, index, "\(bits)", "\(stage.bits)")
      case .scaledFloat(let stage):
        guard let type = history.maker(.floatQuantization)?.settings.text("element-type") else { break }
        compare(.scaledFloatTypeAsDeclared, index, type, stage.elementType?.rawValue ?? "?")
      case .lowRank(let stage):
        guard let rank = history.maker(.lowRank)?.settings.integer("rank") else { break }
        guard case .fixed(let actual)? = stage.right?.type.dims?.first else { break }
        compare(.lowRankRankAsDeclared, index, "\(rank)", "\(actual)")
      case .adapter(let stage):
        guard let settings = history.maker(.lowRankAdaptation)?.settings,
          let wanted = stage.declared(by: settings)
        else { break }
        compare(.adapterSettingsAsDeclared, index, wanted.expected, wanted.actual)
      default: break
      }
    }
    return found
  }
}

extension AdapterStage {
  /// What a step declares of rank and scaling, and what the adapter has; nil where the step declares nothing.
  func declared(by settings: CompressionStatement.Settings) -> (expected: String, actual: String)? {
    var expected: [String] = []
    var actual: [String] = []
    if let rank = settings.integer("rank") {
      expected.append("rank \(rank)")
      actual.append("rank \(self.rank)")
    }
    if let alpha = settings.number("alpha") {
      expected.append("alpha \(alpha)")
      actual.append("alpha \(self.alpha.map { "\($0)" } ?? "-")")
    }
    if let isStabilised = settings.boolean("rank-stabilised") {
      expected.append("rank-stabilised \(isStabilised)")
      actual.append("rank-stabilised \(rankStabilised)")
    }
    return expected.isEmpty ? nil : (expected.joined(separator: ", "), actual.joined(separator: ", "))
  }
}
