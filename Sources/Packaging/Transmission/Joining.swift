public import Storage
import Synchronization

/// Puts a folder of segments together again (profile clause 8.3, sections 4 and 6).
public struct Joining: Sendable {
  /// How many segments are taken at once.
  public var jobs = 1
  /// Is told, from any thread, how many bytes of the package were taken from segments.
  public var progress: (@Sendable (Int) -> Void)?

  /// One segment at a time.
  public init() {}

  /// Joins a folder into a package.
  ///
  /// A segment that does not verify keeps the others from nothing: they are held in `OUT.fetch`, and once it is replaced only it is
  /// taken.
  /// - Parameters:
  ///   - tree: the folder of segments.
  ///   - out: the package, which must not exist.
  ///   - faults: what is wrong with segments.
  ///   - verify: verifies the package at a path.
  /// - Returns: whether the package is complete; if not, `faults` say why.
  /// - Throws: what ends everything: a faulty manifest, `TransferFault.offerUnchanged`, what the system refuses, what `verify` throws.
  public func join(
    _ tree: any FileTree, to out: String, _ faults: inout FaultLog,
    verify: (String) throws(Fault) -> Void
  ) throws(Fault) -> Bool {
    let offer = try SegmentFolder.manifestBytes(of: tree)
    let receiver = try SegmentReceiver(offer, to: out, jobs: jobs)
    return try join(tree, into: receiver, &faults, verify: verify)
  }

  func join(
    _ tree: any FileTree, into receiver: SegmentReceiver, _ faults: inout FaultLog,
    verify: (String) throws(Fault) -> Void
  ) throws(Fault) -> Bool {
    let folder = try SegmentFolder(tree)
    let missing = receiver.missing
    let refused = Mutex<[UInt64: Fault]>([:])
    do throws(Fault) {
      try Workers.forEach(UInt64(missing.count), jobs: jobs) { index throws(Fault) in
        let sequence = missing[Int(index)]
        do throws(Fault) {
          let (source, _) = try folder.open(sequence)
          _ = try receiver.receive(source, progress: progress)
        } catch {
          guard error.kind != .system else { throw error }
          refused.withLock { $0[sequence] = error }
        }
      }
    } catch {
      receiver.end(.interruption)
      throw error
    }
    let found = refused.withLock { $0 }
    guard found.isEmpty else {
      for sequence in found.keys.sorted() {
        if let fault = found[sequence] { faults.log(fault) }
      }
      receiver.end(.interruption)
      return false
    }
    try receiver.finish(verify)
    return true
  }
}

extension SegmentFolder {
  /// The bytes of a folder's manifest, once they are known to be one.
  static func manifestBytes(of tree: any FileTree) throws(Fault) -> [UInt8] {
    let source = try tree.open(SegmentName.manifest)
    // Reading it first bounds what is allocated: a manifest that is accepted is as long as it says.
    _ = try Manifest(source)
    return try source.bytes(at: 0, count: Int(clamping: source.size))
  }
}
