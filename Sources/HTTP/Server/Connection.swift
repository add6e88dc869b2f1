import Glibc

/// One client: a head is read, its answer sent, and the next one read. Used by one thread; nothing in it waits.
final class Connection {
  let descriptor: Int32
  private let offer: Offer
  private let limits: RangeServer.Limits
  private var state = State.reading
  /// What came in and is not answered yet; at most a head and what a read brought along.
  private var input: [UInt8] = []
  /// How many bytes of `input` are known not to hold the end of a head.
  private var searched = 0
  private var head: ArraySlice<UInt8> = []
  private var body: (file: OfferedFile, range: Range<UInt64>)?
  private var closesAfterwards = false
  /// When patience ends, in seconds of the clock.
  private var deadline: Int
  /// How many bytes the system took, and how many of these the client was last known to have.
  private var taken: UInt64 = 0
  private var received: UInt64 = 0

  private enum State {
    /// Waiting for a head or for the rest of one.
    case reading
    /// Sending an answer.
    case sending
    /// Everything was said; what the client still sends is thrown away, since closing at once could take the answer from it.
    case draining
  }

  private static let pieceBytes = 1 << 20
  private static let drainSeconds = 2

  /// A client that just came.
  init(_ descriptor: Int32, _ offer: Offer, _ limits: RangeServer.Limits, now: Int) {
    self.descriptor = descriptor
    self.offer = offer
    self.limits = limits
    deadline = now + limits.headSeconds
  }

  deinit {
    close(descriptor)
  }

  /// What the connection waits for, as bits of `poll`.
  var interest: Int16 { Int16(state == .sending ? POLLOUT : POLLIN) }

  /// Whether nobody would lose anything if it was closed: no head has begun and all that was sent has arrived.
  var isIdle: Bool { state == .reading && input.isEmpty && taken > 0 && unsent == 0 }

  /// Goes on as far as it can without waiting.
  ///
  /// - Returns: false where the connection is to be closed.
  func proceed(now: Int) -> Bool {
    switch state {
    case .reading: read(now: now)
    case .sending: send(now: now)
    case .draining: drain()
    }
  }

  /// Whether the connection may stay once more; called about once a second.
  func isPatient(now: Int) -> Bool {
    if state == .sending || state == .reading && input.isEmpty {
      // The system takes more than the client has: only what left its queue is progress.
      let waiting = unsent
      let arrived = taken - min(taken, waiting)
      if arrived > received {
        received = arrived
        deadline = max(deadline, now + (waiting > 0 ? limits.stallSeconds : limits.headSeconds))
      }
    }
    guard now >= deadline else { return true }
    guard state == .reading, !input.isEmpty else { return false }
    begin(Answer(refusing: .requestTimeout), now: now)
    return send(now: now)
  }

  /// How many bytes the client has not acknowledged.
  private var unsent: UInt64 {
    var count: Int32 = 0
    return ioctl(descriptor, UInt(TIOCOUTQ), &count) == 0 ? UInt64(max(0, count)) : 0
  }

  private func read(now: Int) -> Bool {
    let room = limits.headBytes + 1 - input.count
    let count = receive(room) { input += $0 }
    guard let count else { return true }
    guard count > 0 else { return false }
    if input.count == count { deadline = now + limits.headSeconds }
    return answerNext(now: now)
  }

  /// Answers the next head, where it is there as a whole.
  private func answerNext(now: Int) -> Bool {
    // A line end too many after the last request is no mistake of this one.
    while input.starts(with: [0x0D, 0x0A]) { input.removeFirst(2) }
    guard let end = endOfHead() else {
      if input.count > limits.headBytes {
        begin(Answer(refusing: .headTooLarge), now: now)
        return send(now: now)
      }
      return true
    }
    do throws(RequestHead.Refusal) {
      let request = try RequestHead(input[..<end])
      input.removeFirst(end)
      begin(Answer(to: request, from: offer), now: now)
    } catch {
      begin(Answer(refusing: error.status), now: now)
    }
    return send(now: now)
  }

  /// Where the head ends: after the first empty line.
  private func endOfHead() -> Int? {
    let end: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A]
    var index = max(0, searched - end.count)
    while index + end.count <= min(input.count, limits.headBytes) {
      if input[index..<index + end.count].elementsEqual(end) {
        searched = 0
        return index + end.count
      }
      index += 1
    }
    searched = input.count
    return nil
  }

  private func begin(_ answer: Answer, now: Int) {
    head = answer.head[...]
    body = answer.body
    closesAfterwards = answer.closes
    state = .sending
    deadline = now + limits.stallSeconds
  }

  private func send(now: Int) -> Bool {
    while !head.isEmpty {
      let flags = Int32(MSG_NOSIGNAL | (body == nil ? 0 : MSG_MORE))
      let count = head.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, flags) }
      guard count >= 0 else { return mayTryAgain }
      head.removeFirst(count)
      taken += UInt64(count)
    }
    // One piece at a time, so that a fast client does not keep the others waiting.
    if let (file, range) = body {
      var offset = off_t(range.lowerBound)
      let count = sendfile(descriptor, file.descriptor, &offset, min(range.count, Connection.pieceBytes))
      // A file that became shorter ends the connection: the client sees that something is missing.
      guard count != 0 else { return false }
      guard count > 0 else { return mayTryAgain }
      taken += UInt64(count)
      let rest = range.dropFirst(count)
      body = rest.isEmpty ? nil : (file, rest)
      if body != nil { return true }
    }
    return finish(now: now)
  }

  /// After an answer: the next one, or the end.
  private func finish(now: Int) -> Bool {
    guard closesAfterwards else {
      state = .reading
      deadline = now + limits.headSeconds
      // As deep as the input has heads, which is not much: a head, and what a read brought along.
      return input.isEmpty ? true : answerNext(now: now)
    }
    input = []
    state = .draining
    deadline = now + Connection.drainSeconds
    return shutdown(descriptor, Int32(SHUT_WR)) == 0
  }

  private func drain() -> Bool {
    let count = receive(limits.headBytes) { _ in }
    return count == nil || count ?? 0 > 0
  }

  /// Receives what is there.
  ///
  /// - Returns: how many bytes; nil where there are none yet, 0 at the end or where the connection is broken.
  private func receive(_ most: Int, _ body: (ArraySlice<UInt8>) -> Void) -> Int? {
    var received: Int? = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: most) { buffer, initialized in
      let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
      received = count >= 0 ? count : mayTryAgain ? nil : 0
      initialized = max(0, count)
    }
    body(bytes[...])
    return received
  }

  private var mayTryAgain: Bool { errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR }
}
