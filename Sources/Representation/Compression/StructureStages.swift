/// What is kept of a tensor that is mostly zeros, and where it stood (profile clause 7.2, section 3).
public struct SparseStage: Sendable, Hashable {
  /// How the places are told.
  public var kind: Kind
  /// Bits, row pointers or places, by the kind.
  public var pattern: Tensor?
  /// The column of each kept element, for rows.
  public var columns: Tensor?
  /// How many of each group are kept, for N:M.
  public var n: UInt64
  /// The elements of a group, for N:M.
  public var m: UInt64
  /// The sizes of a block, for blocks.
  public var block: [Int64]

  /// A descriptor; what is left out is absent.
  public init(
    kind: Kind, pattern: Tensor?, columns: Tensor? = nil, n: UInt64 = 0, m: UInt64 = 0, block: [Int64] = []
  ) {
    self.kind = kind
    self.pattern = pattern
    self.columns = columns
    self.n = n
    self.m = m
    self.block = block
  }

  /// How a sparse stage tells the places.
  public enum Kind: Sendable, Hashable {
    case bitmap, rows, nOfM, block
    /// Not stated, or a number that this version of the profile does not have.
    case unknown(UInt64)
  }
}

/// Elements that a later stage must not touch (profile clause 7.3, section 8).
public struct OutliersStage: Sendable, Hashable {
  /// Their places in row-major order.
  public var positions: Tensor?
  /// The elements.
  public var values: Tensor?

  /// A descriptor; what is left out is absent.
  public init(positions: Tensor?, values: Tensor?) {
    self.positions = positions
    self.values = values
  }
}

/// A matrix as the product of two factors (profile clause 7.2, section 4).
public struct LowRankStage: Sendable, Hashable {
  /// How many dims make the rows.
  public var split: UInt64
  /// The factor [rows, rank].
  public var left: Tensor?
  /// The factor [rank, columns].
  public var right: Tensor?

  /// A descriptor; what is left out is absent.
  public init(split: UInt64, left: Tensor?, right: Tensor?) {
    self.split = split
    self.left = left
    self.right = right
  }
}

/// A matrix of blocks whose rows are turned by one place each (profile clause 7.2, section 5).
public struct CirculantStage: Sendable, Hashable {
  /// The rows and columns of a block.
  public var block: UInt64

  /// A descriptor; what is left out is absent.
  public init(block: UInt64) {
    self.block = block
  }
}

/// A part of a tensor that stands elsewhere (profile clause 7.2, section 6).
public struct ReferenceStage: Sendable, Hashable {
  /// The tensor.
  public var base: BaseTensor?
  /// Its dims in another order; empty: as they are.
  public var axes: [Int64]
  /// Where the part begins; empty: at zero.
  public var starts: [Int64]

  /// A descriptor; what is left out is absent.
  public init(base: BaseTensor?, axes: [Int64] = [], starts: [Int64] = []) {
    self.base = base
    self.axes = axes
    self.starts = starts
  }
}
