import Storage

/// What a unit may be after the units before it, judged field by field (profile clause 8.2, sections 1 to 3).
///
/// The first fault of a header is the only one that is told of it. After it, what compares units with each other is not judged any
/// more, since it could be no more than what follows from that fault.
struct UnitOrder {
  /// How many units a package may have.
  static let unitLimit = 1_000_000

  /// What the start unit says; nil before it was read, and where it cannot be read.
  var start: StartPayload?
  /// Whether a header was found to be wrong.
  private(set) var isShaken = false
  /// The types of the units so far.
  private(set) var types: Set<UnitType> = []
  private let file: String
  private var last: (type: UnitType, identifier: [UInt8]) = (UnitType(rawValue: 0), [])
  private var names = PackagedNames()

  init(file: String) {
    self.file = file
  }

  /// Whether the package is of a minor version that is not known.
  var isLater: Bool { (start?.minor ?? 0) > StartPayload.minorVersion }

  /// Notes that a header is wrong.
  mutating func shake() {
    isShaken = true
  }

  /// Judges the 32 bytes of a header, by their place.
  ///
  /// - Parameters:
  ///   - number: how many units there are before it.
  ///   - offset: where the header lies.
  mutating func judge(_ header: UnitHeader, number: Int, at offset: UInt64) throws(Fault) {
    let file = file
    let place: (UInt64) -> Place = { Place(file, offset: offset + $0) }
    try judgeType(header, number: number, at: place(8))
    try judgeFlags(header, number: number, at: place(10))
    if !isShaken, header.number != UInt32(number) {
      throw Fault(
        PackageFault.unitNumbersConsecutive, at: place(12), expected: "\(number)", actual: "\(header.number)")
    }
    guard header.length <= header.type.payloadLimit else {
      throw Fault(
        PackageFault.unitLengthWithinLimit, at: place(16), expected: "≤ \(header.type.payloadLimit) B",
        actual: "\(header.length) B")
    }
    if header.flags.contains(.encrypted), !isShaken, let suite = start?.protectionSuite,
      suite.contentLength(stored: header.length) == nil
    {
      throw Fault(PackageFault.encryptedLength, at: place(16), actual: "\(header.length) B")
    }
    if header.type == .end, header.length != UInt64(EndPayload.byteCount) {
      throw Fault(
        PackageFault.endSyntax, at: place(16), expected: "\(EndPayload.byteCount) B",
        actual: "\(header.length) B")
    }
    let lengths = UnitOrder.identifierLengths(of: header.type)
    guard lengths.contains(Int(header.identifierLength)) else {
      throw Fault(
        PackageFault.unitIdentifierForm, at: place(24),
        expected: lengths.count == 1 ? "\(lengths.lowerBound) B" : "≤ \(lengths.upperBound) B",
        actual: "\(header.identifierLength) B")
    }
    if number > 0 { try judgeReserved(header, at: offset) }
  }

  /// Judges what depends on the version: of the start unit itself, that is known only when its payload was read.
  func judgeVersioned(_ header: UnitHeader, at offset: UInt64) throws(Fault) {
    try judgeUnknownFlags(header, at: Place(file, offset: offset + 10))
    try judgeReserved(header, at: offset)
  }

  private mutating func judgeType(_ header: UnitHeader, number: Int, at place: Place) throws(Fault) {
    let type = header.type
    if (type == .start) != (number == 0), number == 0 || !isShaken {
      throw Fault(PackageFault.startFirst, at: place, expected: number == 0 ? "1" : "> 1", actual: type.name)
    }
    if type.isReserved, !isLater {
      throw Fault(PackageFault.unitTypeReserved, at: place, actual: "\(type.rawValue)")
    }
    if !type.isKnown, header.flags.contains(.critical) {
      throw Fault(PackageFault.unitTypeKnown, .unsupported, at: place, actual: "\(type.rawValue)")
    }
    guard !isShaken else { return }
    if type < last.type {
      throw Fault(
        PackageFault.unitsAscending, at: place, expected: "≥ \(last.type.name)", actual: type.name)
    }
    if type == .index, types.isDisjoint(with: [.structure, .parameters]) {
      throw Fault(PackageFault.contentPresent, at: place, expected: "3 | 5")
    }
    if type == .signature || type == .end, !types.contains(.index) {
      throw Fault(
        PackageFault.indexPresent, at: place, expected: UnitType.index.name, actual: type.name)
    }
  }

  private func judgeUnknownFlags(_ header: UnitHeader, at place: Place) throws(Fault) {
    guard header.flags.isSubset(of: .known) else {
      throw Fault(
        PackageFault.unitFlagsKnown, isLater ? .unsupported : .malformed, at: place,
        expected: "≤ \(UnitFlags.known.hex)", actual: header.flags.hex)
    }
  }

  private func judgeFlags(_ header: UnitHeader, number: Int, at place: Place) throws(Fault) {
    let (type, flags) = (header.type, header.flags)
    if number > 0 { try judgeUnknownFlags(header, at: place) }
    if let isCritical = type.isCritical, isCritical != flags.contains(.critical) {
      throw Fault(
        PackageFault.unitCriticalFlag, at: place,
        expected: flags.symmetricDifference(.critical).hex, actual: flags.hex)
    }
    let hasNoSuite = number > 0 && start?.suite == 0
    if flags.contains(.encrypted), !type.mayBeEncrypted || hasNoSuite {
      throw Fault(
        PackageFault.unitEncryptedFlag, at: place, expected: flags.subtracting(.encrypted).hex,
        actual: flags.hex)
    }
    // Of parameters only what other units say tells whether they are compressed.
    guard type.isKnown, type != .parameters || !isShaken else { return }
    if flags.contains(.compressed) != (type == .parameters && types.contains(.statement)) {
      throw Fault(
        PackageFault.unitCompressedFlag, at: place, expected: flags.symmetricDifference(.compressed).hex,
        actual: flags.hex)
    }
  }

  private func judgeReserved(_ header: UnitHeader, at offset: UInt64) throws(Fault) {
    guard !isLater, let first = header.reserved.firstIndex(where: { $0 != 0 }) else { return }
    throw Fault(
      PackageFault.unitReservedZero, at: Place(file, offset: offset + 26 + UInt64(first)), expected: "0",
      actual: "\(header.reserved[first])")
  }

  /// Judges an identifier, whose header was sound.
  ///
  /// - Parameter offset: where the header lies.
  mutating func judge(_ identifier: [UInt8], of header: UnitHeader, at offset: UInt64) throws(Fault) {
    let place = Place(file, offset: offset + UInt64(UnitHeader.byteCount))
    if header.type == .signature, !UnitIdentifier.isSignatures(identifier) {
      throw Fault(
        PackageFault.unitIdentifierForm, at: place, expected: "[0-9a-f]{64}",
        actual: String(decoding: identifier, as: UTF8.self))
    }
    if header.type.isContent || !header.type.isKnown {
      let name = try UnitIdentifier.name(identifier, at: place)
      if header.type.isVendor, !UnitIdentifier.isVendors(name) {
        throw Fault(
          PackageFault.vendorIdentifier, at: place, expected: #"[a-z0-9-]+(\.[a-z0-9-]+)+(/.*)?"#,
          actual: name)
      }
      try judgeOrder(identifier, of: header, at: place)
      if header.type.isContent, !isShaken { try names.insert(name, at: place) }
    } else {
      try judgeOrder(identifier, of: header, at: place)
    }
    last = (header.type, identifier)
    types.insert(header.type)
  }

  private func judgeOrder(
    _ identifier: [UInt8], of header: UnitHeader, at place: Place
  ) throws(Fault) {
    guard !isShaken, header.type == last.type, !last.identifier.lexicographicallyPrecedes(identifier) else {
      return
    }
    throw Fault(
      PackageFault.unitsAscending, at: place,
      expected: "> \(last.type.name) \(String(decoding: last.identifier, as: UTF8.self))",
      actual: "\(header.type.name) \(String(decoding: identifier, as: UTF8.self))")
  }

  /// How long the identifier of a type may be.
  static func identifierLengths(of type: UnitType) -> ClosedRange<Int> {
    switch type {
    case .start, .rights, .index, .end: 0...0
    case .signature: 64...64
    default: 0...UnitHeader.identifierLimit
    }
  }
}
