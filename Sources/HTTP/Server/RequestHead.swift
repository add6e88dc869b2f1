import Storage

/// The head of a request (RFC 9112), read strictly: what two readers could understand differently is refused.
struct RequestHead {
  /// Why a head is not taken, as the status that is answered.
  struct Refusal: Error {
    let status: Status
  }

  /// The method, such as `GET`; it is case-sensitive.
  let method: String
  /// The path of the target as its components, with percent escapes resolved; `/` in an escape does not divide.
  let path: [[UInt8]]
  /// Whether it is HTTP/1.1 rather than 1.0.
  let isVersion11: Bool
  /// Names in lower case with their values, in order.
  private let fields: [(name: String, value: String)]

  /// Reads a head.
  ///
  /// - Parameter bytes: all lines, with the empty one at the end.
  init(_ bytes: ArraySlice<UInt8>) throws(Refusal) {
    var lines = try RequestHead.lines(bytes)[...]
    guard let first = lines.popFirst() else { throw Refusal(status: .badRequest) }
    let words = first.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard words.count == 3, RequestHead.isToken(words[0]) else { throw Refusal(status: .badRequest) }
    method = String(decoding: words[0], as: UTF8.self)
    isVersion11 = try RequestHead.isVersion11(words[2])
    path = try RequestHead.path(words[1])
    fields = try lines.map { line throws(Refusal) in try RequestHead.field(line) }
    // Without a body there is nothing in which a second request could be hidden from whoever stands between.
    let hasBody =
      values("transfer-encoding").isEmpty == false || values("content-length").contains { $0 != "0" }
    let takesBody = method != "GET" && method != "HEAD"
    guard values("host").count == 1 || (!isVersion11 && values("host").isEmpty), !hasBody || takesBody else {
      throw Refusal(status: .badRequest)
    }
  }

  /// The values of a field, in order.
  ///
  /// - Parameter name: in lower case.
  func values(_ name: String) -> [String] {
    fields.filter { $0.name == name }.map(\.value)
  }

  /// The members of a field that is a list, without empty ones; quoted members must not contain commas.
  func members(_ name: String) -> [String] {
    values(name).flatMap { $0.utf8.split(separator: UInt8(ascii: ",")) }
      .map { FieldValue.trimmed($0) }.filter { !$0.isEmpty }
  }

  /// Whether the connection is to be closed after the answer.
  var asksToClose: Bool {
    !isVersion11 || members("connection").contains { $0.lowercased() == "close" }
  }

  private static let carriageReturn = UInt8(ascii: "\r")
  private static let lineFeed = UInt8(ascii: "\n")

  /// The lines before the empty one; a line feed or a carriage return alone ends none.
  private static func lines(_ bytes: ArraySlice<UInt8>) throws(Refusal) -> [ArraySlice<UInt8>] {
    var lines: [ArraySlice<UInt8>] = []
    for line in bytes.split(separator: lineFeed, omittingEmptySubsequences: false).dropLast() {
      guard line.last == carriageReturn else { throw Refusal(status: .badRequest) }
      let text = line.dropLast()
      guard text.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
        throw Refusal(status: .badRequest)
      }
      if text.isEmpty { break }
      lines.append(text)
    }
    return lines
  }

  private static func isVersion11(_ word: ArraySlice<UInt8>) throws(Refusal) -> Bool {
    if word.elementsEqual("HTTP/1.1".utf8) { return true }
    if word.elementsEqual("HTTP/1.0".utf8) { return false }
    let prefix = "HTTP/".utf8
    guard word.starts(with: prefix), word.count == 8, word[word.startIndex + 5].isASCIIDigit else {
      throw Refusal(status: .badRequest)
    }
    throw Refusal(status: .versionNotSupported)
  }

  /// Origin form, or absolute form, whose authority says nothing to a server with one name space; a query chooses nothing either.
  private static func path(_ target: ArraySlice<UInt8>) throws(Refusal) -> [[UInt8]] {
    let slash = UInt8(ascii: "/")
    guard target.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { throw Refusal(status: .badRequest) }
    var rest = target.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
    if rest.first != slash {
      guard let scheme = ["http://", "https://"].first(where: { rest.starts(with: $0.utf8) }) else {
        throw Refusal(status: .badRequest)
      }
      rest = rest.dropFirst(scheme.utf8.count).drop { $0 != slash }
    }
    return try rest.dropFirst().split(separator: slash, omittingEmptySubsequences: false).map {
      component throws(Refusal) in
      guard let bytes = PercentEncoding.decoded(component) else { throw Refusal(status: .badRequest) }
      return bytes
    }
  }

  private static func field(_ line: ArraySlice<UInt8>) throws(Refusal) -> (name: String, value: String) {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), isToken(line[..<colon]) else {
      throw Refusal(status: .badRequest)
    }
    let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
    return (name, FieldValue.trimmed(line[(colon + 1)...]))
  }

  private static func isToken(_ bytes: ArraySlice<UInt8>) -> Bool {
    let others = "!#$%&'*+-.^_`|~".utf8
    return !bytes.isEmpty && bytes.allSatisfy { $0.isASCIILetterOrDigit || others.contains($0) }
  }
}
