import Glibc

/// A thread's share of the clients: waits until one of them can go on, and lets it.
final class EventLoop {
  private let offer: Offer
  private let limits: RangeServer.Limits
  private let most: Int
  private var connections: [Int32: Connection] = [:]
  private var isShortOfDescriptors = false

  /// A loop without clients.
  ///
  /// - Parameter clients: how many it has at most.
  init(_ offer: Offer, _ limits: RangeServer.Limits, clients: Int) {
    self.offer = offer
    self.limits = limits
    most = clients
  }

  /// Serves until something can be read from `stop`.
  func run(listener: Int32, stop: Int32) {
    var swept = EventLoop.now
    while true {
      var events = [pollfd(fd: stop, events: Int16(POLLIN), revents: 0)]
      // Who finds no room waits in the queue of the system, or is taken by another loop.
      let mayAccept = connections.count < most && !isShortOfDescriptors
      events.append(pollfd(fd: mayAccept ? listener : -1, events: Int16(POLLIN), revents: 0))
      for (descriptor, connection) in connections {
        events.append(pollfd(fd: descriptor, events: connection.interest, revents: 0))
      }
      guard poll(&events, nfds_t(events.count), 1000) >= 0 || errno == EINTR || errno == EAGAIN else {
        return
      }
      guard events[0].revents == 0 else { return }
      let now = EventLoop.now
      for event in events.dropFirst(2) where event.revents != 0 {
        guard let connection = connections[event.fd], connection.proceed(now: now) else {
          connections[event.fd] = nil
          continue
        }
      }
      if events[1].revents != 0 { accept(from: listener, now: now) }
      if now > swept {
        swept = now
        sweep(now: now)
      }
    }
  }

  private func accept(from listener: Int32, now: Int) {
    while connections.count < most {
      let descriptor = Glibc.accept(listener, nil, nil)
      guard descriptor >= 0 else {
        isShortOfDescriptors = errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS
        return
      }
      var yes: Int32 = 1
      setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
      connections[descriptor] = Connection(descriptor, offer, limits, now: now)
    }
  }

  /// Lets those go whose time is up, and where others may be waiting those who ask for nothing.
  private func sweep(now: Int) {
    let isFull = connections.count >= most || isShortOfDescriptors
    isShortOfDescriptors = false
    for (descriptor, connection) in connections
    where !connection.isPatient(now: now) || isFull && connection.isIdle {
      connections[descriptor] = nil
    }
  }

  /// Seconds of a clock that is never set.
  private static var now: Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec
  }
}
