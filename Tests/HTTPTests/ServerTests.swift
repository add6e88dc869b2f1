import Glibc
import Storage
import Testing

@testable import HTTP

@Suite("The server gives what it is asked for") struct ServerTests {
  @Test("The whole, with what tells it apart")
  func whole() throws {
    let bytes = try PackageLike.bytes(300_000)
    let served = try ServedFolder.package(bytes)
    let answer = try served.get("/p.pmp")
    #expect(answer.line == "HTTP/1.1 200 OK")
    #expect(answer.body == bytes)
    #expect(answer.fields["content-length"] == "300000")
    #expect(answer.fields["accept-ranges"] == "bytes")
    #expect(answer.fields["content-type"] == "application/octet-stream")
    #expect(answer.fields["x-content-type-options"] == "nosniff")
    #expect(answer.fields["etag"] == PackageLike.tag)
    #expect(answer.fields["connection"] == nil)
    let head = try served.get("/p.pmp", "Range: bytes=0-1", method: "HEAD")
    #expect(head.status == 200)
    #expect(head.fields["content-length"] == "300000")
    #expect(head.fields["etag"] == PackageLike.tag)
  }

  @Test("A part is just that part")
  func part() throws {
    let bytes = try PackageLike.bytes(5000)
    let served = try ServedFolder.package(bytes)
    let answer = try served.get("/p.pmp", "Range: bytes=1000-1999")
    #expect(answer.status == 206)
    #expect(answer.fields["content-range"] == "bytes 1000-1999/5000")
    #expect(answer.fields["content-length"] == "1000")
    #expect(answer.body == Array(bytes[1000..<2000]))
    let last = try served.get("/p.pmp", "Range: bytes=-96")
    #expect(last.fields["content-range"] == "bytes 4904-4999/5000")
    #expect(last.body == Array(bytes[4904...]))
    let beyond = try served.get("/p.pmp", "Range: bytes=5000-")
    #expect(beyond.status == 416)
    #expect(beyond.fields["content-range"] == "bytes */5000")
    #expect(try served.get("/p.pmp", "Range: bytes=0-1,4-5").status == 200)
    #expect(try served.get("/p.pmp", "Range: pages=1-2").status == 200)
    #expect(try served.get("/p.pmp", "Range: bytes=0-1", "Range: bytes=0-1").status == 200)
  }

  @Test("Conditions are held against the strong tag")
  func conditions() throws {
    let served = try ServedFolder.package(try PackageLike.bytes(5000))
    let tag = PackageLike.tag
    for (field, status) in [
      ("If-Range: \(tag)", 206), ("If-Range: \"other\"", 200), ("If-Range: W/\(tag)", 200),
      ("If-Range: Mon, 23 Nov 2026 20:38:08 GMT", 200), ("If-None-Match: \(tag)", 304),
      ("If-None-Match: \"a\", W/\(tag)", 304), ("If-None-Match: *", 304), ("If-None-Match: \"other\"", 206),
      ("If-Match: \(tag)", 206), ("If-Match: *", 206), ("If-Match: \"other\"", 412),
      ("If-Match: W/\(tag)", 412),
    ] {
      let answer = try served.get("/p.pmp", "Range: bytes=0-9", field)
      #expect(answer.status == status, "\(field)")
      #expect(answer.fields["etag"] == tag, "\(field)")
    }
  }

  @Test(
    "Nothing is changed, run or uploaded",
    arguments: [
      "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "GETX", "head",
    ])
  func methods(method: String) throws {
    let served = try ServedFolder.package(try PackageLike.bytes(5000))
    let answer = try served.get("/p.pmp", "Content-Length: 4", method: method)
    #expect(answer.status == 405)
    #expect(answer.fields["allow"] == "GET, HEAD")
    #expect(answer.fields["connection"] == "close")
  }

  @Test(
    "There is no way to another file",
    arguments: [
      "/", "//", "/.", "/..", "/../p.pmp", "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd",
      "/..%2f..%2fetc%2fpasswd",
      "/%2e%2e%2fsecret", "/./p.pmp", "/x/../p.pmp", "/p.pmp/", "/p.pmp/x", "//p.pmp", "/p.pmp%00",
      "/p.pmp%00.txt",
      "/%00", "/secret", "/%73ecret", "/P.PMP", "/p.pmp%2f", "/p%2epmp%2f..%2fsecret", "/\\..\\secret", "/s",
      "/s/", "/s/..", "/s/../secret", "/s/manifest.pmm/", "/s//manifest.pmm", "/s/manifest.pmm%00",
      "/s/notes.txt",
      "/s/00000001.pms", "/s/0.pms", "/s/000000000.pms", "/s/00000002.pms", "/s/00000003.pms",
      "/s/..%2fsecret",
      "/%ef%bc%8e%ef%bc%8e/secret", "/c0%af", "/%c0%ae%c0%ae/secret", "http://x/../secret",
      "http://x/etc/passwd",
      "http://../secret", "https://x//etc/passwd", "/etc/passwd", "/proc/self/environ",
    ])
  func nothingOutside(target: String) throws {
    let served = try ServedFolder { folder in
      try ServedFolder.write(Array("secret".utf8), folder + "/secret")
      try ServedFolder.write(try PackageLike.bytes(500), folder + "/p.pmp")
      mkdir(folder + "/s", 0o755)
      try SegmentsLike.write(to: folder + "/s")
      try ServedFolder.write(Array("notes".utf8), folder + "/s/notes.txt")
      // A link in the place of a segment, a segment of another transfer, and one of another number.
      symlink("../secret", folder + "/s/00000001.pms")
      try ServedFolder.write(SegmentsLike.segment(2, root: 9), folder + "/s/00000002.pms")
      try ServedFolder.write(SegmentsLike.segment(2), folder + "/s/00000003.pms")
      return [folder + "/p.pmp", folder + "/s"]
    }
    let answer = try served.get(target)
    #expect(answer.status == 404 || answer.status == 400)
    #expect(answer.body.count < 100)
    #expect(try served.get("/s/00000000.pms").status == 200)
  }

  @Test("Escapes, the absolute form and a query lead to the same file")
  func targets() throws {
    let served = try ServedFolder { folder in
      try ServedFolder.write(try PackageLike.bytes(500), folder + "/模型 1.pmp")
      return [folder + "/模型 1.pmp"]
    }
    for target in [
      "/%E6%A8%A1%E5%9E%8B%201.pmp", "/%e6%a8%a1%e5%9e%8b%201%2epmp", "http://h:1/%E6%A8%A1%E5%9E%8B%201.pmp",
      "/%E6%A8%A1%E5%9E%8B%201.pmp?download=1",
    ] {
      #expect(try served.get(target).status == 200, "\(target)")
    }
  }

  @Test(
    "What is no request is refused and ends the connection",
    arguments: [
      ("GET\r\n\r\n", 400), ("GET /p.pmp\r\n\r\n", 400), ("GET  /p.pmp HTTP/1.1\r\nHost: x\r\n\r\n", 400),
      ("GET /p.pmp HTTP/1.1\r\n\r\n", 400), ("GET /p.pmp HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400),
      ("GET /p.pmp HTTP/2.0\r\nHost: x\r\n\r\n", 505), ("GET /p.pmp HTTQ/1.1\r\nHost: x\r\n\r\n", 400),
      ("GET p.pmp HTTP/1.1\r\nHost: x\r\n\r\n", 400), ("GET * HTTP/1.1\r\nHost: x\r\n\r\n", 400),
      ("GET /p.pmp HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n", 400),
      ("GET /p.pmp HTTP/1.1\r\nHost: x\r\n b\r\n\r\n", 400),
      ("GET /p.pmp HTTP/1.1\r\nHost: x\r\nnothing\r\n\r\n", 400),
      ("GET /p.pmp HTTP/1.1\nHost: x\r\n\r\n", 400), ("GET /p.pmp HTTP/1.1\r\nHost: x\rA: b\r\n\r\n", 400),
      ("GET /p.pmp HTTP/1.1\r\nHost: \u{0}\r\n\r\n", 400),
      ("GET /p.pmp HTTP/1.1\r\nHost: x\r\n: b\r\n\r\n", 400),
      ("GET /p.pmp HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nGET /", 400),
      ("GET /p.pmp HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
      ("GET /p.pmp%2 HTTP/1.1\r\nHost: x\r\n\r\n", 400), ("GET /p.pmp%zz HTTP/1.1\r\nHost: x\r\n\r\n", 400),
      ("GET /\u{e9}.pmp HTTP/1.1\r\nHost: x\r\n\r\n", 400), ("\u{16}\u{3}\u{1}\u{0}\r\n\r\n", 400),
    ])
  func malformed(request: String, status: Int) throws {
    let served = try ServedFolder.package(try PackageLike.bytes(500))
    let client = try RawClient(served.server.port)
    client.send(request)
    let answer = try client.answer()
    #expect(answer.status == status)
    #expect(answer.fields["connection"] == "close")
    #expect(client.rest() == [])
  }

  @Test("A head has an end: 16 KiB", arguments: [16384, 16385, 1 << 20])
  func longHead(count: Int) throws {
    let served = try ServedFolder.package(try PackageLike.bytes(500))
    let client = try RawClient(served.server.port)
    let (before, after) = ("GET /p.pmp HTTP/1.1\r\nHost: x\r\nA: ", "\r\n\r\n")
    let filler = String(repeating: "a", count: count - before.utf8.count - after.utf8.count)
    client.send(before + filler + after)
    #expect(try client.answer().status == (count <= 16384 ? 200 : 431))
  }

  @Test("Requests follow each other on a connection, also before the answer, until one asks to close it")
  func keepAlive() throws {
    let bytes = try PackageLike.bytes(500)
    let served = try ServedFolder.package(bytes)
    let client = try RawClient(served.server.port)
    let request = "GET /p.pmp HTTP/1.1\r\nHost: x\r\nRange: bytes=-9\r\n"
    let close = "Connection: close\r\n"
    client.send(
      request + "\r\n\r\n" + request + "\r\nHEAD /p.pmp HTTP/1.1\r\nHost: x\r\n\r\n" + request + close
        + "\r\n")
    #expect(try client.answer().body == Array(bytes.suffix(9)))
    #expect(try client.answer().body == Array(bytes.suffix(9)))
    #expect(try client.answer(bodiless: true).fields["content-length"] == "500")
    let last = try client.answer()
    #expect(last.body == Array(bytes.suffix(9)))
    #expect(last.fields["connection"] == "close")
    #expect(client.rest() == [])
    let old = try RawClient(served.server.port)
    old.send("GET /p.pmp HTTP/1.0\r\n\r\n")
    #expect(try old.answer().body == bytes)
    #expect(old.rest() == [])
  }

  @Test("A request may come byte by byte")
  func byteByByte() throws {
    let served = try ServedFolder.package(try PackageLike.bytes(500))
    let client = try RawClient(served.server.port)
    for byte in "GET /p.pmp HTTP/1.1\r\nHost: x\r\n\r\n".utf8 { client.send([byte]) }
    #expect(try client.answer().status == 200)
  }
}

/// A folder whose manifest and segments have heads as they should be; nothing verifies the rest here.
enum SegmentsLike {
  static func write(to folder: String) throws {
    let manifest = [0x89, 0x50, 0x4D, 0x4D, 0x0D, 0x0A, 0x1A, 0x0A] + [UInt8](repeating: 0, count: 48)
    let rest = [UInt8](repeating: 1, count: 32) + [UInt8](repeating: 7, count: 32)
    try ServedFolder.write(manifest + rest + [UInt8](repeating: 0xCD, count: 32), folder + "/manifest.pmm")
    try ServedFolder.write(segment(0), folder + "/00000000.pms")
  }

  static func segment(_ sequence: UInt8, root: UInt8 = 1) -> [UInt8] {
    let start: [UInt8] = [0x89, 0x50, 0x4D, 0x53, 0x0D, 0x0A, 0x1A, 0x0A, 1, 0, 0, 0, 1, 0, 0, 0]
    let place = [sequence] + [UInt8](repeating: 0, count: 23)
    return start + [UInt8](repeating: root, count: 32) + place + [UInt8](repeating: 3, count: 32)
      + [UInt8](repeating: 4, count: 32) + Array("payload".utf8)
  }
}
