import Representation
import Storage

extension UniformStage {
  /// The reference encoder with the settings of a recipe.
  ///
  /// - Parameter step: the one step of all tensors, where the recipe asks for one.
  /// - Throws: as `encode(_:bits:rule:grid:scaleType:)`.
  static func encode(
    _ x: Elements, _ settings: CompressionRecipe.Uniform, step: Double?
  ) throws(Fault) -> Encoded<UniformStage> {
    let rule: Rule =
      switch settings.origin {
      case .symmetric: (step ?? settings.step).map(Rule.step) ?? .symmetric
      case .zeroPoint: .zeroPoint
      case .offset: .offset
      }
    let grid = settings.sharing.grid(for: x.type.dims)
    guard settings.rounding != .nearest else {
      return try encode(x, bits: settings.bits, rule: rule, grid: grid, scaleType: settings.scaleType)
    }
    // Tensors are worked on side by side, so that one core is enough for each; the search counts in 1/256 bit.
    return try encode(
      x, bits: settings.bits, rule: rule, grid: grid, scaleType: settings.scaleType,
      states: settings.rounding == .trellis ? settings.states : 0, restart: settings.restart,
      weight: settings.rateWeight > 0 ? settings.rateWeight / 256 : nil, cores: 1)
  }
}
