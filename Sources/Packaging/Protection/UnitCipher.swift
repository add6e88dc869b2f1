import CLibCrypto

/// Encrypts and decrypts the chunks of one unit (profile clause 8.2, section 10.3).
///
/// Several threads may use one at once; each chunk is whole in memory.
public final class UnitCipher: Sendable {
  private let suite: ProtectionSuite
  private let ciphers: ChunkCipherPool
  private let associatedData: [UInt8]

  /// The cipher of a unit.
  ///
  /// - Parameters:
  ///   - header: its 32 bytes; whatever length it gives is left out.
  ///   - identifier: the bytes of its identifier.
  /// - Throws: `refused` where libcrypto lacks the suite, for suite `none`, and for a header of another size.
  public init(
    _ suite: ProtectionSuite, _ key: ContentKey, unitNumber: UInt32, header: [UInt8], identifier: [UInt8]
  ) throws(ProtectionError) {
    guard header.count == 32 else { throw .refused(operation: "UnitCipher", reason: "\(header.count) B") }
    self.suite = suite
    ciphers = try ChunkCipherPool(suite, try key.unitKey(suite, unitNumber: unitNumber))
    var bound = header
    bound.replaceSubrange(16..<24, with: repeatElement(0, count: 8))
    associatedData = bound + identifier
  }

  /// A piece of content as it is stored: cipher text and tag.
  ///
  /// - Parameters:
  ///   - piece: at most `suite.pieceBytes`.
  ///   - chunk: its number in the unit, from zero.
  ///   - isFinal: whether it is the last one.
  /// - Throws: `refused` where the piece is too long, or libcrypto fails.
  public func seal(
    _ piece: UnsafeRawBufferPointer, chunk: UInt64, isFinal: Bool
  ) throws(ProtectionError) -> [UInt8] {
    guard piece.count <= suite.pieceBytes else {
      throw .refused(operation: "seal", reason: "\(piece.count) B")
    }
    let nonce = UnitCipher.nonce(chunk, isFinal)
    let size = piece.count + suite.tagBytes
    let stored = try ciphers.with { cipher in
      [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
        guard let base = buffer.baseAddress else { return }
        let isSealed = cipher.seal(piece, nonce: nonce, associatedData: associatedData, into: base)
        count = isSealed ? size : 0
      }
    }
    guard stored.count == size else { throw .library("seal") }
    return stored
  }

  /// The content of a stored chunk; nil where its tag does not verify, and then nothing of it is released.
  ///
  /// - Throws: `refused` where libcrypto has no memory.
  public func open(
    _ stored: UnsafeRawBufferPointer, chunk: UInt64, isFinal: Bool
  ) throws(ProtectionError) -> [UInt8]? {
    guard stored.count >= suite.tagBytes, stored.count <= HashTree.chunkBytes else { return nil }
    let nonce = UnitCipher.nonce(chunk, isFinal)
    let size = stored.count - suite.tagBytes
    var isAuthentic = false
    let piece = try ciphers.with { cipher in
      // One byte more, so that there is an address for content without bytes.
      [UInt8](unsafeUninitializedCapacity: size + 1) { buffer, count in
        guard let base = buffer.baseAddress else { return }
        isAuthentic = cipher.open(stored, nonce: nonce, associatedData: associatedData, into: base)
        if isAuthentic { count = size } else { OPENSSL_cleanse(base, size) }
      }
    }
    ERR_clear_error()
    return isAuthentic ? piece : nil
  }

  /// What happened to a chunk whose tag does not verify where it stands.
  ///
  /// - Returns: `finalChunkInPlace`, `chunkInPlace` or `chunkAuthentic` (section 10.3).
  /// - Throws: as `open`.
  public func diagnosis(
    _ stored: UnsafeRawBufferPointer, chunk: UInt64, isFinal: Bool
  ) throws(ProtectionError) -> PackageFault {
    try diagnose(stored, chunk: chunk, isFinal: isFinal).fault
  }

  /// What happened to a chunk whose tag does not verify where it stands, and the number of the chunk that it really is, where that
  /// can be told; else its own.
  ///
  /// - Throws: as `open`.
  public func diagnose(
    _ stored: UnsafeRawBufferPointer, chunk: UInt64, isFinal: Bool
  ) throws(ProtectionError) -> (fault: PackageFault, chunk: UInt64) {
    guard stored.count >= suite.tagBytes, stored.count <= HashTree.chunkBytes else {
      return (.chunkAuthentic, chunk)
    }
    let numbers = neighbours(of: chunk, stored: stored.count)
    let nonces =
      [UnitCipher.nonce(chunk, !isFinal)]
      + numbers.flatMap { [UnitCipher.nonce($0, false), UnitCipher.nonce($0, true)] }
    defer { ERR_clear_error() }
    let found = try ciphers.with { $0.search(nonces, for: stored, associatedData: associatedData) }
    guard let found else { return (.chunkAuthentic, chunk) }
    return found == 0 ? (.finalChunkInPlace, chunk) : (.chunkInPlace, numbers[(found - 1) / 2])
  }

  /// The numbers that a chunk which was moved may have, the nearest first.
  private func neighbours(of chunk: UInt64, stored: Int) -> [UInt64] {
    var reach = UnitCipher.reach
    if suite == .sm4CTRHMACSM3 {
      // Two numbers at each distance, each with two final bytes.
      reach = min(reach, UnitCipher.searchBytes / UInt64(4 * stored))
    }
    return (1...max(reach, 1)).flatMap { distance in
      let (before, isBelow) = chunk.subtractingReportingOverflow(distance)
      let (after, isAbove) = chunk.addingReportingOverflow(distance)
      return (isBelow ? [] : [before]) + (isAbove ? [] : [after])
    }
  }

  /// How far from its place a chunk that was moved is looked for.
  private static let reach: UInt64 = 64
  /// How many bytes are hashed to find it, where each try hashes the chunk again.
  private static let searchBytes: UInt64 = 1 << 26

  /// How many bytes of content so many stored bytes hold; nil where no content gives that length (P8.2-086).
  public static func contentLength(stored: UInt64, _ suite: ProtectionSuite) -> UInt64? {
    suite.contentLength(stored: stored)
  }

  /// How many bytes content of that length is stored in; nil where that is more than a payload may have.
  public static func storedLength(content: UInt64, _ suite: ProtectionSuite) -> UInt64? {
    suite.storedLength(content: content)
  }

  private static func nonce(_ chunk: UInt64, _ isFinal: Bool) -> [UInt8] {
    var nonce: [UInt8] = [isFinal ? 1 : 0, 0, 0, 0]
    nonce.append(littleEndian: chunk)
    return nonce
  }
}
