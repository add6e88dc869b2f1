public import Storage

/// What the index says of one unit (profile clause 8.2, section 6).
public struct IndexEntry: Sendable, Hashable {
  /// Where the header of the unit lies.
  public var offset: UInt64
  /// The length of the payload as stored, in bytes.
  public var length: UInt64
  /// The type of the unit.
  public var type: UnitType
  /// Its flags.
  public var flags: UnitFlags
  /// Its identifier.
  public var identifier: [UInt8]
  /// Its unit digest.
  public var digest: Digest

  /// An entry for a unit.
  public init(
    offset: UInt64, length: UInt64, type: UnitType, flags: UnitFlags, identifier: [UInt8], digest: Digest
  ) {
    self.offset = offset
    self.length = length
    self.type = type
    self.flags = flags
    self.identifier = identifier
    self.digest = digest
  }

  /// The bytes of the entry.
  public var encoded: [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: offset)
    bytes.append(littleEndian: length)
    bytes.append(littleEndian: type.rawValue)
    bytes.append(littleEndian: flags.rawValue)
    bytes.append(littleEndian: UInt16(truncatingIfNeeded: identifier.count))
    bytes.append(littleEndian: UInt16(0))
    return bytes + digest.bytes + identifier
  }
}

/// The entries of an index, one after the other.
struct IndexReader {
  /// How many entries the index says that it has.
  let count: UInt64
  private var reader: PayloadReader

  /// A reader at the first entry.
  init(_ bytes: [UInt8], at place: Place) throws(Fault) {
    reader = PayloadReader(bytes, at: place, syntax: .indexSyntax)
    count = try reader.integer()
  }

  /// Where the next entry lies.
  var position: Int { reader.position }

  /// Where in the package a byte of the payload lies.
  func place(at position: Int) -> Place { reader.place(at: position) }

  /// The next entry.
  mutating func entry() throws(Fault) -> IndexEntry {
    let offset: UInt64 = try reader.integer()
    let length: UInt64 = try reader.integer()
    let type: UInt16 = try reader.integer()
    let flags: UInt16 = try reader.integer()
    let identifierLength: UInt16 = try reader.integer()
    let place = reader.place
    let reserved: UInt16 = try reader.integer()
    guard reserved == 0 else {
      throw Fault(PackageFault.indexSyntax, at: place, expected: "0", actual: "\(reserved)")
    }
    let digest = Digest(.sha256, bytes: try reader.bytes(32))
    return IndexEntry(
      offset: offset, length: length, type: UnitType(rawValue: type), flags: UnitFlags(rawValue: flags),
      identifier: try reader.bytes(Int(identifierLength)), digest: digest)
  }

  /// The content root, with which the payload ends.
  mutating func contentRoot() throws(Fault) -> Digest {
    let root = Digest(.sha256, bytes: try reader.bytes(32))
    try reader.finish()
    return root
  }
}

/// The payload of the index: an entry for each unit before it, and the root over their digests.
public struct IndexPayload: Sendable, Hashable {
  /// The entries, in the order of the units.
  public var entries: [IndexEntry]
  /// The root over the digests of the entries.
  public var contentRoot: Digest

  /// The index of units.
  ///
  /// - Throws: a fault of kind `system` where libcrypto lacks SHA-256.
  public init(_ entries: [IndexEntry]) throws(Fault) {
    self.entries = entries
    contentRoot = try HashTree.root(of: entries.map(\.digest))
  }

  /// Reads a payload on its own, without the units that it speaks of: the way of who reads at random.
  ///
  /// - Parameter place: where in the package it begins.
  /// - Throws: the first fault, by its place.
  public init(parsing bytes: [UInt8], at place: Place) throws(Fault) {
    var reader = try IndexReader(bytes, at: place)
    entries = []
    // Every entry takes bytes that are there, so that a count alone allocates nothing.
    var number: UInt64 = 0
    while number < reader.count {
      entries.append(try reader.entry())
      number += 1
    }
    let position = reader.position
    contentRoot = try reader.contentRoot()
    guard !entries.isEmpty else {
      throw Fault(PackageFault.indexCount, at: place, expected: "≥ 1", actual: "0")
    }
    guard try HashTree.root(of: entries.map(\.digest)) == contentRoot else {
      throw Fault(PackageFault.indexRoot, at: reader.place(at: position), actual: contentRoot.hex)
    }
  }

  /// The payload.
  public var encoded: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(entries.reduce(40) { $0 + 56 + $1.identifier.count })
    bytes.append(littleEndian: UInt64(entries.count))
    for entry in entries { bytes += entry.encoded }
    return bytes + contentRoot.bytes
  }
}
