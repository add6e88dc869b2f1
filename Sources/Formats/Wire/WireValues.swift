import Storage

/// What a caller asks of a field: each accessor looks whether the field is written as its schema says.
extension WireReader {
  /// A scalar of any of the integer types that are written with a variable length, zigzag ones aside.
  func integer(_ field: WireField) throws(Fault) -> Int64 {
    try expect(field, .varint)
    return Int64(bitPattern: field.value)
  }

  /// A 32-bit integer or the code of an enumeration: the low 32 bits, as every Protocol Buffers library reads it.
  func integer32(_ field: WireField) throws(Fault) -> Int32 {
    try expect(field, .varint)
    return Int32(truncatingIfNeeded: field.value)
  }

  /// A 32-bit floating-point number.
  func float(_ field: WireField) throws(Fault) -> Float {
    try expect(field, .fixed32)
    return Float(bitPattern: UInt32(truncatingIfNeeded: field.value))
  }

  /// A 64-bit floating-point number.
  func double(_ field: WireField) throws(Fault) -> Double {
    try expect(field, .fixed64)
    return Double(bitPattern: field.value)
  }

  /// A text.
  ///
  /// - Throws: `WireProblem.text` where it is not UTF-8; `.textLimit` and `.memory` where it is too long to be held.
  mutating func string(_ field: WireField) throws(Fault) -> String {
    let text = try boundedText(field, Self.validText)
    guard let text else { throw fault(.text, field.start, expected: "UTF-8") }
    return text
  }

  /// A text, repaired with replacement characters where it is not UTF-8, and whether it was.
  mutating func repairedString(_ field: WireField) throws(Fault) -> (text: String, isValid: Bool) {
    try boundedText(field) { (bytes) -> (text: String, isValid: Bool) in
      if let text = Self.validText(bytes) { return (text, true) }
      return (String(decoding: bytes, as: UTF8.self), false)
    }
  }

  /// Bytes, held in memory; the same limit as that of a text.
  mutating func bytes(_ field: WireField) throws(Fault) -> [UInt8] {
    try boundedText(field) { Array($0) }
  }

  /// Appends the integers of a repeated field: one where it is written alone, all of them where it is packed.
  mutating func integers(_ field: WireField, to list: inout [Int64]) throws(Fault) {
    guard field.type == .length else {
      let value = try integer(field)
      try hold(8, at: field.offset)
      list.append(value)
      return
    }
    var packed = WireMessage(position: field.start, end: field.end, depth: 0)
    while !packed.isAtEnd {
      let value = try varint(&packed)
      try hold(8, at: field.offset)
      list.append(Int64(bitPattern: value))
    }
  }

  /// Appends the 32-bit floating-point numbers of a repeated field, alone or packed.
  mutating func floats(_ field: WireField, to list: inout [Float]) throws(Fault) {
    guard field.type == .length else {
      let value = try float(field)
      try hold(4, at: field.offset)
      list.append(value)
      return
    }
    try hold(field.value, at: field.offset)
    var packed = WireMessage(position: field.start, end: field.end, depth: 0)
    while !packed.isAtEnd {
      list.append(Float(bitPattern: try fixed32(&packed)))
    }
  }

  /// The text of bytes; nil where they are not UTF-8.
  private static func validText(_ bytes: UnsafeRawBufferPointer) -> String? {
    // Nearly all texts are ASCII, which needs no validation: that of the standard library costs several times the
    // making of a short string.
    var union: UInt8 = 0
    for byte in bytes { union |= byte }
    if union < 0x80 { return String(decoding: bytes, as: UTF8.self) }
    return String(validating: bytes, as: UTF8.self)
  }

  /// Looks at a text that nobody holds.
  ///
  /// - Returns: the text with replacement characters where it is not UTF-8; nil where it is.
  mutating func repairIfInvalid(_ field: WireField) throws(Fault) -> String? {
    try withText(field) { bytes in
      Self.validText(bytes) == nil ? String(decoding: bytes, as: UTF8.self) : nil
    }
  }

  private mutating func boundedText<Result>(
    _ field: WireField, _ body: (UnsafeRawBufferPointer) -> Result
  ) throws(Fault) -> Result {
    if field.type == .length, field.value <= limits.textBytes { try hold(field.value, at: field.offset) }
    return try withText(field, body)
  }

  private mutating func withText<Result>(
    _ field: WireField, _ body: (UnsafeRawBufferPointer) -> Result
  ) throws(Fault) -> Result {
    try expect(field, .length)
    guard field.value <= limits.textBytes, let count = Int(exactly: field.value) else {
      throw fault(
        .textLimit, field.offset, expected: "≤ \(limits.textBytes) B", actual: "\(field.value) B")
    }
    return try withBytes(at: field.start, count: count, body)
  }
}
