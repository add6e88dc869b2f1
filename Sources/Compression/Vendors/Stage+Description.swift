public import Representation

extension Stage {
  /// The stage in words and numbers, for reports.
  public var description: StageDescription {
    let name = name ?? "?"
    switch self {
    case .uniform(let stage):
      return StageDescription(
        name, bits: Int(clamping: stage.bits), signed: stage.signed,
        grid: stage.grid.map(Int.init(clamping:)),
        scale: stage.scale?.type.elementType,
        origin: stage.zeroPoint != nil ? .zeroPoint : stage.offset != nil ? .offset : .none,
        grouped: stage.groupIndex != nil)
    case .codebook(let stage):
      return StageDescription(
        name, grid: stage.scale == nil ? nil : stage.scaleGrid.map(Int.init(clamping:)),
        scale: stage.scale?.type.elementType, origin: stage.offset == nil ? .none : .offset)
    case .scaledFloat(let stage):
      return StageDescription(
        name, element: stage.elementType,
        grid: stage.scale == nil ? nil : stage.grid.map(Int.init(clamping:)),
        scale: stage.scale?.type.elementType)
    case .sign(let stage):
      return StageDescription(
        name, bits: stage.ternary ? 2 : 1, grid: stage.grid.map(Int.init(clamping:)),
        scale: stage.scale?.type.elementType, origin: stage.offset == nil ? .none : .offset)
    case .pack(let stage): return StageDescription(name, bits: Int(clamping: stage.width))
    default: return StageDescription(name)
    }
  }
}
