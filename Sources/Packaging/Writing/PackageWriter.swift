import Storage

/// Writes units one after the other and never goes back.
///
/// Chunks are read, encrypted and hashed by workers a few chunks ahead; bytes are written in this thread, in their order, so that they
/// do not depend on the number of workers.
final class PackageWriter {
  /// A unit that is being written.
  private final class Draft {
    let header: UnitHeader
    let identifier: [UInt8]
    let offset: UInt64
    var leaves: [Digest] = []

    init(_ header: UnitHeader, _ identifier: [UInt8], at offset: UInt64) {
      self.header = header
      self.identifier = identifier
      self.offset = offset
    }
  }

  /// A chunk as it is stored, with its hash.
  private struct StoredChunk: Sendable {
    let leaf: Digest
    let bytes: Bytes

    enum Bytes {
      case buffer(ChunkBuffer, Int)
      case array([UInt8])
    }
  }

  private enum Step {
    case head(Draft)
    case chunk(Draft, Ticket<Result<StoredChunk, Fault>>)
    case trailer(Draft, check: (@Sendable () throws(Fault) -> Void)?)
  }

  /// The offset of the next unit.
  private(set) var offset: UInt64
  /// What the index says, or would say, of the units that were written.
  private(set) var entries: [IndexEntry]

  private let sink: any PackageSink
  private let workers: ChunkWorkers
  private let progress: (@Sendable (UInt64) -> Void)?
  private var steps: [Step] = []
  private var nextStep = 0
  private var chunksUnderWay = 0
  private var unitCount: Int

  /// A writer at the beginning of a package, or after units that stand in the sink already.
  init(
    _ sink: any PackageSink, jobs: Int, after entries: [IndexEntry] = [], at offset: UInt64 = 0,
    progress: (@Sendable (UInt64) -> Void)? = nil
  ) {
    self.sink = sink
    self.progress = progress
    self.entries = entries
    self.offset = offset
    unitCount = entries.count
    workers = ChunkWorkers(jobs: jobs)
  }

  /// Writes a unit whose payload is in memory.
  func add(_ type: UnitType, _ flags: UnitFlags, identifier: [UInt8] = [], _ payload: [UInt8]) throws(Fault) {
    guard UInt64(payload.count) <= type.payloadLimit else {
      throw Fault(
        PackageFault.unitLengthWithinLimit, at: Place(), expected: "≤ \(type.payloadLimit) B",
        actual: "\(payload.count) B")
    }
    try add(
      type, flags, identifier, MemoryByteSource(name: "", payload), contentLength: UInt64(payload.count))
    try finish()
  }

  /// Writes a unit of a file; what is under way is finished by later units, or by `finish`.
  ///
  /// - Parameters:
  ///   - seal: the suite and what makes the cipher of a unit; nil where it is stored as it is.
  ///   - check: is asked once the last byte was read, and throws where the file changed.
  func add(
    _ type: UnitType, _ flags: UnitFlags, identifier: [UInt8], file: any ByteSource, seal: ContentSealer?,
    check: (@Sendable () throws(Fault) -> Void)?
  ) throws(Fault) {
    try add(type, flags, identifier, file, contentLength: file.size, seal: seal, check: check)
  }

  private func add(
    _ type: UnitType, _ flags: UnitFlags, _ identifier: [UInt8], _ source: any ByteSource,
    contentLength: UInt64, seal: ContentSealer? = nil, check: (@Sendable () throws(Fault) -> Void)? = nil
  ) throws(Fault) {
    let piece = seal?.suite.pieceBytes ?? HashTree.chunkBytes
    let stored = seal.map { $0.suite.storedLength(content: contentLength) } ?? contentLength
    guard let stored, stored <= type.payloadLimit, let number = UInt32(exactly: unitCount),
      let identifierLength = UInt16(exactly: identifier.count)
    else {
      throw Fault(
        PackageFault.unitLengthWithinLimit, at: Place(source.name), expected: "≤ \(type.payloadLimit) B",
        actual: "\(contentLength) B")
    }
    let header = UnitHeader(
      type: type, flags: flags, number: number, length: stored, identifierLength: identifierLength)
    guard let end = header.end(at: offset) else {
      throw Fault(
        PackageFault.unitLengthWithinLimit, at: Place(source.name), expected: "< 2^63 B",
        actual: "\(stored) B")
    }
    let draft = Draft(header, identifier, at: offset)
    let cipher = try seal?.cipher(header, identifier: identifier)
    unitCount += 1
    offset = end
    steps.append(.head(draft))
    let chunks = HashTree.chunkCount(of: stored)
    for chunk in 0..<chunks {
      let start = chunk * UInt64(piece)
      let count = Int(min(UInt64(piece), contentLength - min(start, contentLength)))
      let ticket = store(
        source, at: start, count: count, cipher: cipher, chunk: chunk, isFinal: chunk + 1 == chunks)
      steps.append(.chunk(draft, ticket))
      chunksUnderWay += 1
      while chunksUnderWay > workers.depth { try takeStep() }
    }
    steps.append(.trailer(draft, check: check))
    // Small files would otherwise pile up, each with an open descriptor.
    while steps.count - nextStep > 64 { try takeStep() }
  }

  /// Brings everything that is under way into the sink.
  func finish() throws(Fault) {
    while nextStep < steps.count { try takeStep() }
  }

  /// Waits for what is under way without writing it, so that nothing goes on after a fault.
  func abandon() {
    while nextStep < steps.count {
      if case .chunk(_, let ticket) = steps[nextStep] { _ = ticket.wait() }
      nextStep += 1
    }
  }

  private func store(
    _ source: any ByteSource, at offset: UInt64, count: Int, cipher: UnitCipher?, chunk: UInt64, isFinal: Bool
  ) -> Ticket<Result<StoredChunk, Fault>> {
    let workers = workers
    let work: @Sendable () -> Result<StoredChunk, Fault> = {
      let buffer = workers.buffer()
      return Result { () throws(Fault) in
        do throws(Fault) {
          let bytes = buffer.prefix(count)
          try source.read(into: bytes, at: offset)
          guard let cipher else {
            return StoredChunk(
              leaf: try HashTree.leaf(UnsafeRawBufferPointer(bytes)), bytes: .buffer(buffer, count))
          }
          let sealed = try ContentSealer.seal(
            UnsafeRawBufferPointer(bytes), cipher, chunk: chunk, isFinal: isFinal)
          workers.giveBack(buffer)
          return StoredChunk(leaf: try HashTree.leaf(sealed), bytes: .array(sealed))
        } catch {
          throw error
        }
      }
    }
    // What is small is done sooner than given to somebody else.
    return count <= 32768 ? Ticket(work()) : workers.start(work)
  }

  private func takeStep() throws(Fault) {
    let step = steps[nextStep]
    nextStep += 1
    if nextStep == steps.count || nextStep > 256 {
      steps.removeFirst(nextStep)
      nextStep = 0
    }
    switch step {
    case .head(let draft): try writeHead(draft)
    case .chunk(let draft, let ticket): try writeChunk(draft, ticket)
    case .trailer(let draft, let check):
      try check?()
      try writeTrailer(draft)
    }
  }

  private func writeHead(_ draft: Draft) throws(Fault) {
    let bytes = draft.header.encoded + draft.identifier
    let payload = draft.header.payloadOffset(at: draft.offset) ?? draft.offset
    let padding = Int(payload - draft.offset) - bytes.count
    try append(bytes + [UInt8](repeating: 0, count: max(padding, 0)))
  }

  private func writeChunk(_ draft: Draft, _ ticket: Ticket<Result<StoredChunk, Fault>>) throws(Fault) {
    chunksUnderWay -= 1
    guard let chunk = try ticket.wait()?.get() else { return }
    draft.leaves.append(chunk.leaf)
    switch chunk.bytes {
    case .array(let bytes): try append(bytes)
    case .buffer(let buffer, let count):
      defer { workers.giveBack(buffer) }
      try sink.append(UnsafeRawBufferPointer(buffer.prefix(count)))
    }
    progress?(UInt64(HashTree.chunkBytes))
  }

  private func writeTrailer(_ draft: Draft) throws(Fault) {
    var bytes: [UInt8] = []
    if draft.leaves.count > 1 { for leaf in draft.leaves { bytes += leaf.bytes } }
    bytes.append(littleEndian: draft.header.length)
    let root = try HashTree.root(of: draft.leaves)
    try append(bytes + root.bytes)
    let digest = try HashTree.unit(
      header: draft.header.encoded, identifier: draft.identifier, length: draft.header.length, root: root)
    entries.append(
      IndexEntry(
        offset: draft.offset, length: draft.header.length, type: draft.header.type, flags: draft.header.flags,
        identifier: draft.identifier, digest: digest))
  }

  private func append(_ bytes: [UInt8]) throws(Fault) {
    try bytes.withUnsafeBufferPointer { bytes throws(Fault) in
      try sink.append(UnsafeRawBufferPointer(bytes))
    }
  }
}

/// What encrypts the content of a package.
struct ContentSealer: Sendable {
  let suite: ProtectionSuite
  let key: ContentKey

  /// The cipher of a unit.
  func cipher(_ header: UnitHeader, identifier: [UInt8]) throws(Fault) -> UnitCipher {
    do throws(ProtectionError) {
      return try UnitCipher(
        suite, key, unitNumber: header.number, header: header.encoded, identifier: identifier)
    } catch {
      throw error.systemFault
    }
  }

  /// A piece of content as it is stored.
  static func seal(
    _ piece: UnsafeRawBufferPointer, _ cipher: UnitCipher, chunk: UInt64, isFinal: Bool
  ) throws(Fault) -> [UInt8] {
    do throws(ProtectionError) {
      return try cipher.seal(piece, chunk: chunk, isFinal: isFinal)
    } catch {
      throw error.systemFault
    }
  }
}

extension ProtectionError {
  /// The fault of a library that refuses what it should do.
  var systemFault: Fault {
    guard case .refused(let operation, let reason) = self else {
      return Fault(DigestFault.available, .system, at: Place(), actual: "\(self)")
    }
    return Fault(DigestFault.available, .system, at: Place(), expected: operation, actual: reason)
  }
}
