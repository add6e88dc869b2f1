import Glibc

/// Gives packages and folders of segments to whoever asks by HTTP, and nothing else (profile clause 8.3, section 5).
///
/// A few threads, each with its share of the clients, wait for whichever of them can go on: a slow client costs a descriptor and a few
/// kilobytes. Bodies go from the file to the socket without passing through this process.
public final class RangeServer: Sendable {
  /// What a client may cost.
  public struct Limits: Sendable {
    /// The largest head of a request, in bytes.
    public var headBytes = 16 << 10
    /// How long a head may take, in seconds.
    public var headSeconds = 30
    /// How long a body may make no progress, in seconds.
    public var stallSeconds = 60
    /// How many clients are served at once; more wait.
    public var clients = 1024

    /// The limits of the profile.
    public init() {}
  }

  /// Why a server cannot listen.
  public struct Failure: Error, Sendable, Hashable {
    /// The address as a user writes it.
    public let address: String
    /// The system's own words.
    public let words: String
  }

  /// The URL below which everything lies, without a slash at its end.
  public let url: String
  /// The port.
  public let port: UInt16

  private let offer: Offer
  private let limits: Limits
  private let listener: Int32
  /// Two ends of a pipe that becomes readable when the server is to stop.
  private let stopReader: Int32
  private let stopWriter: Int32

  /// Begins to listen; clients wait until `run`.
  ///
  /// - Throws: `Failure` where the system does not allow it.
  public init(_ offer: Offer, at address: ListenAddress, limits: Limits = Limits()) throws(Failure) {
    (listener, port) = try address.listen()
    url = "http://" + address.text(port: port)
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      let words = String(cString: strerror(errno))
      close(listener)
      throw Failure(address: address.text(port: port), words: words)
    }
    (stopReader, stopWriter) = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    self.offer = offer
    self.limits = limits
    // A client that goes away while a file is sent to it.
    signal(SIGPIPE, SIG_IGN)
  }

  deinit {
    for descriptor in [listener, stopReader, stopWriter] { close(descriptor) }
  }

  /// Serves until `stop`, on as many threads as are told and the calling one.
  public func run(threads: Int = 2) {
    let share = max(1, RangeServer.clients(limits.clients) / max(1, threads))
    let workers = (1..<max(2, threads)).compactMap { _ in
      Worker { [self] in
        EventLoop(offer, limits, clients: share).run(listener: listener, stop: stopReader)
      }
    }
    EventLoop(offer, limits, clients: share).run(listener: listener, stop: stopReader)
    for worker in workers { worker.join() }
  }

  /// Ends `run` and all connections; a signal handler may call it.
  public func stop() {
    RangeServer.stop(stopWriter)
  }

  /// The end of the pipe that a signal handler writes a byte to.
  public var stopDescriptor: Int32 { stopWriter }

  private static func stop(_ descriptor: Int32) {
    var byte: UInt8 = 0
    _ = write(descriptor, &byte, 1)
  }

  /// How many clients the descriptors of the process suffice for, at most as many as asked for: each has one, and one for its file.
  private static func clients(_ wanted: Int) -> Int {
    let others = 64
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return wanted }
    if limit.rlim_cur < rlim_t(2 * wanted + others) {
      limit.rlim_cur = min(limit.rlim_max, rlim_t(2 * wanted + others))
      _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      _ = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
    let most = Int(exactly: limit.rlim_cur).map { ($0 - others) / 2 } ?? wanted
    return max(1, min(wanted, most))
  }
}

/// A thread of its own for work that waits.
private final class Worker {
  private let thread: pthread_t

  init?(_ body: @escaping @Sendable () -> Void) {
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Box(body))
    let code = pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<Box>.fromOpaque(context).takeRetainedValue().body() }
        return nil
      }, box.toOpaque())
    guard code == 0 else {
      box.release()
      return nil
    }
    self.thread = thread
  }

  func join() {
    pthread_join(thread, nil)
  }

  private final class Box: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}
