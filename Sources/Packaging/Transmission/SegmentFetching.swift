import Storage
import Synchronization

/// Receives the segments of a folder at a URL (profile clause 8.3, section 5).
struct SegmentFetching: Sendable {
  let location: RemoteLocation
  let transport: any RangeTransport
  let policy: RetryPolicy
  let jobs: Int
  let progress: (@Sendable (Int) -> Void)?

  /// The most bytes of a manifest that are taken: eight million segments.
  private static let manifestBytes: UInt64 = 1 << 28

  func fetch(
    to out: String, willChange: @escaping @Sendable () throws(Fault) -> Void,
    verify: (String) throws(Fault) -> Void
  ) throws(Fault) {
    let (offer, manifest) = try self.manifest()
    let receiver = try SegmentReceiver(
      offer, manifest, TransferStore(out, willChange: willChange), jobs: jobs)
    let missing = receiver.missing
    progress?(Int(clamping: receiver.heldBytes))
    do throws(Fault) {
      try Workers.forEach(UInt64(missing.count), jobs: jobs) { index throws(Fault) in
        try fetch(missing[Int(index)], into: receiver)
      }
    } catch {
      receiver.end(error.code == TransferFault.sourceReachable.rawValue ? .exhausted : .interruption)
      throw error
    }
    try receiver.finish(verify)
  }

  private func manifest() throws(Fault) -> (bytes: [UInt8], Manifest) {
    let url = location.file(SegmentName.manifest)
    var tries = Tries(policy, url)
    var damages = 0
    while true {
      let sink = CollectingSink(limit: Self.manifestBytes, takesWhole: true)
      var failure: TransportError?
      do throws(TransportError) {
        try transport.get(RangeRequest(url, .whole), into: sink)
      } catch {
        failure = error
      }
      guard let failure else {
        do throws(Fault) {
          return (sink.bytes, try Manifest(sink.bytes))
        } catch {
          damages += 1
          guard damages < policy.damages else { throw error }
          continue
        }
      }
      if case .stopped = failure {
        throw Fault(
          TransferFault.lengthBounded, at: Place(url), expected: "≤ \(Self.manifestBytes) B",
          actual: sink.answer?.entity.length.map { "\($0) B" })
      }
      try tries.failed(failure, brought: false)
    }
  }

  private func fetch(_ sequence: UInt64, into receiver: SegmentReceiver) throws(Fault) {
    guard let span = receiver.manifest.span(of: sequence) else { return }
    let name = SegmentName.file(sequence)
    let url = location.file(name)
    let size = UInt64(SegmentHead.byteCount(sequence, among: receiver.manifest.count) + span.count)
    var tries = Tries(policy, url)
    var damages = 0
    var sink = SegmentSink(
      SegmentIntake(receiver, name: name, size: size, expected: sequence), size, progress)
    var entity: RemoteEntity?
    while true {
      let before = sink.taken
      var failure: Fault?
      do throws(TransportError) {
        let part: RangeRequest.Part = before == 0 ? .whole : .bytes(before..<size)
        try transport.get(RangeRequest(url, part, expected: before == 0 ? nil : entity), into: sink)
        do throws(Fault) {
          _ = try sink.intake.finish()
          return
        } catch {
          failure = error
        }
      } catch {
        entity = sink.entity
        if sink.fault == nil, !sink.startsAnew {
          try tries.failed(error, brought: sink.taken > before)
          continue
        }
        failure = sink.fault
      }
      if let fault = failure {
        guard fault.kind != .system, TransmissionFault(rawValue: fault.code) != nil else { throw fault }
        damages += 1
        guard damages < policy.damages else {
          throw Fault(
            TransferFault.sourceUnchanged, at: Place(url, offset: fault.occurrence.place.offset),
            expected: name,
            actual: fault.code)
        }
      } else {
        // A server without ranges begins again with the first byte, so that nothing of the try stays.
        try tries.failed(.retryable("200", after: nil), brought: false)
      }
      sink = SegmentSink(SegmentIntake(receiver, name: name, size: size, expected: sequence), size, progress)
    }
  }
}

/// Gives the body of a segment to its intake.
private final class SegmentSink: BodySink {
  let intake: SegmentIntake
  private let size: UInt64
  private let progress: (@Sendable (Int) -> Void)?
  private(set) var entity: RemoteEntity?
  private(set) var fault: Fault?
  /// Whether a part was asked for and the whole came.
  private(set) var startsAnew = false

  init(_ intake: SegmentIntake, _ size: UInt64, _ progress: (@Sendable (Int) -> Void)?) {
    self.intake = intake
    self.size = size
    self.progress = progress
  }

  var taken: UInt64 { intake.taken }

  func begin(_ answer: RemoteAnswer) -> UInt64? {
    entity = answer.entity
    guard (answer.range?.lowerBound ?? 0) == taken else {
      startsAnew = true
      return nil
    }
    if let length = answer.entity.length, length != size {
      fault = Fault(
        length < size ? TransmissionFault.segmentComplete : .segmentNothingAfter,
        at: Place(intake.name, offset: min(length, size)), expected: "\(size)", actual: "\(length)")
      return nil
    }
    return size - taken
  }

  func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
    do throws(Fault) {
      if try intake.take(bytes) { progress?(bytes.count) }
      return true
    } catch {
      fault = error
      return false
    }
  }
}

/// A URL as far as it has to be understood here: whether it is a folder, and what lies in it.
public struct RemoteLocation: Sendable, Hashable {
  /// The URL without a fragment.
  public let url: String
  private let query: String
  private let path: String

  /// A location; nil for anything but an absolute `http` or `https` URL.
  public init?(_ text: String) {
    let lower = text.utf8.prefix(8).map { $0.isASCIICapital ? $0 | 0x20 : $0 }
    guard lower.starts(with: "http://".utf8) || lower.starts(with: "https://".utf8) else { return nil }
    let whole = text.utf8.prefix { $0 != UInt8(ascii: "#") }
    url = String(decoding: whole, as: UTF8.self)
    path = String(decoding: whole.prefix { $0 != UInt8(ascii: "?") }, as: UTF8.self)
    query = String(decoding: whole.drop { $0 != UInt8(ascii: "?") }, as: UTF8.self)
  }

  /// Whether the URL is that of a folder of segments: its path ends in a slash.
  public var isFolder: Bool { path.utf8.last == UInt8(ascii: "/") }

  /// The URL of a file in the folder; what follows a question mark stays, since it may be a key.
  func file(_ name: String) -> String { path + name + query }
}
