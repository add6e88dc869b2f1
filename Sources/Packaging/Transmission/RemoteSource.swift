import Glibc
import Storage
import Synchronization

/// How often and after how long something is tried again (profile clause 8.3, section 5).
public struct RetryPolicy: Sendable {
  /// How many tries in a row may bring no byte.
  public var tries = 8
  /// The longest pause that a server may ask for, in seconds.
  public var longestPause: UInt32 = 60
  /// How often a part may come damaged.
  public var damages = 3
  /// Waits for so many seconds; a test does not.
  public var pause: @Sendable (UInt32) -> Void = { seconds in _ = sleep(seconds) }

  /// The values of the profile.
  public init() {}

  /// 1, 2, 4 … 32 seconds after so many failures in a row, or what the server asked for.
  func seconds(after failures: Int, asked: UInt32?) -> UInt32 {
    asked.map { min($0, longestPause) } ?? 1 << UInt32(min(max(failures, 1) - 1, 5))
  }
}

/// Why a source did not give what was asked for.
enum RemoteFailure: Error {
  /// The transfer ends here.
  case fault(Fault)
  /// A range was answered with the whole.
  case noRanges(RemoteEntity)
}

/// The tries in a row for one thing.
struct Tries {
  private let policy: RetryPolicy
  private let url: String
  private var failures = 0

  init(_ policy: RetryPolicy, _ url: String) {
    self.policy = policy
    self.url = url
  }

  /// After a try that failed: waits where another one is worth it.
  ///
  /// - Parameter brought: whether the try brought a byte that stays.
  /// - Throws: the fault that ends the transfer.
  mutating func failed(_ error: TransportError, brought: Bool) throws(Fault) {
    switch error {
    case .retryable(let reason, let seconds):
      failures = brought ? 0 : failures + 1
      guard failures < policy.tries else {
        throw Fault(TransferFault.sourceReachable, .system, at: Place(url), actual: reason)
      }
      policy.pause(policy.seconds(after: failures, asked: seconds))
    case .changed(let expected, let actual):
      throw Fault(TransferFault.sourceUnchanged, at: Place(url), expected: expected, actual: actual)
    case .gone(let reason):
      throw Fault(TransferFault.sourceReachable, .system, at: Place(url), actual: reason)
    case .refused(let reason):
      throw Fault(TransferFault.answerUnderstood, at: Place(url), actual: reason)
    case .stopped:
      throw Fault(TransferFault.answerUnderstood, at: Place(url))
    }
  }
}

/// A package at a URL, read by ranges with another try where that helps.
final class RemoteSource: Sendable {
  let url: String
  let transport: any RangeTransport
  let policy: RetryPolicy
  private let known: Mutex<RemoteEntity?>

  init(_ url: String, _ transport: any RangeTransport, _ policy: RetryPolicy) {
    self.url = url
    self.transport = transport
    self.policy = policy
    known = Mutex(nil)
  }

  /// What the source is, once it was asked.
  var entity: RemoteEntity? { known.withLock { $0 } }

  /// Asks for the last bytes, and so for the length of the whole.
  ///
  /// - Throws: `noRanges` where the whole was offered instead.
  func last(_ count: Int) throws(RemoteFailure) -> (bytes: [UInt8], length: UInt64) {
    var tries = Tries(policy, url)
    while true {
      let sink = CollectingSink(limit: UInt64(count), takesWhole: false)
      let failure: TransportError
      do throws(TransportError) {
        try transport.get(RangeRequest(url, .last(UInt64(count)), expected: entity), into: sink)
        guard let answer = sink.answer, let length = answer.entity.length else {
          throw TransportError.refused("Content-Range")
        }
        known.withLock { $0 = answer.entity }
        return (sink.bytes, length)
      } catch {
        failure = error
      }
      if let answer = sink.answer, answer.range == nil { throw .noRanges(answer.entity) }
      do throws(Fault) {
        try tries.failed(failure, brought: false)
      } catch {
        throw .fault(error)
      }
    }
  }

  /// Reads a range; a broken connection is taken up where it broke.
  ///
  /// - Parameter body: is given the bytes in order; it must not keep them.
  /// - Throws: what `body` throws, and why the source did not give them.
  func read(
    _ range: Range<UInt64>, _ body: @escaping (UnsafeRawBufferPointer) throws(Fault) -> Void
  ) throws(RemoteFailure) {
    var position = range.lowerBound
    var tries = Tries(policy, url)
    while position < range.upperBound {
      let sink = RangeSink(position..<range.upperBound, body)
      let failure: TransportError
      do throws(TransportError) {
        try transport.get(
          RangeRequest(url, .bytes(position..<range.upperBound), expected: entity), into: sink)
        failure = .retryable("\(sink.taken) B", after: nil)
      } catch {
        failure = error
      }
      if let fault = sink.fault { throw .fault(fault) }
      if let whole = sink.whole { throw .noRanges(whole) }
      position += sink.taken
      guard position < range.upperBound else { return }
      do throws(Fault) {
        try tries.failed(failure, brought: sink.taken > 0)
      } catch {
        throw .fault(error)
      }
    }
  }
}

/// Keeps a small body in memory.
final class CollectingSink: BodySink {
  private let limit: UInt64
  private let takesWhole: Bool
  private(set) var answer: RemoteAnswer?
  private(set) var bytes: [UInt8] = []

  /// A sink for at most `limit` bytes, of a part or of the whole.
  init(limit: UInt64, takesWhole: Bool) {
    self.limit = limit
    self.takesWhole = takesWhole
  }

  func begin(_ answer: RemoteAnswer) -> UInt64? {
    self.answer = answer
    bytes = []
    guard answer.range != nil || takesWhole, (answer.entity.length ?? 0) <= limit || !takesWhole else {
      return nil
    }
    return limit
  }

  func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard UInt64(self.bytes.count + bytes.count) <= limit else { return false }
    self.bytes += bytes
    return true
  }
}

/// Gives the bytes of a range to whoever wants them.
final class RangeSink: BodySink {
  private let range: Range<UInt64>
  private let body: (UnsafeRawBufferPointer) throws(Fault) -> Void
  /// How many bytes were given on.
  private(set) var taken: UInt64 = 0
  /// What the body's taker threw.
  private(set) var fault: Fault?
  /// The source, where it gave the whole in place of the range.
  private(set) var whole: RemoteEntity?

  init(_ range: Range<UInt64>, _ body: @escaping (UnsafeRawBufferPointer) throws(Fault) -> Void) {
    self.range = range
    self.body = body
  }

  func begin(_ answer: RemoteAnswer) -> UInt64? {
    guard answer.range == range else {
      whole = answer.range == nil ? answer.entity : nil
      return nil
    }
    return UInt64(range.count)
  }

  func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard taken + UInt64(bytes.count) <= UInt64(range.count) else { return false }
    do throws(Fault) {
      try body(bytes)
      taken += UInt64(bytes.count)
      return true
    } catch {
      fault = error
      return false
    }
  }
}
