import Glibc
import Synchronization
import Testing

/// A server that answers each request on a connection of its own with what it was told, right or wrong, and keeps the heads that came.
final class ScriptedServer: Sendable {
  let port: UInt16
  private let listener: Int32
  private let answers: Mutex<[String: [UInt8]]>
  private let received = Mutex<[String]>([])

  /// Answers a path with bytes; the connection ends after them. Any other path gets nothing.
  init(_ answers: [String: [UInt8]]) throws {
    self.answers = Mutex(answers)
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = listener
    let code = withUnsafeMutableBytes(of: &address) { bytes in
      bytes.withMemoryRebound(to: sockaddr.self) {
        bind(listener, $0.baseAddress, length) | listen(listener, 16)
          | getsockname(listener, $0.baseAddress, &length)
      }
    }
    try #require(code == 0)
    port = UInt16(bigEndian: address.sin_port)
    Thread.start { [weak self] in
      // Closed where it is used: another listener may have the number of one that was closed elsewhere.
      defer { close(listener) }
      while true {
        let client = accept(listener, nil, nil)
        guard client >= 0 else { return }
        guard let self else {
          close(client)
          return
        }
        serve(client)
      }
    }
  }

  deinit {
    // Ends the waiting of `accept`.
    shutdown(listener, Int32(SHUT_RDWR))
  }

  var url: String { "http://127.0.0.1:\(port)" }
  /// The heads of all requests so far.
  var heads: [String] { received.withLock { $0 } }

  func set(_ path: String, _ answer: String) {
    answers.withLock { $0[path] = Array(answer.utf8) }
  }

  private func serve(_ client: Int32) {
    defer { close(client) }
    var head: [UInt8] = []
    while !head.suffix(4).elementsEqual("\r\n\r\n".utf8) {
      var byte: UInt8 = 0
      guard recv(client, &byte, 1, 0) == 1 else { return }
      head.append(byte)
    }
    let text = String(decoding: head, as: UTF8.self)
    received.withLock { $0.append(text) }
    let words = text.split(separator: " ", maxSplits: 2)
    var answer = answers.withLock { $0[String(words[1])] ?? [] }[...]
    while !answer.isEmpty {
      let count = answer.withUnsafeBytes { send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { return }
      answer = answer.dropFirst(count)
    }
    shutdown(client, Int32(SHUT_WR))
    var byte: UInt8 = 0
    while recv(client, &byte, 1, 0) > 0 {}
  }
}
