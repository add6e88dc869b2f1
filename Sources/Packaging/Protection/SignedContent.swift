public import Storage

/// What a package has of signatures and rights, for a policy to judge.
public struct SignedContent: Sendable {
  /// A signature of the package itself.
  public struct Signature: Sendable {
    /// Where its unit is.
    public var place: Place
    /// The key of the signer.
    public var key: PublicKey
    /// The signer's certificates, where the unit holds them.
    public var certificates: CertificateChain?
    /// Whether it verifies over the statement; whoever found that it does not has said so (P8.2-064, P8.2-065).
    public var isValid: Bool

    /// A signature.
    public init(place: Place, key: PublicKey, certificates: CertificateChain? = nil, isValid: Bool) {
      self.place = place
      self.key = key
      self.certificates = certificates
      self.isValid = isValid
    }
  }

  /// A signature that is kept apart from the package.
  public struct DetachedSignature: Sendable {
    /// Its file.
    public var place: Place
    /// What `openssl` writes.
    public var bytes: [UInt8]

    /// A detached signature.
    public init(place: Place, bytes: [UInt8]) {
      self.place = place
      self.bytes = bytes
    }
  }

  /// The package as such, where what is missing is found.
  public var place: Place
  /// The text that is signed (section 8.1).
  public var statement: [UInt8]
  /// The signatures in the package.
  public var signatures: [Signature]
  /// Signatures beside it.
  public var detached: [DetachedSignature]
  /// The rights that the package states.
  public var rights: RightsPayload?
  /// Where the unit of rights is.
  public var rightsPlace: Place

  /// What a package has of signatures and rights.
  public init(
    place: Place, statement: [UInt8], signatures: [Signature], detached: [DetachedSignature] = [],
    rights: RightsPayload? = nil, rightsPlace: Place? = nil
  ) {
    self.place = place
    self.statement = statement
    self.signatures = signatures
    self.detached = detached
    self.rights = rights
    self.rightsPlace = rightsPlace ?? place
  }
}
