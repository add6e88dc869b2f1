public import Storage

/// What a receiver leaves to those who know packages: the one part of a transfer that is not about bytes on their way.
public struct PackageHandling: Sendable {
  /// Verifies the whole package at a path, its signatures and the receiver's policy; throws where it refuses it.
  public var verify: @Sendable (_ path: String) throws(Fault) -> Void
  /// Says whether the signatures of a package count, of which so far only the units up to the statements and those from the index on
  /// are there.
  public var approve: @Sendable (_ path: String) throws(Fault) -> Void
  /// Opens the files of a package of which a part is there; what it gives out is verified, and decrypted.
  public var open: @Sendable (_ path: String) throws(Fault) -> any FileTree

  /// What is to be done with a package.
  public init(
    verify: @escaping @Sendable (_ path: String) throws(Fault) -> Void,
    approve: @escaping @Sendable (_ path: String) throws(Fault) -> Void,
    open: @escaping @Sendable (_ path: String) throws(Fault) -> any FileTree
  ) {
    self.verify = verify
    self.approve = approve
    self.open = open
  }
}

/// Fetches a package, or a part of one, from a folder of segments or a URL (profile clause 8.3, sections 5 to 7).
public struct Fetching: Sendable {
  /// What is done with the package.
  public var handling: PackageHandling
  /// How many parts are fetched at once.
  public var jobs = 4
  /// How often something is tried again.
  public var retry = RetryPolicy()
  /// What is wanted; nil for everything.
  public var selection: Selection?
  /// Files that are at hand already.
  public var base: BaseFiles?
  /// Is told, from any thread, how many bytes more are held.
  public var progress: (@Sendable (Int) -> Void)?
  /// Is called before each step that changes the disk; a test ends a transfer there.
  var willChange: @Sendable () throws(Fault) -> Void = { () throws(Fault) in }

  /// Everything, four parts at once.
  public init(_ handling: PackageHandling) {
    self.handling = handling
  }

  /// Fetches from a folder of segments at hand.
  ///
  /// - Parameter faults: what is wrong with segments.
  /// - Returns: whether the result is there; if not, `faults` say why.
  /// - Throws: as `Joining.join`, and as from a URL where there is a selection.
  public func fetch(_ folder: any FileTree, to out: String, _ faults: inout FaultLog) throws(Fault) -> Bool {
    guard selection == nil, base == nil else {
      let package = SegmentedPackage(folder, try SegmentFolder(folder).manifest)
      try byRanges(SegmentName.manifest, LocalTransport(package), to: out)
      return true
    }
    var joining = Joining()
    joining.jobs = jobs
    joining.progress = progress
    return try joining.join(folder, to: out, &faults, verify: handling.verify)
  }

  /// Fetches from a server.
  ///
  /// - Throws: what ends the transfer; what is held stays in `OUT.fetch`, unless it was refused as a whole.
  public func fetch(_ location: RemoteLocation, over transport: any RangeTransport, to out: String)
    throws(Fault)
  {
    try Naming.requireFree(Naming.withoutSlashes(out))
    guard location.isFolder else { return try byRanges(location.url, transport, to: out) }
    guard selection == nil, base == nil else {
      // Segments say nothing of what they hold.
      throw Fault(
        TransferFault.selectionSupported, .unsupported, at: Place(location.url), actual: SegmentName.manifest)
    }
    let segments = SegmentFetching(
      location: location, transport: transport, policy: retry, jobs: jobs, progress: progress)
    try segments.fetch(to: out, willChange: willChange, verify: handling.verify)
  }

  private func byRanges(_ url: String, _ transport: any RangeTransport, to out: String) throws(Fault) {
    do throws(Fault) {
      let receiver = try RangeReceiver(
        RemoteSource(url, transport, retry), to: out, jobs: jobs, willChange: willChange, progress: progress)
      do throws(Fault) {
        if let selection {
          let fetching = SelectionFetching(
            receiver: receiver, selection: selection, base: base, handling: handling)
          try fetching.fetch(to: out)
        } else {
          let all = Array(receiver.outline.entries.indices)
          try receiver.prepare(all)
          try receiver.receive(receiver.parts(of: all), base: base)
          try receiver.transfer.finish(handling.verify)
        }
      } catch {
        receiver.transfer.end(
          error.code == TransferFault.sourceReachable.rawValue ? .exhausted : .interruption)
        throw error
      }
    } catch {
      // A server that gives only the whole still gives that (P8.3-065); a part of it would cost as much, and that is said.
      guard error.code == TransferFault.withoutRange.rawValue, selection == nil else { throw error }
      let whole = WholeFetching(url: url, transport: transport, policy: retry, progress: progress)
      try whole.fetch(to: out, willChange: willChange, verify: handling.verify)
    }
  }
}
