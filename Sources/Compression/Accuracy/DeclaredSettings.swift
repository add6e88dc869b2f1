import Numerics
public import Representation

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
          let wanted = SuppliedAdapter(
            rank: stage.rank, alpha: stage.alpha, rankStabilised: stage.rankStabilised, merged: { $0 }
          ).declared(by: settings)
        else { break }
        compare(.adapterSettingsAsDeclared, index, wanted.expected, wanted.actual)
      default: break
      }
    }
    return found
  }
}

extension CompressionStatement {
  /// What a tensor whose float quantization is declared as MX has in place of that form (profile clause 7.3, section 5).
  ///
  /// - Returns: the stage, and its element type, block and type of scales; nil where it has the form, or none is declared.
  public func lacksMXForm(_ name: String, _ tensor: Tensor) -> (stage: Int, actual: String)? {
    guard case .compressed(let content) = tensor.content,
      TensorHistory(of: name, chain: tensor.compressionChain, in: self).maker(.floatQuantization)?.settings
        .scaleRule == .mx
    else { return nil }
    for (index, stage) in content.stages.enumerated() {
      guard case .scaledFloat(let stage) = stage else { continue }
      let types: [ElementType] = [.f8e4m3fn, .f8e5m2, .f6e2m3, .f6e3m2, .f4e2m1]
      let sizes = [Int64](repeating: 1, count: max(stage.grid.count - 1, 0)) + [32]
      let dims = ElementsType(tensor.type)?.dims ?? []
      // A block that is a whole dim, or more, is written as 0.
      let isGrid =
        stage.grid.count == dims.count
        && zip(stage.grid, zip(sizes, dims)).allSatisfy { block, wanted in
          block == wanted.0 || block == 0 && Int64(wanted.1) <= wanted.0
        }
      let scale = stage.scale?.type.elementType
      if isGrid, scale == .f8e8m0, stage.elementType.map(types.contains) == true { continue }
      return (index, "\(stage.elementType?.rawValue ?? "?") \(stage.grid) \(scale?.rawValue ?? "-")")
    }
    return nil
  }
}
