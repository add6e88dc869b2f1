import Configuration
import Packaging
import Profile
import Storage
import Synchronization

/// What `join` and `fetch` have in common: how a received package is verified, and how a transfer ends a command.
struct Receiving {
  /// A transfer with this verification.
  let fetching: Fetching
  private let refused: Refused

  /// What a package was refused for, all of it: a transfer ends with the first fault alone.
  private final class Refused: Sendable {
    let faults = Mutex(FaultLog())
  }

  /// Verification by a policy.
  ///
  /// - Parameter recipient: the private key of a recipient, to open what is encrypted.
  /// - Throws: `CommandFailure` where the policy cannot be used.
  init(_ trust: TrustOptions, key recipient: RecipientKey?, jobs: Int) throws(CommandFailure) {
    let (policy, time) = (try trust.policy(), try trust.time())
    let refused = Refused()
    // Everything that is wrong is kept for the message; the transfer itself ends with the first of it.
    let refuse: @Sendable (FaultLog) throws(Fault) -> Void = { faults throws(Fault) in
      guard let fault = faults.foremost else { return }
      refused.faults.withLock { $0 = faults }
      throw fault
    }
    let judge: @Sendable (SignedContent) throws(Fault) -> FaultLog = { content throws(Fault) in
      do throws(ProtectionError) {
        return try TrustPolicy.judge(content, by: policy, at: time).faults
      } catch {
        throw Fault(DigestFault.available, .system, at: content.place, actual: error.text[.en])
      }
    }
    let threads = min(jobs, Processors.count)
    var fetching = Fetching(
      PackageHandling(
        verify: { path throws(Fault) in
          let scan = try PackageScan.scan(
            try FileByteSource(path: path, name: "package"), PackageScan.Options(jobs: threads))
          try refuse(scan.faults)
          if let content = scan.signedContent() { try refuse(try judge(content)) }
        },
        approve: { path throws(Fault) in
          let tree = try PackageTree(try FileByteSource(path: path, name: "package"))
          try refuse(try judge(try tree.signedContent()))
        },
        open: { path throws(Fault) in
          try PackageTree(try FileByteSource(path: path, name: "package"), key: recipient)
        }))
    fetching.jobs = jobs
    self.fetching = fetching
    self.refused = refused
  }

  /// Runs a transfer.
  ///
  /// - Parameters:
  ///   - source: where it comes from, for messages.
  ///   - body: transfers; logs what is wrong with segments and says whether the result is there.
  /// - Throws: `CommandFailure` where it is not.
  func run(
    from source: String, _ progress: ByteProgress, _ body: (inout FaultLog) throws(Fault) -> Bool
  ) throws(CommandFailure) {
    defer { progress.finish() }
    var faults = FaultLog()
    do throws(Fault) {
      guard try !body(&faults) else { return }
    } catch {
      let all = refused.faults.withLock { $0 }
      if all.isEmpty { throw CommandFailure(transfer: error, from: source) }
      throw PackageRefusal.failure(all, path: source)
    }
    throw PackageRefusal.failure(faults, path: source)
  }

  /// A folder of segments at hand.
  ///
  /// - Throws: `FileFault.readable` of kind `system` where there is none.
  static func segments(in path: String) throws(Fault) -> DirectoryTree {
    let location = try SampleLocation.resolve(path: path)
    guard location.isDirectory, SegmentFolder.isMeant(by: location.tree) else {
      throw Fault(FileFault.readable, .system, at: Place(path), actual: "\(SegmentName.manifest) ?")
    }
    return location.tree
  }
}
