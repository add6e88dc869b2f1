import Formats
import Packaging
import Profile
import Reports
import Storage

/// What commands find of a package, as their report has it.
extension PackageReport {
  /// Whether a finding says why the package was refused.
  var saysWhy: Bool { findings.contains { $0.finding.kind != .remark } }

  /// Takes what a reading from front to back found, but for its faults.
  mutating func take(_ scan: PackageScan) {
    bytes = scan.byteCount
    facts = scan.start.map(Facts.init)
    contentRoot = scan.contentRoot
    packageRoot = scan.packageRoot
    take(scan.units.lazy.filter { $0.type < .index }.map(\.entry))
    signatures = scan.signatures.map {
      Signature(
        place: Place("", offset: $0.unit.offset), algorithm: $0.signer?.algorithm.name,
        key: ($0.signer?.identifier).map(Hexadecimal.text(of:)), subject: nil, names: [], worth: nil)
    }
    rights = (scan.rights?.payload).map(Rights.init)
    take(scan.remarks, path: scan.name, as: .remark)
  }

  /// Takes what opening a package from its end told.
  mutating func take(_ tree: PackageTree, rights: RightsPayload?) {
    facts = Facts(tree.start)
    contentRoot = tree.contentRoot
    packageRoot = tree.packageRoot
    take(tree.entries)
    signatures = tree.signatures.map {
      Signature(
        place: Place("", offset: $0.unit.offset), algorithm: $0.signer?.algorithm.name,
        key: ($0.signer?.identifier).map(Hexadecimal.text(of:)), subject: nil, names: [], worth: nil)
    }
    self.rights = rights.map(Rights.init)
  }

  /// Takes what the index says of the units before it.
  mutating func take(_ entries: some Sequence<IndexEntry>) {
    units = entries.map { entry in
      Unit(
        type: entry.type.name, identifier: String(decoding: entry.identifier, as: UTF8.self),
        flags: entry.flags.names, offset: entry.offset, length: entry.length,
        chunks: HashTree.chunkCount(of: entry.length), digest: entry.digest)
    }
  }

  /// Takes what signatures are worth.
  mutating func take(_ judgement: TrustJudgement, by policy: TrustPolicy?, package: String) {
    signatures = judgement.signatures.map { signature in
      // The package is the sample; a signature that is kept apart is a file of its own.
      let file = signature.place.file == package ? "" : signature.place.file
      return Signature(
        place: Place(file, offset: signature.place.offset), algorithm: signature.key?.algorithm.name,
        key: (signature.key?.identifier).map(Hexadecimal.text(of:)), subject: signature.subject,
        names: signature.names, worth: signature.worth.name)
    }
    trust = policy.map { Trust(required: $0.required, counted: judgement.counted) }
  }

  /// Takes what was packed.
  mutating func take(_ packing: Packing, _ start: StartPayload) {
    facts = Facts(start)
    rights = packing.rights.map(Rights.init)
    signatures = []
    if let signer = packing.signer {
      let root = (bytes, packageRoot)
      take(signer, detached: nil)
      (bytes, packageRoot) = root
    }
  }

  /// Takes the signature that was made: in the package the one of that key, else a file.
  mutating func take(_ signer: PackageSigner, detached: String?) {
    let key = Hexadecimal.text(of: signer.key.publicKey.identifier)
    let made = Signature(
      place: Place(detached ?? ""), algorithm: signer.key.publicKey.algorithm.name, key: key, subject: nil,
      names: [], worth: nil)
    if detached == nil { signatures?.removeAll { $0.key == key } }
    signatures = (signatures ?? []) + [made]
    // What follows the index was written anew.
    guard detached == nil else { return }
    bytes = nil
    packageRoot = nil
  }

  /// Takes faults, each with the requirement that it breaks; what the system refuses is no finding.
  mutating func take(_ faults: FaultLog, path: String, as kind: Finding.Kind? = nil) {
    for entry in faults.entries where entry.kind != .system {
      guard let requirement = Catalogue.published.requirements.first(where: { $0.key == entry.code }) else {
        continue
      }
      findings.append(
        (requirement, Finding(kind ?? Finding.Kind(faultOf: entry), entry.occurrences)))
    }
  }

  /// The end of a command that faults keep from its goal.
  mutating func failure(_ faults: FaultLog, path: String) -> CommandFailure {
    take(faults, path: path)
    return PackageRefusal.failure(faults, path: path)
  }

  /// The end of a command by one fault.
  mutating func failure(_ fault: Fault, path: String) -> CommandFailure {
    var faults = FaultLog()
    faults.log(fault)
    return failure(faults, path: path)
  }
}

extension PackageReport.Facts {
  fileprivate init(_ start: StartPayload) {
    self.init()
    version = "\(StartPayload.majorVersion).\(start.minor)"
    profile = start.profile
    suite =
      switch start.protectionSuite {
      case .aes256GCM: "aes-256-gcm"
      case .sm4CTRHMACSM3: "sm4-ctr-hmac-sm3"
      default: "none"
      }
    recipients = start.recipients.map { Hexadecimal.text(of: $0.keyIdentifier) }
  }
}

extension PackageReport.Rights {
  fileprivate init(_ rights: RightsPayload) {
    self.init(
      issuer: rights.issuer,
      grants: rights.grants.map { grant in
        Grant(
          subject: grant.subject, actions: grant.actions.names,
          days: (CalendarDay(number: grant.from)?.description, CalendarDay(number: grant.until)?.description))
      }, terms: rights.terms)
  }
}

extension TrustJudgement.Worth {
  /// The name that reports use.
  fileprivate var name: String {
    switch self {
    case .counts: "counts"
    case .unknown: "unknown"
    case .invalid: "invalid"
    case .notListed: "not-listed"
    case .noPath: "no-path"
    case .notInForce: "not-in-force"
    case .algorithmNotAllowed: "algorithm-not-allowed"
    }
  }
}

extension UnitFlags {
  /// The flags that are set, by their names.
  var names: [String] {
    [(UnitFlags.critical, "critical"), (.encrypted, "encrypted"), (.compressed, "compressed")]
      .filter { contains($0.0) }.map(\.1)
  }
}

extension Finding.Kind {
  /// The policy's requirements are not met; everything else is damage, or not supported.
  fileprivate init(faultOf entry: FaultLog.Entry) {
    let ofThePolicy = PackageFault.ofThePolicy.contains { $0.rawValue == entry.code }
    switch entry.kind {
    case .malformed: self = ofThePolicy ? .violation : .malformed
    case .unsafe: self = .unsafe
    case .unsupported: self = .unsupported
    case .system: self = .system
    }
  }
}
