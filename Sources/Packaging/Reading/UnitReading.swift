import Storage

/// What came out of one chunk.
struct ChunkOutcome: Sendable {
  /// Its leaf hash, or why there is none.
  var leaf: Result<Digest, Fault>
  /// What whoever takes the content says of it.
  var fault: Fault?

  /// Hashes a chunk and passes it on.
  init(_ bytes: UnsafeRawBufferPointer, _ receiver: (any PayloadReceiver)?, chunk: UInt64, isFinal: Bool) {
    do throws(Fault) {
      leaf = .success(try HashTree.leaf(bytes))
    } catch {
      leaf = .failure(error)
    }
    do throws(Fault) {
      try receiver?.take(bytes, chunk: chunk, isFinal: isFinal)
    } catch {
      fault = error
    }
  }

  /// A chunk that could not be read.
  init(failure: Fault) {
    leaf = .failure(failure)
  }
}

/// A unit whose chunks are being verified.
final class UnitReading {
  let header: UnitHeader
  let identifier: [UInt8]
  let offset: UInt64
  let payloadOffset: UInt64
  /// Whether something was wrong with the header, so that what follows from it is not told.
  let isTainted: Bool
  let receiver: (any PayloadReceiver)?
  /// The payload, of the types that say something of the package.
  var payload: [UInt8] = []
  /// Whether its digest may be over something else than what stands there.
  var isDoubtful = false
  /// Whether its chunks were left out, so that its trailer is believed.
  var isSkipped = false
  var tickets: [Ticket<ChunkOutcome>] = []
  var leaves: [Digest] = []
  /// What whoever takes the content says against it, which counts once the bytes are known to be those that were packed.
  var refusals = FaultLog()
  /// The leaf hashes, the length and the root that the trailer says.
  var trailer: (leaves: [UInt8], length: UInt64, root: Digest)?

  init(
    _ header: UnitHeader, _ identifier: [UInt8], at offset: UInt64, payloadOffset: UInt64, isTainted: Bool,
    receiver: (any PayloadReceiver)?
  ) {
    self.header = header
    self.identifier = identifier
    self.offset = offset
    self.payloadOffset = payloadOffset
    self.isTainted = isTainted
    self.receiver = receiver
  }

  /// Whether everything was read and every chunk hashed.
  var isSettled: Bool { trailer != nil && tickets.count == leaves.count }

  /// What trailer and chunks say of each other.
  struct Outcome {
    /// What is wrong, each with its place.
    var faults: [Fault] = []
    /// The root of the payload.
    var root: Digest
    /// Whether it is the root that the writer saw.
    var isCertain = true
    /// Whether neither digests nor length fit, so that what was read as a trailer is none.
    var isLost = false
  }

  /// Holds the chunks against the trailer.
  ///
  /// - Parameter file: the name of the package.
  func outcome(file: String) throws(Fault) -> Outcome {
    guard let trailer else { return Outcome(root: try HashTree.root(of: leaves), isCertain: false) }
    if isSkipped {
      let stored = trailer.leaves.isEmpty ? trailer.root.bytes : trailer.leaves
      leaves = stride(from: 0, to: stored.count, by: 32).map {
        Digest(.sha256, bytes: Array(stored[$0..<$0 + 32]))
      }
    }
    let computed = try HashTree.root(of: leaves)
    let trailerOffset = payloadOffset + header.length + UInt64(trailer.leaves.count)
    var outcome = Outcome(root: trailer.root)
    let lengthFits = trailer.length == header.length
    if computed != trailer.root || leaves.count > 1, let damage = try damage(computed, trailer, file) {
      outcome = damage
      outcome.isLost = !lengthFits
      if !lengthFits { outcome.faults = Array(outcome.faults.prefix(1)) }
    }
    if !lengthFits, !outcome.isLost {
      // The digest of the unit may be over either length.
      outcome.isCertain = false
      outcome.faults.append(
        Fault(
          PackageFault.trailerLength, at: Place(file, offset: trailerOffset), expected: "\(header.length) B",
          actual: "\(trailer.length) B"))
    }
    return outcome
  }

  private func damage(
    _ computed: Digest, _ trailer: (leaves: [UInt8], length: UInt64, root: Digest), _ file: String
  ) throws(Fault) -> Outcome? {
    if leaves.count == 1 {
      var outcome = Outcome(root: trailer.root)
      // A single leaf is the root: which of the two is damaged nobody can tell.
      outcome.isCertain = false
      outcome.faults = [chunkFault(0, at: payloadOffset, expected: trailer.root.bytes, file)]
      return outcome
    }
    var damaged: [Int] = []
    var stored: [Digest] = []
    for (number, leaf) in leaves.enumerated() {
      let bytes = Array(trailer.leaves[number * 32..<number * 32 + 32])
      stored.append(Digest(.sha256, bytes: bytes))
      if bytes != leaf.bytes { damaged.append(number) }
    }
    if damaged.isEmpty {
      guard computed != trailer.root else { return nil }
      var outcome = Outcome(root: computed)
      outcome.isCertain = false
      let rootOffset = payloadOffset + header.length + UInt64(trailer.leaves.count) + 8
      outcome.faults = [
        Fault(
          PackageFault.trailerRoot, at: Place(file, offset: rootOffset), expected: computed.hex,
          actual: trailer.root.hex)
      ]
      return outcome
    }
    var outcome = Outcome(root: trailer.root)
    let isListDamaged = computed == trailer.root
    if !isListDamaged { outcome.isCertain = try HashTree.root(of: stored) == trailer.root }
    outcome.faults = damaged.map { number in
      let place =
        isListDamaged
        ? payloadOffset + header.length + UInt64(number) * 32
        : payloadOffset + UInt64(number) * UInt64(HashTree.chunkBytes)
      return chunkFault(number, at: place, expected: stored[number].bytes, file)
    }
    return outcome
  }

  private func chunkFault(_ number: Int, at offset: UInt64, expected: [UInt8], _ file: String) -> Fault {
    Fault(
      PackageFault.chunkDigest, at: Place(file, offset: offset), expected: Hexadecimal.text(of: expected),
      actual: "\(number)")
  }

  /// The unit, once everything of it was read.
  func unit(root: Digest) throws(Fault) -> PackageUnit {
    let digest = try HashTree.unit(
      header: header.encoded, identifier: identifier, length: header.length, root: root)
    return PackageUnit(
      header: header, identifier: identifier, offset: offset, payloadOffset: payloadOffset, root: root,
      digest: digest)
  }
}
