public import Storage

/// Files that a receiver has already, as chunks that it need not fetch (profile clause 8.3, section 7).
public struct BaseFiles: Sendable {
  private let tree: any FileTree
  private let names: [String]

  /// The files at a path: a package, another file, or a folder.
  ///
  /// - Throws: `FileFault.readable` of kind `system` where there is nothing, and what listing throws.
  public init(path: String) throws(Fault) {
    let location = try SampleLocation.resolve(path: path, followLinks: true)
    tree = location.tree
    var ignored = FaultLog()
    names = location.isDirectory ? try location.tree.names(&ignored) : [location.name]
  }

  /// Gives each chunk of each file to `body`, from several threads: of a package those of its units, of another file those that begin
  /// at a multiple of 1 MiB.
  ///
  /// A file that cannot be read is passed over: what it holds can be fetched.
  func forEachChunk(
    jobs: Int, _ body: @escaping @Sendable (UnsafeRawBufferPointer) throws(Fault) -> Void
  ) throws(Fault) {
    for name in names {
      guard let source = try? tree.open(name), source.size > 0 else { continue }
      for range in Self.ranges(of: source) {
        let step = UInt64(HashTree.chunkBytes)
        try Workers.forEach((UInt64(range.count) + step - 1) / step, jobs: jobs) { index throws(Fault) in
          let begin = range.lowerBound + index * step
          let count = Int(min(step, range.upperBound - begin))
          guard let bytes = try? source.bytes(at: begin, count: count) else { return }
          try bytes.withUnsafeBufferPointer { bytes throws(Fault) in try body(UnsafeRawBufferPointer(bytes)) }
        }
      }
    }
  }

  private static func ranges(of source: any ByteSource) -> [Range<UInt64>] {
    let signature = UnitHeader.packageSignature
    guard source.size > UInt64(EndPayload.tailByteCount),
      (try? source.bytes(at: 0, count: signature.count)) == signature,
      let end = try? PackageTail.read(source), let outline = try? PackageOutline(source, end)
    else { return [0..<source.size] }
    return outline.entries.indices.map { outline.payload(of: $0) }.filter { !$0.isEmpty }
  }
}
