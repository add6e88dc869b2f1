public import Numerics

/// Even steps (profile clause 7.3, sections 2 and 3).
public struct UniformStage: Sendable, Hashable {
  /// The width of a level.
  public var bits: UInt64
  /// Whether levels lie around zero.
  public var signed: Bool
  /// Which elements share a scale: block sizes, 0 for a whole dim.
  public var grid: [Int64]
  /// The step of each block.
  public var scale: Tensor?
  /// The level of zero of each block.
  public var zeroPoint: Tensor?
  /// What level zero stands for in each block.
  public var offset: Tensor?
  /// The axis whose places name their block.
  public var groupAxis: UInt64
  /// The block of each place of that axis.
  public var groupIndex: Tensor?
  /// The states of the trellis; 0 without one.
  public var states: UInt64
  /// How many elements a path of the trellis has; 0 without one.
  public var restart: UInt64

  /// A descriptor; what is left out is absent.
  public init(
    bits: UInt64, signed: Bool, grid: [Int64], scale: Tensor?, zeroPoint: Tensor? = nil,
    offset: Tensor? = nil, groupAxis: UInt64 = 0, groupIndex: Tensor? = nil, states: UInt64 = 0,
    restart: UInt64 = 0
  ) {
    self.bits = bits
    self.signed = signed
    self.grid = grid
    self.scale = scale
    self.zeroPoint = zeroPoint
    self.offset = offset
    self.groupAxis = groupAxis
    self.groupIndex = groupIndex
    self.states = states
    self.restart = restart
  }
}

/// A list of values (profile clause 7.3, section 4).
public struct CodebookStage: Sendable, Hashable {
  /// Which elements share a list.
  public var grid: [Int64]
  /// The lists.
  public var codebook: Tensor?
  /// Which elements share a scale.
  public var scaleGrid: [Int64]
  /// The scales.
  public var scale: Tensor?
  /// What is added after scaling.
  public var offset: Tensor?

  /// A descriptor; what is left out is absent.
  public init(
    grid: [Int64], codebook: Tensor?, scaleGrid: [Int64] = [], scale: Tensor? = nil, offset: Tensor? = nil
  ) {
    self.grid = grid
    self.codebook = codebook
    self.scaleGrid = scaleGrid
    self.scale = scale
    self.offset = offset
  }
}

/// A smaller floating-point type with scales (profile clause 7.3, section 5).
public struct ScaledFloatStage: Sendable, Hashable {
  /// The smaller type; nil where none is stated or its number is unknown.
  public var elementType: ElementType?
  /// Which elements share a scale.
  public var grid: [Int64]
  /// The scales.
  public var scale: Tensor?

  /// A descriptor; what is left out is absent.
  public init(elementType: ElementType?, grid: [Int64], scale: Tensor? = nil) {
    self.elementType = elementType
    self.grid = grid
    self.scale = scale
  }
}

/// Signs, with a zero between them or without (profile clause 7.3, section 5).
public struct SignStage: Sendable, Hashable {
  /// Whether there is a zero.
  public var ternary: Bool
  /// Which elements share a scale.
  public var grid: [Int64]
  /// The scales.
  public var scale: Tensor?
  /// What is added.
  public var offset: Tensor?

  /// A descriptor; what is left out is absent.
  public init(ternary: Bool, grid: [Int64], scale: Tensor?, offset: Tensor? = nil) {
    self.ternary = ternary
    self.grid = grid
    self.scale = scale
    self.offset = offset
  }
}

/// Integers by context-adaptive binary arithmetic coding (profile clause 7.5).
public struct EntropyStage: Sendable, Hashable {
  /// What is coded.
  public var mode: Mode
  /// How many elements are decoded alone.
  public var run: UInt64
  /// The states of the trellis of the stage before; 0 without one.
  public var states: UInt64

  /// A descriptor; what is left out is absent.
  public init(mode: Mode, run: UInt64, states: UInt64 = 0) {
    self.mode = mode
    self.run = run
    self.states = states
  }

  /// What an entropy stage codes.
  public enum Mode: Sendable, Hashable {
    case levels, symbols
    /// Not stated, or a number that this version of the profile does not have.
    case unknown(UInt64)
  }
}
