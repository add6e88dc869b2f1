public import Storage

/// SHA-256 hashes one after the other in one run of bytes: a terabyte has a million of them, and each as a value of its own would cost
/// three times as much.
public struct HashList: Sendable, Hashable {
  /// The number of bytes of a hash.
  static let hashBytes = 32
  /// The hashes one after the other.
  public private(set) var bytes: [UInt8]

  /// An empty list.
  public init() { bytes = [] }

  /// The hashes that stand in bytes one after the other; what is left after the last whole one is dropped.
  public init(bytes: some Collection<UInt8>) {
    self.bytes = Array(bytes.prefix(bytes.count / Self.hashBytes * Self.hashBytes))
  }

  /// How many there are.
  public var count: Int { bytes.count / Self.hashBytes }

  /// The hash of that index, which must be below `count`.
  public subscript(index: Int) -> Digest {
    Digest(.sha256, bytes: Array(bytes[index * Self.hashBytes..<(index + 1) * Self.hashBytes]))
  }

  /// Whether the hash of that index is `digest`.
  func holds(_ digest: Digest, at index: Int) -> Bool {
    bytes[index * Self.hashBytes..<(index + 1) * Self.hashBytes].elementsEqual(digest.bytes)
  }

  /// Appends a hash.
  public mutating func append(_ hash: Digest) { bytes += hash.bytes }

  /// The hashes of the level above: neighbours joined, a last one without a neighbour as it is.
  ///
  /// - Throws: as `HashTree.leaf`.
  func joined() throws(Fault) -> HashList {
    var above = HashList()
    above.bytes.reserveCapacity((count + 1) / 2 * Self.hashBytes)
    for index in stride(from: 0, to: count, by: 2) {
      above.append(index + 1 < count ? try HashTree.node(self[index], self[index + 1]) : self[index])
    }
    return above
  }
}

/// The tree over the digests of segments, with every level at hand, so that each segment gets its proof (profile clause 8.3, section 3).
public struct SegmentTree: Sendable {
  private let levels: [HashList]

  /// The tree over digests, of which there is at least one.
  ///
  /// - Throws: as `HashTree.leaf`.
  public init(_ digests: HashList) throws(Fault) {
    var levels = [digests]
    while let last = levels.last, last.count > 1 {
      levels.append(try last.joined())
    }
    self.levels = levels
  }

  /// The transfer root; nil over no digest.
  public var root: Digest? {
    guard let top = levels.last, top.count == 1 else { return nil }
    return top[0]
  }

  /// The neighbours on the way from a segment to the root, from below.
  public func proof(of sequence: Int) -> HashList {
    var proof = HashList()
    var index = sequence
    for level in levels.dropLast() {
      if index ^ 1 < level.count { proof.append(level[index ^ 1]) }
      index /= 2
    }
    return proof
  }
}

/// Proofs without the tree (profile clause 8.3, section 3).
public enum SegmentProof {
  /// How many hashes the proof of a segment has.
  public static func count(of sequence: UInt64, among segments: UInt64) -> Int {
    var (index, count, hashes) = (sequence, segments, 0)
    while count > 1 {
      if index ^ 1 < count { hashes += 1 }
      (index, count) = (index / 2, count / 2 + count % 2)
    }
    return hashes
  }

  /// The root to which a proof leads; nil where it has too few hashes or too many.
  ///
  /// - Throws: as `HashTree.leaf`.
  public static func root(
    of digest: Digest, _ sequence: UInt64, among segments: UInt64, by proof: HashList
  ) throws(Fault) -> Digest? {
    guard sequence < segments, proof.count == count(of: sequence, among: segments) else { return nil }
    var (index, count, hash, next) = (sequence, segments, digest, 0)
    while count > 1 {
      if index ^ 1 < count {
        hash = index % 2 == 1 ? try HashTree.node(proof[next], hash) : try HashTree.node(hash, proof[next])
        next += 1
      }
      (index, count) = (index / 2, count / 2 + count % 2)
    }
    return hash
  }
}
