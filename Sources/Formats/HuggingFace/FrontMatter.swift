import Representation
import Storage
import Yams

/// The YAML at the beginning of a model card, between two lines of three hyphens.
///
/// What it may cost is bounded before values are built: its size, its nesting, and the aliases by which a few lines stand for
/// millions of values.
struct FrontMatter {
  /// The mapping; nil where there is none, or where it could not be read.
  private(set) var mapping: Node.Mapping?
  /// The text after the front matter.
  private(set) var body = ""
  /// Whether the card has a front matter, readable or not.
  private(set) var isPresent = false

  /// Whether there is none, or it could be read.
  private(set) var isReadable = true

  /// How many bytes of a card are read.
  static let byteLimit: UInt64 = 64 << 10
  /// How many aliases a front matter may use.
  static let aliasLimit = 16
  /// How many collections may lie in each other.
  static let depthLimit = 64

  init(_ source: any ByteSource, _ faults: inout FaultLog) throws(Fault) {
    let file = source.name
    let isWhole = source.size <= Self.byteLimit
    let bytes = try source.bytes(at: 0, count: Int(min(source.size, Self.byteLimit)))
    let lines = Self.lines(bytes, isWhole)
    guard let first = lines.first(where: { !Self.isBlank(bytes[$0]) }), Self.isFence(bytes[first]) else {
      body = Self.text(bytes[...], isWhole)
      return
    }
    let opening = lines.firstIndex(of: first) ?? 0
    guard let closing = lines[(opening + 1)...].firstIndex(where: { Self.isFence(bytes[$0]) }) else {
      // Three hyphens alone are a rule in Markdown; only a card too long to look for the second line is a fault.
      if isWhole {
        body = Self.text(bytes[...], isWhole)
      } else {
        isPresent = true
        isReadable = false
        faults.log(
          HuggingFaceFault.cardWithinLimit, .unsupported, at: Place(file, offset: UInt64(first.lowerBound)),
          expected: "≤ \(Self.byteLimit) B", actual: "> \(Self.byteLimit) B")
      }
      return
    }
    isPresent = true
    body = Self.text(bytes[lines[closing].upperBound...], isWhole)
    let content = bytes[lines[opening + 1].lowerBound..<lines[closing].lowerBound]
    read(content, lines: Array(lines[(opening + 1)..<closing]), file: file, &faults)
  }

  private mutating func read(
    _ content: ArraySlice<UInt8>, lines: [Range<Int>], file: String, _ faults: inout FaultLog
  ) {
    let place = Place(file, offset: UInt64(content.startIndex))
    isReadable = false
    guard let yaml = String(validating: content, as: UTF8.self) else {
      return faults.log(HuggingFaceFault.cardFrontMatter, at: place, expected: "UTF-8", actual: nil)
    }
    let outline = YAMLOutline(content, depthLimit: Self.depthLimit)
    guard outline.aliases <= Self.aliasLimit else {
      return faults.log(
        HuggingFaceFault.cardWithinLimit, .unsafe, at: place, expected: "≤ \(Self.aliasLimit) × *",
        actual: "\(outline.aliases) × *")
    }
    guard outline.depth <= Self.depthLimit else {
      return faults.log(
        HuggingFaceFault.cardWithinLimit, .unsupported, at: place, expected: "≤ \(Self.depthLimit)",
        actual: "> \(Self.depthLimit)")
    }
    do {
      let node = try Parser(yaml: yaml).singleRoot()
      guard let node else { return isReadable = true }
      guard let mapping = node.mapping else {
        return faults.log(
          HuggingFaceFault.cardFrontMatter, at: place, expected: "key: value",
          actual: node.sequence == nil ? "…" : "- …")
      }
      self.mapping = mapping
      isReadable = true
    } catch {
      let (line, column, reason) = Self.explain(error, outline)
      var place = place
      if let line, lines.indices.contains(line) {
        let before = String(decoding: content[lines[line]], as: UTF8.self).unicodeScalars.prefix(column)
        place.offset = UInt64(lines[line].lowerBound + before.reduce(0) { $0 + UTF8.width($1) })
      }
      faults.log(HuggingFaceFault.cardFrontMatter, at: place, expected: "YAML", actual: reason)
    }
  }

  // MARK: Values

  /// The text of a scalar field; nil where the field is not there, blank or no scalar.
  func text(_ key: String) -> String? {
    value(key)?.scalar.flatMap(Self.text)
  }

  /// The texts of a field that holds a scalar or a list of scalars.
  func texts(_ key: String) -> [String] {
    guard let node = value(key) else { return [] }
    if let text = node.scalar.flatMap(Self.text) { return [text] }
    return node.sequence?.compactMap { $0.scalar.flatMap(Self.text) } ?? []
  }

  /// Whether a field is absent, or a text or a list of texts.
  func isText(_ key: String) -> Bool {
    guard let node = value(key) else { return true }
    return node.scalar != nil || node.sequence?.allSatisfy { $0.scalar != nil } ?? false
  }

  /// The value of a field.
  func value(_ key: String) -> Node? {
    // A look at each key by itself: the mapping's own subscript compares whole trees.
    mapping?.first { $0.key.scalar?.string == key }?.value
  }

  private static func text(_ scalar: Node.Scalar) -> String? {
    let isNull = scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    return isNull || scalar.string.isBlank ? nil : scalar.string
  }

  // MARK: Text

  /// The lines, without their ends and without one that a limit cut in two.
  private static func lines(_ bytes: [UInt8], _ isWhole: Bool) -> [Range<Int>] {
    var lines: [Range<Int>] = []
    var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.count
      if end == bytes.count, !isWhole { break }
      lines.append(start..<end)
      let isPair = end + 1 < bytes.count && bytes[end] == 0x0D && bytes[end + 1] == 0x0A
      start = end + (isPair ? 2 : 1)
    }
    return lines
  }

  private static func isBlank(_ line: ArraySlice<UInt8>) -> Bool {
    line.allSatisfy { $0 == 0x20 || $0 == 0x09 }
  }

  private static func isFence(_ line: ArraySlice<UInt8>) -> Bool {
    line.starts(with: [0x2D, 0x2D, 0x2D]) && isBlank(line.dropFirst(3))
  }

  /// The text, without the line that a limit cut in two.
  private static func text(_ bytes: ArraySlice<UInt8>, _ isWhole: Bool) -> String {
    let end = isWhole ? bytes.endIndex : bytes.lastIndex(of: 0x0A) ?? bytes.startIndex
    let isSpace: (UInt8) -> Bool = { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
    let trimmed = bytes[bytes.startIndex..<end].drop(while: isSpace)
    let last = trimmed.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? trimmed.startIndex
    return String(validating: trimmed[trimmed.startIndex..<last], as: UTF8.self) ?? ""
  }

  /// Where the parser gave up, counted from zero, and its reason.
  private static func explain(
    _ error: any Error, _ outline: YAMLOutline
  ) -> (line: Int?, column: Int, reason: String) {
    switch error as? YamlError {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return (mark.line - 1, 0, problem)
    case .duplicatedKeysInMapping(_, let context):
      guard let repeated = outline.repeatedKey else { return (context.mark.line - 1, 0, "2 × …") }
      return (repeated.line, repeated.column, "2 × \(repeated.key)")
    default:
      return (nil, 0, "…")
    }
  }
}
