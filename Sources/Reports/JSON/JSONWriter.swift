/// Writes JSON as it goes: keys in the order in which they are given, the same bytes every time, two spaces of indentation.
///
/// At most `flushAt` bytes are held before they go to the sink.
struct JSONWriter<Sink: ByteSink> {
  private var sink: Sink
  private var buffer: [UInt8] = []
  private var depth = 0
  /// Whether the next value is the first of its object or list.
  private var isFirst = true
  /// Whether a key was written and its value comes next.
  private var followsKey = false

  private static var flushAt: Int { 64 << 10 }

  init(_ sink: Sink) {
    self.sink = sink
  }

  /// Ends the text with a line feed and gives the sink back.
  consuming func finish() throws -> Sink {
    put("\n")
    try flush()
    return sink
  }

  /// Writes an object.
  mutating func object(_ body: (inout Self) throws -> Void) throws {
    try nested("{", "}", body)
  }

  /// Writes a list.
  mutating func list<Elements: Sequence>(
    _ elements: Elements, _ body: (inout Self, Elements.Element) throws -> Void
  ) throws {
    try nested("[", "]") { writer in
      for element in elements { try body(&writer, element) }
    }
  }

  /// Writes a key; its value is what is written next.
  mutating func key(_ name: String) {
    separate()
    quote(name)
    put(": ")
    followsKey = true
  }

  /// Writes a text.
  mutating func text(_ value: String) {
    separate()
    quote(value)
  }

  /// Writes an integer.
  mutating func integer(_ value: some BinaryInteger) {
    separate()
    put(String(value))
  }

  /// Writes a number, the shortest that reads back the same; JSON has no way to write one that is not finite.
  mutating func number(_ value: Double) {
    separate()
    if let whole = Int64(exactly: value), whole.magnitude < 1 << 53 {
      put(String(whole))
    } else {
      put(value.isFinite ? value.description : "null")
    }
  }

  /// Writes a truth value.
  mutating func boolean(_ value: Bool) {
    separate()
    put(value ? "true" : "false")
  }

  /// Writes that there is no value.
  mutating func null() {
    separate()
    put("null")
  }

  private mutating func nested(
    _ open: String, _ close: String, _ body: (inout Self) throws -> Void
  ) throws {
    separate()
    put(open)
    depth += 1
    isFirst = true
    try body(&self)
    depth -= 1
    if !isFirst { newLine() }
    put(close)
    isFirst = false
    if buffer.count >= Self.flushAt { try flush() }
  }

  private mutating func separate() {
    if followsKey {
      followsKey = false
      return
    }
    if !isFirst { put(",") }
    if depth > 0 { newLine() }
    isFirst = false
  }

  private mutating func newLine() {
    buffer.append(0x0A)
    for _ in 0..<depth {
      buffer.append(0x20)
      buffer.append(0x20)
    }
  }

  private mutating func put(_ text: String) {
    var text = text
    text.withUTF8 { buffer.append(contentsOf: $0) }
  }

  private mutating func flush() throws {
    try buffer.withUnsafeBytes { try sink.append($0) }
    buffer.removeAll(keepingCapacity: true)
  }

  private mutating func quote(_ text: String) {
    put("\"")
    defer { put("\"") }
    let isPlain = !text.utf8.contains(where: { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") })
    if isPlain, !VisibleText.holdsHidden(text) { return put(text) }
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": put("\\\"")
      case "\\": put("\\\\")
      case "\n": put("\\n")
      case "\r": put("\\r")
      case "\t": put("\\t")
      default:
        // Beside what JSON forbids, what a terminal or an editor would act upon.
        if VisibleText.isHidden(scalar) {
          for unit in String(scalar).utf16 {
            let digits = String(unit, radix: 16)
            put("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
          }
        } else {
          buffer.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
      }
    }
  }
}

extension JSONWriter<AnyByteSink> {
  /// Writes a text to a sink of a type that is known elsewhere only.
  static func write<Goal: ByteSink>(to sink: inout Goal, _ body: (inout Self) throws -> Void) throws {
    var writer = Self(AnyByteSink(sink))
    try body(&writer)
    if let used = try writer.finish().sink as? Goal { sink = used }
  }
}

extension JSONWriter {
  /// Writes a key with a text.
  mutating func field(_ name: String, _ value: String) {
    key(name)
    text(value)
  }

  /// Writes a key with an integer.
  mutating func field(_ name: String, _ value: some BinaryInteger) {
    key(name)
    integer(value)
  }
}
