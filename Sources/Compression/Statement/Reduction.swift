extension CompressionStatement {
  /// What became smaller or fewer: units that were kept, and where they stand (7.2, section 2).
  public struct Reduction: Sendable, Hashable {
    /// What a unit is.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
      case heads, neurons, channels, experts, layers, vocabulary, other
    }

    /// A run of kept units.
    public struct Run: Sendable, Hashable {
      /// The first unit, counted from zero.
      public var first: Int64
      /// How many follow each other.
      public var count: Int64

      /// A run.
      public init(_ first: Int64, _ count: Int64) {
        self.first = first
        self.count = count
      }
    }

    /// What a unit is.
    public var kind: Kind
    /// The step that did it.
    public var step: String
    /// The units of the original.
    public var units: Int64
    /// The runs of kept units. A list that holds anything but pairs stands here as pairs that no unit fits.
    public var kept: [Run]
    /// The tensors that lost units along an axis.
    public var cuts: [Cut] = []
    /// Patterns with `{}` in place of the unit's number.
    public var names: [String] = []

    /// A reduction.
    public init(_ kind: Kind, step: String, units: Int64, kept: [Run]) {
      self.kind = kind
      self.step = step
      self.units = units
      self.kept = kept
    }

    /// The number of kept units; nil where the runs do not ascend apart from each other inside the units, or there is none.
    public var keptCount: Int64? {
      var total: Int64 = 0
      var end: Int64 = -1
      for run in kept {
        let (next, overflow) = run.first.addingReportingOverflow(run.count)
        guard run.first > end, run.count >= 1, !overflow, next <= units else { return nil }
        end = next
        total += run.count
      }
      return units >= 1 && total > 0 ? total : nil
    }
  }

  /// A tensor that lost units along an axis.
  public struct Cut: Sendable, Hashable {
    /// A variable of this model.
    public var tensor: String
    /// Its name in the original, where that differs.
    public var original: String?
    /// The axis.
    public var axis: Int64
    /// The elements of one unit along the axis.
    public var unit: Int64
    /// How many equal parts the axis holds, with all units each.
    public var parts: Int64 = 1

    /// A cut.
    public init(tensor: String, original: String? = nil, axis: Int64, unit: Int64, parts: Int64 = 1) {
      self.tensor = tensor
      self.original = original
      self.axis = axis
      self.unit = unit
      self.parts = parts
    }
  }
}
