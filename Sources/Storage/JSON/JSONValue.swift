/// A JSON value with the byte of the file at which it begins: for small texts such as configurations.
public struct JSONValue: Sendable, Hashable {
  /// What a value is.
  public enum Content: Sendable, Hashable {
    /// The members in the order of the text, duplicates included.
    case object([Member])
    case array([JSONValue])
    case string(String)
    case number(Number)
    case boolean(Bool)
    case null
  }

  /// A member of an object.
  public struct Member: Sendable, Hashable {
    /// The name.
    public let key: String
    /// The byte of the file at which the name begins.
    public let offset: UInt64
    /// The value.
    public let value: JSONValue

    /// A member.
    public init(key: String, offset: UInt64 = 0, value: JSONValue) {
      self.key = key
      self.offset = offset
      self.value = value
    }
  }

  /// A number, kept as it is written.
  public struct Number: Sendable, Hashable {
    /// The number as it is written.
    public let lexeme: String

    /// A number as it is written.
    public init(lexeme: String) {
      self.lexeme = lexeme
    }

    /// The number as an integer, where it is one and fits; `64.0` and `1e3` are integers too.
    public var integer: Int64? {
      if let integer = Int64(lexeme) { return integer }
      guard lexeme.utf8.contains(where: { ".eE".utf8.contains($0) }), let double = Double(lexeme) else {
        return nil
      }
      return Int64(exactly: double)
    }

    /// Whether the number is an integer, however large.
    public var isInteger: Bool {
      integer != nil || lexeme.utf8.drop { $0 == UInt8(ascii: "-") }.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// The number as an integer without sign, where it is written as one and fits.
    public var unsigned: UInt64? { UInt64(lexeme) }

    /// The nearest number that is a `Double`; an infinity where it is too large.
    public var double: Double {
      switch lexeme {
      case "NaN": .nan
      case "Infinity": .infinity
      case "-Infinity": -.infinity
      default: Double(lexeme) ?? .nan
      }
    }
  }

  /// What the value is.
  public let content: Content
  /// The byte of the file at which the value begins.
  public let offset: UInt64

  /// A value.
  public init(_ content: Content, offset: UInt64 = 0) {
    self.content = content
    self.offset = offset
  }
}

extension JSONValue {
  /// The members, where the value is an object.
  public var members: [Member]? {
    if case .object(let members) = content { members } else { nil }
  }

  /// The elements, where the value is an array.
  public var elements: [JSONValue]? {
    if case .array(let elements) = content { elements } else { nil }
  }

  /// The characters, where the value is a string.
  public var string: String? {
    if case .string(let string) = content { string } else { nil }
  }

  /// The number, where the value is one.
  public var number: Number? {
    if case .number(let number) = content { number } else { nil }
  }

  /// The truth value, where the value is one.
  public var boolean: Bool? {
    if case .boolean(let boolean) = content { boolean } else { nil }
  }

  /// Whether the value is `null`.
  public var isNull: Bool { content == .null }

  /// The value of the last member of that name, where the value is an object; the last one is what most readers keep.
  public subscript(key: String) -> JSONValue? {
    members?.last { $0.key.utf8.elementsEqual(key.utf8) }?.value
  }

  /// The value as JSON without spaces; strings keep their characters, numbers their digits.
  public var compact: String {
    var text = ""
    write(to: &text)
    return text
  }

  /// Recursion is as deep as the text was nested, which its reader has limited.
  private func write(to text: inout String) {
    switch content {
    case .object(let members):
      text += "{"
      for (index, member) in members.enumerated() {
        if index > 0 { text += "," }
        Self.write(member.key, to: &text)
        text += ":"
        member.value.write(to: &text)
      }
      text += "}"
    case .array(let elements):
      text += "["
      for (index, element) in elements.enumerated() {
        if index > 0 { text += "," }
        element.write(to: &text)
      }
      text += "]"
    case .string(let string): Self.write(string, to: &text)
    case .number(let number): text += number.lexeme
    case .boolean(let boolean): text += boolean ? "true" : "false"
    case .null: text += "null"
    }
  }

  private static func write(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\u{0}"..."\u{1F}":
        let digits = String(scalar.value, radix: 16)
        text += "\\u00" + (digits.count == 1 ? "0" : "") + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
