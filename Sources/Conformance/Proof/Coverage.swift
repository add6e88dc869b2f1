public import Profile

/// Which vectors prove each requirement.
public struct Coverage: Sendable {
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
  }

  /// The rows, in the order of the requirements' ids.
  public let rows: [Row]
  /// How many vectors there are of each kind.
  public let kinds: [(kind: Vector.Kind, count: Int)]

  /// The coverage of a catalogue by a corpus.
  public init(_ corpus: Corpus, _ catalogue: Catalogue) {
    rows = catalogue.requirements.map { requirement in
      let vectors = corpus.vectors.filter { vector in
        vector.requirements.contains { $0.requirement == requirement.id }
      }
      let passing = vectors.filter { $0.passes(requirement.id) }.map(\.id)
      let failing = vectors.filter { $0.fails(requirement.id) }.map(\.id)
      let rest = Set(passing + failing)
      return Row(
        requirement: requirement, passing: passing, failing: failing,
        others: vectors.map(\.id).filter { !rest.contains($0) })
    }
    kinds = Vector.Kind.allCases.map { kind in (kind, corpus.vectors.count { $0.kind == kind }) }
  }

  /// The rows by clause, in the order of the standard.
  public var clauses: [(clause: String, rows: [Row])] {
    Dictionary(grouping: rows, by: \.requirement.clause).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// The page that is committed as `vectors/COVERAGE.md`.
  public var markdown: String {
    var lines = [
      "# 语料库覆盖情况 Coverage of the corpus", "",
      "由 `gbt42382 vectors generate` 生成。Written by `gbt42382 vectors generate`; CI keeps it true.", "",
      "| 类别 class | 向量 vectors |", "|---|---|",
    ]
    lines += kinds.map { "| \($0.kind.rawValue) | \($0.count) |" }
    lines.append("| 合计 all | \(kinds.reduce(0) { $0 + $1.count }) |")
    for (clause, rows) in clauses {
      lines += [
        "", "## \(clause)", "",
        "| 要求 requirement | 来源 provenance | 应/宜/可 | 通过 passing | 不通过 failing | 其他 other |",
        "|---|---|---|---|---|---|",
      ]
      lines += rows.map { row in
        let requirement = row.requirement
        return
          "| \(requirement.id) `\(requirement.key)` \(requirement.title.zh) \(requirement.title.en) | \(requirement.provenance.rawValue) | \(requirement.modality.rawValue) | \(row.passing.count) | \(row.failing.count) | \(row.others.count) |"
          .replacing("\n", with: " ")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Corpus {
  /// The name of the coverage page, relative to the corpus.
  public static let coveragePage = "COVERAGE.md"

  /// Writes the coverage page.
  ///
  /// - Returns: whether it had to be changed.
  public func writeCoverage(_ catalogue: Catalogue) throws -> Bool {
    let page = Array(Coverage(self, catalogue).markdown.utf8)
    let path = "\(directory)/\(Self.coveragePage)"
    guard Disk.bytes(path) != page else { return false }
    try Disk.write(.file(page, size: nil), to: path)
    return true
  }
}
