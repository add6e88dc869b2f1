import Storage
import Synchronization

@testable import Packaging

/// A server in memory with what can go wrong on the way, as often as its random numbers say.
final class TroubledTransport: RangeTransport {
  /// What goes wrong, in hundredths of the requests.
  struct Troubles {
    /// No connection, or 503.
    var refused = 0
    /// The body breaks off.
    var broken = 0
    /// A bit of the body is another one.
    var damaged = 0
    /// The server forgets ranges from this request on.
    var forgetsRangesAfter = Int.max
    /// The file is another one from this request on.
    var changesAfter = Int.max
    /// The file is not there from this request on.
    var goneAfter = Int.max
    /// Whether the body goes on after its end.
    var isEndless = false
    /// Whether anything can be reached.
    var isDown = false
  }

  struct Record {
    var requests = 0
    var bytes = 0
    var random: Randomness
    var ranges: [Range<UInt64>] = []
  }

  let files: [String: [UInt8]]
  let troubles: Troubles
  let record: Mutex<Record>

  init(_ files: [String: [UInt8]], _ troubles: Troubles = Troubles(), seed: UInt64 = 0) {
    self.files = files
    self.troubles = troubles
    record = Mutex(Record(random: Randomness(seed)))
  }

  var bytesSent: Int { record.withLock { $0.bytes } }
  var requests: Int { record.withLock { $0.requests } }

  func get(_ request: RangeRequest, into sink: any BodySink) throws(TransportError) {
    let number = record.withLock { record in
      record.requests += 1
      return record.requests
    }
    if troubles.isDown || chance(troubles.refused) { throw .retryable("503", after: nil) }
    guard let file = files[request.url], number < troubles.goneAfter else { throw .gone("404") }
    let hasChanged = number >= troubles.changesAfter
    let entity = RemoteEntity(length: UInt64(file.count), tag: hasChanged ? "\"b\"" : "\"a\"")
    if let tag = request.expected?.tag, tag != entity.tag {
      throw .changed(expected: tag, actual: entity.tag ?? "")
    }
    var range: Range<UInt64>?
    if number < troubles.forgetsRangesAfter {
      switch request.part {
      case .whole: break
      case .last(let count): range = UInt64(file.count) - min(count, UInt64(file.count))..<UInt64(file.count)
      case .bytes(let bytes):
        guard bytes.upperBound <= UInt64(file.count) else { throw .refused("416") }
        range = bytes
      }
    }
    guard let limit = sink.begin(RemoteAnswer(entity, range: range)) else { throw .stopped }
    let wanted = range ?? 0..<UInt64(file.count)
    var body = Array(file[Int(wanted.lowerBound)..<Int(wanted.upperBound)])
    if let range { record.withLock { $0.ranges.append(range) } }
    let length = body.count
    guard UInt64(length) <= limit, !troubles.isEndless else { throw .refused("> \(limit) B") }
    if !body.isEmpty, chance(troubles.damaged) { body[pick(body.count)] ^= 1 << UInt8(pick(8)) }
    if !body.isEmpty, chance(troubles.broken) { body.removeLast(1 + pick(body.count)) }
    var rest = body[...]
    while !rest.isEmpty {
      let piece = Array(rest.prefix(1 + pick(200_000)))
      rest = rest.dropFirst(piece.count)
      record.withLock { $0.bytes += piece.count }
      guard piece.withUnsafeBytes({ sink.take($0) }) else { throw .stopped }
    }
    if body.count < length { throw .retryable("\(body.count) of \(length) B", after: nil) }
  }

  private func chance(_ hundredths: Int) -> Bool { pick(100) < hundredths }

  private func pick(_ count: Int) -> Int { record.withLock { Int.random(in: 0..<count, using: &$0.random) } }
}
