/// The same elements with the dims in another order (profile clause 7.1, section 4).
public struct PermuteStage: Sendable, Hashable {
  /// For each dim of what is left, the dim of the input.
  public var axes: [Int64]

  /// A descriptor; what is left out is absent.
  public init(axes: [Int64]) {
    self.axes = axes
  }
}

/// Integers cut to a width between those of the element types (profile clause 7.1, section 4).
public struct PackStage: Sendable, Hashable {
  /// The bits that are kept of each element.
  public var width: UInt64

  /// A descriptor; what is left out is absent.
  public init(width: UInt64) {
    self.width = width
  }
}

/// The same elements in row-major order with other dims (profile clause 7.1, section 4).
public struct ReshapeStage: Sendable, Hashable {
  /// The dims of what is left.
  public var sizes: [Int64]

  /// A descriptor; what is left out is absent.
  public init(sizes: [Int64]) {
    self.sizes = sizes
  }
}
