public import Profile

/// The coverage that a person reads in a terminal, in the outline of the standard.
public enum CoverageConsole {
  /// Writes a coverage.
  ///
  /// - Parameters:
  ///   - namesVectors: whether every vector is named.
  ///   - leavesOutEmpty: whether requirements without vectors are left out.
  /// - Throws: what the sink throws.
  public static func write<Sink: ByteSink>(
    _ report: CoverageReport, _ options: ConsoleOptions, namesVectors: Bool, leavesOutEmpty: Bool,
    to sink: inout Sink
  ) throws {
    var page = ConsolePage(options)
    for (clause, rows) in report.clauses {
      page.line((page.say("第 \(clause) 章条", "Clause \(clause)"), .strong))
      for row in rows {
        let vectors = row.passing + row.failing + row.others
        guard !leavesOutEmpty || !vectors.isEmpty else { continue }
        let requirement = row.requirement
        page.line(
          ("  \(requirement.id)  ", .strong),
          ("+\(row.passing.count) −\(row.failing.count) ·\(row.others.count)", .plain),
          ("  \(requirement.provenance.rawValue)  ", .faint), (requirement.title[options.language], .plain))
        guard namesVectors else { continue }
        for id in vectors.sorted() {
          let sign = row.failing.contains(id) ? "−" : row.passing.contains(id) ? "+" : "·"
          page.line(("    \(sign) ", .faint), (VisibleText.forTerminal(id), .plain))
        }
      }
    }
    let total = report.kinds.map { "\($0.name) \($0.count)" }.joined(separator: " · ")
    page.line(
      (page.say("\(report.vectorCount) 个向量：", "\(report.vectorCount) vectors: ") + total, .plain))
    try sink.append(page.take())
  }
}
