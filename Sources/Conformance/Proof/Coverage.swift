public import Profile

extension Corpus {
  /// The name of the coverage page, relative to the corpus.
  public static let coveragePage = "COVERAGE.md"

  /// Which vectors prove each requirement of a catalogue.
  public func coverage(of catalogue: Catalogue) -> CoverageReport {
    let rows = catalogue.requirements.map { requirement in
      let vectors = vectors.filter { vector in
        vector.requirements.contains { $0.requirement == requirement.id }
      }
      let passing = vectors.filter { $0.passes(requirement.id) }.map(\.id)
      let failing = vectors.filter { $0.fails(requirement.id) }.map(\.id)
      let rest = Set(passing + failing)
      return CoverageReport.Row(
        requirement: requirement, passing: passing, failing: failing,
        others: vectors.map(\.id).filter { !rest.contains($0) })
    }
    let kinds = Vector.Kind.allCases.map { kind in (kind.rawValue, vectors.count { $0.kind == kind }) }
    return CoverageReport(rows: rows, kinds: kinds)
  }

  /// Writes a page that is committed with the corpus.
  ///
  /// - Returns: whether it had to be changed.
  public func write(page: String, named name: String) throws -> Bool {
    let path = "\(directory)/\(name)"
    let bytes = Array(page.utf8)
    guard Disk.bytes(path) != bytes else { return false }
    try Disk.write(.file(bytes, size: nil), to: path)
    return true
  }
}
