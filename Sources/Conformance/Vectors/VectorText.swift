import Configuration

/// The canonical text of `vector.yaml`: one way to write each vector, so that a change shows nothing but what changed.
enum VectorText {
  /// A vector's text, made canonical; nil where it cannot be read.
  static func canonical(_ text: String) -> String? {
    guard case .mapping(let pairs)? = YAMLNode(document: text, YAMLFaults(file: ""))?.value() else {
      return nil
    }
    var result = ""
    for pair in pairs {
      switch (pair.key, pair.value) {
      case ("purpose", .mapping(let languages)):
        result += "purpose:\n"
        for language in languages { result += "  \(language.key): \(flow(language.value))\n" }
      case ("mutation", .list(let items)) where !items.isEmpty,
        ("findings", .list(let items)) where !items.isEmpty:
        result += "\(pair.key):\n"
        for item in items { result += "  - \(flow(item))\n" }
      default: result += "\(pair.key): \(flow(pair.value))\n"
      }
    }
    return result
  }

  /// A value in one line.
  private static func flow(_ value: YAMLValue) -> String {
    switch value {
    case .null: "null"
    case .boolean(let flag): flag ? "true" : "false"
    case .number(let text): text
    case .text(let text): isPlain(text) ? text : YAMLText.quoted(text)
    case .list(let values): "[" + values.map(flow).joined(separator: ", ") + "]"
    case .mapping(let pairs):
      "{" + pairs.map { "\(flow(.text($0.key))): \(flow($0.value))" }.joined(separator: ", ") + "}"
    }
  }

  /// Whether a text can stand without quotes: a word of letters, digits, hyphens, dots, underscores, slashes and brackets
  /// inside, that YAML takes for nothing else.
  private static func isPlain(_ text: String) -> Bool {
    guard let first = text.utf8.first, isLetter(first), text.utf8.allSatisfy({ isLetter($0) || isInner($0) })
    else {
      return false
    }
    return !["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(text.lowercased())
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

  private static func isInner(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || "-._/".utf8.contains(byte)
  }
}
