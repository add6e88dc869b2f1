public import Numerics

/// What a stage of a chain is, in words and numbers: for formats that say it elsewhere than in a descriptor (profile clause 7.3, vendor formats).
public struct StageDescription: Sendable, Hashable {
  /// What level zero stands for.
  public enum Origin: String, Sendable, Hashable {
    /// Zero.
    case none
    /// Zero points that are stored.
    case zeroPoint = "zero-point"
    /// A zero point that the format fixes, such as the middle of the levels.
    case implied
    /// Offsets that are added.
    case offset
  }

  /// The stage: `uniform`, `codebook`, `scaled_float`, `sparse`, `reshape`, `adapter` …
  public var stage: String
  /// The bits of a level, index or code; nil where there are none.
  public var bits: Int?
  /// The type of a code, for `scaled_float`.
  public var element: ElementType?
  /// Whether levels lie around zero.
  public var signed: Bool?
  /// Which elements share a scale: block sizes for each dim, 0 for a whole dim; nil where nothing is shared.
  public var grid: [Int]?
  /// The type of the scales.
  public var scale: ElementType?
  /// What level zero stands for.
  public var origin: Origin
  /// Whether places name their group, in place of the order of the grid.
  public var grouped: Bool

  /// A stage; what is left out does not apply.
  public init(
    _ stage: String, bits: Int? = nil, element: ElementType? = nil, signed: Bool? = nil, grid: [Int]? = nil,
    scale: ElementType? = nil, origin: Origin = .none, grouped: Bool = false
  ) {
    self.stage = stage
    self.bits = bits
    self.element = element
    self.signed = signed
    self.grid = grid
    self.scale = scale
    self.origin = origin
    self.grouped = grouped
  }

  /// How reports write it: `uniform u4 [1, 128] scale f16 zero-point`.
  public var notation: String {
    var words = [stage]
    if let element {
      words.append(element.rawValue)
    } else if let bits {
      words.append(signed.map { ($0 ? "i" : "u") + "\(bits)" } ?? "\(bits)")
    }
    if let grid { words.append("[" + grid.map(String.init).joined(separator: ", ") + "]") }
    if let scale { words.append("scale \(scale.rawValue)") }
    if origin != .none { words.append(origin.rawValue) }
    if grouped { words.append("group-index") }
    return words.joined(separator: " ")
  }
}
