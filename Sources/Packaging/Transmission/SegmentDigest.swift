import Storage

/// The digest of a segment in the making: chunks of 1 MiB become leaves, whatever the pieces in which the bytes come.
///
/// It holds a hash for each chunk, and no bytes.
struct SegmentDigest: ~Copyable {
  private var leaves: [Digest] = []
  private var stream: DigestStream
  private var filled = 0

  /// Begins a digest.
  ///
  /// - Throws: as `HashTree.leaf`.
  init() throws(Fault) {
    stream = try DigestStream(.sha256)
  }

  /// Takes the next bytes.
  mutating func update(_ bytes: UnsafeRawBufferPointer) throws(Fault) {
    var rest = bytes
    while !rest.isEmpty {
      if filled == 0 {
        var leaf: UInt8 = 0
        try withUnsafeBytes(of: &leaf) { prefix throws(Fault) in try stream.update(prefix) }
      }
      let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(HashTree.chunkBytes - filled))
      try stream.update(piece)
      filled += piece.count
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(piece.count))
      if filled == HashTree.chunkBytes { try endLeaf() }
    }
  }

  /// The digest of everything taken.
  mutating func finish() throws(Fault) -> Digest {
    if filled > 0 { try endLeaf() }
    return try HashTree.root(of: leaves)
  }

  private mutating func endLeaf() throws(Fault) {
    leaves.append(try stream.finish())
    filled = 0
  }

  /// The digest of a range of a source.
  ///
  /// - Throws: what the source throws, and as `HashTree.leaf`.
  static func of(_ source: any ByteSource, _ range: Range<UInt64>) throws(Fault) -> Digest {
    var leaves: [Digest] = []
    try source.forEachChunk(in: range, of: HashTree.chunkBytes) { chunk throws(Fault) in
      leaves.append(try HashTree.leaf(chunk))
    }
    return try HashTree.root(of: leaves)
  }
}
