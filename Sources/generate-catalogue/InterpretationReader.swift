import Configuration
import Profile

/// Reads one interpretation, and one entry of the tombstone list, from YAML.
enum InterpretationReader {
  static let keys = ["id", "clause", "question", "options", "chosen", "status", "reason", "vectors"]

  /// The interpretation, or nil where complaints were made that leave none.
  static func read(_ node: YAMLNode) -> Interpretation? {
    guard let fields = node.fields(required: keys) else { return nil }
    let id = fields["id"]?.text()
    if let id {
      let parts = id.split(separator: "-", omittingEmptySubsequences: false)
      if parts.count != 2 || parts[0] != "I" || parts[1].count != 3 || !TextRules.isNumber(parts[1]) {
        fields["id"]?.complain(zh: "编号应形如 I-003", en: "an id looks like I-003")
      }
    }
    let clause = fields["clause"]?.text()
    if let clause, !TextRules.isClause(clause) {
      fields["clause"]?.complain(zh: "不是条款号", en: "not a clause number")
    }
    let question = fields["question"].flatMap(text)
    let options = fields["options"]?.items()?.compactMap(text)
    let chosen = fields["chosen"]?.number().flatMap { Int(exactly: $0) }
    let status = fields["status"]?.choice(Interpretation.Status.self)
    let reason = fields["reason"].flatMap(text)
    let vectors = fields["vectors"]?.texts()
    if let options, options.count < 2 {
      fields["options"]?.complain(zh: "至少应有两种读法", en: "there must be at least two readings")
    }
    if let options, !(1...max(1, options.count)).contains(chosen ?? 0) {
      fields["chosen"]?.complain(zh: "应为某一读法的序号", en: "must be the number of an option")
    }
    guard let id, let clause, let question, let options, let chosen, let status, let reason, let vectors
    else { return nil }
    return Interpretation(
      id: id, clause: clause, question: question, options: options, chosen: chosen, status: status,
      reason: reason, vectors: vectors)
  }

  /// The id and the key that an entry of the tombstone list retires.
  static func readTombstone(_ node: YAMLNode) -> (id: String, key: String)? {
    guard let fields = node.fields(required: ["id", "key", "since", "reason"]) else { return nil }
    _ = fields["since"]?.text()
    _ = fields["reason"].flatMap(text)
    guard let id = fields["id"].flatMap(RequirementReader.identifier), let key = fields["key"]?.text() else {
      return nil
    }
    return (id, key)
  }

  private static func text(_ node: YAMLNode) -> Text? {
    guard let text = node.bilingual() else { return nil }
    TextRules.check(text, at: node)
    return text
  }
}
