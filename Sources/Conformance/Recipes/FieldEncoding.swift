import Configuration
import Storage

extension Layout {
  /// A value of a recipe as fields of a message: one, or several for a list that is not packed.
  func encoded(_ value: YAMLValue, as field: Field) throws(RecipeError) -> [UInt8] {
    if case .list(let values) = value, field.isRepeated {
      var content: [UInt8] = []
      for value in values {
        content += field.isPacked ? try payload(value, field) : try encoded(value, as: field)
      }
      return field.isPacked ? WireText.delimited(field.number, content) : content
    }
    let content = try payload(value, field)
    switch field.kind {
    case .text, .bytes, .message: return WireText.delimited(field.number, content)
    default:
      if field.isPacked { return WireText.delimited(field.number, content) }
      return WireText.varint(field.number << 3 | field.kind.wireType) + content
    }
  }

  /// The value without tag and length.
  private func payload(_ value: YAMLValue, _ field: Field) throws(RecipeError) -> [UInt8] {
    switch (field.kind, value) {
    case (.boolean, .boolean(let flag)): return [flag ? 1 : 0]
    case (.integer, .boolean(let flag)): return [flag ? 1 : 0]
    case (.integer, .number(let text)), (.boolean, .number(let text)):
      if let number = UInt64(text) { return WireText.varint(number) }
      if let number = Int64(text) { return WireText.varint(UInt64(bitPattern: number)) }
    case (.zigzag, .number(let text)):
      if let number = Int64(text) {
        return WireText.varint(UInt64(bitPattern: (number << 1) ^ (number >> 63)))
      }
    case (.float, .number(let text)):
      if let number = Self.number(text) { return Float(number).bitPattern.littleEndianBytes }
    case (.double, .number(let text)):
      if let number = Self.number(text) { return number.bitPattern.littleEndianBytes }
    case (.text, .text(let text)): return Array(text.utf8)
    case (.bytes, .text(let text)): return try [UInt8](hexadecimal: text)
    case (.message(let type), .mapping(let pairs)):
      var content: [UInt8] = []
      for pair in pairs { content += try encoded(pair.value, as: try self.field(pair.key, of: type)) }
      return content
    default: break
    }
    throw RecipeError(zh: "\(field.name) 不接受 \(value)", en: "\(field.name) cannot be \(value)")
  }

  private static func number(_ text: String) -> Double? {
    switch text.lowercased() {
    case ".nan": .nan
    case ".inf", "+.inf": .infinity
    case "-.inf": -.infinity
    default: Double(text)
    }
  }
}

extension Layout.Kind {
  /// The wire type of a field that is neither packed nor delimited.
  fileprivate var wireType: UInt64 {
    switch self {
    case .integer, .zigzag, .boolean: 0
    case .double: 1
    case .float: 5
    case .text, .bytes, .message: 2
    }
  }
}

extension FixedWidthInteger {
  /// The bytes, the lowest first.
  var littleEndianBytes: [UInt8] { withUnsafeBytes(of: littleEndian) { Array($0) } }
}

extension [UInt8] {
  /// Bytes written as hexadecimal digits, with blanks between them where that is easier to read.
  init(hexadecimal text: String) throws(RecipeError) {
    let digits = text.filter { !$0.isWhitespace }.compactMap(\.hexDigitValue)
    guard digits.count == text.count(where: { !$0.isWhitespace }), digits.count % 2 == 0 else {
      throw RecipeError(zh: "不是十六进制字节：\(text)", en: "not bytes in hexadecimal: \(text)")
    }
    self = stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }
}
