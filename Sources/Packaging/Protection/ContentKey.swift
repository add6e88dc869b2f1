import CLibCrypto

/// The key under which all encrypted content of a package lies; new for each packing, and wiped when it is released.
public struct ContentKey: Sendable {
  /// How many bytes a content key has.
  public static let byteCount = 32

  let secret: Secret

  private init(secret: Secret) {
    self.secret = secret
  }

  /// A new key from the random source of the system.
  ///
  /// - Throws: `refused` where there is none.
  public static func random() throws(ProtectionError) -> ContentKey {
    guard let secret = Secret(count: byteCount, { RAND_priv_bytes($0, CInt(byteCount)) == 1 }) else {
      throw .library("RAND_priv_bytes")
    }
    return ContentKey(secret: secret)
  }

  /// A key of 32 bytes; nil for any other number.
  public init?(bytes: [UInt8]) {
    guard bytes.count == ContentKey.byteCount else { return nil }
    secret = Secret(bytes)
  }

  /// A copy of the bytes, which the caller has to wipe.
  public var bytes: [UInt8] { secret.withBytes { Array($0) } }

  /// What the start unit holds, so that no two recipients can be given different keys (section 10.2): 32 bytes.
  ///
  /// - Throws: `refused` where libcrypto lacks the hash.
  public func commitment(_ suite: ProtectionSuite) throws(ProtectionError) -> [UInt8] {
    try derive(suite, info: Array("commitment".utf8), count: 32).withBytes { Array($0) }
  }

  /// The key of a unit.
  func unitKey(_ suite: ProtectionSuite, unitNumber: UInt32) throws(ProtectionError) -> Secret {
    var info = Array("unit".utf8)
    info.append(littleEndian: unitNumber)
    return try derive(suite, info: info, count: suite.unitKeyBytes)
  }

  private func derive(
    _ suite: ProtectionSuite, info: [UInt8], count: Int
  ) throws(ProtectionError) -> Secret {
    try KeyDerivation.derive(
      suite.hash, from: secret, salt: Array("GB42382-PMP".utf8), info: info, count: count)
  }
}
