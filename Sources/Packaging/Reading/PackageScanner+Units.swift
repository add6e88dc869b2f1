import Storage

/// How the payload of a unit and what follows it are read.
extension PackageScanner {
  func readPayload(of unit: UnitReading) throws(Fault) -> Bool {
    let header = unit.header
    let keeps =
      header.type.payloadLimit <= UnitType.index.payloadLimit && header.length <= header.type.payloadLimit
    let chunks = HashTree.chunkCount(of: header.length)
    // A package that is too short need not be hashed to find out.
    if let remaining = reader.remaining, remaining < header.length {
      let whole = remaining / UInt64(HashTree.chunkBytes) * UInt64(HashTree.chunkBytes)
      return try cutPayload(unit, chunkStart: whole, found: remaining - whole)
    }
    if options.skipsContent, !keeps, reader.source != nil, let length = Int(exactly: header.length) {
      reader.skip(length)
      unit.isSkipped = true
      return true
    }
    for chunk in 0..<chunks {
      let start = chunk * UInt64(HashTree.chunkBytes)
      let count = Int(min(UInt64(HashTree.chunkBytes), header.length - start))
      let isFinal = chunk + 1 == chunks
      if let source = reader.source, !keeps, count > 32768 {
        let at = reader.offset
        reader.skip(count)
        try add(
          to: unit,
          work(on: unit, chunk: chunk, isFinal: isFinal) { buffer throws(Fault) in
            try source.read(into: buffer.prefix(count), at: at)
            return count
          })
        continue
      }
      let buffer = workers.buffer()
      let found = try reader.fill(buffer.prefix(count))
      guard found == count else {
        workers.giveBack(buffer)
        return try cutPayload(unit, chunkStart: start, found: UInt64(found))
      }
      if keeps { unit.payload += buffer.prefix(count) }
      if count > 32768 {
        try add(to: unit, work(on: unit, chunk: chunk, isFinal: isFinal, buffer) { _ in count })
      } else {
        let outcome = ChunkOutcome(
          UnsafeRawBufferPointer(buffer.prefix(count)), unit.receiver, chunk: chunk, isFinal: isFinal)
        workers.giveBack(buffer)
        try add(to: unit, Ticket(outcome))
      }
    }
    return true
  }

  /// Begins the work on a chunk.
  private func work(
    on unit: UnitReading, chunk: UInt64, isFinal: Bool, _ given: ChunkBuffer? = nil,
    _ fill: @escaping @Sendable (ChunkBuffer) throws(Fault) -> Int
  ) -> Ticket<ChunkOutcome> {
    let receiver = unit.receiver
    let workers = workers
    return workers.start {
      let buffer = given ?? workers.buffer()
      defer { workers.giveBack(buffer) }
      do throws(Fault) {
        let count = try fill(buffer)
        return ChunkOutcome(
          UnsafeRawBufferPointer(buffer.prefix(count)), receiver, chunk: chunk, isFinal: isFinal)
      } catch {
        return ChunkOutcome(failure: error)
      }
    }
  }

  func readTrailer(of unit: UnitReading) throws(Fault) -> Bool {
    let chunks = HashTree.chunkCount(of: unit.header.length)
    var leaves: [UInt8] = []
    if chunks > 1 {
      var left = chunks * 32
      while left > 0 {
        let count = Int(min(left, 1 << 16))
        let part = try reader.bytes(count)
        leaves += part
        guard part.count == count else {
          // The hash that is not there as a whole.
          let whole = leaves.count % 32
          return try cut(
            at: reader.offset - UInt64(whole), short: whole, of: 32, isTainted: unit.isTainted)
        }
        left -= UInt64(count)
      }
    }
    let bytes = try reader.bytes(40)
    var fields = FieldReader(bytes)
    guard let length: UInt64 = fields.integer(), let root = fields.bytes(32) else {
      return try cut(
        at: reader.offset - UInt64(bytes.count), short: bytes.count, of: 40, isTainted: unit.isTainted)
    }
    unit.trailer = (leaves, length, Digest(.sha256, bytes: root))
    return true
  }
}
