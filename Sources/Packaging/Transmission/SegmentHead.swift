public import Storage

/// What stands in a segment before its payload (profile clause 8.3, section 3).
public struct SegmentHead: Sendable, Hashable {
  /// The first bytes of a segment.
  public static let magic: [UInt8] = [0x89, 0x50, 0x4D, 0x53, 0x0D, 0x0A, 0x1A, 0x0A]
  /// The bytes before the proof.
  public static let fixedBytes = 104
  /// The most bytes that a head can have: a proof has a hash for each level of at most 2⁴³ segments.
  static let mostBytes = fixedBytes + 64 * HashList.hashBytes

  /// The number of the segment, from zero.
  public let sequence: UInt64
  /// The bytes of the package that it has.
  public let span: Range<UInt64>
  /// The digest of the payload.
  public let digest: Digest
  /// The neighbours on the way to the transfer root.
  public let proof: HashList

  /// The head of a segment of a transfer; nil for a number that is not below the count.
  public init?(_ sequence: UInt64, of manifest: Manifest, in tree: SegmentTree) {
    guard let span = manifest.span(of: sequence) else { return nil }
    self.sequence = sequence
    self.span = span
    digest = manifest.digests[Int(sequence)]
    proof = tree.proof(of: Int(sequence))
  }

  /// The length of a head in bytes.
  public static func byteCount(_ sequence: UInt64, among segments: UInt64) -> Int {
    fixedBytes + SegmentProof.count(of: sequence, among: segments) * HashList.hashBytes
  }

  /// The head as it stands in a file.
  public func encoded(of manifest: Manifest) -> [UInt8] {
    var bytes = SegmentHead.magic
    bytes.append(littleEndian: 1 as UInt16)
    bytes.append(littleEndian: manifest.minor)
    bytes.append(littleEndian: UInt32(proof.count))
    bytes += manifest.transferRoot.bytes
    bytes.append(littleEndian: sequence)
    bytes.append(littleEndian: span.lowerBound)
    bytes.append(littleEndian: UInt64(span.count))
    return bytes + digest.bytes + proof.bytes
  }
}

extension SegmentHead {
  /// Reads the head of a segment and holds it against the manifest: all but the payload's digest is verified then.
  ///
  /// - Parameters:
  ///   - bytes: the first bytes of the segment, as many as the largest head has or as there are.
  ///   - size: of the whole segment, in bytes.
  ///   - file: the name under which faults speak of it.
  /// - Throws: a `TransmissionFault` at its place.
  public init(_ bytes: [UInt8], size: UInt64, file: String, of manifest: Manifest) throws(Fault) {
    func fault(
      _ code: TransmissionFault, _ offset: UInt64, expected: String? = nil, actual: String? = nil
    ) -> Fault {
      Fault(code, at: Place(file, offset: offset), expected: expected, actual: actual)
    }
    guard bytes.starts(with: SegmentHead.magic) else { throw fault(.segmentFormatFirst, 0) }
    var fields = FieldReader(bytes.dropFirst(SegmentHead.magic.count))
    guard let major = fields.integer(UInt16.self), let minor = fields.integer(UInt16.self),
      let proofCount = fields.integer(UInt32.self), let identity = fields.bytes(HashList.hashBytes),
      let sequence = fields.integer(UInt64.self), let offset = fields.integer(UInt64.self),
      let length = fields.integer(UInt64.self), let digest = fields.bytes(HashList.hashBytes)
    else {
      throw fault(.segmentComplete, size, expected: "≥ \(SegmentHead.fixedBytes)", actual: "\(size)")
    }
    guard major == 1, minor == manifest.minor else {
      throw fault(
        .segmentVersionOfManifest, 8, expected: "1.\(manifest.minor)", actual: "\(major).\(minor)")
    }
    guard identity == manifest.transferRoot.bytes else { throw fault(.segmentIdentity, 16) }
    guard let span = manifest.span(of: sequence) else {
      throw fault(.segmentSequenceInRange, 48, expected: "\(manifest.count)", actual: "\(sequence)")
    }
    guard offset == span.lowerBound else {
      throw fault(.segmentOffset, 56, expected: "\(span.lowerBound)", actual: "\(offset)")
    }
    guard length == UInt64(span.count) else {
      throw fault(.segmentLength, 64, expected: "\(span.count)", actual: "\(length)")
    }
    // The number of hashes follows from the number of the segment, so that a wrong one is not taken for bytes that are missing.
    let hashes = SegmentProof.count(of: sequence, among: manifest.count)
    guard UInt64(proofCount) == UInt64(hashes) else {
      throw fault(.segmentProof, 12, expected: "\(hashes)", actual: "\(proofCount)")
    }
    let whole = UInt64(SegmentHead.fixedBytes + hashes * HashList.hashBytes) + length
    guard size == whole, let proof = fields.bytes(hashes * HashList.hashBytes) else {
      throw fault(
        size < whole ? .segmentComplete : .segmentNothingAfter, min(size, whole), expected: "\(whole)",
        actual: "\(size)")
    }
    self.sequence = sequence
    self.span = span
    self.digest = Digest(.sha256, bytes: digest)
    self.proof = HashList(bytes: proof)
    guard manifest.digests.holds(self.digest, at: Int(sequence)) else { throw fault(.segmentProof, 72) }
    let root = try SegmentProof.root(of: self.digest, sequence, among: manifest.count, by: self.proof)
    guard root == manifest.transferRoot else {
      throw fault(.segmentProof, UInt64(SegmentHead.fixedBytes))
    }
  }

  /// The bytes of the head.
  public var byteCount: Int { SegmentHead.fixedBytes + proof.bytes.count }
}
