import Storage

/// Looks at the names in the central directory of a ZIP archive (APPNOTE.TXT 4.3.12 to 4.3.16).
///
/// PyTorch puts the pickle of a checkpoint into `NAME/data.pkl`; an archive of TorchScript has its tensors before it, so that
/// only the directory at the end tells.
enum ZIPDirectory {
  /// With what the first file of an archive begins.
  static let localHeader = Array("PK\u{3}\u{4}".utf8)
  /// The last component of the name of a pickle.
  static let pickle = "data.pkl"

  /// How many bytes of a directory are looked at: some hundred thousand names.
  private static let byteLimit: UInt64 = 16 << 20

  /// Whether an archive holds a file that is called like a pickle of PyTorch.
  static func holdsPickle(_ source: any ByteSource) throws(Fault) -> Bool {
    guard let range = try directory(of: source), let count = Int(exactly: range.count) else { return false }
    let bytes = try source.bytes(at: range.lowerBound, count: count)
    let wanted = Array(pickle.utf8)
    var rest = bytes[...]
    while rest.starts(with: "PK\u{1}\u{2}".utf8), let nameLength = number(rest, at: 28, bytes: 2),
      let extraLength = number(rest, at: 30, bytes: 2), let commentLength = number(rest, at: 32, bytes: 2)
    {
      let name = rest.dropFirst(46).prefix(Int(nameLength))
      if name.suffix(wanted.count).elementsEqual(wanted) {
        let before = name.dropLast(wanted.count).last
        if before == nil || before == UInt8(ascii: "/") { return true }
      }
      rest = rest.dropFirst(46 + Int(nameLength + extraLength + commentLength))
    }
    return false
  }

  /// Where the central directory lies, as far as it is looked at; nil where the end of the file does not say so.
  private static func directory(of source: any ByteSource) throws(Fault) -> Range<UInt64>? {
    // The record at the end has 22 bytes and a comment of at most 65,535.
    let length = min(source.size, 22 + 65_535)
    let tailStart = source.size - length
    let tail = try source.bytes(at: tailStart, count: Int(length))
    let mark = Array("PK\u{5}\u{6}".utf8)
    guard let place = tail.indices.dropLast(21).last(where: { tail[$0...].starts(with: mark) }),
      var offset = number(tail[place...], at: 16, bytes: 4)
    else { return nil }
    var end = tailStart + UInt64(place)
    if offset == UInt64(UInt32.max) {
      guard let wide = try wideDirectory(of: source, before: end) else { return nil }
      (offset, end) = wide
    }
    guard offset < end else { return nil }
    return offset..<min(end, offset + byteLimit)
  }

  /// The offset of the directory and that of the record of 64 bits, which a locator of 20 bytes names.
  private static func wideDirectory(
    of source: any ByteSource, before end: UInt64
  ) throws(Fault) -> (offset: UInt64, end: UInt64)? {
    guard end >= 20 else { return nil }
    let locator = try source.bytes(at: end - 20, count: 20)
    guard locator.starts(with: "PK\u{6}\u{7}".utf8), let place = number(locator[...], at: 8, bytes: 8),
      place < end - 20, end - 20 - place >= 56
    else { return nil }
    let record = try source.bytes(at: place, count: 56)
    guard record.starts(with: "PK\u{6}\u{6}".utf8), let offset = number(record[...], at: 48, bytes: 8) else {
      return nil
    }
    return (offset, place)
  }

  /// A little-endian number; nil where the bytes end before it does.
  private static func number(_ bytes: ArraySlice<UInt8>, at place: Int, bytes count: Int) -> UInt64? {
    let digits = bytes.dropFirst(place).prefix(count)
    guard digits.count == count else { return nil }
    return digits.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
