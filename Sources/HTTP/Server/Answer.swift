import Glibc

/// The answer to a request: the bytes of its head, and the part of a file that follows.
struct Answer {
  /// Status line, fields and empty line, and the text that stands for an error.
  let head: [UInt8]
  /// What follows of a file; nil for none.
  let body: (file: OfferedFile, range: Range<UInt64>)?
  /// Whether the connection is closed afterwards.
  let closes: Bool

  /// The answer to a head that is refused.
  init(refusing status: Status) {
    self.init(status, [], text: true, closes: true)
  }

  /// The answer of an offer (profile clause 8.3, section 5).
  init(to request: RequestHead, from offer: Offer) {
    let closes = request.asksToClose
    let isHead = request.method == "HEAD"
    guard isHead || request.method == "GET" else {
      // What the method brought along is not read, so nothing can be read after it.
      self.init(.methodNotAllowed, [("Allow", "GET, HEAD")], text: true, closes: true)
      return
    }
    guard let file = offer.open(request.path) else {
      self.init(.notFound, [], text: !isHead, closes: closes)
      return
    }
    let tag = [("ETag", file.tag)]
    let wanted = request.members("if-match")
    guard wanted.isEmpty || wanted.contains("*") || wanted.contains(file.tag) else {
      self.init(.preconditionFailed, tag, text: !isHead, closes: closes)
      return
    }
    // Compared weakly: whether the client took the tag for a weak one does not matter here.
    guard
      !request.members("if-none-match").contains(where: { ["*", file.tag, "W/" + file.tag].contains($0) })
    else {
      self.init(.notModified, tag, text: false, closes: closes)
      return
    }
    // A range of an older file would not fit to what the client has; only the tag can tell, since there is no date.
    let condition = request.values("if-range")
    let mayBePart = !isHead && condition.allSatisfy { $0 == file.tag }
    var fields =
      tag + [
        ("Accept-Ranges", "bytes"), ("Content-Type", "application/octet-stream"),
        ("X-Content-Type-Options", "nosniff"),
      ]
    switch RequestedPart(mayBePart ? request.values("range") : [], of: file.size) {
    case .whole:
      fields.append(("Content-Length", String(file.size)))
      self.init(.ok, fields, body: isHead ? nil : (file, 0..<file.size), closes: closes)
    case .bytes(let range):
      fields.append(("Content-Length", String(range.count)))
      fields.append(("Content-Range", "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(file.size)"))
      self.init(.partialContent, fields, body: (file, range), closes: closes)
    case .beyondEnd:
      self.init(
        .rangeNotSatisfiable, tag + [("Content-Range", "bytes */\(file.size)")], text: true, closes: closes)
    }
  }

  private init(
    _ status: Status, _ fields: [(String, String)], text: Bool = false,
    body: (file: OfferedFile, range: Range<UInt64>)? = nil, closes: Bool
  ) {
    let line = "\(status.rawValue) \(status.phrase)"
    var lines = ["HTTP/1.1 \(line)", "Date: \(Answer.date)"] + fields.map { "\($0): \($1)" }
    if status.rawValue >= 400 {
      lines += [
        "Content-Type: text/plain; charset=utf-8", "X-Content-Type-Options: nosniff",
        "Content-Length: \(line.utf8.count + 1)",
      ]
    }
    if closes { lines.append("Connection: close") }
    head = Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + (text ? line + "\n" : "")).utf8)
    self.body = body.flatMap { $0.range.isEmpty ? nil : $0 }
    self.closes = closes
  }

  /// The time of the answer as HTTP writes it (RFC 9110, section 5.6.7).
  private static var date: String {
    var now = time(nil)
    var parts = tm()
    gmtime_r(&now, &parts)
    var text = [CChar](repeating: 0, count: 64)
    let count = strftime(&text, text.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
    return String(decoding: text.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
