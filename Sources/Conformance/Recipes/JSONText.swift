/// Where a value stands in a JSON text: the base is valid, so a plain scan is enough.
struct JSONLocation {
  /// The value.
  var value: Range<Int>
  /// The key with its quotes, where the value belongs to an object.
  var key: Range<Int>?
  /// The member or the item: the key, the colon and the value.
  var whole: Range<Int> { (key?.lowerBound ?? value.lowerBound)..<value.upperBound }
}

/// The bytes of a JSON text, as recipes look at them.
struct JSONText {
  let bytes: [UInt8]

  /// Follows a JSON pointer (RFC 6901).
  func locate(_ pointer: String) throws(RecipeError) -> JSONLocation {
    var location = JSONLocation(value: try value(at: 0), key: nil)
    guard !pointer.isEmpty else { return location }
    guard pointer.utf8.first == UInt8(ascii: "/") else {
      throw RecipeError(zh: "JSON 指针应以 / 开头：\(pointer)", en: "a JSON pointer begins with /: \(pointer)")
    }
    for token in pointer.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
      let name = Self.unescaped(token)
      let parts = try children(of: location.value)
      let isObject = bytes[location.value.lowerBound] == UInt8(ascii: "{")
      let found =
        isObject
        ? parts.first { $0.key.map { key(at: $0) == Array(name.utf8) } ?? false }
        : Int(name).flatMap { parts.indices.contains($0) ? parts[$0] : nil }
      guard let found else {
        throw RecipeError(zh: "\(pointer) 不存在", en: "there is no \(pointer)")
      }
      location = found
    }
    return location
  }

  /// The members of an object, or the items of an array.
  func children(of range: Range<Int>) throws(RecipeError) -> [JSONLocation] {
    let isObject = bytes[range.lowerBound] == UInt8(ascii: "{")
    guard isObject || bytes[range.lowerBound] == UInt8(ascii: "[") else {
      throw RecipeError(zh: "该处不是对象或数组", en: "that place holds no object and no array")
    }
    var children: [JSONLocation] = []
    var position = skipBlanks(range.lowerBound + 1)
    while position < range.upperBound - 1 {
      var key: Range<Int>?
      if isObject {
        let range = try value(at: position)
        key = range
        position = skipBlanks(skipBlanks(range.upperBound) + 1)
      }
      let range = try value(at: position)
      children.append(JSONLocation(value: range, key: key))
      position = skipBlanks(range.upperBound)
      if position < bytes.count, bytes[position] == UInt8(ascii: ",") { position = skipBlanks(position + 1) }
    }
    return children
  }

  /// The value that begins at a byte, after blanks.
  private func value(at position: Int) throws(RecipeError) -> Range<Int> {
    let start = skipBlanks(position)
    var position = start
    var depth = 0
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        position = try endOfString(position)
        if depth == 0 { return start..<position }
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { return start..<position }
        depth -= 1
        if depth == 0 { return start..<position + 1 }
      case UInt8(ascii: ","), UInt8(ascii: ":"), 0x20, 0x0A, 0x0D, 0x09:
        if depth == 0 { return start..<position }
      default: break
      }
      position += 1
    }
    guard depth == 0, position > start else {
      throw RecipeError(zh: "JSON 不完整", en: "the JSON is not complete")
    }
    return start..<position
  }

  private func endOfString(_ start: Int) throws(RecipeError) -> Int {
    var position = start + 1
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\\"): position += 2
      case UInt8(ascii: "\""): return position + 1
      default: position += 1
      }
    }
    throw RecipeError(zh: "JSON 字符串没有结尾", en: "a JSON string has no end")
  }

  private func skipBlanks(_ start: Int) -> Int {
    var position = start
    while position < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[position]) { position += 1 }
    return position
  }

  /// The key without its quotes; recipes reach keys that need no escapes.
  private func key(at range: Range<Int>) -> [UInt8] { Array(bytes[range].dropFirst().dropLast()) }

  private static func unescaped(_ token: Substring) -> String {
    var text = ""
    var isEscaped = false
    for character in token {
      if isEscaped {
        text.append(character == "1" ? "/" : "~")
        isEscaped = false
      } else if character == "~" {
        isEscaped = true
      } else {
        text.append(character)
      }
    }
    return text
  }
}
