/// The head of an answer as far as it matters here, line by line as it comes.
struct AnswerHead {
  /// The most bytes of a head.
  private static let byteLimit = 64 << 10
  /// The fields that are kept.
  private static let wanted = [
    "content-range", "content-length", "content-encoding", "etag", "retry-after",
  ]

  /// The status; 0 before there is one.
  private(set) var status = 0
  /// The first line, for people.
  private(set) var line = ""
  /// Whether the empty line at its end was seen.
  private(set) var isComplete = false
  private var values: [String: [String]] = [:]
  private var byteCount = 0

  /// Adds a line.
  ///
  /// - Returns: false where the head is longer than any honest one.
  mutating func add(_ bytes: UnsafeRawBufferPointer) -> Bool {
    // What follows a body are trailers, which say nothing that counts here.
    if isComplete, status >= 200 { return true }
    let text = FieldValue.trimmed(bytes.filter { $0 != 0x0D && $0 != 0x0A })
    if text.hasPrefix("HTTP/") {
      let before = byteCount
      self = AnswerHead()
      byteCount = before
      let words = text.split(separator: " ", maxSplits: 2)
      status = words.count > 1 ? Int(words[1]) ?? 0 : 0
      // HTTP/2 has no phrase, so that the number says it all.
      line = words.dropFirst().joined(separator: " ")
    } else if text.isEmpty {
      isComplete = true
    } else if let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) {
      let name = text[..<colon].lowercased()
      if AnswerHead.wanted.contains(name) {
        values[name, default: []].append(FieldValue.trimmed(text.utf8[text.utf8.index(after: colon)...]))
      }
    }
    byteCount += bytes.count
    return byteCount <= AnswerHead.byteLimit
  }

  /// The one value of a field; nil where there is none, or several that differ.
  private func value(_ name: String) -> String? {
    guard let all = values[name], let first = all.first, all.allSatisfy({ $0 == first }) else { return nil }
    return first
  }

  /// The strong entity tag, if there is one.
  var tag: String? { value("etag").flatMap { FieldValue.isStrongTag($0) ? $0 : nil } }

  /// The length that the head gives the body.
  var contentLength: UInt64? { value("content-length").flatMap { FieldValue.number($0.utf8) } }

  /// How long to wait before the next try, in seconds; a date is not read.
  var retryAfter: UInt32? {
    value("retry-after").flatMap { FieldValue.number($0.utf8) }.map { UInt32(clamping: $0) }
  }

  /// The encoding that the body would have to be undone from; nil for none.
  var foreignEncoding: String? {
    values["content-encoding"]?.first { !$0.isEmpty && $0.lowercased() != "identity" }
  }

  /// What `Content-Range` says, as it stands there.
  var contentRangeText: String { values["content-range"]?.joined(separator: ", ") ?? "–" }

  /// The bytes that `Content-Range` gives, and the total; the bytes are nil in a 416. Nil where it is missing or says less.
  var contentRange: (bytes: Range<UInt64>?, total: UInt64)? {
    guard let text = value("content-range"), text.lowercased().hasPrefix("bytes ") else { return nil }
    let parts = text.utf8.dropFirst(6).split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard parts.count == 2, let total = FieldValue.number(parts[1]) else { return nil }
    if parts[0].elementsEqual("*".utf8) { return (nil, total) }
    let ends = parts[0].split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard ends.count == 2, let first = FieldValue.number(ends[0]), let last = FieldValue.number(ends[1]),
      first <= last, last < total
    else { return nil }
    return (first..<last + 1, total)
  }
}
