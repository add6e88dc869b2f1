import Packaging
import Profile
import Reports
import Storage

/// What `inspect` shows of a package: its units, and who speaks in it. Nothing of the files is read.
struct PackageInspection {
  private static let shown = 40
  let tree: PackageTree
  let path: String
  let bytes: UInt64
  let rights: RightsPayload?

  /// Opens a package from its end.
  init(_ source: any ByteSource, path: String) throws(Fault) {
    tree = try PackageTree(source)
    rights = try tree.rights()?.payload
    self.path = path
    bytes = source.size
  }

  /// What the page says, for programs.
  var report: PackageReport {
    var report = PackageReport(command: "inspect", path: path)
    report.bytes = bytes
    report.take(tree, rights: rights)
    return report
  }

  /// The page.
  ///
  /// - Parameter all: whether every unit is listed.
  func lines(_ language: Language, all: Bool) -> [String] {
    let suite = tree.start.protectionSuite.map { "\($0)" } ?? "—"
    var lines = [
      Text(
        zh: "\(path)：封装 1.\(tree.start.minor)，规程 \(tree.start.profile)，\(bytes) B，加密 \(suite)",
        en:
          "\(path): package 1.\(tree.start.minor), profile \(tree.start.profile), \(bytes) B, encryption \(suite)"
      )
    ]
    let root = tree.contentRoot.description
    lines.append(Text(zh: "内容根 \(root)", en: "content root \(root)"))
    for recipient in tree.start.recipients {
      let key = Hexadecimal.text(of: recipient.keyIdentifier)
      lines.append(Text(zh: "接收者 \(key)", en: "recipient \(key)"))
    }
    for signature in tree.signatures {
      let key = "\(signature.signer?.algorithm.name ?? "?") \(signature.unit.name)"
      lines.append(Text(zh: "签名 \(key)", en: "signature \(key)"))
    }
    lines += PackageFacts.lines(nil, rights, hasPolicy: false)
    lines.append(Text(zh: "单元 \(tree.entries.count) 个：", en: "\(tree.entries.count) units:"))
    let entries = all ? tree.entries[...] : tree.entries.prefix(PackageInspection.shown)
    lines += entries.enumerated().map { line($0, $1) }
    if entries.count < tree.entries.count {
      lines.append(
        Text(
          zh: "  … 另有 \(tree.entries.count - entries.count) 个（--all 列出全部）",
          en: "  … \(tree.entries.count - entries.count) more (--all lists them)"))
    }
    return lines.map { VisibleText.forTerminal($0[language]) }
  }

  private func line(_ number: Int, _ entry: IndexEntry) -> Text {
    let flags = entry.flags.names.joined(separator: ",")
    let name = String(decoding: entry.identifier, as: UTF8.self)
    let text = "  \(number)  \(entry.type.name)  @\(entry.offset)  \(entry.length) B  [\(flags)]  \(name)"
    return Text(zh: text, en: text)
  }
}
