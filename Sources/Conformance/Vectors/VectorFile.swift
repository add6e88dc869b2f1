import Configuration
import Formats
import Profile

/// Reads `vector.yaml`.
enum VectorFile {
  /// The keys of a vector, in the order in which they are written.
  static let required = [
    "id", "purpose", "class", "requirements", "base", "mutation", "flags", "findings",
  ]
  static let optional = ["format", "stored", "decoded", "overlay", "options", "reports"]

  /// The vector in a file; nil where the file is faulty, with the complaints in `faults`.
  static func read(_ text: String, clause: String, _ faults: YAMLFaults) -> Vector? {
    guard let node = YAMLNode(document: text, faults),
      let fields = node.fields(required: required, optional: optional)
    else { return nil }
    node.askForOrder(required + optional)
    let id = fields["id"]?.text()
    let purpose = fields["purpose"]?.bilingual()
    let kind = fields["class"]?.choice(Vector.Kind.self)
    let requirements = fields["requirements"]?.expectations()
    let mutation = fields["mutation"]?.items()?.compactMap(EditReader.read)
    let findings = fields["findings"]?.items()?.compactMap(finding)
    let base = fields["base"]?.text()
    let flags = fields["flags"]?.texts()
    let format = fields["format"]?.choice(Format.self)
    let overlay = fields["overlay"]?.overlay()
    let isStored = fields["stored"]?.flag()
    let isDecoded = fields["decoded"]?.flag()
    let options = fields["options"]?.options()
    let reports = fields["reports"]?.texts()
    guard faults.list.isEmpty, let id, let purpose, let kind, let requirements, let mutation, let findings,
      let base, let flags
    else { return nil }
    return Vector(
      id: id, clause: clause, purpose: purpose, kind: kind, requirements: requirements, base: base,
      mutation: mutation, flags: flags, findings: findings, format: format, isStored: isStored ?? true,
      isDecoded: isDecoded ?? false, overlay: overlay, options: options ?? VectorOptions(),
      reports: reports ?? [])
  }

  /// An expected finding; also that of a base (`bases.yaml`).
  static func finding(_ node: YAMLNode) -> ExpectedFinding? {
    let optional = ["file", "path", "offset", "count", "expected", "actual"]
    guard let fields = node.fields(required: ["requirement", "kind"], optional: optional) else { return nil }
    node.askForOrder(["requirement", "kind"] + optional)
    let kind = fields["kind"]?.choice(Finding.Kind.self)
    let requirement = fields["requirement"]?.text()
    guard let requirement, let kind else { return nil }
    return ExpectedFinding(
      requirement: requirement, kind: kind, file: fields["file"]?.anyText() ?? "",
      path: fields["path"]?.anyText(), offset: fields["offset"]?.count(),
      count: fields["count"]?.count() ?? 1, expected: fields["expected"]?.anyText(),
      actual: fields["actual"]?.anyText())
  }
}

extension YAMLNode {
  /// Complains where keys do not stand in their canonical order.
  func askForOrder(_ keys: [String]) {
    guard case .mapping(let pairs)? = value() else { return }
    let places = pairs.compactMap { keys.firstIndex(of: $0.key) }
    if places != places.sorted() {
      complain(
        zh: "键的次序应为 \(keys.joined(separator: "、"))",
        en: "the keys stand in this order: \(keys.joined(separator: ", "))")
    }
  }

  /// A text that may be empty.
  func anyText() -> String? {
    guard case .text(let text)? = value() else {
      complain(zh: "应为文本（形如数值的须加引号）", en: "must be a text; quote what looks like a number")
      return nil
    }
    return text
  }

  func flag() -> Bool? {
    guard case .boolean(let flag)? = value() else {
      complain(zh: "应为 true 或 false", en: "must be true or false")
      return nil
    }
    return flag
  }

  func count() -> UInt64? {
    guard case .number(let text)? = value(), let count = UInt64(text) else {
      complain(zh: "应为非负整数", en: "must be an integer that is not negative")
      return nil
    }
    return count
  }

  fileprivate func expectations() -> [Vector.Expectation]? {
    guard case .mapping(let pairs)? = value(), !pairs.isEmpty else {
      complain(zh: "应为要求编号到结论的映射", en: "must map requirement ids to verdicts")
      return nil
    }
    return pairs.compactMap { pair in
      guard case .text(let text) = pair.value, let verdict = Verdict(rawValue: text) else {
        complain(zh: "\(pair.key) 的结论未知", en: "the verdict on \(pair.key) is not known")
        return nil
      }
      return Vector.Expectation(requirement: pair.key, verdict: verdict)
    }
  }

  /// `{trust: institute.yaml, require-signature: true, key: test-rsa.pem, detached: NAME.sig, at: "2026-10-01"}`
  fileprivate func options() -> VectorOptions? {
    let keys = ["trust", "require-signature", "key", "detached", "original", "adapter", "policy", "at"]
    guard let fields = fields(required: [], optional: keys) else { return nil }
    askForOrder(keys)
    var options = VectorOptions()
    options.trust = fields["trust"]?.text()
    options.requiresSignature = fields["require-signature"]?.flag() ?? false
    options.key = fields["key"]?.text()
    options.detached = fields["detached"]?.text()
    options.original = fields["original"]?.text()
    options.adapter = fields["adapter"]?.text()
    options.policy = fields["policy"]?.text()
    options.at = fields["at"]?.text() ?? VectorOptions.day
    return options
  }

  /// `{P6.1-078: {known: [com.example.x]}}`
  fileprivate func overlay() -> Overlay? {
    guard case .mapping(let changes)? = value() else {
      complain(zh: "应为要求编号到取值的映射", en: "must map requirement ids to values")
      return nil
    }
    var overlay = Overlay(name: "vector", changes: [])
    for change in changes {
      guard case .mapping(let pairs) = change.value else { continue }
      var values: [Overlay.Value] = []
      for pair in pairs {
        switch pair.value {
        case .number(let text):
          values += Double(text).map { [.init(name: pair.key, content: .number($0))] } ?? []
        case .list(let items):
          let texts = items.compactMap { item -> String? in
            if case .text(let text) = item { text } else { nil }
          }
          values.append(.init(name: pair.key, content: .texts(texts)))
        default: complain(zh: "\(pair.key) 应为数或文本列表", en: "\(pair.key) must be a number or a list of texts")
        }
      }
      overlay.changes.append(Overlay.Change(requirement: change.key, values: values))
    }
    return overlay
  }
}
