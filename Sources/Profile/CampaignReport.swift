/// What is reported of a campaign: many vectors, one implementation.
public struct CampaignReport: Sendable {
  /// One vector, tried on the implementation.
  public struct Case: Sendable, Hashable {
    /// The vector's id.
    public let vector: String
    /// The requirements that it tests.
    public let requirements: [String]
    /// The clause under which it stands.
    public let clause: String
    /// Why it exists, in a line.
    public let purpose: Text
    /// The verdict.
    public let verdict: Verdict
    /// What differs from what is expected, or why there is no verdict; nil where it passes.
    public let reason: Text?

    /// A case.
    public init(
      vector: String, requirements: [String], clause: String, purpose: Text, verdict: Verdict, reason: Text?
    ) {
      self.vector = vector
      self.requirements = requirements
      self.clause = clause
      self.purpose = purpose
      self.verdict = verdict
      self.reason = reason
    }
  }

  /// The tool's name and version.
  public let tool: (name: String, version: String)
  /// The catalogue that was in force.
  public let catalogue: Catalogue
  /// What was tried.
  public let implementation: String
  /// The cases, in the order of the corpus.
  public let cases: [Case]

  /// The worst of the verdicts.
  public var verdict: OverallVerdict { OverallVerdict(worstOf: cases.lazy.map(\.verdict)) }

  /// A report.
  public init(
    tool: (name: String, version: String), catalogue: Catalogue, implementation: String, cases: [Case]
  ) {
    self.tool = tool
    self.catalogue = catalogue
    self.implementation = implementation
    self.cases = cases
  }

  /// How many cases have that verdict.
  public func count(_ verdict: Verdict) -> Int { cases.count { $0.verdict == verdict } }
}
