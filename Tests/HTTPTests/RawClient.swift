import Glibc
import Testing

/// A client that sends what it is told, however wrong.
final class RawClient {
  private let descriptor: Int32
  private var pending: [UInt8] = []

  /// - Parameter isNarrow: whether the system holds little for this client, so that a server notices soon that nobody reads. Not less
  ///   than a few packets of the loopback, which have 64 KiB: less would be slow by itself.
  init(_ port: UInt16, isNarrow: Bool = false) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    try #require(descriptor >= 0)
    if isNarrow {
      var bytes: Int32 = 256 << 10
      setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, socklen_t(MemoryLayout<Int32>.size))
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let code = withUnsafeBytes(of: &address) { bytes in
      bytes.withMemoryRebound(to: sockaddr.self) {
        connect(descriptor, $0.baseAddress, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    try #require(code == 0)
    // A test that waits for what never comes fails.
    var patience = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit {
    close(descriptor)
  }

  /// Sends bytes; false where the connection is gone.
  @discardableResult func send(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  @discardableResult func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  /// Receives what is there; empty at the end, nil where the connection broke or nothing came.
  func receive(_ most: Int = 65536) -> [UInt8]? {
    if !pending.isEmpty {
      defer { pending = [] }
      return pending
    }
    var bytes = [UInt8](repeating: 0, count: most)
    let count = recv(descriptor, &bytes, most, 0)
    return count < 0 ? nil : Array(bytes.prefix(count))
  }

  /// Everything up to the end; nil where the connection broke.
  func rest() -> [UInt8]? {
    var all: [UInt8] = []
    while true {
      guard let bytes = receive() else { return nil }
      if bytes.isEmpty { return all }
      all += bytes
    }
  }

  /// The next answer, with as much of a body as its head says.
  func answer(bodiless: Bool = false) throws -> RawAnswer {
    var bytes: [UInt8] = []
    let end = Array("\r\n\r\n".utf8)
    var headEnd: Int?
    while headEnd == nil {
      let more = try #require(receive())
      try #require(!more.isEmpty, "the connection ended before a head")
      bytes += more
      headEnd = bytes.indices.first { bytes[$0...].starts(with: end) }.map { $0 + end.count }
    }
    let start = try #require(headEnd)
    let lines = String(decoding: bytes[..<(start - end.count)], as: UTF8.self).split(separator: "\r\n")
    var answer = RawAnswer(line: String(lines[0]), fields: [:], body: [])
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      let name = parts[0].lowercased()
      try #require(answer.fields[name] == nil, "\(name) twice")
      answer.fields[name] = String(parts[1].drop { $0 == " " })
    }
    let length = bodiless || answer.status == 304 ? 0 : Int(answer.fields["content-length"] ?? "0") ?? 0
    var body = Array(bytes[start...])
    while body.count < length {
      let more = try #require(receive())
      try #require(!more.isEmpty, "the connection ended before the body")
      body += more
    }
    answer.body = Array(body.prefix(length))
    pending = Array(body.dropFirst(length))
    return answer
  }
}

/// An answer as it came.
struct RawAnswer {
  var line: String
  var fields: [String: String]
  var body: [UInt8]

  var status: Int { Int(line.split(separator: " ").dropFirst().first ?? "") ?? 0 }
}
