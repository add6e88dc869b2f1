public import Storage

/// A folder of segments (profile clause 8.3, section 4), judged against its manifest.
///
/// One damaged byte has one finding: what cannot be read is not reported as missing or misnamed as well.
public struct SegmentFolder: Sendable {
  /// The files.
  private let tree: any FileTree
  /// What the folder offers.
  public let manifest: Manifest

  /// Reads the manifest of a folder.
  ///
  /// - Throws: a `TransmissionFault` of the manifest, and what the tree throws where there is none.
  public init(_ tree: any FileTree) throws(Fault) {
    self.tree = tree
    manifest = try Manifest(try tree.open(SegmentName.manifest))
  }

  /// Whether a tree is meant as a folder of segments: it has a manifest by its name.
  public static func isMeant(by tree: any FileTree) -> Bool { tree.contains(SegmentName.manifest) }

  /// Judges all of a folder, whatever is wrong with it.
  ///
  /// - Parameters:
  ///   - readsPayloads: whether the digests of the payloads are computed, which reads everything.
  ///   - progress: is told, from any thread, how many bytes were read.
  /// - Returns: the package that the segments make; nil where one of them is missing or wrong.
  /// - Throws: what the tree throws where it cannot be listed; what is wrong with the segments is logged.
  public static func check(
    _ tree: any FileTree, _ faults: inout FaultLog, readsPayloads: Bool = true,
    progress: (@Sendable (Int) -> Void)? = nil
  ) throws(Fault) -> SegmentedPackage? {
    let names = try tree.names(&faults)
    let folder: SegmentFolder
    do throws(Fault) {
      folder = try SegmentFolder(tree)
    } catch {
      faults.log(error)
      return nil
    }
    if folder.manifest.minor > 0 {
      faults.log(
        TransmissionFault.manifestMinorVersionKnown, at: Place(SegmentName.manifest, offset: 10),
        expected: "0",
        actual: "\(folder.manifest.minor)")
    }
    folder.reportNames(names, &faults)
    var isWhole = true
    // In runs, so that what is kept of a folder with a million segments is bounded.
    let run: UInt64 = 256
    var first: UInt64 = 0
    while first < folder.manifest.count {
      let here = first
      let results = ConcurrentMap.results(count: Int(min(run, folder.manifest.count - here))) { index in
        folder.fault(of: here + UInt64(index), readsPayloads, progress)
      }
      for case .some(let fault) in results {
        isWhole = false
        faults.log(fault)
      }
      first += run
    }
    guard isWhole else { return nil }
    // A byte of the package put together is no byte of the manifest, nor, with its offset, of a segment.
    let package = SegmentedPackage(tree, folder.manifest, name: "")
    if let fault = try package.faultOfRoot() { faults.log(fault) }
    return package
  }

  private func reportNames(_ names: [String], _ faults: inout FaultLog) {
    for name in names {
      if name.utf8.elementsEqual(SegmentName.manifest.utf8) { continue }
      if let sequence = SegmentName.sequence(of: name), sequence < manifest.count { continue }
      faults.log(TransmissionFault.segmentsAlone, at: Place(name), actual: name)
    }
  }

  private func fault(
    of sequence: UInt64, _ readsPayload: Bool, _ progress: (@Sendable (Int) -> Void)?
  ) -> Fault? {
    do throws(Fault) {
      let (source, head) = try open(sequence)
      guard readsPayload else { return nil }
      try SegmentFolder.verify(source, head) { progress?($0.count) }
      return nil
    } catch {
      return error
    }
  }

  /// Opens a segment and verifies its head.
  ///
  /// - Throws: a `TransmissionFault`, and what the tree throws for a file that is there and cannot be opened.
  func open(_ sequence: UInt64) throws(Fault) -> (any ByteSource, SegmentHead) {
    let name = SegmentName.file(sequence)
    guard tree.contains(name) else {
      throw Fault(TransmissionFault.segmentsAllPresent, at: Place(name), actual: name)
    }
    let source = try tree.open(name)
    let begin = try source.bytes(at: 0, count: Int(min(source.size, UInt64(SegmentHead.mostBytes))))
    let head = try SegmentHead(begin, size: source.size, file: name, of: manifest)
    guard head.sequence == sequence else {
      throw Fault(
        TransmissionFault.segmentFileName, at: Place(name, offset: 48), expected: "\(sequence)",
        actual: "\(head.sequence)")
    }
    return (source, head)
  }

  /// Gives the payload of a segment to `body` chunk by chunk, and verifies its digest in the end.
  ///
  /// - Throws: `TransmissionFault.segmentDigest`, what the source throws and what `body` throws.
  static func verify(
    _ source: any ByteSource, _ head: SegmentHead, _ body: (UnsafeRawBufferPointer) throws(Fault) -> Void
  ) throws(Fault) {
    let begin = UInt64(head.byteCount)
    var leaves: [Digest] = []
    try source.forEachChunk(in: begin..<begin + UInt64(head.span.count), of: HashTree.chunkBytes) {
      chunk throws(Fault) in
      leaves.append(try HashTree.leaf(chunk))
      try body(chunk)
    }
    guard try HashTree.root(of: leaves) == head.digest else {
      throw Fault(TransmissionFault.segmentDigest, at: Place(source.name, offset: begin))
    }
  }
}

/// The package that a folder of segments holds, read where it lies.
///
/// Heads are not read again: who needs to know that the segments are whole has called `SegmentFolder.check`.
public struct SegmentedPackage: ByteSource {
  public let name: String
  /// What the folder offers.
  public let manifest: Manifest
  private let tree: any FileTree

  init(_ tree: any FileTree, _ manifest: Manifest, name: String = SegmentName.manifest) {
    self.name = name
    self.tree = tree
    self.manifest = manifest
  }

  public var size: UInt64 { manifest.length }

  public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(Fault) {
    guard let end = ByteRange.end(offset: offset, length: UInt64(buffer.count)), end <= size else {
      throw Fault(
        FileFault.stableWhileRead, at: Place(name, offset: offset), expected: "\(buffer.count) B",
        actual: "\(size) B")
    }
    var position = offset
    while position < end {
      let sequence = position / manifest.segmentBytes
      let stop = min(end, (sequence + 1) * manifest.segmentBytes)
      let source = try tree.open(SegmentName.file(sequence))
      let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[Int(position - offset)..<Int(stop - offset)])
      let head = UInt64(SegmentHead.byteCount(sequence, among: manifest.count))
      try source.read(into: piece, at: head + position - sequence * manifest.segmentBytes)
      position = stop
    }
  }

  /// P8.3-010, as far as the last unit tells; whether that unit is right is the package's own concern.
  func faultOfRoot() throws(Fault) -> Fault? {
    guard let tail = try PackageTail.read(self), tail.packageRoot != manifest.packageRoot else { return nil }
    return Fault(
      TransmissionFault.manifestPackageRoot, at: Place(SegmentName.manifest, offset: 24),
      expected: tail.packageRoot.hex, actual: manifest.packageRoot.hex)
  }
}
