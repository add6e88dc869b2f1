import Storage

/// One pass over a package.
///
/// Headers, trailers and what units say of the package are read in this thread, one after the other; chunks are hashed by workers
/// meanwhile. What they find is taken in the order of the chunks.
final class PackageScanner {
  let reader: FrontReader
  var options: PackageScan.Options
  var scan: PackageScan
  var order: UnitOrder
  /// What is not certain of each unit in `scan.units`.
  var doubts: [Doubt] = []
  /// What the units did not answer.
  var questions = PackageQuestions()
  /// The digests of the units before the index, as far as index and units agree on them.
  var agreedDigests: [Digest]?
  /// The digests of the units before the index, as the index says them.
  var entryDigests: [Digest]?

  private let workers: ChunkWorkers
  private var underWay: [UnitReading] = []
  private var waitedFor = 0
  private var chunksUnderWay = 0
  private var unitCount = 0
  private var isOver = false
  private var isLastTainted = false
  private var isEndSeen = false
  /// Whether the magic of the unit that is being read is damaged: whether its digest is over the right one is not known then.
  private var isMagicDamaged = false

  /// What is not certain of a unit, because a fault was told of it.
  enum Doubt {
    case nothing
    case digest
    case everything
  }

  init(_ reader: FrontReader, _ options: PackageScan.Options) {
    self.reader = reader
    self.options = options
    scan = PackageScan(name: reader.name)
    order = UnitOrder(file: reader.name)
    workers = ChunkWorkers(jobs: options.jobs)
  }

  /// Where a byte of the package is.
  func place(_ offset: UInt64) -> Place { Place(reader.name, offset: offset) }

  /// Logs a fault, unless it follows from one that was told.
  func log(_ fault: Fault) {
    scan.faults.log(fault)
  }

  /// Reads the package.
  func run() throws(Fault) -> PackageScan {
    do throws(Fault) {
      while !isOver {
        try readUnit()
        options.progress?(reader.offset)
      }
      try settle()
    } catch {
      // Nothing of this reading may go on when it has ended.
      for unit in underWay { for ticket in unit.tickets.dropFirst(unit.leaves.count) { _ = ticket.wait() } }
      throw error
    }
    scan.byteCount = reader.offset
    concludeContent()
    scan.isShaken = order.isShaken
    scan.open = questions.open(isComplete: scan.isComplete)
    return scan
  }

  // MARK: One unit

  private func readUnit() throws(Fault) {
    let offset = reader.offset
    guard let header = try readHeader() else { return stop() }
    var isTainted = false
    func taint(_ fault: Fault) throws(Fault) {
      try settle()
      log(fault)
      isTainted = true
      order.shake()
    }
    do throws(Fault) {
      try order.judge(header, number: unitCount, at: offset)
    } catch {
      try taint(error)
    }
    // A payload that would end beyond 2⁶³ is one that is cut off, unless its length was refused.
    let canEnd = header.end(at: offset) != nil
    guard Int(header.identifierLength) <= UnitHeader.identifierLimit, canEnd || !isTainted,
      let payloadOffset = header.payloadOffset(at: offset), unitCount > 0 || header.type == .start
    else {
      return stop()
    }
    let identifier = try reader.bytes(Int(header.identifierLength))
    guard identifier.count == Int(header.identifierLength) else {
      return try cut(short: identifier.count, of: header.identifierLength, isTainted: isTainted)
    }
    if !isTainted {
      do throws(Fault) {
        try order.judge(identifier, of: header, at: offset)
      } catch {
        try taint(error)
      }
    }
    let expected = Int(payloadOffset - reader.offset)
    let paddingOffset = reader.offset
    let padding = try reader.bytes(expected)
    guard padding.count == expected else {
      return try cut(short: padding.count, of: UInt16(expected), isTainted: isTainted)
    }
    if !isTainted, let first = padding.firstIndex(where: { $0 != 0 }) {
      try taint(
        Fault(
          PackageFault.paddingZero, at: place(paddingOffset + UInt64(first)), expected: "0",
          actual: "\(padding[first])"))
    }
    unitCount += 1
    isLastTainted = isTainted
    if header.type == .end { isEndSeen = true }
    var receiver: (any PayloadReceiver)?
    if header.type.isContent, !isTainted, canEnd, let start = order.start {
      do throws(Fault) {
        receiver = try options.receiver?.begin(header, identifier: identifier, at: offset, start: start)
      } catch {
        // What keeps one unit from being taken keeps every other one.
        options.receiver = nil
        questions.leaveOpen(PackageQuestions.ofTheKey)
        guard error.kind != .system else { throw error }
        try settle()
        log(error)
      }
    }
    let unit = UnitReading(
      header, identifier, at: offset, payloadOffset: payloadOffset, isTainted: isTainted, receiver: receiver)
    unit.isDoubtful = isMagicDamaged
    underWay.append(unit)
    guard try readPayload(of: unit), try readTrailer(of: unit) else { return stop() }
    if header.type.payloadLimit <= UnitType.index.payloadLimit || unit.trailer?.length != header.length {
      try settle()
    } else {
      try takeSettled()
    }
    if header.type == .end, !isTainted { try readAfterEnd() }
  }

  /// The next header; nil where nothing can be read any more, which was logged then.
  private func readHeader() throws(Fault) -> UnitHeader? {
    let offset = reader.offset
    isMagicDamaged = false
    guard unitCount < UnitOrder.unitLimit else {
      try settle()
      log(
        Fault(
          PackageFault.unitCountWithinLimit, at: place(offset), expected: "≤ \(UnitOrder.unitLimit)",
          actual: "> \(UnitOrder.unitLimit)"))
      return nil
    }
    let bytes = try reader.bytes(UnitHeader.byteCount)
    guard let header = UnitHeader(afterMagic: bytes) else {
      // Where the damaged header was that of the end unit, or the end unit stands too early, nothing more is to come.
      if !bytes.isEmpty || !isLastTainted && !isEndSeen {
        try cut(short: bytes.count, of: UInt16(UnitHeader.byteCount), isTainted: false)
      }
      return nil
    }
    if bytes.starts(with: UnitHeader.magic) { return header }
    try settle()
    log(
      Fault(
        unitCount == 0 ? PackageFault.startFirst : PackageFault.unitMagic, at: place(offset),
        expected: Hexadecimal.text(of: UnitHeader.magic), actual: Hexadecimal.text(of: Array(bytes.prefix(8)))
      ))
    // Where the rest is as it should be only the magic is damaged.
    let isHeader =
      unitCount > 0 && header.number == UInt32(unitCount) && header.type.isKnown
      && header.flags.isSubset(of: .known) && header.reserved.allSatisfy { $0 == 0 }
    isMagicDamaged = true
    return isHeader ? header : nil
  }

  private func readPayload(of unit: UnitReading) throws(Fault) -> Bool {
    let header = unit.header
    let keeps =
      header.type.payloadLimit <= UnitType.index.payloadLimit && header.length <= header.type.payloadLimit
    let chunks = HashTree.chunkCount(of: header.length)
    // A package that is too short need not be hashed to find out.
    if let remaining = reader.remaining, remaining < header.length {
      let whole = remaining / UInt64(HashTree.chunkBytes) * UInt64(HashTree.chunkBytes)
      return try cutPayload(unit, chunkStart: whole, found: remaining - whole)
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

  private func readTrailer(of unit: UnitReading) throws(Fault) -> Bool {
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

  private func readAfterEnd() throws(Fault) {
    scan.isComplete = true
    isOver = true
    let offset = reader.offset
    if try !reader.bytes(1).isEmpty {
      log(Fault(PackageFault.nothingAfterEnd, at: place(offset), expected: "0 B", actual: "≥ 1 B"))
    }
  }

  // MARK: What is cut off

  func stop() {
    isOver = true
  }

  private func cutPayload(_ unit: UnitReading, chunkStart: UInt64, found: UInt64) throws(Fault) -> Bool {
    let expected = min(UInt64(HashTree.chunkBytes), unit.header.length - chunkStart)
    return try cut(
      at: unit.payloadOffset + chunkStart, short: Int(found), of: Int(expected), isTainted: unit.isTainted)
  }

  private func cut(short found: Int, of expected: UInt16, isTainted: Bool) throws(Fault) {
    _ = try cut(
      at: reader.offset - UInt64(found), short: found, of: Int(expected), isTainted: isTainted)
  }

  /// Logs that the package ends early; always false, for there is nothing to go on with.
  private func cut(at offset: UInt64, short found: Int, of expected: Int, isTainted: Bool) throws(Fault)
    -> Bool
  {
    isOver = true
    try settle()
    if !isTainted {
      log(
        Fault(
          PackageFault.complete, at: place(offset), expected: "\(expected) B", actual: "\(found) B"))
    }
    return false
  }

  // MARK: What is under way

  private func add(to unit: UnitReading, _ ticket: Ticket<ChunkOutcome>) throws(Fault) {
    unit.tickets.append(ticket)
    chunksUnderWay += 1
    while chunksUnderWay > workers.depth { try takeOne() }
  }

  /// Waits for the oldest chunk.
  private func takeOne() throws(Fault) {
    guard let unit = underWay.first(where: { $0.leaves.count < $0.tickets.count }) else { return }
    chunksUnderWay -= 1
    guard let outcome = unit.tickets[unit.leaves.count].wait() else { return }
    unit.leaves.append(try outcome.leaf.get())
    if let fault = outcome.fault {
      guard fault.kind != .system else { throw fault }
      log(fault)
    }
    if unit.leaves.count % 16 == 0 { options.progress?(reader.offset) }
    try takeSettled()
  }

  /// Takes the units that are read whole and hashed, in their order.
  private func takeSettled() throws(Fault) {
    while let unit = underWay.first, unit.isSettled {
      underWay.removeFirst()
      try take(unit)
    }
  }

  /// Waits for everything that is under way; a unit that is not read whole stays out.
  private func settle() throws(Fault) {
    while chunksUnderWay > 0 { try takeOne() }
    try takeSettled()
  }

  private func take(_ reading: UnitReading) throws(Fault) {
    let outcome = try reading.outcome(file: reader.name)
    if outcome.isLost { isOver = true }
    if !(outcome.isLost && reading.isTainted) {
      for fault in outcome.faults { log(fault) }
    }
    let unit = try reading.unit(root: outcome.root)
    scan.units.append(unit)
    let isCertain = outcome.isCertain && !reading.isDoubtful
    doubts.append(reading.isTainted || outcome.isLost ? .everything : isCertain ? .nothing : .digest)
    guard outcome.faults.isEmpty else {
      return questions.note(unit.type, open: PackageQuestions.of(unit.type))
    }
    try reading.receiver?.finish()
    if !unit.type.isKnown, !reading.isTainted {
      scan.remarks.log(
        PackageFault.unknownUnitsReported, at: place(unit.offset + 8), actual: "\(unit.type.rawValue)")
    }
    // A start unit is looked into whatever its header says, unless it is so long that its payload was not kept.
    let isStart = unit.number == 0 && UInt64(reading.payload.count) == unit.length
    guard isStart || !reading.isTainted else {
      return questions.note(unit.type, open: PackageQuestions.of(unit.type))
    }
    try interpret(unit, reading.payload)
  }
}
