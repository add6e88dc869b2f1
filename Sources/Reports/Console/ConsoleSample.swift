import Profile
import Storage

extension ConsolePage {
  /// How many of the further places of a finding are listed one by one.
  private static var placesListed: Int { 3 }

  /// Adds everything about a sample: what failed first, and in full.
  mutating func sample(_ sample: SampleReport) {
    line((sample.verdict.word[options.language], sample.verdict.style), ("  \(sample.path)", .strong))
    line(indent: 2, (facts(sample).joined(separator: " · "), .faint))
    skip()
    if let figures = sample.comparison { comparison(figures) }
    let byVerdict = Dictionary(grouping: sample.results, by: \.verdict)
    section(say("不通过", "Failed"), .bad, byVerdict[.fail] ?? []) { $0.inFull($1, "✗", .bad) }
    section(say("错误", "Errors"), .bad, byVerdict[.error] ?? []) { $0.inFull($1, "‼", .bad) }
    inconclusive(byVerdict[.inconclusive] ?? [])
    section(say("警告", "Warnings"), .doubtful, byVerdict[.warn] ?? []) { $0.inShort($1, "!", .doubtful) }
    section(say("已豁免", "Waived"), .mild, byVerdict[.waived] ?? []) { $0.inShort($1, "~", .mild) }
    let remarks = (byVerdict[.pass] ?? []).filter { !$0.findings.isEmpty }
    section(say("提示", "Remarks"), .strong, remarks) { $0.inShort($1, "·", .plain) }
    line((tally(sample.count, of: Verdict.summaryOrder), .plain))
    skip()
  }

  private func facts(_ sample: SampleReport) -> [String] {
    var facts = [sample.format ?? say("未能识别的格式", "unrecognised format")]
    facts.append(Figures.size(sample.bytes))
    facts.append(
      say("\(sample.files.count) 个文件", sample.files.count == 1 ? "1 file" : "\(sample.files.count) files"))
    if let parameters = sample.parameters {
      facts.append(
        say("\(Figures.count(parameters)) 个参数", "\(Figures.count(parameters)) parameters"))
    }
    return facts
  }

  private mutating func section(
    _ title: String, _ style: Style, _ results: [RequirementResult],
    _ body: (inout ConsolePage, RequirementResult) -> Void
  ) {
    guard !results.isEmpty else { return }
    line(("\(title)\(say("（\(results.count) 项）", " (\(results.count))"))", style))
    for result in results { body(&self, result) }
    skip()
  }

  /// A result with each finding, its places and its fix.
  private mutating func inFull(_ result: RequirementResult, _ mark: String, _ style: Style) {
    let requirement = result.requirement
    line(
      indent: 2, ("\(mark) \(requirement.id)", style), (" \(requirement.key)", .strong),
      (" · \(requirement.clause) · \(requirement.modality.word[options.language])", .faint))
    paragraph(requirement.title[options.language], indent: 4, .faint)
    if let reason = result.statedReason { paragraph(reason[options.language], indent: 4) }
    // What the system refused is the stated reason; the requirement's own message would say what nobody knows.
    for finding in result.findings where finding.kind != .remark && finding.kind != .system {
      paragraph(finding.occurrences.first.place.description, indent: 4, .link)
      paragraph(requirement.message(of: finding)[options.language], indent: 4)
      paragraph(requirement.fix(of: finding)[options.language], indent: 4, mark: "→ ", .good)
      others(finding.occurrences, requirement)
    }
  }

  /// The places after the first: a few with their own message, and how many there are.
  private mutating func others(_ occurrences: Occurrences, _ requirement: Requirement) {
    guard occurrences.count > 1 else { return }
    let listed = occurrences.others.prefix(Self.placesListed)
    for other in listed {
      paragraph(other.place.description, indent: 6, mark: "+ ", .link)
      paragraph(requirement.message(at: other)[options.language], indent: 8)
    }
    let rest = occurrences.count - 1 - UInt64(listed.count)
    guard rest > 0, let last = occurrences.last else { return }
    paragraph(
      say(
        "另有 \(Figures.count(rest)) 处，最后一处：\(last.place.description)",
        "and \(Figures.count(rest)) more, the last at \(last.place.description)"), indent: 6, mark: "+ ",
      .faint)
  }

  /// A result in a line and its first message.
  private mutating func inShort(_ result: RequirementResult, _ mark: String, _ style: Style) {
    let requirement = result.requirement
    line(
      indent: 2, ("\(mark) \(requirement.id)", style), (" \(requirement.key)", .plain),
      (" · \(requirement.clause) · \(requirement.modality.word[options.language])", .faint))
    if let reason = result.statedReason { paragraph(reason[options.language], indent: 4) }
    for finding in result.findings {
      let count = finding.occurrences.count
      let times = count > 1 ? say("（共 \(Figures.count(count)) 处）", " (\(Figures.count(count)) places)") : ""
      paragraph(requirement.message(of: finding)[options.language] + times, indent: 4)
    }
  }

  /// What could not be judged: by its own findings, or folded where many have the same reason.
  private mutating func inconclusive(_ results: [RequirementResult]) {
    guard !results.isEmpty else { return }
    line((say("无法判定（\(results.count) 项）", "Inconclusive (\(results.count))"), .doubtful))
    var folded: [(reason: String, ids: [String])] = []
    for result in results {
      guard let reason = result.reason?[options.language], result.findings.isEmpty else {
        inShort(result, "?", .doubtful)
        continue
      }
      if let index = folded.firstIndex(where: { $0.reason == reason }) {
        folded[index].ids.append(result.requirement.id)
      } else {
        folded.append((reason, [result.requirement.id]))
      }
    }
    for (reason, ids) in folded {
      paragraph(ids.joined(separator: say("、", ", ")), indent: 2, mark: "? ", .doubtful)
      paragraph(reason, indent: 4)
    }
    skip()
  }
}
