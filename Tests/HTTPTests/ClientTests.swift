import Packaging
import Testing

@testable import HTTP

/// Keeps what it is given.
final class Kept: BodySink {
  var answer: RemoteAnswer?
  var bytes: [UInt8] = []
  private let limit: UInt64?
  private let stopsAfter: Int

  /// - Parameters:
  ///   - limit: what is allowed; nil to end the exchange at its head.
  ///   - stopsAfter: how many bytes are enough.
  init(limit: UInt64? = .max, stopsAfter: Int = .max) {
    self.limit = limit
    self.stopsAfter = stopsAfter
  }

  func begin(_ answer: RemoteAnswer) -> UInt64? {
    self.answer = answer
    return limit
  }

  func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
    self.bytes += bytes
    return self.bytes.count < stopsAfter
  }
}

@Suite("The client takes what it asked for, and nothing else") struct ClientTests {
  private let client = CurlTransport(agent: "test/1")

  @Test("Parts, the end and the whole of a package, over connections that are kept")
  func parts() throws {
    let bytes = try PackageLike.bytes(3 << 20)
    let served = try ServedFolder.package(bytes)
    let url = served.server.url + "/p.pmp"
    let entity = RemoteEntity(length: UInt64(bytes.count), tag: PackageLike.tag)
    let end = UInt64(bytes.count)
    for (part, range) in [
      (.last(96), end - 96..<end), (.last(end + 5), 0..<end), (.bytes(0..<1), 0..<1),
      (.bytes(1000..<2_000_000), 1000..<2_000_000), (.bytes(end - 1..<end), end - 1..<end), (.whole, nil),
    ] as [(RangeRequest.Part, Range<UInt64>?)] {
      for expected in [nil, entity] {
        let kept = Kept()
        try client.get(RangeRequest(url, part, expected: expected), into: kept)
        #expect(kept.answer == RemoteAnswer(entity, range: range))
        #expect(kept.bytes.elementsEqual(bytes[Int(range?.lowerBound ?? 0)..<Int(range?.upperBound ?? end)]))
      }
    }
  }

  @Test("The request says what is wanted")
  func request() throws {
    let server = try ScriptedServer([
      "/": Array(answer(206, "Content-Range: bytes 5-9/20", "ETag: \"t\"").utf8)
    ])
    let entity = RemoteEntity(length: 20, tag: "\"t\"")
    try client.get(RangeRequest(server.url + "/", .bytes(5..<10), expected: entity), into: Kept())
    let head = try #require(server.heads.first)
    for line in [
      "Range: bytes=5-9", "If-Range: \"t\"", "Accept-Encoding: identity", "User-Agent: test/1",
    ] {
      #expect(head.contains(line + "\r\n"))
    }
    #expect(!head.lowercased().contains("cookie"))
    #expect(!head.lowercased().contains("authorization"))
  }

  /// An answer with a body of five bytes.
  private func answer(_ status: Int, _ fields: String..., body: String = "12345") -> String {
    (["HTTP/1.1 \(status) Said"] + fields + ["Content-Length: \(body.utf8.count)", "Connection: close"])
      .joined(separator: "\r\n") + "\r\n\r\n" + body
  }

  /// What comes of asking for bytes 5 to 9 of 20, with the tag "t".
  private func outcome(of answer: String, _ kept: Kept = Kept()) throws -> String {
    let server = try ScriptedServer(["/": Array(answer.utf8)])
    let request = RangeRequest(
      server.url + "/", .bytes(5..<10), expected: RemoteEntity(length: 20, tag: "\"t\""))
    do throws(TransportError) {
      try client.get(request, into: kept)
      return "taken"
    } catch {
      return switch error {
      case .retryable(_, let after): after.map { "retryable \($0)" } ?? "retryable"
      case .changed: "changed"
      case .gone: "gone"
      case .refused: "refused"
      case .stopped: "stopped"
      }
    }
  }

  @Test(
    "Of a 206 only what was asked for, of the same source",
    arguments: [
      (["Content-Range: bytes 5-9/20", "ETag: \"t\""], "taken"),
      (["Content-Range: bytes 5-9/20", "ETag: \"t\"", "Content-Encoding: identity"], "taken"),
      (["Content-Range: bytes 5-9/21", "ETag: \"t\""], "changed"),
      (["Content-Range: bytes 5-9/20", "ETag: \"u\""], "changed"),
      (["Content-Range: bytes 5-9/20", "ETag: W/\"t\""], "changed"),
      (["Content-Range: bytes 5-9/20"], "changed"),
      (["Content-Range: bytes 0-4/20", "ETag: \"t\""], "refused"),
      (["Content-Range: bytes 5-8/20", "ETag: \"t\""], "refused"),
      (["Content-Range: bytes 5-10/20", "ETag: \"t\""], "refused"),
      (["Content-Range: bytes 5-9/*", "ETag: \"t\""], "refused"),
      (["Content-Range: bytes 9-5/20", "ETag: \"t\""], "refused"),
      (["Content-Range: items 5-9/20", "ETag: \"t\""], "refused"),
      (["Content-Range: bytes 5-9/20", "Content-Range: bytes 0-4/20", "ETag: \"t\""], "refused"),
      (["Content-Type: multipart/byteranges; boundary=x", "ETag: \"t\""], "refused"),
      (["ETag: \"t\""], "refused"),
      (["Content-Range: bytes 5-9/20", "ETag: \"t\"", "Content-Encoding: gzip"], "refused"),
      (["Content-Range: bytes 5-9/20", "ETag: \"t\"", "Content-Encoding: br"], "refused"),
    ])
  func partial(fields: [String], outcome: String) throws {
    let text =
      "HTTP/1.1 206 P\r\n" + (fields + ["Content-Length: 5"]).joined(separator: "\r\n") + "\r\n\r\n12345"
    let kept = Kept()
    #expect(try self.outcome(of: text, kept) == outcome)
    #expect(kept.bytes == (outcome == "taken" ? Array("12345".utf8) : []))
  }

  @Test(
    "What an answer without the part means",
    arguments: [
      (403, "gone"), (404, "gone"), (410, "gone"), (401, "gone"), (408, "retryable"), (429, "retryable"),
      (500, "retryable"), (503, "retryable"), (412, "changed"), (416, "refused"), (204, "refused"),
      (304, "refused"),
      (300, "refused"),
    ])
  func statuses(status: Int, outcome: String) throws {
    #expect(try self.outcome(of: answer(status)) == outcome)
  }

  @Test("Retry-After is told, and a 416 with another total is another source")
  func details() throws {
    #expect(try outcome(of: answer(503, "Retry-After: 7")) == "retryable 7")
    #expect(try outcome(of: answer(429, "Retry-After: 99999999999")) == "retryable 4294967295")
    #expect(try outcome(of: answer(503, "Retry-After: soon")) == "retryable")
    #expect(try outcome(of: answer(416, "Content-Range: bytes */7")) == "changed")
  }

  @Test("A 200 goes to who asked for a part, where it is the same source")
  func whole() throws {
    let body = String(repeating: "x", count: 20)
    let kept = Kept()
    #expect(try outcome(of: answer(200, "ETag: \"t\"", body: body), kept) == "taken")
    #expect(kept.answer?.range == nil)
    #expect(kept.bytes.count == 20)
    #expect(try outcome(of: answer(200, "ETag: \"u\"", body: body)) == "changed")
    #expect(try outcome(of: answer(200, "ETag: \"t\"")) == "changed")
    #expect(try outcome(of: answer(200, "ETag: \"t\"", body: body), Kept(limit: nil)) == "stopped")
  }

  @Test("A body that is too short is tried again, one that is too long refused; who has enough ends it")
  func bodies() throws {
    let head = "HTTP/1.1 206 P\r\nETag: \"t\"\r\nContent-Range: bytes 5-9/20\r\n"
    #expect(try outcome(of: head + "Content-Length: 5\r\n\r\n123") == "retryable")
    #expect(try outcome(of: head + "\r\n123") == "retryable")
    #expect(try outcome(of: head + "Content-Length: 3\r\n\r\n123") == "retryable")
    let kept = Kept()
    #expect(try outcome(of: head + "\r\n123456", kept) == "refused")
    #expect(try outcome(of: head + "Content-Length: 9999999\r\n\r\n123456", kept) == "refused")
    #expect(
      try outcome(of: head + "Transfer-Encoding: chunked\r\n\r\n6\r\n123456\r\n0\r\n\r\n", kept) == "refused")
    #expect(kept.bytes.count <= 5)
    #expect(try outcome(of: head + "Content-Length: 5\r\n\r\n12345", Kept(stopsAfter: 2)) == "stopped")
    #expect(try outcome(of: head + "Content-Length: 5\r\n\r\n12345", Kept(limit: 4)) == "refused")
    #expect(try outcome(of: head + "Content-Length: 5\r\n\r\n12345", Kept(limit: 5)) == "taken")
    // A tag in a trailer comes too late to count.
    #expect(
      try outcome(of: head + "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n0\r\nETag: \"u\"\r\n\r\n")
        == "taken")
  }

  @Test("What is no answer", arguments: ["", "HTTP/1.1 206", "hello", "SSH-2.0-OpenSSH\r\n\r\n"])
  func noAnswer(text: String) throws {
    #expect(["retryable", "refused"].contains(try outcome(of: text)))
  }

  @Test("A head without end is not read to its end")
  func endlessHead() throws {
    let lines = String(repeating: "A: \(String(repeating: "a", count: 1000))\r\n", count: 100)
    #expect(try outcome(of: "HTTP/1.1 206 P\r\n" + lines + "\r\n") == "refused")
    let early = String(
      repeating: "HTTP/1.1 103 Early\r\nA: \(String(repeating: "a", count: 1000))\r\n\r\n", count: 100)
    #expect(try outcome(of: early) == "refused")
  }

  @Test("Five redirects are followed, no sixth, and none to another protocol")
  func redirects() throws {
    let server = try ScriptedServer(["/end": Array(answer(200).utf8)])
    for step in 1...6 {
      server.set("/\(step)", answer(302, "Location: /\(step == 1 ? "end" : String(step - 1))"))
    }
    server.set("/permanent", answer(308, "Location: \(server.url)/end"))
    server.set("/circle", answer(301, "Location: circle"))
    server.set("/file", answer(302, "Location: file:///etc/passwd"))
    server.set("/ftp", answer(302, "Location: ftp://127.0.0.1/x"))
    server.set("/nowhere", answer(302))
    for (path, works) in [
      ("/1", true), ("/5", true), ("/6", false), ("/permanent", true), ("/circle", false), ("/file", false),
      ("/ftp", false), ("/nowhere", false),
    ] {
      let kept = Kept()
      do throws(TransportError) {
        try client.get(RangeRequest(server.url + path, .whole), into: kept)
        #expect(works, "\(path)")
      } catch {
        guard case .refused = error else {
          Issue.record("\(path): \(error)")
          continue
        }
        #expect(!works, "\(path)")
      }
      #expect(kept.bytes.count == (works ? 5 : 0))
    }
  }

  @Test(
    "Only http and https",
    arguments: ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://x", "x", "", "http:", "-v"])
  func protocols(url: String) {
    #expect {
      try client.get(RangeRequest(url, .whole), into: Kept())
    } throws: {
      if case TransportError.refused = $0 { true } else { false }
    }
  }

  @Test("Nobody there is worth another try")
  func nobody() throws {
    let port: UInt16
    do {
      let server = try ScriptedServer([:])
      port = server.port
    }
    #expect {
      try client.get(RangeRequest("http://127.0.0.1:\(port)/", .whole), into: Kept())
    } throws: {
      if case TransportError.retryable = $0 { true } else { false }
    }
  }

  @Test("A server that goes silent is given up")
  func silent() throws {
    var limits = CurlTransport.Limits()
    limits.stallSeconds = 1
    let client = CurlTransport(agent: "test/1", limits: limits)
    // The place of the only client is taken by another one, so that nobody answers.
    var serverLimits = RangeServer.Limits()
    serverLimits.clients = 1
    let served = try ServedFolder.package(try PackageLike.bytes(500), limits: serverLimits)
    var others: [RawClient] = []
    for _ in 0..<4 {
      let other = try RawClient(served.server.port)
      other.send("GET")
      others.append(other)
    }
    #expect {
      try client.get(RangeRequest(served.server.url + "/p.pmp", .whole), into: Kept())
    } throws: {
      if case TransportError.retryable = $0 { true } else { false }
    }
    withExtendedLifetime(others) {}
  }
}
