/// The header of a unit (profile clause 8.2, section 2.1).
public struct UnitHeader: Sendable, Hashable {
  /// How many bytes it has, without the identifier.
  public static let byteCount = 32
  /// The first eight bytes of each unit.
  public static let magic: [UInt8] = [0x89, 0x50, 0x4D, 0x50, 0x0D, 0x0A, 0x1A, 0x0A]
  /// The first sixteen bytes of each package of version 1: magic, type start, critical, number 0.
  public static let packageSignature: [UInt8] = magic + [1, 0, 1, 0, 0, 0, 0, 0]
  /// The longest identifier, in bytes.
  public static let identifierLimit = 4096

  /// What the unit holds.
  public var type: UnitType
  /// What holds for it beyond that.
  public var flags: UnitFlags
  /// The number of the unit, from zero.
  public var number: UInt32
  /// The length of the payload as stored, in bytes.
  public var length: UInt64
  /// The length of the identifier, in bytes.
  public var identifierLength: UInt16
  /// Six bytes for later versions; zero in 1.0.
  public var reserved: [UInt8]

  /// A header of version 1.0.
  public init(type: UnitType, flags: UnitFlags, number: UInt32, length: UInt64, identifierLength: UInt16) {
    self.type = type
    self.flags = flags
    self.number = number
    self.length = length
    self.identifierLength = identifierLength
    reserved = Array(repeating: 0, count: 6)
  }

  /// What 32 bytes say, of which nothing is judged but the magic; nil without that or with fewer bytes.
  public init?(_ bytes: [UInt8]) {
    guard bytes.starts(with: UnitHeader.magic) else { return nil }
    self.init(afterMagic: bytes)
  }

  /// What 32 bytes say after the first eight, whatever those are; nil where there are fewer.
  init?(afterMagic bytes: [UInt8]) {
    var fields = FieldReader(bytes)
    guard fields.bytes(8) != nil, let type: UInt16 = fields.integer(), let flags: UInt16 = fields.integer(),
      let number: UInt32 = fields.integer(), let length: UInt64 = fields.integer(),
      let identifierLength: UInt16 = fields.integer(), let reserved = fields.bytes(6)
    else { return nil }
    self.type = UnitType(rawValue: type)
    self.flags = UnitFlags(rawValue: flags)
    self.number = number
    self.length = length
    self.identifierLength = identifierLength
    self.reserved = reserved
  }

  /// The 32 bytes.
  public var encoded: [UInt8] {
    var bytes = UnitHeader.magic
    bytes.append(littleEndian: type.rawValue)
    bytes.append(littleEndian: flags.rawValue)
    bytes.append(littleEndian: number)
    bytes.append(littleEndian: length)
    bytes.append(littleEndian: identifierLength)
    return bytes + reserved
  }

  /// How far a payload of so many bytes is aligned.
  public static func alignment(of length: UInt64) -> UInt64 { length >= 65536 ? 4096 : 64 }

  /// Where the payload begins, of a unit whose header lies at an offset; nil beyond 2⁶³ bytes.
  public func payloadOffset(at offset: UInt64) -> UInt64? {
    let step = UnitHeader.alignment(of: length)
    let (end, overflow) = offset.addingReportingOverflow(
      UInt64(UnitHeader.byteCount) + UInt64(identifierLength))
    guard !overflow, end < 1 << 63 else { return nil }
    return (end + step - 1) / step * step
  }

  /// How many bytes the trailer has: the leaf hashes where there are several, the length and the root.
  public var trailerLength: UInt64 {
    let chunks = HashTree.chunkCount(of: length)
    return (chunks > 1 ? chunks * 32 : 0) + 40
  }

  /// The byte after the trailer, of a unit whose header lies at an offset; nil beyond 2⁶³ bytes.
  public func end(at offset: UInt64) -> UInt64? {
    guard length < 1 << 63, let payload = payloadOffset(at: offset) else { return nil }
    let (end, overflow) = payload.addingReportingOverflow(length)
    guard !overflow, end < 1 << 63, end + trailerLength < 1 << 63 else { return nil }
    return end + trailerLength
  }
}
