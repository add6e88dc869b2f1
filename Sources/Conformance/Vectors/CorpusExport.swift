import Configuration
import Formats
public import Profile
import Storage

/// Gives the corpus to others: plain files, and one index in JSON.
public struct CorpusExport: Sendable {
  /// The folder of keys and policies.
  private static let testOnly = "test-only"

  private let corpus: Corpus
  private let catalogue: Catalogue

  /// An export of a corpus.
  public init(_ corpus: Corpus, _ catalogue: Catalogue) {
    self.corpus = corpus
    self.catalogue = catalogue
  }

  /// Writes the corpus into a new directory, which appears whole or not at all.
  ///
  /// - Parameters:
  ///   - target: the directory.
  ///   - pages: other files that go with it, by name.
  ///   - advanced: is told how many vectors are written.
  /// - Returns: false where something is there already.
  /// - Throws: `RecipeError` where a recipe does not fit its base, `Fault` where the system refuses.
  public func write(
    to target: String, with pages: [String: [UInt8]], _ advanced: (Int) -> Void
  ) throws -> Bool {
    var target = target
    while target.hasSuffix("/"), target.count > 1 { target.removeLast() }
    guard !Disk.exists(target) else { return false }
    let aside = "\(target).part"
    Disk.remove(aside)
    Disk.makeDirectory(aside)
    do {
      var lines: [String] = []
      for (index, vector) in corpus.vectors.enumerated() {
        lines.append(try write(vector, to: aside).compact)
        advanced(index + 1)
      }
      let head = "{\"profile\":\"\(catalogue.profile)\",\"vectors\":[\n"
      let text = head + lines.joined(separator: ",\n") + "\n]}\n"
      try Disk.write(.file(Array(text.utf8), size: nil), to: "\(aside)/index.json")
      let keys = Disk.entries("\(corpus.directory)/\(TestKeys.folder)")
      if corpus.vectors.contains(where: { $0.options != VectorOptions() }) {
        Disk.makeDirectory("\(aside)/\(Self.testOnly)")
        try corpus.write(keys, to: "\(aside)/\(Self.testOnly)")
      }
      for (name, bytes) in pages { try Disk.write(.file(bytes, size: nil), to: "\(aside)/\(name)") }
      try Disk.rename(aside, to: target)
    } catch {
      Disk.remove(aside)
      throw error
    }
    return true
  }

  /// Writes a vector.
  ///
  /// - Returns: its entry in the index.
  private func write(_ vector: Vector, to root: String) throws -> JSONValue {
    let folder = "\(vector.clause)/\(vector.id)"
    let files = try corpus.files(of: vector)
    Disk.makeDirectory("\(root)/\(folder)/input")
    try corpus.write(files.entries, to: "\(root)/\(folder)/input")
    var entry = JSONObject()
    entry["id"] = .text(vector.id)
    entry["clause"] = .text(vector.clause)
    entry["class"] = .text(vector.kind.rawValue)
    entry["purpose"] = .text(vector.purpose)
    entry["requirements"] = .object(
      vector.requirements.map { ($0.requirement, .text($0.verdict.rawValue)) })
    entry["sample"] = .text(corpus.sample(of: vector, in: "\(folder)/input"))
    if let metadata = files.metadata {
      try Disk.write(.file(metadata, size: nil), to: "\(root)/\(folder)/metadata.yaml")
      entry["metadata"] = .text("\(folder)/metadata.yaml")
    }
    if let format = vector.format { entry["format"] = .text(format.rawValue) }
    if vector.isDecoded, let decoded = Disk.bytes("\(corpus.path(of: vector))/decoded.json") {
      try Disk.write(.file(decoded, size: nil), to: "\(root)/\(folder)/decoded.json")
      entry["decoded"] = .text("\(folder)/decoded.json")
    }
    if !files.shrinking.isEmpty {
      entry["shrinking"] = .object(
        files.shrinking.sorted { $0.key < $1.key }.map { ($0.key, .number($0.value)) })
    }
    entry["base"] = .text(vector.base)
    entry["flags"] = .texts(vector.flags)
    if let overlay = vector.overlay { entry["overlay"] = Self.overlay(overlay) }
    entry["findings"] = .list(vector.findings.map(Self.finding))
    if vector.options != VectorOptions() { entry["options"] = Self.options(vector.options) }
    if !vector.reports.isEmpty { entry["reports"] = .texts(vector.reports) }
    return entry.value
  }

  private static func options(_ options: VectorOptions) -> JSONValue {
    var entry = JSONObject()
    let files = [
      "trust": options.trust, "key": options.key, "detached": options.detached, "policy": options.policy,
    ]
    for (name, file) in files.sorted(by: { $0.key < $1.key }) {
      if let file { entry[name] = .text("\(Self.testOnly)/\(file)") }
    }
    if options.requiresSignature { entry["require-signature"] = JSONValue(.boolean(true)) }
    if let original = options.original { entry["original"] = .text(original) }
    if let adapter = options.adapter { entry["adapter"] = .text(adapter) }
    entry["at"] = .text(options.at)
    return entry.value
  }

  private static func overlay(_ overlay: Overlay) -> JSONValue {
    .object(
      overlay.changes.map { change in
        let values: [(String, JSONValue)] = change.values.map { value in
          switch value.content {
          case .number(let number): (value.name, JSONValue(.number(JSONValue.Number(lexeme: "\(number)"))))
          case .texts(let texts): (value.name, .texts(texts))
          }
        }
        return (change.requirement, .object(values))
      })
  }

  private static func finding(_ finding: ExpectedFinding) -> JSONValue {
    var entry = JSONObject()
    entry["requirement"] = .text(finding.requirement)
    entry["kind"] = .text(finding.kind.rawValue)
    entry["file"] = .text(finding.file)
    if let path = finding.path { entry["path"] = .text(path) }
    if let offset = finding.offset { entry["offset"] = .number(offset) }
    entry["count"] = .number(finding.count)
    if let expected = finding.expected { entry["expected"] = .text(expected) }
    if let actual = finding.actual { entry["actual"] = .text(actual) }
    return entry.value
  }
}

/// A JSON object in the making, with its members in the order in which they are set.
private struct JSONObject {
  private var members: [(String, JSONValue)] = []

  subscript(key: String) -> JSONValue? {
    get { members.first { $0.0 == key }?.1 }
    set { if let newValue { members.append((key, newValue)) } }
  }

  var value: JSONValue { .object(members) }
}

extension JSONValue {
  fileprivate static func text(_ text: String) -> JSONValue { JSONValue(.string(text)) }

  fileprivate static func text(_ text: Text) -> JSONValue {
    .object([("zh", .text(text.zh)), ("en", .text(text.en))])
  }

  fileprivate static func texts(_ texts: [String]) -> JSONValue { .list(texts.map(JSONValue.text)) }
  fileprivate static func list(_ values: [JSONValue]) -> JSONValue { JSONValue(.array(values)) }

  fileprivate static func number(_ number: UInt64) -> JSONValue {
    JSONValue(.number(JSONValue.Number(lexeme: String(number))))
  }

  fileprivate static func object(_ members: [(String, JSONValue)]) -> JSONValue {
    JSONValue(.object(members.map { JSONValue.Member(key: $0.0, value: $0.1) }))
  }
}
