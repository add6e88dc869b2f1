/// Which vectors prove each requirement.
public struct CoverageReport: Sendable {
  /// The proof of one requirement.
  public struct Row: Sendable {
    /// The requirement.
    public let requirement: Requirement
    /// The vectors in which it is met.
    public let passing: [String]
    /// The vectors in which it is not met.
    public let failing: [String]
    /// The vectors in which it does not apply, or cannot be judged.
    public let others: [String]

    /// The proof of a requirement.
    public init(requirement: Requirement, passing: [String], failing: [String], others: [String]) {
      self.requirement = requirement
      self.passing = passing
      self.failing = failing
      self.others = others
    }
  }

  /// The rows, in the order of the requirements' ids.
  public let rows: [Row]
  /// How many vectors there are of each class.
  public let kinds: [(name: String, count: Int)]

  /// A coverage.
  public init(rows: [Row], kinds: [(name: String, count: Int)]) {
    self.rows = rows
    self.kinds = kinds
  }

  /// How many vectors there are.
  public var vectorCount: Int { kinds.reduce(0) { $0 + $1.count } }

  /// The rows by clause, in the order of the standard.
  public var clauses: [(clause: String, rows: [Row])] {
    Dictionary(grouping: rows, by: \.requirement.clause)
      .sorted { ClauseOrder.precedes($0.key, $1.key) }.map { ($0.key, $0.value) }
  }
}
