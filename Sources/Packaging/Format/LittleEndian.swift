/// Fields of fixed width, least significant byte first (profile clause 8.2).
extension [UInt8] {
  /// Appends an unsigned integer.
  public mutating func append<Value: FixedWidthInteger & UnsignedInteger>(littleEndian value: Value) {
    for shift in stride(from: 0, to: Value.bitWidth, by: 8) {
      append(UInt8(truncatingIfNeeded: value >> Value(shift)))
    }
  }

  /// Appends a length of four bytes and as many bytes.
  public mutating func append(lengthAnd bytes: [UInt8]) {
    append(littleEndian: UInt32(truncatingIfNeeded: bytes.count))
    append(contentsOf: bytes)
  }
}

/// Reads the fields of a small structure in memory one after the other, and never past its end.
public struct FieldReader: Sendable {
  private let bytes: ArraySlice<UInt8>
  /// The next byte, counted from the first of the structure.
  public private(set) var position = 0

  /// A reader at the first byte.
  public init(_ bytes: some Sequence<UInt8>) {
    self.bytes = ArraySlice(bytes)
  }

  /// How many bytes are left.
  public var remaining: Int { bytes.count - position }
  /// Whether nothing is left.
  public var isAtEnd: Bool { remaining == 0 }

  /// The next bytes; nil, and nothing is taken, where there are fewer.
  public mutating func bytes(_ count: Int) -> [UInt8]? {
    guard count >= 0, count <= remaining else { return nil }
    let start = bytes.startIndex + position
    position += count
    return Array(bytes[start..<start + count])
  }

  /// The next unsigned integer of that type; nil, and nothing is taken, where fewer bytes are left.
  public mutating func integer<Value: FixedWidthInteger & UnsignedInteger>(
    _ type: Value.Type = Value.self
  ) -> Value? {
    guard let bytes = bytes(Value.bitWidth / 8) else { return nil }
    return bytes.reversed().reduce(0) { $0 << 8 | Value($1) }
  }

  /// A length of four bytes and as many bytes; nil, and nothing is taken, where fewer are left.
  public mutating func lengthAndBytes() -> [UInt8]? {
    var probe = self
    guard let length = probe.integer(UInt32.self), let count = Int(exactly: length),
      let bytes = probe.bytes(count)
    else { return nil }
    self = probe
    return bytes
  }
}
