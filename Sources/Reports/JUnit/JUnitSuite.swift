import Profile

/// The results of one sample under one clause.
struct JUnitSuite {
  /// The sample's name: the last component of its path, made safe and unique.
  let package: String
  /// The clause.
  let clause: String
  /// The sample.
  let sample: SampleReport
  /// The cases, in the order of the requirements' ids.
  let cases: [JUnitCase]

  /// The name of the suite, and the class name of its cases.
  var name: String { "\(package).\(clause)" }

  /// How many cases have that outcome.
  func count(_ outcome: JUnitCase.Outcome) -> Int {
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
      Dictionary(grouping: sample.results, by: \.requirement.clause)
        .sorted { precedes($0.key, $1.key) }
        .map { clause, results in
          JUnitSuite(
            package: name, clause: clause, sample: sample, cases: results.map { JUnitCase($0, sample) })
        }
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

  /// Clauses in the order of the standard: 6.2 before 6.10, the annex last.
  static func precedes(_ left: String, _ right: String) -> Bool {
    let left = left.split(separator: ".")
    let right = right.split(separator: ".")
    for (one, other) in zip(left, right) where one != other {
      switch (Int(one), Int(other)) {
      case (let one?, let other?): return one < other
      case (nil, nil): return one < other
      case (let number, _): return number != nil
      }
    }
    return left.count < right.count
  }
}
