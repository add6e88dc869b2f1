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
    let nearest = try encode(
      x, bits: settings.bits, rule: rule, grid: settings.sharing.grid(for: x.type.dims),
      scaleType: settings.scaleType)
    guard settings.rounding != .nearest, let output = nearest.output else { return nearest }
    return try searched(x, settings, nearest.descriptor, output.type)
  }

  /// Levels along the best path, with the one scale that was found (profile clause 7.3, section 3).
  private static func searched(
    _ x: Elements, _ settings: CompressionRecipe.Uniform, _ descriptor: UniformStage, _ type: ElementsType
  ) throws(Fault) -> Encoded<UniformStage> {
    var descriptor = descriptor
    let states = settings.rounding == .trellis ? settings.states : 0
    guard
      let search = LevelSearch(
        states: states, bits: settings.bits, weight: settings.rateWeight > 0 ? settings.rateWeight : nil),
      case .inline(let bytes)? = descriptor.scale?.content,
      let scaleType = descriptor.scale.flatMap({ ElementsType($0.type) }),
      let scale = Elements(scaleType, bytes)?.doubles, scale.count <= 1
    else { throw .stage(.trellisSymmetric, expected: "one scale", actual: descriptor.grid.description) }
    let divisor = scale.first ?? 0
    let units = divisor == 0 ? x.doubles.map { _ in 0 } : x.doubles.map { $0 / divisor }
    if states > 0 {
      descriptor.states = UInt64(states)
      descriptor.restart = UInt64(settings.restart)
    }
    let levels = search.levels(of: units, restart: settings.restart).map(Int32.init)
    guard let output = Elements(type, integers: levels) else { throw .stage(.uniformBits) }
    return Encoded(descriptor, output)
  }
}
