import Storage

/// What a comparison found out: figures of each tensor and of the model, and what is wrong.
public struct ComparisonResult: Sendable {
  /// The figures of a tensor.
  public struct TensorFigures: Sendable, Hashable {
    /// Its name in the candidate.
    public var name: String
    /// Its name in the original, where that differs.
    public var originalName: String?
    /// Where it stands.
    public var role: TensorRole
    /// Its type in the original, with all units.
    public var type: ElementsType
    /// Its type in the candidate.
    public var candidateType: ElementsType
    /// Whether it counts in the figures of the model.
    public var isParameter: Bool
    /// How far it is from its original; nil for elements that are no floating ones.
    public var sums: FidelitySums?
    /// How many elements have other bits than those of the original; nil where the types differ.
    public var differing: UInt64?
    /// How far it is from the tightest limit of the statement or policy that names it, in the unit of the measure; negative beyond it.
    public var margin: Double?
    /// The limit of that margin.
    public var limit: CompressionStatement.FidelityLimit?
  }

  /// The figures of each pair, in the order of names.
  public internal(set) var tensors: [TensorFigures] = []
  /// The sums over all floating tensors of kind parameter, in the order of their names.
  public internal(set) var total = FidelitySums()
  /// What is wrong, or worth knowing, in the order of the tensors' names; of the model as a whole at the end.
  public internal(set) var findings: [AccuracyFinding] = []
  /// How many tensors (or limits, or claims) each requirement was asked of; one that is not here did not apply.
  public internal(set) var asked: [AccuracyKey: Int] = [:]
  /// The tensors of the original that nothing was compared with.
  public internal(set) var unpaired: [String] = []
  /// The tensors of the candidate that nothing was compared with.
  public internal(set) var added: [String] = []
  /// The claims as they were recomputed; nil where the source does not tell how tensors are stored.
  public internal(set) var recomputed: CompressionStatement.Claims?

  /// The tensors by a measure, the worst ones first; of equal ones by name.
  public func worst(by measure: FidelityMeasure, _ count: Int) -> [TensorFigures] {
    let sorted = tensors.filter { $0.sums != nil }.sorted { first, second in
      let (one, other) = (first.sums?[measure] ?? 0, second.sums?[measure] ?? 0)
      if one == other || one.isNaN && other.isNaN {
        return ExactString(first.name) < ExactString(second.name)
      }
      // What is no number is worse than any.
      if one.isNaN || other.isNaN { return one.isNaN }
      return measure.isBetterHigher ? one < other : one > other
    }
    return Array(sorted.prefix(count))
  }

  /// The sums of each layer, ascending; first those outside of layers.
  public var byLayer: [(layer: Int?, sums: FidelitySums)] {
    grouped { $0.role.layer ?? -1 }.map { ($0.key < 0 ? nil : $0.key, $0.sums) }
  }

  /// The sums of each kind of tensor, by name.
  public var byKind: [(kind: String, sums: FidelitySums)] {
    grouped { ExactString($0.role.kind) }.map { ($0.key.value, $0.sums) }
  }

  private func grouped<Key: Hashable & Comparable>(
    _ key: (TensorFigures) -> Key
  ) -> [(key: Key, sums: FidelitySums)] {
    var groups: [Key: FidelitySums] = [:]
    for tensor in tensors {
      if let sums = tensor.sums { groups[key(tensor), default: FidelitySums()].add(sums) }
    }
    return groups.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
