public import Storage

/// The payload of the end unit, by which a package is opened from its end (profile clause 8.2, section 7).
public struct EndPayload: Sendable, Hashable {
  /// How many bytes it has.
  public static let byteCount = 56
  /// How many bytes at the end of a package hold the payload and its trailer.
  public static let tailByteCount = 96

  /// Where the header of the index lies.
  public var indexOffset: UInt64
  /// Where the header of the end unit lies.
  public var endOffset: UInt64
  /// How many units stand before the end unit.
  public var count: UInt64
  /// The root over the digests of all of them.
  public var packageRoot: Digest

  /// The end of a package.
  public init(indexOffset: UInt64, endOffset: UInt64, count: UInt64, packageRoot: Digest) {
    self.indexOffset = indexOffset
    self.endOffset = endOffset
    self.count = count
    self.packageRoot = packageRoot
  }

  /// Reads a payload, whose fields are not judged.
  ///
  /// - Parameter place: where in the package it begins.
  /// - Throws: `PackageFault.endSyntax` where it has not 56 bytes.
  public init(parsing bytes: [UInt8], at place: Place) throws(Fault) {
    var reader = PayloadReader(bytes, at: place, syntax: .endSyntax)
    indexOffset = try reader.integer()
    endOffset = try reader.integer()
    count = try reader.integer()
    packageRoot = Digest(.sha256, bytes: try reader.bytes(32))
    try reader.finish()
  }

  /// The payload.
  public var encoded: [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: indexOffset)
    bytes.append(littleEndian: endOffset)
    bytes.append(littleEndian: count)
    return bytes + packageRoot.bytes
  }
}
