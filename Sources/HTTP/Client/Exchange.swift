import Packaging

/// One request and what came of it: decides of each answer whether its body is taken, and lets no byte too many through.
final class Exchange {
  private let request: RangeRequest
  private let sink: any BodySink
  private(set) var head = AnswerHead()
  /// Why the answer is not taken, or the exchange ended.
  private(set) var failure: TransportError?
  private var verdict: Verdict?
  private var taken: UInt64 = 0

  private enum Verdict {
    /// The body goes to the sink: at most so many bytes, and where `expected` is there just so many.
    case taken(limit: UInt64, expected: UInt64?)
    /// The body is an error page or a redirect's: read as far as it is short, so that the connection can be used again.
    case dropped
  }

  /// How much of a body is read that nobody wants.
  private static let droppedByteLimit: UInt64 = 64 << 10

  init(_ request: RangeRequest, _ sink: any BodySink) {
    self.request = request
    self.sink = sink
  }

  /// Takes a line of a head.
  ///
  /// - Returns: false to end the exchange.
  func takeHead(_ line: UnsafeRawBufferPointer) -> Bool {
    guard head.add(line) else {
      failure = .refused("\(head.line): head > 64 KiB")
      return false
    }
    guard head.isComplete, head.status >= 200, verdict == nil else { return true }
    do throws(TransportError) {
      verdict = try judge()
      return true
    } catch {
      failure = error
      // The page that comes with an error is short and keeps the connection; what is refused is not worth reading.
      verdict = .dropped
      return head.status != 200 && head.status != 206
    }
  }

  /// Takes bytes of the body.
  ///
  /// - Returns: false to end the exchange.
  func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let (sum, overflow) = taken.addingReportingOverflow(UInt64(bytes.count))
    taken = overflow ? .max : sum
    switch verdict {
    case .taken(let limit, _):
      guard taken <= limit else {
        failure = .refused("\(head.line): > \(limit) B")
        return false
      }
      guard sink.take(bytes) else {
        failure = .stopped
        return false
      }
      return true
    case .dropped: return taken <= Exchange.droppedByteLimit
    case nil: return false
    }
  }

  /// Whether the body came whole, once the connection brought all it had.
  func finish() throws(TransportError) {
    if let failure { throw failure }
    guard case .taken(_, let expected) = verdict else { throw .refused(head.line) }
    if let expected, taken < expected {
      throw .retryable("\(head.line): \(taken) B < \(expected) B", after: nil)
    }
  }

  /// Whether the answer only leads elsewhere.
  var isRedirect: Bool { [301, 302, 303, 307, 308].contains(head.status) }

  private func judge() throws(TransportError) -> Verdict {
    if isRedirect { return .dropped }
    switch head.status {
    case 200: return try accept(length: head.contentLength, range: nil)
    case 206: return try acceptPart()
    case 412: throw .changed(expected: request.expected?.tag ?? "–", actual: head.line)
    case 416:
      if let total = head.contentRange?.total { try compare(length: total, tag: nil, hasTag: false) }
      throw .refused("\(head.line), \(head.contentRangeText)")
    case 408, 425, 429, 500...599: throw .retryable(head.line, after: head.retryAfter)
    case 400...499: throw .gone(head.line)
    default: throw .refused(head.line)
    }
  }

  private func acceptPart() throws(TransportError) -> Verdict {
    guard let (bytes, total) = head.contentRange, let bytes else {
      throw .refused("\(head.line), Content-Range: \(head.contentRangeText)")
    }
    let wanted: Range<UInt64>?
    switch request.part {
    case .whole: wanted = nil
    case .last(let count): wanted = total - min(count, total)..<total
    case .bytes(let range): wanted = range
    }
    // A source that has another length is another one, and has other last bytes.
    try compare(length: total, tag: head.tag, hasTag: true)
    guard let wanted, bytes == wanted else {
      throw .refused("Content-Range: \(head.contentRangeText) ≠ \(wanted.map { "\($0)" } ?? "–")")
    }
    return try accept(length: total, range: bytes)
  }

  private func accept(length: UInt64?, range: Range<UInt64>?) throws(TransportError) -> Verdict {
    if let encoding = head.foreignEncoding { throw .refused("Content-Encoding: \(encoding)") }
    try compare(length: length, tag: head.tag, hasTag: true)
    guard let limit = sink.begin(RemoteAnswer(RemoteEntity(length: length, tag: head.tag), range: range))
    else {
      throw .stopped
    }
    let expected = range.map { UInt64($0.count) } ?? length
    return .taken(limit: min(limit, expected ?? .max), expected: expected)
  }

  /// Holds what the answer says of the source against what earlier ones said.
  private func compare(length: UInt64?, tag: String?, hasTag: Bool) throws(TransportError) {
    guard let known = request.expected else { return }
    if let expected = known.length, length != expected {
      throw .changed(expected: "\(expected) B", actual: length.map { "\($0) B" } ?? "–")
    }
    if hasTag, let expected = known.tag, tag != expected {
      throw .changed(expected: expected, actual: tag ?? "–")
    }
  }
}
