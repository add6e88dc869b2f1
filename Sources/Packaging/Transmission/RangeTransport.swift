/// What a receiver asks a server for: one GET (profile clause 8.3, section 5).
public struct RangeRequest: Sendable, Hashable {
  /// The bytes that are asked for.
  public enum Part: Sendable, Hashable {
    /// Everything, without a `Range`.
    case whole
    /// The last bytes: `Range: bytes=-COUNT`.
    case last(UInt64)
    /// Bytes from the first to the last: `Range: bytes=FIRST-LAST`; never empty.
    case bytes(Range<UInt64>)
  }

  /// An absolute `http` or `https` URL.
  public var url: String
  /// The bytes that are asked for.
  public var part: Part
  /// What earlier answers said of the source; nil for the first request. Its tag goes into `If-Range` where ranges are asked for.
  public var expected: RemoteEntity?

  /// A request.
  public init(_ url: String, _ part: Part, expected: RemoteEntity? = nil) {
    self.url = url
    self.part = part
    self.expected = expected
  }
}

/// What a source is known by: as long as both stay the same it is the same source.
public struct RemoteEntity: Sendable, Hashable {
  /// The length of the whole in bytes: the total of `Content-Range`, or `Content-Length` of a 200; nil where a 200 has none.
  public var length: UInt64?
  /// The strong entity tag with its quotation marks; nil where there is none or a weak one.
  public var tag: String?

  /// A source.
  public init(length: UInt64?, tag: String?) {
    self.length = length
    self.tag = tag
  }
}

/// The head of an answer whose body follows.
public struct RemoteAnswer: Sendable, Hashable {
  /// What the source is.
  public var entity: RemoteEntity
  /// The bytes of the source that the body has, from a 206; nil for a 200, whose body is the whole.
  public var range: Range<UInt64>?

  /// A head.
  public init(_ entity: RemoteEntity, range: Range<UInt64>?) {
    self.entity = entity
    self.range = range
  }
}

/// Who takes the body of an answer; everything is called on the thread that called `get`, before it returns.
public protocol BodySink: AnyObject {
  /// The head of a 200 or 206 that keeps to the rules, once and before any byte.
  ///
  /// - Returns: the greatest number of bytes of the body that are taken; nil to end the exchange (`TransportError.stopped`).
  func begin(_ answer: RemoteAnswer) -> UInt64?

  /// The next bytes of the body, in order, in pieces of any size; the bytes must not be kept.
  ///
  /// - Returns: false to end the exchange (`TransportError.stopped`).
  func take(_ bytes: UnsafeRawBufferPointer) -> Bool
}

/// Why a request did not bring what was asked for. Texts are the server's or the library's, for people.
public enum TransportError: Error, Sendable, Hashable {
  /// Worth another try: 408, 429, 5xx, no or a broken connection, a time-out, a body shorter than its head said. `after` is
  /// `Retry-After` in seconds, where there was one.
  case retryable(String, after: UInt32?)
  /// The total or the entity tag is another one than expected, in a 206 or a 200, or 412.
  case changed(expected: String, actual: String)
  /// There is no such thing, or not for us: 403, 404, 410, other 4xx.
  case gone(String)
  /// The answer breaks the rules and would again: a 206 with another range than was asked for (a shorter one too), another
  /// `Content-Encoding`, more bytes than `begin` allowed, a sixth redirect, one from https to http, 416, a bad certificate or URL,
  /// no library.
  case refused(String)
  /// The sink ended the exchange.
  case stopped
}

/// One attempt at one GET. It never tries again, never waits between attempts, keeps nothing but connections.
///
/// - It sends `Accept-Encoding: identity`, and `If-Range` where `expected` has a tag and a part is asked for.
/// - A 206 is taken only for a part that was asked for, and only where `Content-Range` is just that part.
/// - A 200 in answer to a part is given to the sink with `range` nil, unless length or tag is not the expected one: the sink decides
///   whether it reads from the beginning.
/// - `entity` is compared with `expected` before `begin`: a length or tag that `expected` has and that is another one, or is
///   missing, is `changed`.
/// - It gives the sink never more bytes than `begin` allowed and, for a 206, than were asked for; it returns only where the body was
///   complete.
///
/// Implementations are called from several threads at once and block the caller.
public protocol RangeTransport: Sendable {
  /// Makes the request and gives the answer to the sink.
  func get(_ request: RangeRequest, into sink: any BodySink) throws(TransportError)
}
