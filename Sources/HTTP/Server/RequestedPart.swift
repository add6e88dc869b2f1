/// What a `Range` field asks for of a file (RFC 9110, section 14.2).
enum RequestedPart: Equatable {
  /// All of it: there is no range, or several, or one that is not understood.
  case whole
  /// These bytes; never none.
  case bytes(Range<UInt64>)
  /// Bytes that are not there.
  case beyondEnd

  /// What is asked for of so many bytes.
  ///
  /// - Parameter fields: the values of all `Range` fields.
  init(_ fields: [String], of length: UInt64) {
    self = .whole
    let unit = "bytes="
    guard fields.count == 1, let field = fields.first, field.utf8.count > unit.utf8.count,
      String(decoding: field.utf8.prefix(unit.utf8.count), as: UTF8.self).lowercased() == unit
    else { return }
    let parts = field.utf8.dropFirst(unit.utf8.count).split(separator: UInt8(ascii: ","))
      .map { FieldValue.trimmed($0) }.filter { !$0.isEmpty }
    guard parts.count == 1, let part = parts.first else { return }
    let ends = part.utf8.split(
      separator: UInt8(ascii: "-"), maxSplits: 1, omittingEmptySubsequences: false)
    guard ends.count == 2 else { return }
    if ends[0].isEmpty {
      guard let count = FieldValue.number(ends[1]) else { return }
      self = count == 0 || length == 0 ? .beyondEnd : .bytes(length - min(count, length)..<length)
    } else if let first = FieldValue.number(ends[0]) {
      guard let last = ends[1].isEmpty ? UInt64.max : FieldValue.number(ends[1]), first <= last else {
        return
      }
      self = first < length ? .bytes(first..<min(last, length - 1) + 1) : .beyondEnd
    }
  }
}
