/// The catalogue of requirements in force.
public struct Catalogue: Sendable {
  /// The version of the profile, such as `2026.1`.
  public let profile: String
  /// The requirements, sorted by id.
  public var requirements: [Requirement]
  /// The interpretations that requirements rest on, sorted by id.
  public let interpretations: [Interpretation]
  /// The name of the overlay that was applied.
  public var overlay: String?

  /// The catalogue of the profile as it is published.
  public static let published = Catalogue(
    profile: GeneratedCatalogue.profile, requirements: GeneratedCatalogue.requirements,
    interpretations: GeneratedCatalogue.interpretations)

  /// A catalogue; sorts the requirements and the interpretations by id.
  public init(profile: String, requirements: [Requirement], interpretations: [Interpretation] = []) {
    self.profile = profile
    self.requirements = requirements.sorted { $0.id < $1.id }
    self.interpretations = interpretations.sorted { $0.id < $1.id }
  }

  /// The requirement of that id or key.
  public subscript(idOrKey: String) -> Requirement? {
    requirements.first { $0.id == idOrKey || $0.key == idOrKey }
  }

  /// The interpretation of that id.
  public func interpretation(_ id: String) -> Interpretation? {
    interpretations.first { $0.id == id }
  }

  /// How many requirements have that provenance.
  public func count(_ provenance: Requirement.Provenance) -> Int {
    requirements.count { $0.provenance == provenance }
  }

  /// What a report may claim (standard/README: never that a file conforms to the standard itself).
  public var statement: Text {
    Text(
      zh: "依据本项目技术规程 \(profile)，按 GB/T 42382.2—2026 的章条结构组织",
      en: "checked against profile \(profile), organised after the clause structure of GB/T 42382.2—2026")
  }
}
