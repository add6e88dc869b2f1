/// What a verifier asks of the signatures of a package (profile clause 8.2, section 8.3).
public struct TrustPolicy: Sendable, Hashable {
  /// Somebody whose signatures count.
  public struct Signer: Sendable, Hashable {
    /// What the verifier calls the signer; compared with the issuer of rights.
    public var name: String
    /// A key whose signatures count.
    public var key: PublicKey?
    /// An authority: keys whose certificates lead to it count.
    public var authority: CertificateChain?
    /// Whether the signer may be the issuer of rights.
    public var mayIssueRights: Bool

    /// A signer, with a key, an authority or both.
    public init(
      name: String, key: PublicKey? = nil, authority: CertificateChain? = nil, mayIssueRights: Bool = false
    ) {
      self.name = name
      self.key = key
      self.authority = authority
      self.mayIssueRights = mayIssueRights
    }
  }

  /// How many different keys have to count; 0 where unsigned will do.
  public var required: Int
  /// The algorithms that are allowed.
  public var algorithms: Set<SignatureAlgorithm>
  /// Whose signatures count.
  public var signers: [Signer]

  /// A policy; one signature by any algorithm is required unless told otherwise.
  public init(
    required: Int = 1, algorithms: Set<SignatureAlgorithm> = Set(SignatureAlgorithm.allCases),
    signers: [Signer]
  ) {
    self.required = required
    self.algorithms = algorithms
    self.signers = signers
  }
}

extension TrustPolicy {
  /// What holds where a signature is asked for whatever a policy says (`--require-signature`): with nobody listed no signature counts,
  /// so that whoever asks for one has to say whose.
  public static func requiringSignature(_ policy: TrustPolicy?) -> TrustPolicy {
    var policy = policy ?? TrustPolicy(signers: [])
    policy.required = max(1, policy.required)
    return policy
  }
}
