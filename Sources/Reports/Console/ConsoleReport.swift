public import Profile

/// The report that a person reads in a terminal.
public enum ConsoleReport {
  /// Writes a report: the samples one after the other, then the verdict and what it rests on.
  ///
  /// - Throws: what the sink throws.
  public static func write<Sink: ByteSink>(
    _ report: RunReport, _ options: ConsoleOptions, to sink: inout Sink
  ) throws {
    var page = ConsolePage(options)
    for sample in report.samples {
      if options.quiet {
        page.quietLine(sample)
      } else {
        page.sample(sample)
      }
      try sink.append(page.take())
    }
    guard !options.quiet else { return }
    page.conclusion(report)
    try sink.append(page.take())
  }
}

extension ConsolePage {
  fileprivate mutating func quietLine(_ sample: SampleReport) {
    let counts = tally(sample.count, of: Verdict.summaryOrder.filter { $0 != .pass && $0 != .notApplicable })
    line(
      (sample.verdict.word[options.language], sample.verdict.style), ("  \(sample.path)", .plain),
      (counts.isEmpty ? "" : "  \(counts)", .faint))
  }

  fileprivate mutating func conclusion(_ report: RunReport) {
    let verdict = report.verdict
    if report.samples.count > 1 {
      let counts = [OverallVerdict.pass, .fail, .inconclusive, .error].compactMap { verdict -> String? in
        let count = report.samples.count { $0.verdict == verdict }
        return count == 0 ? nil : "\(verdict.word[options.language]) \(count)"
      }
      line(
        (say("共 \(report.samples.count) 个样本：", "\(report.samples.count) samples: "), .plain),
        (counts.joined(separator: " · "), .plain))
    }
    line((say("结论：", "Verdict: "), .strong), (verdict.word[options.language], verdict.style))
    paragraph(report.catalogue.statement[options.language], indent: 0, .faint)
    paragraph(report.catalogue.provenanceStatement[options.language], indent: 0, .faint)
    if let overlay = report.catalogue.overlay {
      paragraph(
        say("要求目录经叠加文件修改：\(overlay)", "the catalogue was changed by the overlay: \(overlay)"),
        indent: 0, .mild)
    }
    if let at = report.at {
      paragraph(say("判定日期：\(at)", "judged as of \(at)"), indent: 0, .faint)
    }
    paragraph("\(report.tool.name) \(report.tool.version)", indent: 0, .faint)
  }

  /// The counts that are not zero, in words.
  func tally(_ count: (Verdict) -> Int, of verdicts: [Verdict]) -> String {
    verdicts.compactMap { verdict in
      let number = count(verdict)
      guard number > 0 else { return nil }
      let word = verdict.word(for: number)
      return options.language == .zh ? "\(word.zh) \(number)" : "\(number) \(word.en)"
    }.joined(separator: " · ")
  }
}

extension OverallVerdict {
  /// How the verdict looks.
  var style: ConsolePage.Style {
    switch self {
    case .pass: .good
    case .fail, .error: .bad
    case .inconclusive: .doubtful
    }
  }
}
