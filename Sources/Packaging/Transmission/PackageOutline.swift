import Storage

/// A unit as far as its header and trailer tell, which are verified: the chunks between them are each known by a leaf hash.
struct UnitOutline: Sendable {
  let header: UnitHeader
  let identifier: [UInt8]
  let offset: UInt64
  /// The bytes of the payload in the package.
  let payload: Range<UInt64>
  /// The leaf hash of each chunk.
  let leaves: HashList
  let digest: Digest

  /// The byte after the trailer.
  var end: UInt64 { payload.upperBound + header.trailerLength }

  /// The bytes of a chunk in the package.
  func span(of chunk: UInt64) -> Range<UInt64> {
    let step = UInt64(HashTree.chunkBytes)
    let begin = min(payload.lowerBound + chunk * step, payload.upperBound)
    return begin..<min(begin + step, payload.upperBound)
  }

  /// Reads header, padding and trailer of a unit; nil where they contradict themselves or leave the bounds.
  ///
  /// - Throws: what the source throws.
  init?(in source: any ByteSource, at offset: UInt64, before limit: UInt64) throws(Fault) {
    guard let headerEnd = ByteRange.end(offset: offset, length: UInt64(UnitHeader.byteCount)),
      headerEnd <= limit,
      let header = UnitHeader(try source.bytes(at: offset, count: UnitHeader.byteCount)),
      Int(header.identifierLength) <= UnitHeader.identifierLimit, header.length <= header.type.payloadLimit,
      let payloadOffset = header.payloadOffset(at: offset), let end = header.end(at: offset), end <= limit,
      let trailerLength = Int(exactly: header.trailerLength)
    else { return nil }
    self.header = header
    self.offset = offset
    payload = payloadOffset..<payloadOffset + header.length
    let between = try source.bytes(at: headerEnd, count: Int(payloadOffset - headerEnd))
    identifier = Array(between.prefix(Int(header.identifierLength)))
    guard between.dropFirst(identifier.count).allSatisfy({ $0 == 0 }) else { return nil }
    let trailer = try source.bytes(at: payload.upperBound, count: trailerLength)
    var fields = FieldReader(trailer.suffix(40))
    guard fields.integer(UInt64.self) == header.length, let root = fields.bytes(HashList.hashBytes) else {
      return nil
    }
    let listed = HashList(bytes: trailer.dropLast(40))
    leaves = listed.count == 0 ? HashList(bytes: root) : listed
    guard try SegmentTree(leaves).root?.bytes == root else { return nil }
    digest = try HashTree.unit(
      header: header.encoded, identifier: identifier, length: header.length,
      root: Digest(.sha256, bytes: root))
  }

  /// Whether all chunks lie in a source as they should.
  func isHeld(in source: any ByteSource) throws(Fault) -> Bool {
    for chunk in 0..<UInt64(leaves.count) {
      guard try isHeld(chunk, in: source) else { return false }
    }
    return true
  }

  /// Whether a chunk lies in a source as it should.
  func isHeld(_ chunk: UInt64, in source: any ByteSource) throws(Fault) -> Bool {
    let span = span(of: chunk)
    let bytes = try source.bytes(at: span.lowerBound, count: span.count)
    return leaves.holds(try HashTree.leaf(bytes), at: Int(chunk))
  }
}

/// What a package holds and where, as its last units say it: they are verified against the package root.
struct PackageOutline: Sendable {
  /// The units before the index, in their order.
  let entries: [IndexEntry]
  /// What the end unit says.
  let end: EndPayload
  /// The length of the package in bytes.
  let length: UInt64

  /// The most that index, signatures and end may have together: what a server says is believed no further.
  static let mostBytes: UInt64 = 1 << 29

  /// The bytes of index, signatures and end; nil where a tail asks for more than such units may have.
  static func range(_ end: EndPayload, length: UInt64) -> Range<UInt64>? {
    length - end.indexOffset <= mostBytes ? end.indexOffset..<length : nil
  }

  /// Reads the outline of a package of which at least the units from the index on are there; nil where they do not verify.
  ///
  /// - Throws: what the source throws.
  init?(_ source: any ByteSource, _ end: EndPayload) throws(Fault) {
    guard let index = try UnitOutline(in: source, at: end.indexOffset, before: source.size),
      index.header.type == .index, try index.isHeld(in: source)
    else { return nil }
    let payload = try source.bytes(at: index.payload.lowerBound, count: index.payload.count)
    guard
      let parsed = try? IndexPayload(
        parsing: payload, at: Place(source.name, offset: index.payload.lowerBound))
    else { return nil }
    var digests = parsed.entries.map(\.digest) + [index.digest]
    var offset = index.end
    while offset < end.endOffset {
      guard let unit = try UnitOutline(in: source, at: offset, before: end.endOffset),
        try unit.isHeld(in: source)
      else { return nil }
      digests.append(unit.digest)
      offset = unit.end
    }
    guard offset == end.endOffset, let last = try UnitOutline(in: source, at: offset, before: source.size),
      last.header.type == .end, last.end == source.size, try last.isHeld(in: source),
      UInt64(digests.count) == end.count, try HashTree.root(of: digests) == end.packageRoot
    else { return nil }
    // Without gaps and overlaps: each unit ends where the next begins.
    var position: UInt64 = 0
    for (number, entry) in parsed.entries.enumerated() {
      let header = UnitHeader(
        type: entry.type, flags: entry.flags, number: UInt32(truncatingIfNeeded: number),
        length: entry.length,
        identifierLength: UInt16(truncatingIfNeeded: entry.identifier.count))
      guard entry.offset == position, let next = header.end(at: position), next <= end.indexOffset else {
        return nil
      }
      position = next
    }
    guard position == end.indexOffset else { return nil }
    entries = parsed.entries
    self.end = end
    length = source.size
  }

  /// The bytes of a unit, from its header to the end of its trailer.
  func span(of number: Int) -> Range<UInt64> {
    let next = number + 1 < entries.count ? entries[number + 1].offset : end.indexOffset
    return entries[number].offset..<next
  }

  /// The payload of a unit in the package.
  func payload(of number: Int) -> Range<UInt64> {
    let entry = entries[number]
    let header = UnitHeader(
      type: entry.type, flags: entry.flags, number: 0, length: entry.length,
      identifierLength: UInt16(truncatingIfNeeded: entry.identifier.count))
    let begin = header.payloadOffset(at: entry.offset) ?? entry.offset
    return begin..<begin + entry.length
  }

  /// Header and trailer of a unit, where they lie in the source as the index says it.
  func unit(_ number: Int, in source: any ByteSource) throws(Fault) -> UnitOutline? {
    let span = span(of: number)
    guard let unit = try UnitOutline(in: source, at: span.lowerBound, before: span.upperBound),
      unit.end == span.upperBound, unit.digest == entries[number].digest
    else { return nil }
    return unit
  }
}
