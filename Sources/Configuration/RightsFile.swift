public import Packaging

/// Reads the rights of a package from the YAML that their issuer wrote (profile clause 8.2, section 9;
/// `conformance/schema/rights.schema.json`).
public enum RightsFile {
  /// The rights in a text.
  ///
  /// - Parameter file: its name, for complaints.
  /// - Throws: everything that is wrong with it, each with its line.
  public static func read(_ text: String, file: String) throws(RightsFileError) -> RightsPayload {
    let faults = YAMLFaults(file: file)
    let rights = YAMLNode(document: text, faults).flatMap(read)
    guard faults.list.isEmpty, let rights else { throw RightsFileError(faults: faults.list) }
    return rights
  }

  private static func read(_ node: YAMLNode) -> RightsPayload? {
    guard let fields = node.fields(required: ["issuer", "grants"], optional: ["terms"]) else { return nil }
    let issuer = fields["issuer"]?.text()
    let terms = fields["terms"].map { $0.text() } ?? ""
    guard let items = fields["grants"]?.items() else { return nil }
    if items.isEmpty || items.count > Int(UInt16.max) {
      fields["grants"]?.complain(zh: "应有 1 至 65535 项", en: "must have 1 to 65535 items")
    }
    var grants: [RightsPayload.Grant] = []
    for item in items {
      guard let grant = readGrant(item) else { continue }
      if grants.contains(where: { $0.subject.utf8.elementsEqual(grant.subject.utf8) }) {
        item.complain(zh: "重复的对象 \(grant.subject)", en: "the subject \(grant.subject) is given twice")
      }
      grants.append(grant)
    }
    guard let issuer, let terms else { return nil }
    return RightsPayload(issuer: issuer, grants: grants, terms: terms)
  }

  private static func readGrant(_ node: YAMLNode) -> RightsPayload.Grant? {
    guard let fields = node.fields(required: ["subject", "actions"], optional: ["from", "until"]) else {
      return nil
    }
    let subject = fields["subject"]?.text()
    let actions = fields["actions"].flatMap(readActions)
    let from = fields["from"].map(readDay) ?? 0
    let until = fields["until"].map(readDay) ?? 0
    guard let subject, let actions, let from, let until else { return nil }
    if until > 0, from > until { node.complain(zh: "from 晚于 until", en: "from is after until") }
    return RightsPayload.Grant(subject: subject, actions: actions, from: from, until: until)
  }

  private static func readActions(_ node: YAMLNode) -> RightsPayload.Actions? {
    guard let names = node.texts() else { return nil }
    if names.isEmpty { node.complain(zh: "不得为空", en: "must not be empty") }
    var actions: RightsPayload.Actions = []
    for name in names {
      if let known = RightsPayload.Actions.named.first(where: { $0.name == name }) {
        actions.insert(known.action)
      } else {
        let known = RightsPayload.Actions.named.map(\.name).joined(separator: ", ")
        node.complain(zh: "未知的行为 \(name)；可用：\(known)", en: "unknown action \(name); known: \(known)")
      }
    }
    return actions
  }

  private static func readDay(_ node: YAMLNode) -> UInt32? {
    guard let text = node.text() else { return nil }
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == [4, 2, 2], let year = Int(parts[0]), let month = Int(parts[1]),
      let day = Int(parts[2]), let date = CalendarDay(year: year, month: month, day: day)
    else {
      node.complain(zh: "应为日期 \"YYYY-MM-DD\"", en: "must be a date \"YYYY-MM-DD\"")
      return nil
    }
    return date.number
  }
}

/// What is wrong with a file of rights, all of it.
public struct RightsFileError: Error, Sendable, Hashable {
  /// The complaints, in the order of the file.
  public let faults: [YAMLFault]
}
