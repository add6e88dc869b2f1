public import Storage

/// What a sender offers: a package cut into segments, and what each of them is known by (profile clause 8.3, section 2).
public struct Manifest: Sendable, Hashable {
  /// The first bytes of a manifest.
  public static let magic: [UInt8] = [0x89, 0x50, 0x4D, 0x4D, 0x0D, 0x0A, 0x1A, 0x0A]
  /// How many chunks of 1 MiB a segment has unless there is a reason.
  public static let usualChunks: UInt32 = 16
  /// The most chunks that a segment may have.
  public static let mostChunks: UInt32 = 1024
  /// The bytes before the digests of the segments.
  static let headBytes = 88

  /// The minor version; the major one is 1.
  public let minor: UInt16
  /// How many chunks of 1 MiB each segment has, but for the last.
  public let chunks: UInt32
  /// The length of the package in bytes.
  public let length: UInt64
  /// The root over all units of the package.
  public let packageRoot: Digest
  /// The root over the digests of the segments.
  public let transferRoot: Digest
  /// The digest of each segment.
  public let digests: HashList

  /// The manifest of a package.
  ///
  /// - Parameters:
  ///   - length: of the package, above 0 and below 2⁶³.
  ///   - chunks: of a segment, a power of two up to `mostChunks`.
  ///   - packageRoot: the root over its units.
  ///   - transferRoot: the root over the digests.
  ///   - digests: of the segments.
  public init(length: UInt64, chunks: UInt32, packageRoot: Digest, transferRoot: Digest, digests: HashList) {
    minor = 0
    self.length = length
    self.chunks = chunks
    self.packageRoot = packageRoot
    self.transferRoot = transferRoot
    self.digests = digests
  }

  /// The bytes of each segment but the last.
  public var segmentBytes: UInt64 { UInt64(chunks) * UInt64(HashTree.chunkBytes) }
  /// How many segments there are.
  public var count: UInt64 { UInt64(digests.count) }

  /// The bytes of the package that a segment has; nil for a number that is not below `count`.
  public func span(of sequence: UInt64) -> Range<UInt64>? {
    guard sequence < count else { return nil }
    let offset = sequence * segmentBytes
    return offset..<min(length, offset + segmentBytes)
  }

  /// Whether a number of chunks may be that of a segment.
  public static func isSegmentSize(_ chunks: UInt32) -> Bool {
    chunks >= 1 && chunks <= mostChunks && chunks & (chunks - 1) == 0
  }

  /// Whether two manifests offer the same package, however each cuts it.
  public func offersTheSame(as other: Manifest) -> Bool {
    length == other.length && packageRoot == other.packageRoot && transferRoot == other.transferRoot
  }

  /// The manifest as it stands in a file.
  ///
  /// - Throws: as `HashTree.leaf`.
  public func encoded() throws(Fault) -> [UInt8] {
    var bytes = Manifest.magic
    bytes.append(littleEndian: 1 as UInt16)
    bytes.append(littleEndian: minor)
    bytes.append(littleEndian: chunks)
    bytes.append(littleEndian: length)
    bytes += packageRoot.bytes + transferRoot.bytes + digests.bytes
    return bytes + (try HashTree.manifest(bytes)).bytes
  }
}

extension Manifest {
  /// Reads a manifest.
  ///
  /// - Throws: a `TransmissionFault` at its place, of kind `unsupported` for another major version; and what the source throws.
  public init(_ source: any ByteSource) throws(Fault) {
    func fault(
      _ code: TransmissionFault, _ offset: UInt64, _ kind: Fault.Kind = .malformed, expected: String? = nil,
      actual: String? = nil
    ) -> Fault {
      Fault(code, kind, at: Place(source.name, offset: offset), expected: expected, actual: actual)
    }
    let least = UInt64(Manifest.headBytes + HashList.hashBytes)
    let head = try source.bytes(at: 0, count: Int(min(source.size, UInt64(Manifest.headBytes))))
    guard head.starts(with: Manifest.magic) else { throw fault(.manifestFormatFirst, 0) }
    var fields = FieldReader(head.dropFirst(Manifest.magic.count))
    // How long the manifest of another major version is nobody knows.
    if let major = fields.integer(UInt16.self), major != 1 {
      throw fault(
        .manifestMajorVersionSupported, 8, .unsupported, expected: "1", actual: "\(major)")
    }
    guard source.size >= least, let minor = fields.integer(UInt16.self),
      let chunks = fields.integer(UInt32.self), let length = fields.integer(UInt64.self),
      let packageRoot = fields.bytes(HashList.hashBytes), let transferRoot = fields.bytes(HashList.hashBytes)
    else { throw fault(.manifestComplete, source.size, expected: "≥ \(least)", actual: "\(source.size)") }
    guard Manifest.isSegmentSize(chunks) else {
      throw fault(.manifestSegmentSize, 12, expected: "2^n, 1…\(Manifest.mostChunks)", actual: "\(chunks)")
    }
    guard length > 0, length <= UInt64(Int64.max) else {
      throw fault(.manifestPackageLength, 16, expected: "1…2^63 − 1", actual: "\(length)")
    }
    // At most 2⁴³ segments, so that nothing overflows; and nothing is read before the size says that it is there.
    let count = (length - 1) / (UInt64(chunks) * UInt64(HashTree.chunkBytes)) + 1
    let size = least + count * UInt64(HashList.hashBytes)
    guard source.size == size else {
      throw fault(
        source.size < size ? .manifestComplete : .manifestSegmentCount, min(source.size, size),
        expected: "\(size)", actual: "\(source.size)")
    }
    let bytes = try source.bytes(at: 0, count: Int(size))
    let body = Array(bytes.dropLast(HashList.hashBytes))
    guard try HashTree.manifest(body).bytes.elementsEqual(bytes.suffix(HashList.hashBytes)) else {
      throw fault(.manifestDigest, UInt64(body.count))
    }
    self.minor = minor
    self.chunks = chunks
    self.length = length
    self.packageRoot = Digest(.sha256, bytes: packageRoot)
    self.transferRoot = Digest(.sha256, bytes: transferRoot)
    digests = HashList(bytes: body.dropFirst(Manifest.headBytes))
    guard try SegmentTree(digests).root == self.transferRoot else { throw fault(.manifestTransferRoot, 56) }
  }

  /// Reads a manifest in memory.
  ///
  /// - Throws: as for a source.
  public init(_ bytes: [UInt8], name: String = SegmentName.manifest) throws(Fault) {
    try self.init(MemoryByteSource(name: name, bytes))
  }
}
