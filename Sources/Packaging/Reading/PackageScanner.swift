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
  /// What decrypting says against units whose own digests fit, by their numbers.
  var refusals: [Int: FaultLog] = [:]
  /// Whether the key of the receiver was tried.
  var isKeyTried = false
  /// The digests of the units before the index, as far as index and units agree on them.
  var agreedDigests: [Digest]?
  /// The digests of the units before the index, as the index says them.
  var entryDigests: [Digest]?

  let workers: ChunkWorkers
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
    concludeTags()
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
    let receiver = isTainted || !canEnd ? nil : try receiver(of: header, identifier, at: offset)
    if receiver == nil, header.flags.contains(.encrypted), options.receiver != nil {
      questions.leaveOpen(PackageQuestions.ofTheTags)
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

  func cutPayload(_ unit: UnitReading, chunkStart: UInt64, found: UInt64) throws(Fault) -> Bool {
    let expected = min(UInt64(HashTree.chunkBytes), unit.header.length - chunkStart)
    return try cut(
      at: unit.payloadOffset + chunkStart, short: Int(found), of: Int(expected), isTainted: unit.isTainted)
  }

  private func cut(short found: Int, of expected: UInt16, isTainted: Bool) throws(Fault) {
    _ = try cut(
      at: reader.offset - UInt64(found), short: found, of: Int(expected), isTainted: isTainted)
  }

  /// Logs that the package ends early; always false, for there is nothing to go on with.
  func cut(at offset: UInt64, short found: Int, of expected: Int, isTainted: Bool) throws(Fault)
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

  func add(to unit: UnitReading, _ ticket: Ticket<ChunkOutcome>) throws(Fault) {
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
      unit.refusals.log(fault)
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
  func settle() throws(Fault) {
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
      // That a damaged chunk cannot be decrypted follows from the damage.
      if !reading.refusals.isEmpty { questions.leaveOpen(PackageQuestions.ofTheTags) }
      return questions.note(unit.type, open: PackageQuestions.of(unit.type))
    }
    if !reading.refusals.isEmpty { refusals[scan.units.count - 1] = reading.refusals }
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
