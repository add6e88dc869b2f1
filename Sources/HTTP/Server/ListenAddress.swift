import Glibc

/// Where a server listens: `127.0.0.1:8042`, `[::1]:8042`, `localhost:0`; port 0 lets the system choose.
public struct ListenAddress: Sendable, Hashable {
  /// A name or a number, without brackets.
  public let host: String
  /// The port.
  public let port: UInt16

  /// Only this machine.
  public static let loopback = ListenAddress(host: "127.0.0.1", port: 8042)

  private init(host: String, port: UInt16) {
    self.host = host
    self.port = port
  }

  /// An address as a user writes it; nil where it is none.
  public init?(_ text: String) {
    guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")),
      let port = FieldValue.number(text.utf8[text.utf8.index(after: colon)...]).flatMap(UInt16.init(exactly:))
    else { return nil }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
    } else if host.utf8.contains(UInt8(ascii: ":")) {
      return nil
    }
    guard !host.isEmpty else { return nil }
    self.init(host: String(host), port: port)
  }

  /// How it stands in a URL.
  func text(port: UInt16) -> String {
    host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
  }

  /// A socket that listens there.
  ///
  /// - Throws: `RangeServer.Failure` with the system's words.
  func listen() throws(RangeServer.Failure) -> (descriptor: Int32, port: UInt16) {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_PASSIVE
    var found: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, String(port), &hints, &found)
    guard code == 0, let address = found?.pointee else {
      throw failure(String(cString: gai_strerror(code)))
    }
    defer { freeaddrinfo(found) }
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    let descriptor = socket(address.ai_family, type, 0)
    guard descriptor >= 0 else { throw failure(String(cString: strerror(errno))) }
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    guard bind(descriptor, address.ai_addr, address.ai_addrlen) == 0,
      Glibc.listen(descriptor, SOMAXCONN) == 0
    else {
      let words = String(cString: strerror(errno))
      close(descriptor)
      throw failure(words)
    }
    return (descriptor, ListenAddress.port(of: descriptor) ?? port)
  }

  private func failure(_ words: String) -> RangeServer.Failure {
    RangeServer.Failure(address: text(port: port), words: words)
  }

  /// The port that a socket has.
  private static func port(of descriptor: Int32) -> UInt16? {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let status = withUnsafeMutableBytes(of: &storage) { bytes in
      bytes.withMemoryRebound(to: sockaddr.self) { getsockname(descriptor, $0.baseAddress, &length) }
    }
    guard status == 0 else { return nil }
    // The port stands after the family in both kinds of address, most significant byte first.
    return withUnsafeBytes(of: &storage) { UInt16($0[2]) << 8 | UInt16($0[3]) }
  }
}
