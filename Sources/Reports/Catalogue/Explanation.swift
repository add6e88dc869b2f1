public import Profile

/// What `explain ID` says of a requirement: what it asks and why, where it comes from, examples and the fix; offline.
public enum Explanation {
  /// Writes the explanation of a requirement of a catalogue.
  public static func write<Sink: ByteSink>(
    _ requirement: Requirement, of catalogue: Catalogue, _ options: ConsoleOptions, to sink: inout Sink
  ) throws {
    var page = ConsolePage(options)
    let language = options.language
    page.line((requirement.id, .strong), (" \(requirement.key)", .strong))
    page.paragraph(requirement.title[language], indent: 0)
    page.skip()
    page.facts(requirement)
    page.part("为何有此要求", "Why it is asked", requirement.rationale[language])
    page.part("不满足时的消息", "What a finding says", requirement.message[language])
    page.part("如何修正", "How to mend it", requirement.fix[language])
    page.values(requirement)
    page.example("最小正例", "Smallest example that meets it", requirement.example.passing, .good)
    page.example("最小反例", "Smallest example that does not", requirement.example.failing, .bad)
    for id in requirement.interpretations {
      if let interpretation = catalogue.interpretation(id) { page.interpretation(interpretation) }
    }
    page.skip()
    page.paragraph(catalogue.statement[language], indent: 0, .faint)
    try sink.append(page.take())
  }
}

extension ConsolePage {
  fileprivate mutating func facts(_ requirement: Requirement) {
    let language = options.language
    fact("条款", "Clause", requirement.clause)
    let modality = requirement.modality
    fact("程度", "Modality", language == .zh ? "\(modality.word.zh)（\(modality.rawValue)）" : modality.word.en)
    fact("来源", "Source", requirement.provenance.explanation[language])
    fact("层次", "Level", requirement.level.word[language])
    fact("读取", "Reads", requirement.reads.word[language])
    fact("范围", "Scope", requirement.scope.word[language])
    if requirement.conditions.isEmpty {
      fact("适用", "Applies", say("任何样本", "to every sample"))
    } else {
      // A condition's text says why a requirement does not apply; that is what a report prints too.
      let reasons = requirement.conditions.map { $0.reason[language] }.joined(separator: say("；", "; "))
      fact("不适用", "N/A where", reasons)
    }
  }

  private mutating func fact(_ zh: String, _ en: String, _ value: String) {
    let label = DisplayWidth.padded(say(zh, en), to: options.language == .zh ? 8 : 10)
    paragraph(value, indent: 2, mark: label)
  }

  fileprivate mutating func part(_ zh: String, _ en: String, _ text: String) {
    skip()
    line((say(zh, en), .strong))
    for line in text.split(separator: "\n") { paragraph(String(line), indent: 2) }
  }

  fileprivate mutating func values(_ requirement: Requirement) {
    guard !requirement.values.isEmpty else { return }
    skip()
    line((say("可由叠加文件修改的取值", "Values that an overlay may change"), .strong))
    for value in requirement.values {
      let content =
        switch value.content {
        case .number(let number): Figures.number(number)
        case .texts(let texts): texts.joined(separator: say("、", ", "))
        }
      paragraph("\(value.name) = \(content)", indent: 2)
      paragraph(value.reason[options.language], indent: 4, .faint)
    }
  }

  fileprivate mutating func example(_ zh: String, _ en: String, _ content: String, _ style: Style) {
    skip()
    line((say(zh, en), style))
    block(content, indent: 2)
  }

  fileprivate mutating func interpretation(_ interpretation: Interpretation) {
    let language = options.language
    let status =
      interpretation.status == .settled ? say("已定", "settled") : say("有争议", "disputed")
    skip()
    line((say("解释", "Interpretation"), .strong), (" \(interpretation.id) · \(status)", .faint))
    paragraph(interpretation.question[language], indent: 2)
    for (index, option) in interpretation.options.enumerated() {
      let isChosen = index + 1 == interpretation.chosen
      paragraph(
        option[language], indent: 2, mark: isChosen ? "▸ \(index + 1) " : "  \(index + 1) ",
        isChosen ? .strong : .faint)
    }
    paragraph(interpretation.reason[language], indent: 2)
  }
}

extension Figures {
  /// A number of the catalogue, without a fraction where it has none.
  static func number(_ value: Double) -> String {
    Int64(exactly: value).map(String.init) ?? value.description
  }
}

extension Requirement.Provenance {
  /// Where a requirement comes from, in a sentence.
  var explanation: Text {
    switch self {
    case .text:
      Text(
        zh: "GB/T 42382.2—2026 公开的前言、引言和第 1~3 章", en: "the published front matter of GB/T 42382.2—2026")
    case .part1:
      Text(
        zh: "IEEE 2941-2021 公开目次所示的结构（未使用第 1 部分正文）",
        en: "the structure in the public contents of IEEE 2941-2021 (the body of Part 1 was not used)")
    case .profile:
      Text(zh: "本项目技术规程自行选定", en: "this project's own choice")
    }
  }
}

extension Requirement.Depth {
  /// How deep the weights are read, in words.
  var word: Text {
    switch self {
    case .structure: Text(zh: "仅结构，不读权重", en: "the structure, no weights")
    case .digests: Text(zh: "权重的摘要", en: "digests of the weights")
    case .values: Text(zh: "权重的数值", en: "values of the weights")
    }
  }
}

extension Requirement.Scope {
  /// What has to be read before anything can be said, in words.
  var word: Text {
    switch self {
    case .each: Text(zh: "逐项判定，已读出的部分即可判定", en: "each thing that was read is judged alone")
    case .whole: Text(zh: "整体判定，须完整读出后方可判定", en: "the whole, once it was read completely")
    }
  }
}
