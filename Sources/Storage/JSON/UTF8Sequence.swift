/// Well-formed UTF-8 byte sequences (Unicode, table 3-7).
enum UTF8Sequence {
  /// The length of the well-formed sequence of more than one byte that begins at `index`; nil where there is none.
  static func length(in bytes: [UInt8], at index: Int) -> Int? {
    let lead = bytes[index]
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch lead {
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xE1...0xEC, 0xEE...0xEF: length = 3
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: length = 4
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return nil
    }
    guard bytes.count - index >= length, second.contains(bytes[index + 1]) else { return nil }
    for place in index + 2..<index + max(length, 2) where bytes[place] & 0xC0 != 0x80 {
      return nil
    }
    return length
  }
}
