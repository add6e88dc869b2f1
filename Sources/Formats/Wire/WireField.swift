import Storage

/// How a field of a Protocol Buffers message is written.
enum WireType: UInt8, Sendable {
  /// A variable-length integer.
  case varint = 0
  /// Eight bytes.
  case fixed64 = 1
  /// A length, and as many bytes.
  case length = 2
  /// Fields between a start and an end tag; long out of use, and skipped as a whole.
  case group = 3
  /// Four bytes.
  case fixed32 = 5
}

/// The part of a file that a message takes, and how far it has been read.
///
/// Also used over the payload of packed scalars, which is read to its end in the same way.
struct WireMessage: Sendable {
  /// The next byte to be read.
  var position: UInt64
  /// The byte after the message's last one.
  let end: UInt64
  /// How many messages this one stands in.
  let depth: Int

  /// Whether everything has been read.
  var isAtEnd: Bool { position >= end }
}

/// A field as it stands in the file: its number and either its value or where its payload lies.
struct WireField: Sendable {
  /// The field's number, 1 to 2^29 − 1.
  let number: UInt32
  /// How the field is written.
  let type: WireType
  /// The offset of the field's tag in the file.
  let offset: UInt64
  /// The first byte of the payload of a `length` or `group` field; the byte after any other.
  let start: UInt64
  /// The value of a scalar, zero-extended; the number of bytes of a payload.
  let value: UInt64

  /// The byte after the payload of a `length` field.
  ///
  /// Compared with the message's end when the field was read, so that it cannot overflow.
  var end: UInt64 { start &+ value }

  /// The payload of a `length` field as a range in the file with that index in a file table.
  func payload(file: Int) -> ByteRange { ByteRange(file: file, offset: start, length: value) }

  /// Whether tag and value, or tag and length, are written with as few bytes as can be.
  var isMinimal: Bool {
    let tag = UInt64(number) << 3 | UInt64(type.rawValue)
    let written = start &- offset
    switch type {
    case .varint, .length: return written == Self.size(tag) + Self.size(value)
    case .fixed32: return written == Self.size(tag) + 4
    case .fixed64: return written == Self.size(tag) + 8
    case .group: return written == Self.size(tag)
    }
  }

  /// The fewest bytes that a variable-length integer of that value takes.
  static func size(_ value: UInt64) -> UInt64 {
    UInt64(max(1, (UInt64.bitWidth - value.leadingZeroBitCount + 6) / 7))
  }
}

/// What can be wrong with the wire format; each container says which of its requirements that breaks.
enum WireProblem: Sendable {
  /// A variable-length integer is longer than ten bytes or does not fit into 64 bits, or a tag is longer than five.
  case varint
  /// A field number is zero.
  case fieldNumber
  /// A wire type is 6 or 7.
  case wireType
  /// A field is written in another way than its schema says.
  case fieldType
  /// A group is not closed, or closed by another number, or an end stands without a start.
  case group
  /// A length leads beyond the message that encloses it, or the file.
  case length
  /// The message ends within a field.
  case truncated
  /// Messages are nested deeper than the limit.
  case depth
  /// A text is not UTF-8.
  case text
  /// A text is longer than the limit.
  case textLimit
  /// What would be held in memory is more than the limit.
  case memory
}

/// What reading one message may cost.
struct WireLimits: Sendable {
  /// The longest text, in bytes.
  var textBytes: UInt64
  /// What the reader and its caller may hold in memory together, in bytes.
  var heldBytes: UInt64
  /// The deepest nesting of messages.
  ///
  /// The default is what the common Protocol Buffers libraries refuse to go beyond, so that nobody could load a deeper file.
  var depth = 100

  /// The limits of the profile, as they apply to messages.
  init(_ limits: Limits) {
    textBytes = limits.textBytes
    heldBytes = limits.structureBytes
  }
}
