import Profile

/// The cases of one sample, or of one implementation, under one clause.
struct JUnitSuite: Sendable {
  /// The sample's name: the last component of its path, made safe and unique.
  let package: String
  /// The clause.
  let clause: String
  /// The path of what was judged.
  let file: String
  /// What the suite says of it, beside what is said of the run.
  let properties: JUnitProperties
  /// The cases, in their order.
  let cases: [any JUnitCase]

  /// The name of the suite, and the class name of its cases.
  var name: String { "\(package).\(clause)" }

  /// How many cases have that outcome.
  func count(_ outcome: JUnitOutcome) -> Int {
    cases.count { $0.outcome == outcome }
  }

  /// What passing cases have to say: warnings and remarks.
  func output(_ limit: Int) -> String {
    cases.compactMap { testCase in
      testCase.output(limit).map { "\(testCase.name)\n\($0)" }
    }.joined(separator: "\n")
  }

  /// The suites of a run: samples in their order, clauses in the order of the standard.
  static func suites(of report: RunReport) -> [JUnitSuite] {
    let names = uniqueNames(report.samples.map(\.path))
    return zip(names, report.samples).flatMap { name, sample in
      var properties = JUnitProperties()
      properties.add("sample.path", sample.path)
      properties.add("sample.format", sample.format ?? "")
      properties.add("sample.bytes", String(sample.bytes))
      properties.add("sample.verdict", sample.verdict.rawValue)
      return Dictionary(grouping: sample.results, by: \.requirement.clause)
        .sorted { ClauseOrder.precedes($0.key, $1.key) }
        .map { clause, results in
          JUnitSuite(
            package: name, clause: clause, file: sample.path, properties: properties,
            cases: results.map { JUnitRequirementCase($0, sample) })
        }
    }
  }

  /// The suites of a campaign, in the order of the standard.
  static func suites(of report: CampaignReport) -> [JUnitSuite] {
    let name = safeName(report.implementation)
    return Dictionary(grouping: report.cases, by: \.clause)
      .sorted { ClauseOrder.precedes($0.key, $1.key) }
      .map { clause, cases in
        JUnitSuite(
          package: name, clause: clause, file: report.implementation, properties: JUnitProperties(),
          cases: cases.map(JUnitVectorCase.init))
      }
  }

  /// Names for samples: the last component of each path, made safe, with a number where two would be equal.
  static func uniqueNames(_ paths: [String]) -> [String] {
    var taken: Set<String> = []
    return paths.map { path in
      let base = safeName(path)
      var name = base
      var number = 2
      while !taken.insert(name).inserted {
        name = "\(base)-\(number)"
        number += 1
      }
      return name
    }
  }

  /// The last component of a path with letters, digits, hyphens, underscores and inner dots; the rest becomes underscores.
  static func safeName(_ path: String) -> String {
    let last = path.split(separator: "/").last ?? ""
    var name = String(last.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "_" })
    while name.hasPrefix(".") { name.removeFirst() }
    while name.hasSuffix(".") { name.removeLast() }
    return name.isEmpty ? "sample" : name
  }
}
