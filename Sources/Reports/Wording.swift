import Profile
import Storage

extension Verdict {
  /// The order of the summary in reports.
  static let summaryOrder: [Verdict] = [.pass, .fail, .warn, .inconclusive, .notApplicable, .error, .waived]

  /// The verdict as people read it after a count.
  func word(for count: Int) -> Text {
    switch self {
    case .pass: Text(zh: "通过", en: "passed")
    case .fail: Text(zh: "不通过", en: "failed")
    case .warn: Text(zh: "警告", en: count == 1 ? "warning" : "warnings")
    case .inconclusive: Text(zh: "无法判定", en: "inconclusive")
    case .notApplicable: Text(zh: "不适用", en: "not applicable")
    case .error: Text(zh: "错误", en: count == 1 ? "error" : "errors")
    case .waived: Text(zh: "已豁免", en: "waived")
    }
  }
}

extension OverallVerdict {
  /// The verdict as people read it.
  var word: Text {
    switch self {
    case .pass: Text(zh: "通过", en: "PASS")
    case .inconclusive: Text(zh: "无法判定", en: "INCONCLUSIVE")
    case .fail: Text(zh: "不通过", en: "FAIL")
    case .error: Text(zh: "错误", en: "ERROR")
    }
  }
}

extension Requirement.Modality {
  /// How binding it is, in the words of GB/T 1.1.
  var word: Text {
    switch self {
    case .shall: Text(zh: "应", en: "shall")
    case .should: Text(zh: "宜", en: "should")
    case .may: Text(zh: "可", en: "may")
    }
  }
}

extension Requirement.Provenance {
  /// Where a requirement comes from, in a few words.
  var word: Text {
    switch self {
    case .text: Text(zh: "公开文本", en: "published text")
    case .part1: Text(zh: "第 1 部分公开目次", en: "public contents of Part 1")
    case .profile: Text(zh: "本规程", en: "this profile")
    }
  }
}

extension Requirement.Level {
  var word: Text {
    switch self {
    case .syntax: Text(zh: "语法", en: "syntax")
    case .semantics: Text(zh: "语义", en: "semantics")
    case .accuracy: Text(zh: "精度", en: "accuracy")
    }
  }
}

extension Finding.Kind {
  /// What kind of finding it is, in a word.
  var word: Text {
    switch self {
    case .malformed: Text(zh: "格式错误", en: "malformed")
    case .unsafe: Text(zh: "不安全", en: "unsafe")
    case .unsupported: Text(zh: "暂不支持", en: "unsupported")
    case .violation: Text(zh: "违反要求", en: "violation")
    case .remark: Text(zh: "提示", en: "remark")
    case .system: Text(zh: "系统错误", en: "system error")
    }
  }
}

extension Catalogue {
  /// How many requirements there are of each provenance: what a verdict rests on.
  var provenanceStatement: Text {
    func counts(_ language: Language) -> [String] {
      Requirement.Provenance.allCases.map { provenance in
        language == .zh
          ? "\(provenance.word.zh) \(count(provenance)) 项" : "\(provenance.word.en): \(count(provenance))"
      }
    }
    return Text(
      zh: "要求共 \(requirements.count) 项，其来源：" + counts(.zh).joined(separator: "、"),
      en: "\(requirements.count) requirements by source — " + counts(.en).joined(separator: ", "))
  }
}

extension RequirementResult {
  /// Why there is no plain verdict: the stated reason, or what the system refused.
  var statedReason: Text? {
    if let reason { return reason }
    guard let refusal = findings.first(where: { $0.kind == .system }) else { return nil }
    let place = refusal.occurrences.first.place.description
    let detail = refusal.occurrences.first.actual
    return Text(
      zh: "系统未能提供数据：\(place)" + (detail.map { "（\($0)）" } ?? ""),
      en: "the system did not give the data: \(place)" + (detail.map { " (\($0))" } ?? ""))
  }
}

extension Place {
  /// The place in one line: file, byte offset, path in the model.
  var description: String {
    var parts: [String] = []
    if !file.isEmpty || offset != nil { parts.append(file.isEmpty ? "." : file) }
    if let offset { parts[0] += "@\(offset)" }
    if let path, !path.isEmpty { parts.append(path) }
    return parts.isEmpty ? "." : parts.joined(separator: " ")
  }
}
