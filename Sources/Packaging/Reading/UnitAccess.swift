import Storage

/// A unit that is read at random: its header, its trailer, and its chunks as they are asked for.
struct UnitAccess: Sendable {
  let unit: PackageUnit
  /// The leaf hashes, one after the other.
  private let leaves: [UInt8]
  private let source: any ByteSource

  /// Reads header and trailer; nothing of it counts before the digest was compared.
  ///
  /// - Parameter limit: the byte before which the unit ends.
  init(_ source: any ByteSource, at offset: UInt64, before limit: UInt64) throws(Fault) {
    let place = Place(source.name, offset: offset)
    let most = UInt64(UnitHeader.byteCount + UnitHeader.identifierLimit)
    let head = try source.bytes(at: min(offset, limit), count: Int(min(most, limit - min(offset, limit))))
    guard let header = UnitHeader(Array(head.prefix(UnitHeader.byteCount))) else {
      throw Fault(
        PackageFault.unitMagic, at: place, expected: Hexadecimal.text(of: UnitHeader.magic),
        actual: Hexadecimal.text(of: Array(head.prefix(8))))
    }
    guard let end = header.end(at: offset), end <= limit, let payload = header.payloadOffset(at: offset)
    else {
      throw Fault(
        PackageFault.complete, at: place, expected: "\(header.length) B", actual: "\(limit - offset) B")
    }
    let identifier = Array(head.dropFirst(UnitHeader.byteCount).prefix(Int(header.identifierLength)))
    // As many bytes as are there, so that no length in a header alone makes room for them.
    let trailerOffset = payload + header.length
    let trailer = try source.bytes(at: trailerOffset, count: Int(end - trailerOffset))
    let root = Digest(.sha256, bytes: Array(trailer.suffix(32)))
    leaves = trailer.count > 40 ? Array(trailer.dropLast(40)) : root.bytes
    var length = FieldReader(trailer.dropLast(32).suffix(8))
    guard length.integer(UInt64.self) == header.length else {
      throw Fault(
        PackageFault.trailerLength, at: Place(source.name, offset: end - 40), expected: "\(header.length) B")
    }
    let hashes = stride(from: 0, to: leaves.count, by: 32).map {
      [leaves] in Digest(.sha256, bytes: Array(leaves[$0..<$0 + 32]))
    }
    guard try HashTree.root(of: hashes) == root else {
      throw Fault(PackageFault.trailerRoot, at: Place(source.name, offset: end - 32), actual: root.hex)
    }
    self.source = source
    unit = PackageUnit(
      header: header, identifier: identifier, offset: offset, payloadOffset: payload, root: root,
      digest: try HashTree.unit(
        header: header.encoded, identifier: identifier, length: header.length, root: root))
  }

  /// Where a chunk lies.
  func place(ofChunk number: UInt64) -> Place {
    Place(source.name, offset: unit.payloadOffset + number * UInt64(HashTree.chunkBytes))
  }

  /// Reads a stored chunk and verifies it.
  ///
  /// - Parameter buffer: of exactly its length.
  /// - Throws: `PackageFault.chunkDigest`, and what the source throws.
  func read(_ number: UInt64, into buffer: UnsafeMutableRawBufferPointer) throws(Fault) {
    let chunk = unit.chunk(number)
    try source.read(into: buffer, at: unit.payloadOffset + chunk.offset)
    let leaf = try HashTree.leaf(UnsafeRawBufferPointer(buffer))
    let expected = leaves[Int(number) * 32..<Int(number) * 32 + 32]
    guard leaf.bytes.elementsEqual(expected) else {
      throw Fault(
        PackageFault.chunkDigest, at: place(ofChunk: number),
        expected: Hexadecimal.text(of: Array(expected)), actual: "\(number)")
    }
  }

  /// A stored chunk, verified.
  func chunk(_ number: UInt64) throws(Fault) -> [UInt8] {
    var failure: Fault?
    let count = unit.chunk(number).count
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      do throws(Fault) {
        try read(number, into: UnsafeMutableRawBufferPointer(buffer))
        initialized = count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// The whole payload, of a type whose length has a limit.
  func payload() throws(Fault) -> [UInt8] {
    guard unit.length <= unit.type.payloadLimit, unit.type.payloadLimit <= UnitType.index.payloadLimit else {
      throw Fault(
        PackageFault.unitLengthWithinLimit, at: Place(source.name, offset: unit.offset + 16),
        expected: "≤ \(UnitType.index.payloadLimit) B", actual: "\(unit.length) B")
    }
    var bytes: [UInt8] = []
    for number in 0..<HashTree.chunkCount(of: unit.length) { bytes += try chunk(number) }
    return bytes
  }
}
