import Configuration

/// A change to a JSON text (conformance/vectors.md).
enum JSONEdit: Sendable, Hashable {
  case set(YAMLValue)
  case raw(String, times: Int)
  case remove
  case key(String)
  case twice
  case member(String, JSONContent)
  case append(JSONContent)
  case nest(Int)

  /// What is written for a value.
  enum JSONContent: Sendable, Hashable {
    case value(YAMLValue)
    case raw(String)

    var text: String {
      switch self {
      case .value(let value): value.json
      case .raw(let text): text
      }
    }
  }

  /// The text with the change made at the place that a JSON pointer names.
  func applied(to bytes: [UInt8], at pointer: String) throws(RecipeError) -> [UInt8] {
    let text = JSONText(bytes: bytes)
    let place = try text.locate(pointer)
    var result = bytes
    switch self {
    case .set(let value): result.replaceSubrange(place.value, with: value.json.utf8)
    case .raw(let raw, let times):
      result.replaceSubrange(place.value, with: [UInt8](repeating: Array(raw.utf8), times: times))
    case .remove: result.removeSubrange(Self.withComma(place.whole, bytes))
    case .key(let name):
      guard let key = place.key else {
        throw RecipeError(zh: "\(pointer) 不是对象的成员", en: "\(pointer) is no member of an object")
      }
      result.replaceSubrange(key, with: YAMLValue.text(name).json.utf8)
    case .twice:
      let copy = Array(",".utf8) + bytes[place.whole]
      result.insert(contentsOf: copy, at: place.whole.upperBound)
    case .member(let name, let content):
      try Self.append(YAMLValue.text(name).json + ":" + content.text, to: place, text, &result)
    case .append(let content): try Self.append(content.text, to: place, text, &result)
    case .nest(let levels):
      let open = [UInt8](repeating: UInt8(ascii: "["), count: levels)
      let close = [UInt8](repeating: UInt8(ascii: "]"), count: levels)
      result.replaceSubrange(place.value, with: open + bytes[place.value] + close)
    }
    return result
  }

  private static func append(
    _ content: String, to place: JSONLocation, _ text: JSONText, _ result: inout [UInt8]
  ) throws(RecipeError) {
    let children = try text.children(of: place.value)
    let position = children.last?.whole.upperBound ?? place.value.lowerBound + 1
    result.insert(contentsOf: Array(((children.isEmpty ? "" : ",") + content).utf8), at: position)
  }

  /// The range with the comma behind it, or before it where it is the last one.
  private static func withComma(_ range: Range<Int>, _ bytes: [UInt8]) -> Range<Int> {
    let blanks: Set<UInt8> = [0x20, 0x0A, 0x0D, 0x09]
    var end = range.upperBound
    while end < bytes.count, blanks.contains(bytes[end]) { end += 1 }
    if end < bytes.count, bytes[end] == UInt8(ascii: ",") {
      end += 1
      while end < bytes.count, blanks.contains(bytes[end]) { end += 1 }
      return range.lowerBound..<end
    }
    var start = range.lowerBound
    while start > 0, blanks.contains(bytes[start - 1]) { start -= 1 }
    return start > 0 && bytes[start - 1] == UInt8(ascii: ",") ? start - 1..<range.upperBound : range
  }
}

extension YAMLValue {
  /// The value as JSON without blanks.
  var json: String {
    switch self {
    case .null: "null"
    case .boolean(let flag): flag ? "true" : "false"
    case .number(let text): text
    case .text(let text): Self.quoted(text)
    case .list(let values): "[" + values.map(\.json).joined(separator: ",") + "]"
    case .mapping(let pairs):
      "{" + pairs.map { Self.quoted($0.key) + ":" + $0.value.json }.joined(separator: ",") + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\u{0}"..."\u{1F}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
