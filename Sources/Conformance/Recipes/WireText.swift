/// Where a field lies in the bytes of a Protocol Buffers file.
struct FieldLocation {
  /// The whole field, from its tag.
  let whole: Range<Int>
  /// The length prefix; empty where the field has none.
  let length: Range<Int>
  /// The value.
  let value: Range<Int>
  let number: UInt64
  let wireType: UInt64
}

/// The bytes of a Protocol Buffers file, as recipes look at them: the base is valid, so a plain scan is enough.
enum WireText {
  /// The fields of a message.
  static func fields(of bytes: [UInt8], in message: Range<Int>) throws(RecipeError) -> [FieldLocation] {
    var fields: [FieldLocation] = []
    var position = message.lowerBound
    while position < message.upperBound {
      let start = position
      let tag = try varint(bytes, &position, message.upperBound)
      var length = position..<position
      let end: Int
      switch tag & 7 {
      case 0:
        var after = position
        _ = try varint(bytes, &after, message.upperBound)
        end = after
      case 1: end = position + 8
      case 5: end = position + 4
      case 2:
        let count = try varint(bytes, &position, message.upperBound)
        length = length.lowerBound..<position
        guard let count = Int(exactly: count), count <= message.upperBound - position else {
          throw .notAMessage(start)
        }
        end = position + count
      default: throw .notAMessage(start)
      }
      guard end <= message.upperBound else { throw .notAMessage(start) }
      fields.append(
        FieldLocation(
          whole: start..<end, length: length, value: position..<end, number: tag >> 3, wireType: tag & 7))
      position = end
    }
    return fields
  }

  static func varint(_ bytes: [UInt8], _ position: inout Int, _ end: Int) throws(RecipeError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while position < end, shift < 64 {
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    throw .notAMessage(position)
  }

  /// A number as a varint of at least `width` bytes.
  static func varint(_ value: UInt64, width: Int = 1) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = value
    repeat {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    } while rest > 0 || bytes.count < width
    bytes[bytes.count - 1] &= 0x7F
    return bytes
  }

  /// A field with a length prefix.
  static func delimited(_ number: UInt64, _ content: [UInt8]) -> [UInt8] {
    varint(number << 3 | 2) + varint(UInt64(content.count)) + content
  }
}

extension RecipeError {
  static func notAMessage(_ offset: Int) -> RecipeError {
    RecipeError(
      zh: "字节 \(offset) 处不是 Protocol Buffers 字段", en: "byte \(offset) begins no Protocol Buffers field")
  }
}
