import Storage

/// Reads the fields of a payload in their order; what does not fit is a fault at the offset of the field.
struct PayloadReader {
  private var fields: FieldReader
  private let start: Place
  private let syntax: PackageFault

  /// A reader at the first byte of a payload.
  ///
  /// - Parameters:
  ///   - start: where in the package that byte lies.
  ///   - syntax: the requirement that a field breaks which does not fit.
  init(_ bytes: some Sequence<UInt8>, at start: Place, syntax: PackageFault) {
    fields = FieldReader(bytes)
    self.start = start
    self.syntax = syntax
  }

  /// The next field, as an offset in the payload.
  var position: Int { fields.position }
  /// How many bytes are left.
  var remaining: Int { fields.remaining }
  /// Where in the package the next field lies.
  var place: Place { place(at: position) }

  /// Where in the package a field lies.
  func place(at position: Int) -> Place {
    Place(start.file, offset: (start.offset ?? 0) + UInt64(position))
  }

  /// The next unsigned integer.
  mutating func integer<Value: FixedWidthInteger & UnsignedInteger>(
    _ type: Value.Type = Value.self
  ) throws(Fault) -> Value {
    guard let value = fields.integer(type) else { throw missing(Value.bitWidth / 8) }
    return value
  }

  /// The next bytes.
  mutating func bytes(_ count: Int) throws(Fault) -> [UInt8] {
    guard let bytes = fields.bytes(count) else { throw missing(count) }
    return bytes
  }

  /// A length of four bytes, and as many bytes.
  mutating func lengthAndBytes() throws(Fault) -> [UInt8] {
    let place = place
    var probe = fields
    guard let length: UInt32 = probe.integer() else { throw missing(4) }
    guard let bytes = fields.lengthAndBytes() else {
      throw Fault(syntax, at: place, expected: "≤ \(probe.remaining) B", actual: "\(length) B")
    }
    return bytes
  }

  /// A length of four bytes, and as many bytes of UTF-8.
  mutating func lengthAndText() throws(Fault) -> String {
    let place = place
    let bytes = try lengthAndBytes()
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Fault(
        syntax, at: place, expected: "UTF-8", actual: Hexadecimal.text(of: Array(bytes.prefix(16))))
    }
    return text
  }

  /// Accepts the end of the payload.
  func finish() throws(Fault) {
    guard fields.isAtEnd else {
      throw Fault(syntax, at: place, expected: "0 B", actual: "\(remaining) B")
    }
  }

  private func missing(_ count: Int) -> Fault {
    Fault(syntax, at: place, expected: "\(count) B", actual: "\(remaining) B")
  }
}
