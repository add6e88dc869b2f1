/// A strict reader of JSON (RFC 8259) that gives one token after another.
///
/// It holds the text and one flag for each open object or array, never recurses, and makes a `String` only when asked for one, so
/// that a text of any nesting and size costs no more than its bytes. Names that stand twice in an object are for its user to see:
/// `JSONValue` does.
public struct JSONReader: Sendable {
  let bytes: [UInt8]
  /// The byte of the file at which the text begins.
  private let base: UInt64
  private let depthLimit: Int
  private let allowsNonFinite: Bool
  /// One entry for each open object (true) or array (false).
  private var open: [Bool] = []
  private var expects = Expectation.value
  private(set) var position = 0
  private var tokenStart = 0

  private enum Expectation {
    case value, firstElement, firstKey, key, separator, end
  }

  /// A reader of the text.
  ///
  /// - Parameters:
  ///   - bytes: the text.
  ///   - base: the byte of the file at which the text begins; places of faults count from the start of the file.
  ///   - depthLimit: how many objects and arrays may be open at once.
  ///   - allowsNonFinite: whether `NaN`, `Infinity` and `-Infinity` are tokens; otherwise they are faults.
  public init(_ bytes: [UInt8], base: UInt64 = 0, depthLimit: Int, allowsNonFinite: Bool = false) {
    self.bytes = bytes
    self.base = base
    self.depthLimit = depthLimit
    self.allowsNonFinite = allowsNonFinite
  }

  /// The byte of the file at which the token that was read last begins.
  public var tokenOffset: UInt64 { base &+ UInt64(tokenStart) }

  /// The bytes of the text that the token which was read last takes; of a name, up to the colon.
  public var tokenRange: Range<Int> { tokenStart..<position }

  /// How many objects and arrays are open.
  public var depth: Int { open.count }

  /// Reads the next token; `.end` again and again once the text is over.
  public mutating func next() throws(JSONFault) -> JSONToken {
    skipSpace()
    tokenStart = position
    switch expects {
    case .end:
      guard position == bytes.count else { throw unexpected(.trailing, "EOF") }
      return .end
    case .separator:
      return try afterValue()
    case .firstKey:
      if peek() == UInt8(ascii: "}") { return close() }
      return try key()
    case .key:
      return try key()
    case .firstElement:
      if peek() == UInt8(ascii: "]") { return close() }
      return try value()
    case .value:
      return try value()
    }
  }

  /// Passes over the rest of the value whose first token was `token`.
  public mutating func skip(_ token: JSONToken) throws(JSONFault) {
    guard token == .objectStart || token == .arrayStart else { return }
    let outer = open.count
    while open.count >= outer {
      _ = try next()
    }
  }

  // MARK: What tokens hold

  /// Whether a string is `other`; `other` holds ASCII only.
  public func text(_ text: JSONText, equals other: StaticString) -> Bool {
    if text.escaped { return string(text) == other.description }
    guard text.range.count == other.utf8CodeUnitCount else { return false }
    return other.withUTF8Buffer { expected in
      bytes.withUnsafeBufferPointer { $0[text.range].elementsEqual(expected) }
    }
  }

  /// Whether two strings are written with the same bytes; equal strings may be written with different escapes.
  public func text(_ text: JSONText, isWrittenLike other: JSONText) -> Bool {
    guard text.range.count == other.range.count else { return false }
    return bytes.withUnsafeBufferPointer { $0[text.range].elementsEqual($0[other.range]) }
  }

  /// The characters of a string.
  public func string(_ text: JSONText) -> String {
    if text.escaped { return unescaped(text.range) }
    return bytes.withUnsafeBufferPointer {
      String(decoding: UnsafeBufferPointer(rebasing: $0[text.range]), as: UTF8.self)
    }
  }

  /// The number as it is written.
  public func lexeme(_ digits: JSONDigits) -> String {
    String(decoding: bytes[digits.range], as: UTF8.self)
  }

  /// The number, where it is written as an integer without sign and fits into 64 bits.
  public func unsigned(_ digits: JSONDigits) -> UInt64? {
    guard digits.isInteger else { return nil }
    var value: UInt64 = 0
    for byte in bytes[digits.range] {
      guard byte >= UInt8(ascii: "0") else { return nil }
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carried) = product.addingReportingOverflow(UInt64(byte &- UInt8(ascii: "0")))
      if overflow || carried { return nil }
      value = sum
    }
    return value
  }

  /// A fault at the token that was read last.
  public func fault(_ reason: JSONFault.Reason, expected: String, actual: String) -> JSONFault {
    JSONFault(reason, at: tokenOffset, expected: expected, actual: actual)
  }

  // MARK: Grammar

  private mutating func afterValue() throws(JSONFault) -> JSONToken {
    guard let isObject = open.last else { throw unexpected(.trailing, "EOF") }
    switch peek() {
    case UInt8(ascii: ","):
      position += 1
      skipSpace()
      tokenStart = position
      return isObject ? try key() : try value()
    case UInt8(ascii: "}") where isObject:
      return close()
    case UInt8(ascii: "]") where !isObject:
      return close()
    default:
      throw unexpected(.syntax, isObject ? ", }" : ", ]")
    }
  }

  private mutating func close() -> JSONToken {
    position += 1
    let isObject = open.removeLast()
    expects = open.isEmpty ? .end : .separator
    return isObject ? .objectEnd : .arrayEnd
  }

  private mutating func key() throws(JSONFault) -> JSONToken {
    guard peek() == UInt8(ascii: "\"") else { throw unexpected(.syntax, "\"") }
    let text = try string()
    skipSpace()
    guard peek() == UInt8(ascii: ":") else { throw unexpected(.syntax, ":") }
    position += 1
    expects = .value
    return .key(text)
  }

  private mutating func value() throws(JSONFault) -> JSONToken {
    guard let byte = peek() else { throw unexpected(.syntax, Self.valueStarts) }
    switch byte {
    case UInt8(ascii: "{"):
      try push(true)
      expects = .firstKey
      return .objectStart
    case UInt8(ascii: "["):
      try push(false)
      expects = .firstElement
      return .arrayStart
    case UInt8(ascii: "\""):
      let text = try string()
      expects = open.isEmpty ? .end : .separator
      return .string(text)
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
      let token = try number()
      expects = open.isEmpty ? .end : .separator
      return token
    case UInt8(ascii: "t"): return try literal("true", .boolean(true))
    case UInt8(ascii: "f"): return try literal("false", .boolean(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    case UInt8(ascii: "N"): return try nonFinite("NaN", .nan)
    case UInt8(ascii: "I"): return try nonFinite("Infinity", .infinity)
    case 0xEF where position == 0 && bytes.starts(with: [0xEF, 0xBB, 0xBF]):
      throw unexpected(.byteOrderMark, Self.valueStarts)
    default:
      throw unexpected(.syntax, Self.valueStarts)
    }
  }

  private mutating func push(_ isObject: Bool) throws(JSONFault) {
    guard open.count < depthLimit else {
      throw JSONFault(.depth, at: tokenOffset, expected: "≤ \(depthLimit)", actual: "> \(depthLimit)")
    }
    open.append(isObject)
    position += 1
  }

  private mutating func literal(_ word: StaticString, _ token: JSONToken) throws(JSONFault) -> JSONToken {
    let end = position + word.utf8CodeUnitCount
    let matches = word.withUTF8Buffer { expected in
      end <= bytes.count && bytes[position..<end].elementsEqual(expected)
    }
    guard matches else { throw unexpected(.syntax, word.description) }
    position = end
    expects = open.isEmpty ? .end : .separator
    return token
  }

  private mutating func nonFinite(_ word: StaticString, _ value: Double) throws(JSONFault) -> JSONToken {
    let token = try literal(word, .nonFinite(value))
    guard allowsNonFinite else {
      throw JSONFault(.nonFinite, at: tokenOffset, expected: Self.valueStarts, actual: word.description)
    }
    return token
  }

  private mutating func number() throws(JSONFault) -> JSONToken {
    let start = position
    if peek() == UInt8(ascii: "-") {
      position += 1
      if peek() == UInt8(ascii: "I") { return try nonFinite("Infinity", -.infinity) }
    }
    if peek() == UInt8(ascii: "0") {
      position += 1
    } else {
      try digits()
    }
    var isInteger = true
    if peek() == UInt8(ascii: ".") {
      isInteger = false
      position += 1
      try digits()
    }
    if peek() == UInt8(ascii: "e") || peek() == UInt8(ascii: "E") {
      isInteger = false
      position += 1
      if peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-") { position += 1 }
      try digits()
    }
    return .number(JSONDigits(range: start..<position, isInteger: isInteger))
  }

  private mutating func digits() throws(JSONFault) {
    let start = position
    while let byte = peek(), byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
      position += 1
    }
    guard position > start else { throw unexpected(.syntax, "0-9") }
  }

  private mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }

  private func peek() -> UInt8? {
    position < bytes.count ? bytes[position] : nil
  }

  // MARK: Strings

  /// Reads a string, whose quotation mark stands at `position`.
  private mutating func string() throws(JSONFault) -> JSONText {
    var index = position + 1
    let start = index
    var escaped = false
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case UInt8(ascii: "\""):
        position = index + 1
        return JSONText(range: start..<index, escaped: escaped)
      case UInt8(ascii: "\\"):
        escaped = true
        index = try escape(at: index)
      case 0x20...0x7F:
        index += 1
      case 0x80...:
        guard let length = UTF8Sequence.length(in: bytes, at: index) else {
          position = index
          throw unexpected(.encoding, "UTF-8")
        }
        index += length
      default:
        position = index
        throw unexpected(.syntax, "0x20…")
      }
    }
    position = index
    throw unexpected(.syntax, "\"")
  }

  /// The index after the escape whose reverse solidus stands at `index`.
  private mutating func escape(at index: Int) throws(JSONFault) -> Int {
    let kind = index + 1 < bytes.count ? bytes[index + 1] : 0
    switch kind {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return index + 2
    case UInt8(ascii: "u"):
      let unit = try codeUnit(at: index)
      guard unit & 0xF800 == 0xD800 else { return index + 6 }
      position = index
      guard unit < 0xDC00, index + 7 < bytes.count, bytes[index + 6] == UInt8(ascii: "\\"),
        bytes[index + 7] == UInt8(ascii: "u"), try codeUnit(at: index + 6) & 0xFC00 == 0xDC00
      else {
        throw JSONFault(
          .surrogate, at: base &+ UInt64(index), expected: "\\uD800-\\uDBFF \\uDC00-\\uDFFF",
          actual: "\\u" + String(unit, radix: 16, uppercase: true))
      }
      return index + 12
    default:
      position = min(index + 1, bytes.count)
      throw unexpected(.syntax, "\" \\ / b f n r t u")
    }
  }

  /// The UTF-16 code unit of the `\uXXXX` at `index`.
  private mutating func codeUnit(at index: Int) throws(JSONFault) -> UInt16 {
    var unit: UInt16 = 0
    for place in index + 2..<index + 6 {
      guard place < bytes.count, let digit = Self.hexadecimal(bytes[place]) else {
        position = min(place, bytes.count)
        throw unexpected(.syntax, "0-9 a-f A-F")
      }
      unit = unit << 4 | digit
    }
    return unit
  }

  private static func hexadecimal(_ byte: UInt8) -> UInt16? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }

  /// The characters of a string with escapes, all of which were found well formed when it was read.
  private func unescaped(_ range: Range<Int>) -> String {
    var units: [UInt8] = []
    units.reserveCapacity(range.count)
    var index = range.lowerBound
    func unit(_ index: Int) -> UInt32 {
      bytes[index + 2..<index + 6].reduce(0) { $0 << 4 | UInt32(Self.hexadecimal($1) ?? 0) }
    }
    while index < range.upperBound {
      guard bytes[index] == UInt8(ascii: "\\") else {
        units.append(bytes[index])
        index += 1
        continue
      }
      switch bytes[index + 1] {
      case UInt8(ascii: "b"): units.append(0x08)
      case UInt8(ascii: "f"): units.append(0x0C)
      case UInt8(ascii: "n"): units.append(0x0A)
      case UInt8(ascii: "r"): units.append(0x0D)
      case UInt8(ascii: "t"): units.append(0x09)
      case UInt8(ascii: "u"):
        var value = unit(index)
        if value & 0xFC00 == 0xD800 {
          value = 0x10000 + (value & 0x3FF) << 10 + unit(index + 6) & 0x3FF
          index += 6
        }
        units.append(contentsOf: String(Unicode.Scalar(value) ?? "\u{FFFD}").utf8)
        index += 4
      default: units.append(bytes[index + 1])
      }
      index += 2
    }
    return String(decoding: units, as: UTF8.self)
  }

  // MARK: Faults

  private static let valueStarts = "{ [ \" 0-9 - true false null"

  /// A fault at `position`.
  private func unexpected(_ reason: JSONFault.Reason, _ expected: String) -> JSONFault {
    let actual: String
    if position >= bytes.count {
      actual = "EOF"
    } else if bytes[position] > 0x20, bytes[position] < 0x7F {
      actual = String(Unicode.Scalar(bytes[position]))
    } else {
      let digits = String(bytes[position], radix: 16, uppercase: true)
      actual = digits.count == 1 ? "0x0" + digits : "0x" + digits
    }
    return JSONFault(reason, at: base &+ UInt64(position), expected: expected, actual: actual)
  }
}
