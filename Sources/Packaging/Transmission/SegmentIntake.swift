import Storage

/// One segment on its way in, in pieces of any size.
///
/// The head is verified before a byte of the payload is written. The payload is written where it belongs while it is hashed: until
/// its digest verifies nothing is held there, and only one intake at a time may write there.
final class SegmentIntake {
  private let receiver: SegmentReceiver
  let name: String
  private let size: UInt64
  /// The number that the segment must have, where the caller asked for one.
  private let expected: UInt64?
  private var start: [UInt8] = []
  private var head: SegmentHead?
  private var isClaimed = false
  private var digest: SegmentDigest?
  private var position: UInt64 = 0
  private var failure: Fault?

  /// An intake for a segment file of that size.
  init(_ receiver: SegmentReceiver, name: String, size: UInt64, expected: UInt64?) {
    self.receiver = receiver
    self.name = name
    self.size = size
    self.expected = expected
  }

  deinit {
    release()
  }

  /// How many bytes of the file were taken.
  private(set) var taken: UInt64 = 0

  /// Takes the next bytes.
  ///
  /// - Returns: false where no more are wanted, since the segment is held already.
  /// - Throws: a `TransmissionFault`; `OutputFault.writable`.
  func take(_ bytes: UnsafeRawBufferPointer) throws(Fault) -> Bool {
    do throws(Fault) {
      taken += UInt64(bytes.count)
      guard head == nil else { return try payload(bytes) }
      let wanted = Int(min(size, UInt64(SegmentHead.mostBytes))) - start.count
      start += bytes.prefix(wanted)
      guard bytes.count >= wanted else { return true }
      let head = try SegmentHead(start, size: size, file: name, of: receiver.manifest)
      if let expected, head.sequence != expected {
        throw Fault(
          TransmissionFault.segmentFileName, at: Place(name, offset: 48), expected: "\(expected)",
          actual: "\(head.sequence)")
      }
      self.head = head
      position = head.span.lowerBound
      isClaimed = receiver.claim(head.sequence)
      guard isClaimed else { return false }
      digest = try SegmentDigest()
      // What was read beyond the head is the payload's beginning.
      let begun = Array(start.dropFirst(head.byteCount))
      start = []
      _ = try begun.withUnsafeBufferPointer { begun throws(Fault) in
        try payload(UnsafeRawBufferPointer(begun))
      }
      return try payload(UnsafeRawBufferPointer(rebasing: bytes.dropFirst(wanted)))
    } catch {
      try refuse(error)
    }
  }

  private func payload(_ bytes: UnsafeRawBufferPointer) throws(Fault) -> Bool {
    guard isClaimed, digest != nil else { return false }
    try digest?.update(bytes)
    try receiver.write(bytes, at: position)
    position += UInt64(bytes.count)
    return true
  }

  /// The end of the segment.
  ///
  /// - Returns: whether it was missing, and is held now.
  /// - Throws: a `TransmissionFault`.
  func finish() throws(Fault) -> Bool {
    do throws(Fault) {
      guard let head else {
        // Too short for a head: the parser says what is wrong with it.
        _ = try SegmentHead(start, size: UInt64(start.count), file: name, of: receiver.manifest)
        throw Fault(
          TransmissionFault.segmentComplete, at: Place(name, offset: taken), expected: "\(size)",
          actual: "\(taken)")
      }
      guard isClaimed else {
        try receiver.handle(.segmentAgain)
        return false
      }
      guard position == head.span.upperBound else {
        throw Fault(
          TransmissionFault.segmentComplete, at: Place(name, offset: taken), expected: "\(size)",
          actual: "\(taken)")
      }
      guard try digest?.finish() == head.digest else {
        throw Fault(TransmissionFault.segmentDigest, at: Place(name, offset: UInt64(head.byteCount)))
      }
      try receiver.handle(.segment)
      receiver.markHeld(head.sequence)
      release()
      return true
    } catch {
      try refuse(error)
    }
  }

  private func refuse(_ fault: Fault) throws(Fault) -> Never {
    release()
    if fault.kind != .system, TransmissionFault(rawValue: fault.code) != nil {
      try receiver.handle(.segmentRefused)
    }
    throw fault
  }

  private func release() {
    if isClaimed, let head { receiver.release(head.sequence) }
    isClaimed = false
  }
}
