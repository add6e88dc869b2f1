/// How the project reads a place where the standard, or the profile's source for it, leaves a choice.
public struct Interpretation: Sendable, Hashable {
  /// Whether a reading is agreed.
  public enum Status: String, Sendable, Hashable, CaseIterable {
    /// Nobody is known to read it otherwise.
    case settled
    /// Others read it otherwise; a requirement that rests on it cannot fail for that alone.
    case disputed
  }

  /// The stable id, such as `I-003`.
  public let id: String
  /// The clause of the standard under which it stands.
  public let clause: String
  /// What is open.
  public let question: Text
  /// The readings that are possible.
  public let options: [Text]
  /// The index in `options` of the reading that the project follows, counted from one.
  public let chosen: Int
  /// Whether the reading is agreed.
  public let status: Status
  /// Why that reading was chosen.
  public let reason: Text
  /// The ids of the vectors that show the reading.
  public let vectors: [String]

  /// An interpretation.
  public init(
    id: String, clause: String, question: Text, options: [Text], chosen: Int, status: Status, reason: Text,
    vectors: [String]
  ) {
    self.id = id
    self.clause = clause
    self.question = question
    self.options = options
    self.chosen = chosen
    self.status = status
    self.reason = reason
    self.vectors = vectors
  }
}
