import Glibc
import Testing

@testable import HTTP

@Suite("Slow clients keep nobody from being served") struct SlowClientTests {
  private static let request = "GET /p.pmp HTTP/1.1\r\nHost: x\r\n\r\n"

  @Test("A hundred who read nothing, a hundred who never finish a head, and one who gets its file")
  func hundred() throws {
    let bytes = try PackageLike.bytes(20 << 20)
    let served = try ServedFolder.package(bytes)
    var slow: [RawClient] = []
    for number in 0..<200 {
      let client = try RawClient(served.server.port, isNarrow: true)
      client.send(number.isMultiple(of: 2) ? SlowClientTests.request : "GET /p.pmp HT")
      slow.append(client)
    }
    #expect(try served.get("/p.pmp").body == bytes)
    // And one of the slow ones goes on where it was.
    #expect(try slow[0].answer().body == bytes)
    withExtendedLifetime(slow) {}
  }

  @Test("A head that does not end is answered 408, and who says nothing is let go")
  func heads() throws {
    var limits = RangeServer.Limits()
    limits.headSeconds = 1
    let served = try ServedFolder.package(try PackageLike.bytes(500), limits: limits)
    let (slow, silent) = (try RawClient(served.server.port), try RawClient(served.server.port))
    slow.send("GET /p.pmp HTTP/1.1\r\nHo")
    #expect(try slow.answer().status == 408)
    #expect(silent.rest() == [])
    // Byte after byte does not make the time longer.
    let dripping = try RawClient(served.server.port)
    var sent = 0
    while sent < 50, dripping.send("G") {
      sent += 1
      usleep(100_000)
    }
    #expect(sent < 50)
  }

  @Test("A body without progress ends the connection, one that is read slowly does not")
  func bodies() throws {
    var limits = RangeServer.Limits()
    limits.stallSeconds = 2
    let bytes = try PackageLike.bytes(20 << 20)
    let served = try ServedFolder.package(bytes, limits: limits)
    let stalled = try RawClient(served.server.port, isNarrow: true)
    let slow = try RawClient(served.server.port, isNarrow: true)
    for client in [stalled, slow] { client.send(SlowClientTests.request) }
    for _ in 0..<25 {
      _ = try #require(slow.receive(40_000))
      usleep(200_000)
    }
    var rest = 0
    while let more = slow.receive(1 << 20), !more.isEmpty { rest += more.count }
    #expect(rest > 10 << 20)
    var received = 0
    while let more = stalled.receive(1 << 20), !more.isEmpty { received += more.count }
    #expect(received < bytes.count)
  }

  @Test("Who comes when all places are taken waits, and is served when one is free")
  func places() throws {
    var limits = RangeServer.Limits()
    limits.clients = 4
    let bytes = try PackageLike.bytes(500)
    let served = try ServedFolder.package(bytes, limits: limits)
    var early: [RawClient] = []
    for _ in 0..<8 {
      let client = try RawClient(served.server.port)
      client.send("GET /p.pmp HT")
      early.append(client)
    }
    let late = try RawClient(served.server.port)
    late.send(SlowClientTests.request)
    early.removeAll()
    #expect(try late.answer().body == bytes)
    // A connection that is only kept open gives its place away.
    var idle: [RawClient] = []
    for _ in 0..<8 {
      let client = try RawClient(served.server.port)
      client.send(SlowClientTests.request)
      #expect(try client.answer().status == 200)
      idle.append(client)
    }
    withExtendedLifetime(idle) {}
  }
}
