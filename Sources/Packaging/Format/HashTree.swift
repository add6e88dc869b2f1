public import Storage

/// The hash tree of a payload and of a package: SHA-256, with leaves, nodes, units and manifests kept apart by their first byte
/// (profile clause 8.2, section 2.3).
public enum HashTree {
  /// How many bytes a leaf covers; the last one of a payload covers as many or fewer.
  public static let chunkBytes = 1 << 20

  /// What a hash is taken over, as its first byte says it.
  private enum Prefix: UInt8 {
    case leaf = 0
    case node = 1
    case unit = 2
    case manifest = 4
  }

  /// The hash of a chunk.
  ///
  /// - Throws: `DigestFault.available` where libcrypto lacks SHA-256.
  public static func leaf(_ chunk: UnsafeRawBufferPointer) throws(Fault) -> Digest {
    let stream = try stream(.leaf)
    try stream.update(chunk)
    return try stream.finish()
  }

  /// The hash of a chunk in memory.
  ///
  /// - Throws: as `leaf` for raw bytes.
  public static func leaf(_ chunk: [UInt8]) throws(Fault) -> Digest {
    try digest(.leaf, chunk)
  }

  /// The hash of two neighbours.
  ///
  /// - Throws: as `leaf`.
  public static func node(_ left: Digest, _ right: Digest) throws(Fault) -> Digest {
    try digest(.node, left.bytes + right.bytes)
  }

  /// The root over hashes: neighbours are joined in pairs, level by level, and a last one without a neighbour moves up as it is.
  ///
  /// - Parameter hashes: at least one; the root of none is a leaf without bytes.
  /// - Throws: as `leaf`.
  public static func root(of hashes: [Digest]) throws(Fault) -> Digest {
    guard var level = hashes.isEmpty ? nil : hashes else { return try leaf([]) }
    while level.count > 1 {
      var next: [Digest] = []
      next.reserveCapacity((level.count + 1) / 2)
      for index in stride(from: 0, to: level.count, by: 2) {
        next.append(index + 1 < level.count ? try node(level[index], level[index + 1]) : level[index])
      }
      level = next
    }
    return level[0]
  }

  /// The digest of a unit.
  ///
  /// - Parameters:
  ///   - header: its 32 bytes.
  ///   - identifier: the bytes of its identifier.
  ///   - length: of the payload as stored, in bytes.
  ///   - root: of the payload.
  /// - Throws: as `leaf`.
  public static func unit(
    header: [UInt8], identifier: [UInt8], length: UInt64, root: Digest
  ) throws(Fault) -> Digest {
    var bytes = header + identifier
    bytes.append(littleEndian: length)
    return try digest(.unit, bytes + root.bytes)
  }

  /// The digest at the end of a manifest, over all bytes before it (profile clause 8.3, section 2).
  ///
  /// - Throws: as `leaf`.
  public static func manifest(_ bytes: [UInt8]) throws(Fault) -> Digest {
    try digest(.manifest, bytes)
  }

  /// How many chunks a payload of so many bytes has: at least one.
  public static func chunkCount(of length: UInt64) -> UInt64 {
    length == 0 ? 1 : (length - 1) / UInt64(chunkBytes) + 1
  }

  private static func digest(_ prefix: Prefix, _ bytes: [UInt8]) throws(Fault) -> Digest {
    let stream = try stream(prefix)
    try bytes.withUnsafeBufferPointer { bytes throws(Fault) in
      try stream.update(UnsafeRawBufferPointer(bytes))
    }
    return try stream.finish()
  }

  private static func stream(_ prefix: Prefix) throws(Fault) -> DigestStream {
    let stream = try DigestStream(.sha256)
    var first = prefix.rawValue
    try withUnsafeBytes(of: &first) { bytes throws(Fault) in try stream.update(bytes) }
    return stream
  }
}
