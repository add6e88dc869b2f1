import Packaging
import Storage

/// Reads packages and folders of segments (profile clauses 8.2 and 8.3): the container is verified as a whole, and what is inside is read where
/// it lies, as if it lay in a directory.
///
/// A package with a fault is not looked into: what it holds may not be what was packed, and the fault is what has to be mended.
enum PackageReader {
  /// Reads a package.
  static func read(
    _ source: any ByteSource, _ verification: PackageVerification, _ limits: Limits
  ) throws(Fault) -> Reading {
    var reading = Reading(format: .package)
    reading.carries = [.package]
    reading.files = [SampleFile(path: source.name, bytes: source.size)]
    let scan = try scan(source, verification, &reading.faults)
    var facts = PackageFacts(verification)
    facts.name = scan.name
    facts.units = scan.units
    facts.start = scan.start
    facts.packageRoot = scan.packageRoot
    facts.rights = scan.rights?.payload
    facts.isSigned = scan.holds(.signature)
    facts.hasRights = scan.holds(.rights)
    facts.remarks = scan.remarks
    facts.judgement = try judgement(of: scan, reading.faults, verification)
    reading.leaveUndecided(scan, isJudged: facts.judgement != nil)
    let isSound = reading.faults.isEmpty && scan.isComplete
    if let unsigned = facts.judgement?.faults.entries.first(where: {
      $0.code == PackageFault.rightsSigned.rawValue
    }
    ) {
      reading.faults.log(PackageFault.rightsSigned, at: unsigned.occurrences.first.place)
    }
    reading.package = facts
    guard isSound, let tree = try opened(source, scan, verification, &reading.faults) else {
      reading.known = []
      // Nobody asked for the content, and so for the key to it.
      reading.undecided.insert(PackageFault.recipientFound.rawValue)
      return reading
    }
    var inside = Reading(format: nil)
    do throws(Fault) {
      inside = try SampleReader.read(inside: tree, limits: limits)
    } catch {
      guard error.kind != .system else { throw error }
      inside.faults.log(error)
    }
    // Nothing of a whole package is damaged: what is said of it here was said by the reader of what is inside.
    inside.faults.append(reading.faults)
    if inside.format == nil { inside.known = [] }
    inside.format = .package
    inside.carries.insert(.package)
    inside.undecided.formUnion(reading.undecided)
    inside.package = facts
    inside.contents = tree
    return inside
  }

  /// Reads a folder of segments.
  static func readSegments(
    _ tree: any FileTree, _ verification: PackageVerification, _ limits: Limits
  ) throws(Fault) -> Reading {
    var faults = FaultLog()
    let package = try SegmentFolder.check(tree, &faults)
    // A later minor version is read all the same, and only said.
    let remarks = faults.take(TransmissionFault.manifestMinorVersionKnown)
    var reading: Reading
    if let package {
      reading = try read(package, verification, limits)
    } else {
      reading = Reading(format: .segments)
      reading.known = []
      reading.package = PackageFacts(verification)
      reading.undecided.formUnion(PackageFault.allCases.map(\.rawValue))
    }
    if reading.contents == nil { reading.files = [] }
    var open = TransmissionFault.leftOpen(by: faults)
    if reading.package?.packageRoot == nil { open.insert(.manifestPackageRoot) }
    reading.undecided.formUnion(open.map(\.rawValue))
    reading.format = .segments
    reading.carries.formUnion([.package, .segments])
    reading.package?.manifest = package?.manifest
    reading.package?.remarks.append(remarks)
    faults.append(reading.faults)
    reading.faults = faults
    return reading
  }

  /// Reads a package from front to back, and decrypts what is encrypted where there is a key for it.
  private static func scan(
    _ source: any ByteSource, _ verification: PackageVerification, _ faults: inout FaultLog
  ) throws(Fault) -> PackageScan {
    var options = PackageScan.Options(jobs: verification.jobs)
    options.skipsContent = !verification.readsContent
    if let key = verification.key, verification.readsContent {
      options.receiver = ContentReading(file: source.name, key: key)
    }
    let scan = try PackageScan.scan(source, options)
    faults = scan.faults
    return scan
  }

  /// What the policy makes of the package; nil where the package has other faults than those of a signature.
  private static func judgement(
    of scan: PackageScan, _ faults: FaultLog, _ verification: PackageVerification
  ) throws(Fault) -> TrustJudgement? {
    let ofSignatures = [PackageFault.signatureValid.rawValue, PackageFault.signatureEncoding.rawValue]
    guard scan.isComplete, let content = scan.signedContent(detached: verification.detached),
      let time = verification.time, faults.entries.allSatisfy({ ofSignatures.contains($0.code) })
    else { return nil }
    do throws(ProtectionError) {
      return try TrustPolicy.judge(content, by: verification.policy, at: time)
    } catch {
      guard case .refused(let operation, let reason) = error else { return nil }
      throw Fault(
        DigestFault.available, .system, at: Place(scan.name), expected: operation, actual: reason)
    }
  }

  /// The files inside; nil where they cannot be read without a key.
  private static func opened(
    _ source: any ByteSource, _ scan: PackageScan, _ verification: PackageVerification,
    _ faults: inout FaultLog
  ) throws(Fault) -> PackageTree? {
    // Units ascend by type, so that the first that is encrypted is one of the model where any of these is.
    if verification.key == nil, let unit = scan.units.first(where: { $0.flags.contains(.encrypted) }) {
      faults.log(
        PackageFault.recipientFound, .unsupported, at: Place(scan.name, offset: unit.offset),
        actual: unit.name)
      guard unit.type > .parameters else { return nil }
    }
    do throws(Fault) {
      return try PackageTree(source, key: verification.key)
    } catch {
      guard error.kind != .system else { throw error }
      faults.log(error)
      return nil
    }
  }
}

extension Reading {
  /// Notes what a fault leaves open.
  fileprivate mutating func leaveUndecided(_ scan: PackageScan, isJudged: Bool) {
    if faults.entries.contains(where: { $0.code == PackageFault.majorVersionSupported.rawValue }) {
      undecided.formUnion(PackageFault.allCases.map(\.rawValue))
    }
    undecided.formUnion(scan.open.map(\.rawValue))
    if !isJudged {
      undecided.formUnion(PackageFault.ofThePolicy.map(\.rawValue))
      undecided.insert(PackageFault.rightsSigned.rawValue)
    }
  }
}
