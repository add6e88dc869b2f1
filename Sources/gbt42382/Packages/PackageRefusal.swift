import Packaging
import Profile
import Reports
import Storage

/// What is said of faults, where a command does not judge by the whole catalogue.
enum PackageRefusal {
  /// A line for each kind of fault: the message of the requirement, where the catalogue has it, else its key and what was seen.
  static func lines(_ faults: FaultLog, path: String) -> [Text] {
    faults.entries.map { entry in
      let occurrence = entry.occurrences.first
      let more = entry.occurrences.count > 1 ? " (×\(entry.occurrences.count))" : ""
      if let requirement = Catalogue.published.requirements.first(where: { $0.key == entry.code }) {
        var shown = occurrence
        if shown.place.file.isEmpty { shown.place.file = path }
        let message = requirement.message(at: shown)
        return Text(
          zh: "\(requirement.id) \(message.zh)\(more)", en: "\(requirement.id) \(message.en)\(more)")
      }
      let file = occurrence.place.file.isEmpty ? path : occurrence.place.file
      let offset = occurrence.place.offset
      let expected = occurrence.expected.map { (zh: "，应为 \($0)", en: ", expected \($0)") }
      let actual = occurrence.actual.map { (zh: "，实际为 \($0)", en: ", found \($0)") }
      return Text(
        zh:
          "\(file)\(offset.map { "，偏移 \($0)" } ?? "")：\(entry.code)\(expected?.zh ?? "")\(actual?.zh ?? "")\(more)",
        en:
          "\(file)\(offset.map { ", offset \($0)" } ?? ""): \(entry.code)\(expected?.en ?? "")\(actual?.en ?? "")\(more)"
      )
    }
  }

  /// Ends a command that faults keep from its goal.
  static func failure(_ faults: FaultLog, path: String) -> CommandFailure {
    let lines = lines(faults, path: path)
    return CommandFailure(
      status(of: faults), zh: lines.map(\.zh).joined(separator: "\n"),
      en: lines.map(\.en).joined(separator: "\n"))
  }

  /// The exit status that faults ask for.
  static func status(of faults: FaultLog) -> ExitStatus {
    if faults.isEmpty { return .success }
    if faults.entries.contains(where: { $0.kind == .system }) { return .inputOutput }
    return faults.entries.allSatisfy { $0.kind == .unsupported } ? .inconclusive : .failed
  }
}

extension CommandFailure {
  /// A fault of packing, unpacking or signing that left nothing.
  init(_ fault: Fault, path: String) {
    var faults = FaultLog()
    faults.log(fault)
    self = PackageRefusal.failure(faults, path: path)
  }
}

/// Prints what is known of signatures and rights.
enum PackageFacts {
  static func lines(_ judgement: TrustJudgement?, _ rights: RightsPayload?, hasPolicy: Bool) -> [Text] {
    var lines: [Text] = []
    for signature in judgement?.signatures ?? [] {
      let key = signature.key.map { "\($0.algorithm.name) \(Hexadecimal.text(of: $0.identifier))" } ?? "?"
      let names = (signature.names + [signature.subject].compactMap(\.self)).joined(separator: ", ")
      let worth = text(of: signature.worth)
      let who = names.isEmpty ? key : "\(key) (\(names))"
      lines.append(Text(zh: "签名 \(who)：\(worth.zh)", en: "signature \(who): \(worth.en)"))
    }
    if let judgement, judgement.signatures.isEmpty { lines.append(Text(zh: "未签名", en: "not signed")) }
    if let rights {
      lines.append(Text(zh: "权利由 \(rights.issuer) 授予", en: "rights granted by \(rights.issuer)"))
      for grant in rights.grants {
        let actions = grant.actions.names.joined(separator: ", ")
        let bounds = [grant.from, grant.until].map { CalendarDay(number: $0)?.description ?? "…" }
        let time = grant.from == 0 && grant.until == 0 ? "" : " \(bounds[0]) – \(bounds[1])"
        lines.append(
          Text(zh: "  \(grant.subject)：\(actions)\(time)", en: "  \(grant.subject): \(actions)\(time)"))
      }
      if !rights.terms.isEmpty {
        lines.append(Text(zh: "  条款：\(rights.terms)", en: "  terms: \(rights.terms)"))
      }
    }
    return lines
  }

  private static func text(of worth: TrustJudgement.Worth) -> Text {
    switch worth {
    case .counts: Text(zh: "有效，可信", en: "verifies, and counts")
    case .unknown:
      Text(zh: "有效，但未给出信任策略，签名人是否可信不得而知", en: "verifies; of unknown worth without a trust policy")
    case .invalid: Text(zh: "无效", en: "does not verify")
    case .notListed: Text(zh: "有效，但策略未列出此密钥", en: "verifies, but the policy does not list the key")
    case .noPath(let path):
      Text(
        zh: "有效，但证书不通向策略所列的机构（\(path)）",
        en: "verifies, but its certificates lead to no authority of the policy (\(path))")
    case .notInForce(let which):
      Text(zh: "证书不在有效期内（\(which)）", en: "its certificates are not in force (\(which))")
    case .algorithmNotAllowed: Text(zh: "算法不为策略所许可", en: "its algorithm is not allowed by the policy")
    }
  }
}
