public import Storage

/// A unit of a package that was read: what its header says, where it lies, and its digest (profile clause 8.2, section 2).
public struct PackageUnit: Sendable, Hashable {
  /// The header.
  public var header: UnitHeader
  /// The bytes of the identifier.
  public var identifier: [UInt8]
  /// Where the header lies.
  public var offset: UInt64
  /// Where the payload begins.
  public var payloadOffset: UInt64
  /// The root over the payload as the trailer says it.
  public var root: Digest
  /// The unit digest.
  public var digest: Digest

  /// What the unit holds.
  public var type: UnitType { header.type }
  /// What holds for it beyond that.
  public var flags: UnitFlags { header.flags }
  /// The number of the unit.
  public var number: UInt32 { header.number }
  /// The length of the payload as stored, in bytes.
  public var length: UInt64 { header.length }
  /// The identifier as a text; bytes that are no UTF-8 are replaced.
  public var name: String { String(decoding: identifier, as: UTF8.self) }
  /// The byte after the trailer; at least the payload's offset.
  public var end: UInt64 { header.end(at: offset) ?? payloadOffset }

  /// What the index says of the unit.
  public var entry: IndexEntry {
    IndexEntry(
      offset: offset, length: length, type: type, flags: flags, identifier: identifier, digest: digest)
  }

  /// The bytes of a chunk, counted from the first of the payload.
  func chunk(_ number: UInt64) -> (offset: UInt64, count: Int) {
    let start = min(length, number * UInt64(HashTree.chunkBytes))
    return (start, Int(min(UInt64(HashTree.chunkBytes), length - start)))
  }
}
