public import Storage
import Synchronization

/// Receives segments, in any order and from several threads, into a folder beside the destination (profile clause 8.3, section 6).
public final class SegmentReceiver: Sendable {
  private struct Held {
    var parts: [Bool] = []
    var missing: UInt64 = 0
    /// The segments that somebody is receiving right now.
    var claimed: Set<UInt64> = []
  }

  /// What is received.
  public let manifest: Manifest
  private let transfer: Transfer
  private let held = Mutex(Held())

  /// Takes an offer: makes the folder, or takes up what an earlier run left there.
  ///
  /// - Parameters:
  ///   - offer: the bytes of a manifest.
  ///   - out: the destination, which must not exist.
  ///   - jobs: how many threads hash what is there.
  /// - Throws: a `TransmissionFault` of the manifest, before anything is written; `TransferFault.offerUnchanged`, `.destinationFree`,
  ///   `.destinationUnlocked`; `OutputFault.writable`.
  public convenience init(_ offer: [UInt8], to out: String, jobs: Int = 1) throws(Fault) {
    let manifest = try Manifest(offer)
    try self.init(offer, manifest, TransferStore(out), jobs: jobs)
  }

  init(_ offer: [UInt8], _ manifest: Manifest, _ store: TransferStore, jobs: Int) throws(Fault) {
    self.manifest = manifest
    transfer = Transfer(store)
    try transfer.offer(offer, as: SegmentName.manifest, length: manifest.length) { store in
      if let kept = store.kept(SegmentName.manifest), let earlier = try? Manifest(kept) {
        return earlier.offersTheSame(as: manifest)
      }
      if let kept = store.kept(TransferStore.tail),
        let tail = try? PackageTail.read(kept, packageLength: manifest.length)
      {
        return tail.packageRoot == manifest.packageRoot
      }
      return nil
    }
    held.withLock {
      $0.parts = Array(repeating: false, count: Int(clamping: manifest.count))
      $0.missing = manifest.count
    }
    try survey(jobs)
  }

  /// Finds out what is held: what verifies.
  private func survey(_ jobs: Int) throws(Fault) {
    let source = try transfer.store.source()
    try Workers.forEach(manifest.count, jobs: jobs) { [self] sequence throws(Fault) in
      guard let span = manifest.span(of: sequence), transfer.store.mayHoldData(span),
        manifest.digests.holds(try SegmentDigest.of(source, span), at: Int(sequence))
      else { return }
      markHeld(sequence)
    }
  }

  /// Where the transfer stands.
  public var state: TransferState.State { transfer.state.state }

  /// The segments that are not held yet, in order.
  public var missing: [UInt64] {
    held.withLock { held in held.parts.indices.filter { !held.parts[$0] }.map(UInt64.init) }
  }

  /// How many bytes of the package are held.
  public var heldBytes: UInt64 {
    held.withLock { held in
      held.parts.indices.reduce(0) { sum, index in
        held.parts[index] ? sum + UInt64(manifest.span(of: UInt64(index))?.count ?? 0) : sum
      }
    }
  }

  /// Whether a segment is held.
  public func holds(_ sequence: UInt64) -> Bool {
    held.withLock { $0.parts.indices.contains(Int(clamping: sequence)) && $0.parts[Int(sequence)] }
  }

  /// Takes one segment; one that is held already is dropped, and one that does not verify changes nothing that is held.
  ///
  /// - Parameters:
  ///   - source: the segment.
  ///   - progress: is told how many bytes of the package were written.
  /// - Returns: whether it was missing.
  /// - Throws: a `TransmissionFault` at its place; what the source throws; `OutputFault.writable`.
  public func receive(_ source: any ByteSource, progress: ((Int) -> Void)? = nil) throws(Fault) -> Bool {
    let intake = SegmentIntake(self, name: source.name, size: source.size, expected: nil)
    try source.forEachChunk(in: 0..<source.size, of: HashTree.chunkBytes) { bytes throws(Fault) in
      if try intake.take(bytes) { progress?(bytes.count) }
    }
    return try intake.finish()
  }

  /// Verifies the package, gives it its name, and removes the folder.
  ///
  /// - Parameter verify: verifies the package at a path and throws where it refuses it.
  /// - Throws: `TransferFault.segmentsAllHeld`, `TransmissionFault.manifestPackageRoot`, what `verify` throws.
  public func finish(_ verify: (String) throws(Fault) -> Void) throws(Fault) {
    if let first = missing.first {
      throw Fault(
        TransferFault.segmentsAllHeld, at: Place(SegmentName.file(first)), expected: "\(manifest.count)",
        actual: "\(manifest.count - UInt64(missing.count))")
    }
    try transfer.finish { path throws(Fault) in
      try verify(path)
      let tail = try PackageTail.read(try transfer.store.source())
      guard tail?.packageRoot == manifest.packageRoot else {
        throw Fault(
          TransmissionFault.manifestPackageRoot, at: Place(SegmentName.manifest, offset: 24),
          expected: tail?.packageRoot.hex, actual: manifest.packageRoot.hex)
      }
    }
  }

  /// Ends the transfer for now (`break`) or for good (`cancel`, `exhausted`); what is held stays.
  func end(_ event: TransferState.Event) { transfer.end(event) }

  // MARK: For those who take a segment in

  /// Whether a segment is missing and nobody else is receiving it; then it is the caller's until `release`.
  func claim(_ sequence: UInt64) -> Bool {
    held.withLock { !$0.parts[Int(sequence)] && $0.claimed.insert(sequence).inserted }
  }

  func release(_ sequence: UInt64) { _ = held.withLock { $0.claimed.remove(sequence) } }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(Fault) {
    try transfer.store.write(bytes, at: offset)
  }

  func handle(_ event: TransferState.Event) throws(Fault) { try transfer.handle(event) }

  func markHeld(_ sequence: UInt64) {
    held.withLock {
      guard !$0.parts[Int(sequence)] else { return }
      $0.parts[Int(sequence)] = true
      $0.missing -= 1
    }
  }
}
