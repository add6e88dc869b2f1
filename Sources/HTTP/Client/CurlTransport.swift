import CCurl
import Glibc
public import Packaging
import Synchronization

/// The range client on libcurl (profile clause 8.3, section 5), with a connection for each thread that asks at the same time.
///
/// The library is loaded at the first request. It brings TLS with the system's certificates (or those of `SSL_CERT_FILE`), HTTP/2, and
/// the proxies of the environment; no cookies, no passwords from files.
public final class CurlTransport: RangeTransport {
  /// What a server may cost in time.
  public struct Limits: Sendable {
    /// How long a connection may take, in seconds.
    public var connectSeconds = 30
    /// How long nothing may come, in seconds.
    public var stallSeconds = 60

    /// The limits of the profile.
    public init() {}
  }

  private static let redirectLimit = 5
  private let agent: String
  private let limits: Limits
  private let idle = Mutex<[Handle]>([])

  /// A client.
  ///
  /// - Parameter agent: what it calls itself to servers, such as `gbt42382/1.0`.
  public init(agent: String, limits: Limits = Limits()) {
    self.agent = agent
    self.limits = limits
  }

  public func get(_ request: RangeRequest, into sink: any BodySink) throws(TransportError) {
    let handle = try takeHandle()
    defer { idle.withLock { $0.append(handle) } }
    var url = request.url
    let lines = CurlTransport.lines(request)
    for _ in 0...CurlTransport.redirectLimit {
      guard let scheme = CurlTransport.scheme(of: url) else { throw .refused(url) }
      let exchange = Exchange(request, sink)
      let outcome = handle.get(url, onlyHTTPS: scheme == .https, lines, exchange)
      guard exchange.isRedirect else {
        try CurlTransport.finish(exchange, outcome, handle)
        return
      }
      guard let next = handle.redirect else { throw .refused(exchange.head.line) }
      if scheme == .https, CurlTransport.scheme(of: next) != .https {
        throw .refused("\(exchange.head.line): https → \(next)")
      }
      url = next
    }
    throw .refused("> \(CurlTransport.redirectLimit) redirects: \(url)")
  }

  /// What came of an exchange: what was decided of its answer counts before what the network says.
  private static func finish(
    _ exchange: Exchange, _ outcome: ccurl_outcome, _ handle: Handle
  ) throws(TransportError) {
    if let failure = exchange.failure { throw failure }
    switch outcome {
    case CCURL_OK: try exchange.finish()
    case CCURL_NETWORK: throw .retryable(handle.message, after: nil)
    default: throw .refused(handle.message)
    }
  }

  private static func lines(_ request: RangeRequest) -> [String] {
    var lines = ["Accept-Encoding: identity"]
    switch request.part {
    case .whole: return lines
    case .last(let count): lines.append("Range: bytes=-\(count)")
    case .bytes(let range): lines.append("Range: bytes=\(range.lowerBound)-\(max(range.upperBound, 1) - 1)")
    }
    if let tag = request.expected?.tag, FieldValue.isStrongTag(tag) { lines.append("If-Range: \(tag)") }
    return lines
  }

  private enum Scheme: String, CaseIterable {
    case http
    case https
  }

  private static func scheme(of url: String) -> Scheme? {
    let lower = url.prefix(8).lowercased()
    return Scheme.allCases.first { lower.hasPrefix($0.rawValue + "://") }
  }

  private func takeHandle() throws(TransportError) -> Handle {
    if let handle = idle.withLock({ $0.popLast() }) { return handle }
    if let words = ccurl_load() { throw .refused(CurlTransport.missing(String(cString: words))) }
    guard let handle = Handle(agent, limits) else { throw .refused("libcurl: curl_easy_init") }
    return handle
  }

  /// What is said where the library is not there; it names what has to be installed.
  static func missing(_ words: String) -> String {
    "libcurl.so.4 (Debian, Ubuntu: apt install libcurl4, libcurl4t64): \(words)"
  }
}

/// A handle of libcurl; used by one thread at a time.
private final class Handle: @unchecked Sendable {
  private let handle: OpaquePointer

  init?(_ agent: String, _ limits: CurlTransport.Limits) {
    let authorities = getenv("SSL_CERT_FILE")
    guard let handle = ccurl_new(agent, authorities, limits.connectSeconds, limits.stallSeconds) else {
      return nil
    }
    self.handle = handle
  }

  deinit {
    ccurl_free(handle)
  }

  /// One GET, whose answer goes to the exchange.
  func get(_ url: String, onlyHTTPS: Bool, _ lines: [String], _ exchange: Exchange) -> ccurl_outcome {
    let copies = lines.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return withExtendedLifetime(exchange) {
      let pointers = copies.map { $0.map { UnsafePointer($0) } }
      return ccurl_get(
        handle, url, onlyHTTPS, pointers, pointers.count,
        { Handle.give($0, $1, $2, $3) { $0.takeHead($1) } },
        { Handle.give($0, $1, $2, $3) { $0.takeBody($1) } },
        Unmanaged.passUnretained(exchange).toOpaque())
    }
  }

  /// Where the last answer leads.
  var redirect: String? { ccurl_redirect(handle).map { String(cString: $0) } }

  /// What the library says of the last exchange.
  var message: String { String(cString: ccurl_message(handle)) }

  /// Gives bytes of libcurl to the exchange; another number than was given ends it.
  private static func give(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?,
    _ take: (Exchange, UnsafeRawBufferPointer) -> Bool
  ) -> Int {
    let (length, overflow) = size.multipliedReportingOverflow(by: count)
    guard !overflow, let context else { return -1 }
    let exchange = Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
    // A failure is told by another number than was given; of no bytes there is none, and nothing to refuse.
    return take(exchange, UnsafeRawBufferPointer(start: bytes, count: length)) ? length : length == 0 ? 0 : -1
  }
}
