import Storage

extension TrustPolicy {
  /// Judges signatures and rights.
  ///
  /// Why a signature does not count is a fault only where too few others do: a further one, of a stranger, harms nobody.
  /// One cause has one fault: too few signatures that count are a fault of their own (P8.2-069) only where even with those that have a
  /// fault already too few would count, and unsigned rights (P8.2-081) only where no signature was required.
  ///
  /// - Parameter policy: nil where the verifier has none: signatures are then of unknown worth, and only rights are judged.
  /// - Throws: where libcrypto refuses; nothing is known of the package then.
  public static func judge(
    _ content: SignedContent, by policy: TrustPolicy?, at time: JudgingTime
  ) throws(ProtectionError) -> TrustJudgement {
    var judging = Judging(content: content, policy: policy, time: time)
    for signature in content.signatures { try judging.judge(signature) }
    for signature in content.detached { try judging.judge(signature) }
    judging.judgeNumber()
    judging.judgeRights()
    return judging.judgement
  }
}

/// A judgement in the making.
private struct Judging {
  let content: SignedContent
  let policy: TrustPolicy?
  let time: JudgingTime
  var judgement = TrustJudgement()
  /// The keys of signatures that have a fault of their own, one each where the key is not known.
  private var keysAtFault: Set<PublicKey> = []
  private var unknownAtFault = 0
  /// Why signatures do not count, which matters only where too few do.
  private var reasons = FaultLog()
  /// Who may have issued rights: whose signature counts, or has a fault of its own.
  private var signers: [TrustPolicy.Signer] = []
  /// Whose signature does not count for a reason that is a fault only where too few count.
  private var withReasons: [TrustPolicy.Signer] = []

  init(content: SignedContent, policy: TrustPolicy?, time: JudgingTime) {
    self.content = content
    self.policy = policy
    self.time = time
  }

  mutating func judge(_ signature: SignedContent.Signature) throws(ProtectionError) {
    let subject = try signature.certificates?.subject
    let (found, worth) = try worth(of: signature)
    record(signature.place, signature.key, subject, found, worth)
  }

  /// A detached signature brings no key, so that those of the policy are tried.
  mutating func judge(_ signature: SignedContent.DetachedSignature) throws(ProtectionError) {
    for key in (policy?.signers ?? []).compactMap(\.key) {
      guard try key.verifies(detached: signature.bytes, over: content.statement) else { continue }
      let (found, worth) = try worth(
        of: SignedContent.Signature(place: signature.place, key: key, isValid: true))
      record(signature.place, key, nil, found, worth)
      return
    }
    judgement.faults.log(PackageFault.detachedSignatureValid, at: signature.place)
    unknownAtFault += 1
    judgement.signatures.append(
      TrustJudgement.Signature(place: signature.place, key: nil, subject: nil, names: [], worth: .invalid))
  }

  private func worth(
    of signature: SignedContent.Signature
  ) throws(ProtectionError) -> ([TrustPolicy.Signer], TrustJudgement.Worth) {
    guard let policy else { return ([], signature.isValid ? .unknown : .invalid) }
    let listed = policy.signers.filter { $0.key == signature.key }
    guard signature.isValid else { return (listed, .invalid) }
    guard policy.algorithms.contains(signature.key.algorithm) else {
      return (try listed + vouched(for: signature).trusted, .algorithmNotAllowed)
    }
    let paths = try vouched(for: signature)
    if !listed.isEmpty || !paths.trusted.isEmpty { return (listed + paths.trusted, .counts) }
    // That a path was found tells more than that another was not.
    if let which = paths.reasonOfLapse { return (paths.lapsed, .notInForce(which)) }
    return ([], paths.missing.map { .noPath($0) } ?? .notListed)
  }

  /// The signers of the policy to whose authorities the certificates of a signature lead.
  private struct Paths {
    var trusted: [TrustPolicy.Signer] = []
    /// Signers to whose authorities they would lead on another day.
    var lapsed: [TrustPolicy.Signer] = []
    var reasonOfLapse: String?
    /// What is known of an authority that they do not lead to.
    var missing: String?
  }

  private func vouched(for signature: SignedContent.Signature) throws(ProtectionError) -> Paths {
    var paths = Paths()
    guard let certificates = signature.certificates else { return paths }
    for signer in policy?.signers ?? [] where signer.key != signature.key {
      guard let authority = signer.authority else { continue }
      switch try certificates.leads(to: [authority], at: time) {
      case .trusted: paths.trusted.append(signer)
      case .notInForce(let which):
        paths.lapsed.append(signer)
        paths.reasonOfLapse = paths.reasonOfLapse ?? which
      case .noPath(let path): paths.missing = paths.missing ?? path
      }
    }
    return paths
  }

  private mutating func record(
    _ place: Place, _ key: PublicKey, _ subject: String?, _ found: [TrustPolicy.Signer],
    _ worth: TrustJudgement.Worth
  ) {
    judgement.signatures.append(
      TrustJudgement.Signature(
        place: place, key: key, subject: subject, names: worth == .invalid ? [] : found.map(\.name),
        worth: worth))
    switch worth {
    case .counts: return signers += found
    case .unknown, .notListed: return
    // What does not verify has a fault of its own, which stands alone.
    case .invalid: signers += found
    case .noPath(let path): reasons.log(PackageFault.certificateChain, at: place, actual: path)
    case .notInForce(let which):
      reasons.log(
        PackageFault.certificateInForce, at: place, expected: time.day.description, actual: which)
    case .algorithmNotAllowed:
      let allowed = SignatureAlgorithm.allCases.filter { policy?.algorithms.contains($0) ?? true }
      reasons.log(
        PackageFault.signatureAlgorithmAllowed, at: place,
        expected: allowed.map(\.name).joined(separator: ", "), actual: key.algorithm.name)
    }
    if worth != .invalid { withReasons += found }
    keysAtFault.insert(key)
  }

  mutating func judgeNumber() {
    guard let required = policy?.required, required > 0 else { return }
    guard !judgement.signatures.isEmpty else {
      judgement.faults.log(PackageFault.signaturePresent, at: content.place, expected: "\(required)")
      return
    }
    let counting = Set(judgement.signatures.filter { $0.worth == .counts }.compactMap(\.key))
    guard counting.count < required else { return }
    judgement.faults.append(reasons)
    signers += withReasons
    guard counting.union(keysAtFault).count + unknownAtFault < required else { return }
    judgement.faults.log(
      PackageFault.signatureTrusted, at: content.place, expected: "\(required)", actual: "\(counting.count)")
  }

  mutating func judgeRights() {
    guard let rights = content.rights else { return }
    if judgement.signatures.isEmpty {
      if policy.map({ $0.required == 0 }) ?? true {
        judgement.faults.log(PackageFault.rightsSigned, at: content.rightsPlace)
      }
    } else if let policy, policy.signers.contains(where: \.mayIssueRights) {
      let mayIssue = signers.contains {
        $0.mayIssueRights && ExactString($0.name) == ExactString(rights.issuer)
      }
      if !mayIssue {
        judgement.faults.log(
          PackageFault.rightsIssuerTrusted, at: content.rightsPlace, actual: rights.issuer)
      }
    }
    if !rights.grants.contains(where: { $0.isInForce(on: time.day.number) }) {
      judgement.faults.log(
        PackageFault.rightsInForce, at: content.rightsPlace, actual: time.day.description)
    }
  }
}
