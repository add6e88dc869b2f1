public import Storage

/// What the start unit says: version, profile, and who can decrypt (profile clause 8.2, section 4).
public struct StartPayload: Sendable, Hashable {
  /// One key for which the content key is wrapped.
  public struct RecipientEntry: Sendable, Hashable {
    /// How it is wrapped: 1 CMS, 2 SM2 public-key encryption.
    public var scheme: UInt16
    /// SHA-256 of the recipient's SubjectPublicKeyInfo; 32 bytes.
    public var keyIdentifier: [UInt8]
    /// The wrapped content key.
    public var wrappedKey: [UInt8]
    /// Where in the package the entry lies; zero for one that was not read.
    public var offset: UInt64 = 0

    /// Where in the package the wrapped key lies.
    public var wrappedKeyOffset: UInt64 { offset + 38 }

    /// An entry for a recipient.
    public init(scheme: UInt16, keyIdentifier: [UInt8], wrappedKey: [UInt8]) {
      self.scheme = scheme
      self.keyIdentifier = keyIdentifier
      self.wrappedKey = wrappedKey
    }
  }

  /// The major version that is read and written.
  public static let majorVersion: UInt16 = 1
  /// The greatest minor version that is known.
  public static let minorVersion: UInt16 = 0
  /// The version of the profile that is written.
  public static let profileVersion = "2026.1"
  /// The suites that are known: none, AES-256-GCM, SM4-CTR with HMAC-SM3.
  public static let knownSuites: ClosedRange<UInt16> = 0...2
  /// The schemes of wrapping that are known.
  public static let knownSchemes: ClosedRange<UInt16> = 1...2

  /// The minor version.
  public var minor: UInt16 = StartPayload.minorVersion
  /// The version of the profile that the package was written for.
  public var profile = StartPayload.profileVersion
  /// The protection suite; 0 for none.
  public var suite: UInt16 = 0
  /// What binds the content key, with a suite; 32 bytes.
  public var commitment: [UInt8] = []
  /// Who can decrypt, in ascending order of the key identifiers.
  public var recipients: [RecipientEntry] = []

  /// The suite, where it is one that is known and encrypts.
  public var protectionSuite: ProtectionSuite? {
    ProtectionSuite(rawValue: suite).flatMap { $0 == .none ? nil : $0 }
  }

  /// The start of a package that is not encrypted.
  public init() {}

  /// Reads a payload.
  ///
  /// - Parameter place: where in the package it begins.
  /// - Throws: the first fault, by its place.
  public init(parsing bytes: [UInt8], at place: Place) throws(Fault) {
    var reader = PayloadReader(bytes, at: place, syntax: .startSyntax)
    let major: UInt16 = try reader.integer()
    guard major == StartPayload.majorVersion else {
      throw Fault(
        PackageFault.majorVersionSupported, .unsupported, at: place, expected: "\(StartPayload.majorVersion)",
        actual: "\(major)")
    }
    minor = try reader.integer()
    suite = try reader.integer()
    guard StartPayload.knownSuites.contains(suite) else {
      throw Fault(
        PackageFault.suiteKnown, .unsupported, at: reader.place(at: 4), expected: "0, 1, 2",
        actual: "\(suite)")
    }
    let count: UInt16 = try reader.integer()
    guard (count > 0) == (suite > 0) else {
      throw Fault(
        PackageFault.recipientsPresent, at: reader.place(at: 6), expected: suite > 0 ? "≥ 1" : "0",
        actual: "\(count)")
    }
    profile = try reader.lengthAndText()
    if suite > 0 { commitment = try reader.bytes(32) }
    for _ in 0..<count {
      recipients.append(try StartPayload.recipient(&reader, after: recipients.last))
    }
    // A later minor version may add something after the last recipient.
    if minor <= StartPayload.minorVersion { try reader.finish() }
  }

  private static func recipient(
    _ reader: inout PayloadReader, after last: RecipientEntry?
  ) throws(Fault) -> RecipientEntry {
    let place = reader.place
    let scheme: UInt16 = try reader.integer()
    guard knownSchemes.contains(scheme) else {
      throw Fault(
        PackageFault.recipientSchemeKnown, .unsupported, at: place, expected: "1, 2", actual: "\(scheme)")
    }
    let identifierPlace = reader.place
    let identifier = try reader.bytes(32)
    if let last, !last.keyIdentifier.lexicographicallyPrecedes(identifier) {
      throw Fault(
        PackageFault.recipientsAscending, at: identifierPlace,
        expected: "> \(Hexadecimal.text(of: last.keyIdentifier))", actual: Hexadecimal.text(of: identifier))
    }
    var entry = RecipientEntry(
      scheme: scheme, keyIdentifier: identifier, wrappedKey: try reader.lengthAndBytes())
    entry.offset = place.offset ?? 0
    return entry
  }

  /// The payload, with the recipients in their order.
  public var encoded: [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: StartPayload.majorVersion)
    bytes.append(littleEndian: minor)
    bytes.append(littleEndian: suite)
    bytes.append(littleEndian: UInt16(truncatingIfNeeded: recipients.count))
    bytes.append(lengthAnd: Array(profile.utf8))
    bytes += commitment
    for entry in recipients.sorted(by: { $0.keyIdentifier.lexicographicallyPrecedes($1.keyIdentifier) }) {
      bytes.append(littleEndian: entry.scheme)
      bytes += entry.keyIdentifier
      bytes.append(lengthAnd: entry.wrappedKey)
    }
    return bytes
  }
}
