import Configuration
import Profile
import Representation

/// Reads one requirement from YAML, with every rule that it has to keep by itself.
enum RequirementReader {
  static let keys = [
    "id", "key", "clause", "modality", "provenance", "level", "reads", "scope", "aspects", "conditions",
    "values", "title", "message", "fix", "rationale", "example", "interpretations",
  ]

  /// The requirement, or nil where complaints were made that leave none.
  static func read(_ node: YAMLNode) -> Requirement? {
    guard let fields = node.fields(required: keys) else { return nil }
    let id = fields["id"].flatMap(identifier)
    let key = fields["key"].flatMap(kebab)
    let clause = fields["clause"].flatMap(clause)
    let modality = fields["modality"]?.choice(Requirement.Modality.self)
    let provenance = fields["provenance"]?.choice(Requirement.Provenance.self)
    let level = fields["level"]?.choice(Requirement.Level.self)
    let reads = fields["reads"]?.choice(Requirement.Depth.self)
    let scope = fields["scope"]?.choice(Requirement.Scope.self)
    let aspects = fields["aspects"]?.choices(Aspect.self)
    let conditions = fields["conditions"]?.choices(Condition.self)
    let values = fields["values"].flatMap(values)
    let title = fields["title"].flatMap(text)
    let message = fields["message"].flatMap(template)
    let fix = fields["fix"].flatMap(template)
    let rationale = fields["rationale"].flatMap(text)
    let example = fields["example"].flatMap(example)
    let interpretations = fields["interpretations"]?.texts()

    if let id, let clause, id.hasPrefix("P") {
      let ofId = id.dropFirst().prefix { $0 != "-" }
      if ofId.first?.isNumber == true, clause != ofId, !clause.hasPrefix(ofId + ".") {
        fields["clause"]?.complain(
          zh: "条款 \(clause) 与编号 \(id) 不一致", en: "clause \(clause) does not match the id \(id)")
      }
    }
    guard let id, let key, let clause, let modality, let provenance, let level, let reads, let scope,
      let aspects, let conditions, let values, let title, let message, let fix, let rationale, let example,
      let interpretations
    else { return nil }
    return Requirement(
      id: id, key: key, clause: clause, modality: modality, provenance: provenance, level: level,
      reads: reads, scope: scope, aspects: Set(aspects), conditions: conditions, values: values,
      title: title, message: message, fix: fix, rationale: rationale, example: example,
      interpretations: interpretations)
  }

  /// An id: `P` and a clause, or a container's name in capitals, then a hyphen and three digits.
  static func identifier(_ node: YAMLNode) -> String? {
    guard let text = node.text() else { return nil }
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    if parts.count == 2, parts[1].count == 3, TextRules.isNumber(parts[1]) {
      let group = parts[0]
      let isContainer = !group.isEmpty && group.allSatisfy { $0.isASCII && $0.isUppercase }
      if isContainer || group.first == "P" && TextRules.isClause(String(group.dropFirst())) { return text }
    }
    node.complain(zh: "编号应形如 P6.1-007 或 ONNX-012", en: "an id looks like P6.1-007 or ONNX-012")
    return nil
  }

  private static func kebab(_ node: YAMLNode) -> String? {
    guard let text = node.text() else { return nil }
    guard TextRules.isKebab(text) else {
      node.complain(zh: "应为小写单词，以连字符相连", en: "must be lower-case words joined by hyphens")
      return nil
    }
    return text
  }

  private static func clause(_ node: YAMLNode) -> String? {
    guard let text = node.text() else { return nil }
    guard TextRules.isClause(text) else {
      node.complain(zh: "不是条款号", en: "not a clause number")
      return nil
    }
    return text
  }

  private static func text(_ node: YAMLNode) -> Text? {
    guard let text = node.bilingual() else { return nil }
    TextRules.check(text, at: node)
    return text
  }

  private static func template(_ node: YAMLNode) -> Text? {
    guard let text = node.bilingual() else { return nil }
    TextRules.checkTemplate(text, at: node)
    return text
  }

  private static func example(_ node: YAMLNode) -> Requirement.Example? {
    guard let fields = node.fields(required: ["passing", "failing"]) else { return nil }
    guard let passing = fields["passing"]?.text(), let failing = fields["failing"]?.text() else { return nil }
    if passing == failing {
      node.complain(zh: "正例与反例相同", en: "the passing and the failing example are the same")
    }
    return Requirement.Example(passing: passing, failing: failing)
  }

  private static func values(_ node: YAMLNode) -> [Requirement.Value]? {
    guard let items = node.items() else { return nil }
    var values: [Requirement.Value] = []
    for item in items {
      guard let fields = item.fields(required: ["name", "reason"], optional: ["number", "texts"]) else {
        continue
      }
      let name = fields["name"].flatMap(kebab)
      let reason = fields["reason"].flatMap(text)
      var content: Requirement.Value.Content?
      switch (fields["number"], fields["texts"]) {
      case (let number?, nil): content = number.number().map { .number($0) }
      case (nil, let texts?): content = texts.texts().map { .texts($0) }
      default: item.complain(zh: "number 与 texts 应恰有其一", en: "give either number or texts")
      }
      guard let name, let reason, let content else { continue }
      if values.contains(where: { $0.name == name }) {
        item.complain(zh: "重复的取值名 \(name)", en: "the value \(name) is given twice")
      }
      values.append(Requirement.Value(name: name, content: content, reason: reason))
    }
    return values
  }
}
