import Glibc
public import Storage
import Synchronization

/// Cuts a package into a folder of segments (profile clause 8.3, section 4).
///
/// Each byte is read once: where a segment's payload begins is known before its digest is, so that the payload is written as it is
/// hashed, and the head follows when the transfer root is known. The folder gets its name once everything is in it.
public struct Splitting: Sendable {
  /// How many chunks of 1 MiB each segment has; a power of two up to `Manifest.mostChunks`.
  public var chunks = Manifest.usualChunks
  /// How many segments are written at once.
  public var jobs = 1
  /// Is told, from any thread, how many bytes of the package were written.
  public var progress: (@Sendable (Int) -> Void)?

  /// The usual size of segments, one at a time.
  public init() {}

  /// Cuts a package.
  ///
  /// - Parameters:
  ///   - package: the package; the caller has verified it.
  ///   - packageRoot: the root over its units.
  ///   - folder: where the segments go; nothing has that name.
  /// - Throws: what the source throws; `TransferFault.destinationFree`, `OutputFault.writable`.
  public func split(_ package: any ByteSource, packageRoot: Digest, into folder: String) throws(Fault)
    -> Manifest
  {
    guard package.size > 0, Manifest.isSegmentSize(chunks) else {
      throw Fault(
        package.size > 0 ? TransmissionFault.manifestSegmentSize : .manifestPackageLength,
        at: Place(package.name), actual: package.size > 0 ? "\(chunks)" : "0")
    }
    let aside = try AsideFolder(folder)
    do throws(Fault) {
      let manifest = try write(package, packageRoot, into: aside.path)
      try aside.commit()
      return manifest
    } catch {
      aside.discard()
      throw error
    }
  }

  private func write(_ package: any ByteSource, _ packageRoot: Digest, into folder: String) throws(Fault)
    -> Manifest
  {
    let segmentBytes = UInt64(chunks) * UInt64(HashTree.chunkBytes)
    let count = (package.size - 1) / segmentBytes + 1
    let digests = Mutex([Digest?](repeating: nil, count: Int(clamping: count)))
    try Workers.forEach(count, jobs: jobs) { sequence throws(Fault) in
      let offset = sequence * segmentBytes
      let digest = try payload(
        of: package, offset..<min(package.size, offset + segmentBytes), into: folder, sequence, among: count)
      digests.withLock { $0[Int(sequence)] = digest }
    }
    var list = HashList()
    for digest in digests.withLock({ $0 }) {
      if let digest { list.append(digest) }
    }
    let tree = try SegmentTree(list)
    guard let root = tree.root else {
      throw Fault(TransmissionFault.manifestPackageLength, at: Place(package.name), actual: "0")
    }
    let manifest = Manifest(
      length: package.size, chunks: chunks, packageRoot: packageRoot, transferRoot: root, digests: list)
    try Workers.forEach(count, jobs: jobs) { sequence throws(Fault) in
      guard let head = SegmentHead(sequence, of: manifest, in: tree) else { return }
      let file = try OpenFile(folder + "/" + SegmentName.file(sequence), O_WRONLY)
      try file.write(head.encoded(of: manifest), at: 0)
      try file.synchronise()
    }
    try AtomicFile.write(try manifest.encoded(), to: folder + "/" + SegmentName.manifest)
    return manifest
  }

  private func payload(
    of package: any ByteSource, _ span: Range<UInt64>, into folder: String, _ sequence: UInt64,
    among count: UInt64
  ) throws(Fault) -> Digest {
    let file = try OpenFile(folder + "/" + SegmentName.file(sequence), O_WRONLY | O_CREAT | O_EXCL)
    var position = UInt64(SegmentHead.byteCount(sequence, among: count))
    var leaves: [Digest] = []
    try package.forEachChunk(in: span, of: HashTree.chunkBytes) { chunk throws(Fault) in
      leaves.append(try HashTree.leaf(chunk))
      try file.write(chunk, at: position)
      position += UInt64(chunk.count)
      progress?(chunk.count)
    }
    return try HashTree.root(of: leaves)
  }
}
