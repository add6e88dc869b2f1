public import Profile

/// The page that is committed with the corpus (`vectors/COVERAGE.md`).
public enum CoveragePage {
  /// The page in Markdown.
  public static func markdown(_ report: CoverageReport) -> String {
    var lines = [
      "# 语料库覆盖情况 Coverage of the corpus", "",
      "由 `gbt42382 vectors generate` 生成。Written by `gbt42382 vectors generate`; CI keeps it true.", "",
      "| 类别 class | 向量 vectors |", "|---|---|",
    ]
    lines += report.kinds.map { "| \($0.name) | \($0.count) |" }
    lines.append("| 合计 all | \(report.vectorCount) |")
    for (clause, rows) in report.clauses {
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
