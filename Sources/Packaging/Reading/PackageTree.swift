public import Storage

/// A package as a tree of files, opened from its end (profile clause 8.2, section 7).
///
/// Opening reads the end, the index, the signatures and the start, and nothing of the files. Every byte that a file gives out was
/// verified against the index, and decrypted where the unit is encrypted.
public struct PackageTree: FileTree {
  /// The name under which faults speak of the package.
  public let name: String
  /// What the start unit says.
  public let start: StartPayload
  /// What the index says of each unit before it.
  public let entries: [IndexEntry]
  /// The root over the digests of these units.
  public let contentRoot: Digest
  /// The root over the digests of all units before the end.
  public let packageRoot: Digest
  /// The signatures between index and end, each of which verifies over the statement.
  public let signatures: [PackageScan.Signature]

  private let source: any ByteSource
  private let opener: ContentOpener?
  private let numbers: [ExactString: Int]
  private let chunks = VerifiedChunks()

  /// Opens a package.
  ///
  /// - Parameter key: the key of a recipient; without one, files that are encrypted are not opened.
  /// - Throws: the first fault that keeps the package from being opened, by the order in which it is read.
  public init(_ source: any ByteSource, key: RecipientKey? = nil) throws(Fault) {
    self.source = source
    name = source.name
    let ending = try PackageEnding(source)
    entries = ending.index.entries
    contentRoot = ending.index.contentRoot
    packageRoot = ending.end.packageRoot
    signatures = ending.signatures
    guard let first = entries.first, first.type == .start, first.offset == 0 else {
      throw Fault(PackageFault.startFirst, at: Place(source.name, offset: 0))
    }
    let startUnit = try PackageTree.access(source, entries, 0, before: ending.end.indexOffset)
    start = try StartPayload(
      parsing: try startUnit.payload(), at: Place(source.name, offset: startUnit.unit.payloadOffset))
    numbers = try PackageTree.fileNumbers(
      entries, start, at: Place(source.name, offset: ending.end.indexOffset))
    opener =
      if let key, start.protectionSuite != nil {
        try ContentOpener(start, key: key, file: source.name)
      } else { nil }
  }

  /// The text that signatures are over.
  public var statement: [UInt8] {
    SignaturePayload.statement(count: UInt64(entries.count), contentRoot: contentRoot)
  }

  public func names(_ faults: inout FaultLog) throws(Fault) -> [String] {
    numbers.keys.sorted().map(\.value)
  }

  public func contains(_ name: String) -> Bool { numbers[ExactString(name)] != nil }

  /// The unit that holds a file; nil where there is none of that name.
  public func entry(of name: String) -> IndexEntry? { numbers[ExactString(name)].map { entries[$0] } }

  /// Opens a file.
  ///
  /// - Throws: `FileFault.present`; `PackageFault.recipientFound` of kind `unsupported` for an encrypted file without a key; the fault
  ///   of a unit that is not the one in the index. Reading throws `PackageFault.chunkDigest` for a damaged chunk, and the faults of
  ///   encrypted ones.
  public func open(_ name: String) throws(Fault) -> any ByteSource {
    try FileName.check(name)
    guard let number = numbers[ExactString(name)] else {
      throw Fault(FileFault.present, at: Place(name), expected: name)
    }
    let isEncrypted = entries[number].flags.contains(.encrypted)
    guard !isEncrypted || opener != nil else {
      throw Fault(
        PackageFault.recipientFound, .unsupported, at: Place(self.name, offset: entries[number].offset),
        actual: name)
    }
    let access = try PackageTree.access(source, entries, number, before: source.size)
    return try PackagedFile(access, opener: isEncrypted ? opener : nil, chunks: chunks)
  }

  /// The rights that the package states.
  ///
  /// - Throws: the fault of a unit that is not the one in the index, or of what it says.
  public func rights() throws(Fault) -> PackageScan.Rights? {
    guard let number = entries.firstIndex(where: { $0.type == .rights }) else { return nil }
    let access = try PackageTree.access(source, entries, number, before: source.size)
    let place = Place(name, offset: access.unit.payloadOffset)
    return PackageScan.Rights(
      payload: try RightsPayload(parsing: try access.payload(), at: place), unit: access.unit)
  }

  /// A unit, held against its entry.
  private static func access(
    _ source: any ByteSource, _ entries: [IndexEntry], _ number: Int, before limit: UInt64
  ) throws(Fault) -> UnitAccess {
    let entry = entries[number]
    let access = try UnitAccess(source, at: entry.offset, before: limit)
    guard access.unit.digest == entry.digest else {
      throw Fault(
        PackageFault.indexDigests, at: Place(source.name, offset: entry.offset), expected: entry.digest.hex,
        actual: access.unit.name)
    }
    guard access.unit.entry == entry, access.unit.number == UInt32(exactly: number) else {
      throw Fault(PackageFault.indexHeaders, at: Place(source.name, offset: entry.offset))
    }
    return access
  }

  /// The files, by their names; what the index says of all units is judged by the rules that headers are judged by.
  private static func fileNumbers(
    _ entries: [IndexEntry], _ start: StartPayload, at place: Place
  ) throws(Fault) -> [ExactString: Int] {
    var order = UnitOrder(file: place.file)
    var numbers: [ExactString: Int] = [:]
    numbers.reserveCapacity(entries.count)
    for (number, entry) in entries.enumerated() {
      let header = UnitHeader(
        type: entry.type, flags: entry.flags, number: UInt32(clamping: number), length: entry.length,
        identifierLength: UInt16(clamping: entry.identifier.count))
      try order.judge(header, number: number, at: entry.offset)
      try order.judge(entry.identifier, of: header, at: entry.offset)
      if number == 0 { order.start = start }
      guard entry.type < .index else {
        throw Fault(PackageFault.unitsAscending, at: place, actual: entry.type.name)
      }
      if entry.type.isContent {
        numbers[ExactString(String(decoding: entry.identifier, as: UTF8.self))] = number
      }
    }
    return numbers
  }
}

/// What the end of a package says: index, signatures, roots.
struct PackageEnding {
  let end: EndPayload
  let index: IndexPayload
  let signatures: [PackageScan.Signature]

  /// Reads and verifies it.
  init(_ source: any ByteSource) throws(Fault) {
    let tailOffset = source.size - min(source.size, UInt64(EndPayload.tailByteCount))
    guard let end = try PackageTail.read(source) else {
      throw Fault(
        PackageFault.complete, at: Place(source.name, offset: tailOffset),
        expected: "\(EndPayload.tailByteCount) B")
    }
    self.end = end
    let last = try UnitAccess(source, at: end.endOffset, before: source.size)
    guard last.unit.type == .end, last.unit.end == source.size else {
      throw Fault(PackageFault.endOwnOffset, at: Place(source.name, offset: tailOffset + 8))
    }
    guard UInt64(last.unit.number) == end.count else {
      throw Fault(
        PackageFault.endCount, at: Place(source.name, offset: tailOffset + 16), actual: "\(end.count)")
    }
    let access = try UnitAccess(source, at: end.indexOffset, before: end.endOffset)
    guard access.unit.type == .index else {
      throw Fault(PackageFault.endIndexOffset, at: Place(source.name, offset: tailOffset))
    }
    index = try IndexPayload(
      parsing: try access.payload(), at: Place(source.name, offset: access.unit.payloadOffset))
    let units = try PackageEnding.signatureUnits(source, after: access.unit.end, before: end.endOffset)
    let digests = index.entries.map(\.digest) + [access.unit.digest] + units.map(\.unit.digest)
    guard UInt64(digests.count) == end.count, try HashTree.root(of: digests) == end.packageRoot else {
      throw Fault(PackageFault.endRoot, at: Place(source.name, offset: tailOffset + 24))
    }
    let statement = SignaturePayload.statement(
      count: UInt64(index.entries.count), contentRoot: index.contentRoot)
    var signatures: [PackageScan.Signature] = []
    for unit in units {
      let place = Place(source.name, offset: unit.unit.payloadOffset)
      var signature = PackageScan.Signature(
        unit: unit.unit, payload: try SignaturePayload(parsing: try unit.payload(), at: place))
      signature.signer = try SignatureJudge.signer(of: signature, file: source.name)
      try SignatureJudge.judge(signature, over: statement, file: source.name)
      signature.isValid = true
      signatures.append(signature)
    }
    self.signatures = signatures
  }

  /// The units between two places, which are signatures.
  private static func signatureUnits(
    _ source: any ByteSource, after start: UInt64, before end: UInt64
  ) throws(Fault) -> [UnitAccess] {
    var units: [UnitAccess] = []
    var offset = start
    while offset < end {
      let unit = try UnitAccess(source, at: offset, before: end)
      guard unit.unit.type == .signature else {
        throw Fault(
          PackageFault.unitsAscending, at: Place(source.name, offset: offset + 8),
          expected: UnitType.signature.name, actual: unit.unit.type.name)
      }
      units.append(unit)
      offset = unit.unit.end
    }
    return units
  }
}
