import Storage
import Synchronization

/// Receives a package, or parts of one, by ranges: every byte against a hash that leads to the package root (profile clause 8.3, section 5).
final class RangeReceiver: Sendable {
  /// A chunk of a unit.
  struct Part: Sendable, Hashable {
    let unit: Int
    let chunk: UInt64
  }

  private struct Received {
    /// The units whose header and trailer are held.
    var units: [Int: UnitOutline] = [:]
    var held: Set<Part> = []
    /// How often a part came damaged, by its offset.
    var damages: [UInt64: Int] = [:]
  }

  let outline: PackageOutline
  let transfer: Transfer
  private let source: RemoteSource
  private let jobs: Int
  private let progress: (@Sendable (Int) -> Void)?
  private let received = Mutex(Received())

  /// The most chunks that are asked for at once.
  private static let runChunks: UInt64 = 16
  /// A payload up to so many bytes is fetched with header and trailer.
  private static let smallPayload = 65536
  /// Ranges are put together up to so many bytes, so that several can be fetched at once.
  private static let rangeBytes = 8 << 20

  /// Takes the offer of a source: its end and its index.
  ///
  /// - Throws: `TransferFault.withoutRange` where the source gives only the whole; `PackageFault.endSyntax` where it does not end as a
  ///   package does; as `Transfer.offer` and `TransferStore`.
  init(
    _ source: RemoteSource, to out: String, jobs: Int,
    willChange: @escaping @Sendable () throws(Fault) -> Void,
    progress: (@Sendable (Int) -> Void)?
  ) throws(Fault) {
    self.source = source
    self.jobs = jobs
    self.progress = progress
    let (tail, length, end, range) = try RangeReceiver.end(of: source)
    var fetched: (region: Region, outline: PackageOutline)?
    // Nothing is written for an offer that is refused, so that the first one is read before there is a folder.
    if OpenFile.identity(of: Naming.withoutSlashes(out) + ".fetch") == nil {
      fetched = try RangeReceiver.region(range, of: length, end, from: source)
    }
    transfer = Transfer(try TransferStore(out, willChange: willChange))
    try transfer.offer(tail, as: TransferStore.tail, length: length) { store in
      if let kept = store.kept(TransferStore.tail), kept.count == EndPayload.tailByteCount {
        return kept == tail
      }
      if let kept = store.kept(SegmentName.manifest), let manifest = try? Manifest(kept) {
        return manifest.packageRoot == end.packageRoot && manifest.length == length
      }
      return nil
    }
    if fetched == nil, let held = try PackageOutline(try transfer.store.source(), end) {
      outline = held
      progress?(range.count)
      return
    }
    let new: (region: Region, outline: PackageOutline)
    if let fetched {
      new = fetched
    } else {
      new = try RangeReceiver.region(range, of: length, end, from: source)
    }
    let store = transfer.store
    try new.region.bytes.withUnsafeBufferPointer { bytes throws(Fault) in
      try store.write(UnsafeRawBufferPointer(bytes), at: range.lowerBound)
    }
    outline = new.outline
    progress?(range.count)
  }

  /// The end of a source, where it is the end of a package.
  private static func end(
    of source: RemoteSource
  ) throws(Fault) -> (bytes: [UInt8], length: UInt64, end: EndPayload, range: Range<UInt64>) {
    var tries = 0
    while true {
      let (tail, length) = try unwrapped(source.url) { () throws(RemoteFailure) in
        try source.last(EndPayload.tailByteCount)
      }
      if let end = try PackageTail.read(tail, packageLength: length),
        let range = PackageOutline.range(end, length: length)
      {
        return (tail, length, end, range)
      }
      tries += 1
      guard tries < source.policy.damages else {
        let offset = length - min(length, UInt64(tail.count))
        throw Fault(PackageFault.endSyntax, at: Place(source.url, offset: offset))
      }
    }
  }

  private static func region(
    _ range: Range<UInt64>, of length: UInt64, _ end: EndPayload, from source: RemoteSource
  ) throws(Fault) -> (Region, PackageOutline) {
    for _ in 0..<source.policy.damages {
      let collected = Collected()
      try unwrapped(source.url) { () throws(RemoteFailure) in
        try source.read(range) { bytes in collected.bytes += bytes }
      }
      let region = Region(name: source.url, offset: range.lowerBound, bytes: collected.bytes, size: length)
      if let outline = try PackageOutline(region, end) { return (region, outline) }
    }
    throw changed(source.url, range.lowerBound)
  }

  private final class Collected { var bytes: [UInt8] = [] }

  // MARK: Headers and trailers

  /// Makes sure that header and trailer of units are held.
  func prepare(_ units: [Int]) throws(Fault) {
    var missing = units.filter { number in received.withLock { $0.units[number] == nil } }
    let disk = try transfer.store.source()
    var isFirst = true
    while true {
      let candidates = missing
      missing = []
      for number in candidates {
        if let unit = try outline.unit(number, in: disk) {
          received.withLock { $0.units[number] = unit }
          if !isFirst { try transfer.handle(.segment) }
          progress?(outline.span(of: number).count - unit.payload.count)
        } else {
          if !isFirst { try damaged(at: outline.span(of: number).lowerBound) }
          missing.append(number)
        }
      }
      guard !missing.isEmpty else { return }
      isFirst = false
      let ranges = ranges(around: missing)
      try Workers.forEach(UInt64(ranges.count), jobs: jobs) { [self] index throws(Fault) in
        let range = ranges[Int(index)]
        let position = Position(range.lowerBound)
        try RangeReceiver.unwrapped(source.url) { () throws(RemoteFailure) in
          try source.read(range) { [transfer] bytes throws(Fault) in
            try transfer.store.write(bytes, at: position.value)
            position.value += UInt64(bytes.count)
          }
        }
      }
    }
  }

  private final class Position {
    var value: UInt64
    init(_ value: UInt64) { self.value = value }
  }

  /// What to ask for, to get headers and trailers of units, and small payloads with them.
  private func ranges(around units: [Int]) -> [Range<UInt64>] {
    var ranges: [Range<UInt64>] = []
    func add(_ range: Range<UInt64>) {
      // Only what adjoins: what lies between may be held already, and what comes is not verified yet.
      if let last = ranges.last, range.lowerBound == last.upperBound,
        last.count + range.count <= Self.rangeBytes
      {
        ranges[ranges.count - 1] = last.lowerBound..<range.upperBound
      } else {
        ranges.append(range)
      }
    }
    for number in units.sorted() {
      let (span, payload) = (outline.span(of: number), outline.payload(of: number))
      if payload.count <= Self.smallPayload {
        add(span)
      } else {
        add(span.lowerBound..<payload.lowerBound)
        add(payload.upperBound..<span.upperBound)
      }
    }
    return ranges
  }

  /// Header and trailer of a unit that was prepared.
  func unit(_ number: Int) -> UnitOutline? { received.withLock { $0.units[number] } }

  // MARK: Chunks

  /// All chunks of units that were prepared.
  func parts(of units: [Int]) -> [Part] {
    units.flatMap { number in
      (0..<UInt64(unit(number)?.leaves.count ?? 0)).map { Part(unit: number, chunk: $0) }
    }
  }

  /// Makes sure that chunks are held: those that lie there, then those of a base, then those of the source.
  ///
  /// - Parameter parts: chunks of units that were prepared, in the order of the package.
  func receive(_ parts: [Part], base: BaseFiles?) throws(Fault) {
    let wanted = missing(of: parts)
    let disk = try transfer.store.source()
    try Workers.forEach(UInt64(wanted.count), jobs: jobs) { [self] index throws(Fault) in
      let part = wanted[Int(index)]
      guard let unit = unit(part.unit) else { return }
      let span = unit.span(of: part.chunk)
      guard span.isEmpty || transfer.store.mayHoldData(span), try unit.isHeld(part.chunk, in: disk) else {
        return
      }
      hold(part, span.count)
    }
    if let base { try take(missing(of: wanted), from: base) }
    while true {
      let runs = runs(of: missing(of: wanted))
      guard !runs.isEmpty else { return }
      try Workers.forEach(UInt64(runs.count), jobs: jobs) { [self] index throws(Fault) in
        try fetch(runs[Int(index)])
      }
    }
  }

  private func missing(of parts: [Part]) -> [Part] {
    received.withLock { received in parts.filter { !received.held.contains($0) } }
  }

  private func hold(_ part: Part, _ count: Int) {
    if received.withLock({ $0.held.insert(part).inserted }) { progress?(count) }
  }

  /// A run of chunks of one unit, one after the other.
  private struct Run: Sendable {
    let unit: Int
    var chunks: Range<UInt64>
  }

  private func runs(of parts: [Part]) -> [Run] {
    var runs: [Run] = []
    // No longer than it takes for each job to have some.
    let most = min(Self.runChunks, max(1, UInt64(parts.count) / UInt64(max(jobs, 1))))
    for part in parts {
      if let last = runs.last, last.unit == part.unit, last.chunks.upperBound == part.chunk,
        UInt64(last.chunks.count) < most
      {
        runs[runs.count - 1].chunks = last.chunks.lowerBound..<part.chunk + 1
      } else {
        runs.append(Run(unit: part.unit, chunks: part.chunk..<part.chunk + 1))
      }
    }
    return runs
  }

  private func fetch(_ run: Run) throws(Fault) {
    guard let unit = unit(run.unit) else { return }
    let span =
      unit.span(of: run.chunks.lowerBound).lowerBound..<unit.span(of: run.chunks.upperBound - 1).upperBound
    let assembly = ChunkAssembly(unit, from: run.chunks.lowerBound)
    let take: (UInt64, [UInt8], Bool) throws(Fault) -> Void = { [self] chunk, bytes, isGood throws(Fault) in
      let offset = unit.span(of: chunk).lowerBound
      guard isGood else { return try damaged(at: offset) }
      try bytes.withUnsafeBufferPointer { bytes throws(Fault) in
        try transfer.store.write(UnsafeRawBufferPointer(bytes), at: offset)
      }
      try transfer.handle(.segment)
      hold(Part(unit: run.unit, chunk: chunk), bytes.count)
    }
    if span.isEmpty { return try assembly.end(take) }
    try RangeReceiver.unwrapped(source.url) { () throws(RemoteFailure) in
      try source.read(span) { bytes throws(Fault) in try assembly.add(bytes, take) }
    }
  }

  /// Copies chunks from files that are at hand.
  private func take(_ parts: [Part], from base: BaseFiles) throws(Fault) {
    var wanted: [Digest: [Part]] = [:]
    for part in parts {
      if let unit = unit(part.unit) { wanted[unit.leaves[Int(part.chunk)], default: []].append(part) }
    }
    let places = wanted
    try base.forEachChunk(jobs: jobs) { [self] bytes throws(Fault) in
      // The hash is taken over the very bytes that are written, whatever happens to the base meanwhile.
      guard let parts = places[try HashTree.leaf(bytes)] else { return }
      for part in parts {
        guard let unit = unit(part.unit), !received.withLock({ $0.held.contains(part) }) else { continue }
        try transfer.store.write(bytes, at: unit.span(of: part.chunk).lowerBound)
        try transfer.handle(.segment)
        hold(part, bytes.count)
      }
    }
  }

  private func damaged(at offset: UInt64) throws(Fault) {
    try transfer.handle(.segmentRefused)
    let count = received.withLock { received in
      received.damages[offset, default: 0] += 1
      return received.damages[offset, default: 0]
    }
    if count >= source.policy.damages { throw RangeReceiver.changed(source.url, offset) }
  }

  private static func changed(_ url: String, _ offset: UInt64) -> Fault {
    Fault(TransferFault.sourceUnchanged, at: Place(url, offset: offset))
  }

  private static func unwrapped<Result>(
    _ url: String, _ body: () throws(RemoteFailure) -> Result
  ) throws(Fault) -> Result {
    do throws(RemoteFailure) {
      return try body()
    } catch {
      switch error {
      case .fault(let fault): throw fault
      case .noRanges(let entity):
        throw Fault(
          TransferFault.withoutRange, .unsupported, at: Place(url), expected: "206",
          actual: "200, \(entity.length.map { "\($0)" } ?? "?") B")
      }
    }
  }
}

/// Cuts a run of bytes into the chunks of a unit and holds each against its leaf hash.
private final class ChunkAssembly {
  private let unit: UnitOutline
  private var chunk: UInt64
  private var bytes: [UInt8] = []

  init(_ unit: UnitOutline, from chunk: UInt64) {
    self.unit = unit
    self.chunk = chunk
  }

  func add(
    _ new: UnsafeRawBufferPointer, _ take: (UInt64, [UInt8], Bool) throws(Fault) -> Void
  ) throws(Fault) {
    var rest = new[...]
    while !rest.isEmpty {
      let wanted = unit.span(of: chunk).count - bytes.count
      guard wanted > 0 else { return }
      bytes += rest.prefix(wanted)
      rest = rest.dropFirst(wanted)
      if bytes.count == unit.span(of: chunk).count { try end(take) }
    }
  }

  func end(_ take: (UInt64, [UInt8], Bool) throws(Fault) -> Void) throws(Fault) {
    let isGood = unit.leaves.holds(try HashTree.leaf(bytes), at: Int(chunk))
    try take(chunk, bytes, isGood)
    bytes.removeAll(keepingCapacity: true)
    chunk += 1
  }
}

/// A part of a package in memory, at its place.
private struct Region: ByteSource {
  let name: String
  let offset: UInt64
  let bytes: [UInt8]
  let size: UInt64

  func read(into buffer: UnsafeMutableRawBufferPointer, at position: UInt64) throws(Fault) {
    guard position >= offset,
      let end = ByteRange.end(offset: position - offset, length: UInt64(buffer.count)),
      end <= UInt64(bytes.count)
    else {
      throw Fault(FileFault.stableWhileRead, at: Place(name, offset: position), expected: "\(buffer.count) B")
    }
    bytes.withUnsafeBytes {
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[Int(position - offset)..<Int(end)]))
    }
  }
}
