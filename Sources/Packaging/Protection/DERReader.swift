/// Reads values in the distinguished encoding of ASN.1 (X.690) one after the other: lengths are definite and the shortest.
struct DERReader {
  /// A value with its tag.
  struct Element {
    let tag: UInt8
    let content: ArraySlice<UInt8>
    /// Tag, length and content.
    let whole: ArraySlice<UInt8>
  }

  /// The tags that are asked for; only those of one byte are read.
  enum Tag {
    static let integer: UInt8 = 0x02
    static let bitString: UInt8 = 0x03
    static let octetString: UInt8 = 0x04
    static let null: UInt8 = 0x05
    static let objectIdentifier: UInt8 = 0x06
    static let sequence: UInt8 = 0x30
    static let set: UInt8 = 0x31

    /// `[number]`, of something constructed.
    static func constructed(_ number: UInt8) -> UInt8 { 0xA0 | number }
    /// `[number]` in place of the tag of something primitive.
    static func primitive(_ number: UInt8) -> UInt8 { 0x80 | number }
  }

  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) {
    rest = bytes
  }

  init(_ bytes: [UInt8]) {
    rest = bytes[...]
  }

  var isAtEnd: Bool { rest.isEmpty }

  /// The next value; nil, and nothing is taken, where none follows in its one encoding.
  mutating func next() -> Element? {
    var position = rest.startIndex
    guard rest.endIndex - position >= 2 else { return nil }
    let tag = rest[position]
    guard tag & 0x1F != 0x1F else { return nil }
    let first = rest[position + 1]
    position += 2
    var length = Int(first)
    if first >= 0x80 {
      // Four bytes of length are more than any input here has.
      let count = Int(first & 0x7F)
      guard (1...4).contains(count), rest.endIndex - position >= count else { return nil }
      length = rest[position..<position + count].reduce(0) { $0 << 8 | Int($1) }
      guard length >= 0x80, length >> (8 * (count - 1)) != 0 else { return nil }
      position += count
    }
    guard rest.endIndex - position >= length else { return nil }
    let end = position + length
    let element = Element(
      tag: tag, content: rest[position..<end], whole: rest[rest.startIndex..<end])
    rest = rest[end...]
    return element
  }

  /// The content of the next value where it has that tag; else nil, and nothing is taken.
  mutating func take(_ tag: UInt8) -> ArraySlice<UInt8>? {
    var probe = self
    guard let element = probe.next(), element.tag == tag else { return nil }
    self = probe
    return element.content
  }

  /// A reader of what the next value is made of, where it has that tag; else nil, and nothing is taken.
  mutating func enter(_ tag: UInt8) -> DERReader? {
    take(tag).map { DERReader($0) }
  }

  /// The next value as an integer that is not negative, most significant byte first and without leading zeros, in the shortest
  /// encoding; else nil, and nothing is taken.
  mutating func natural() -> ArraySlice<UInt8>? {
    var probe = self
    guard let content = probe.take(Tag.integer), let first = content.first, first < 0x80 else { return nil }
    let magnitude = first == 0 ? content.dropFirst() : content
    if first == 0, content.count > 1 {
      guard let second = magnitude.first, second >= 0x80 else { return nil }
    }
    self = probe
    return magnitude
  }
}
