public import Storage

/// What a policy makes of the signatures and rights of a package: the faults, and the facts for a report.
public struct TrustJudgement: Sendable {
  /// What a signature is worth.
  public enum Worth: Sendable, Hashable {
    /// It counts.
    case counts
    /// There is no policy to tell.
    case unknown
    /// It does not verify.
    case invalid
    /// The policy lists neither its key nor an authority that could vouch for it.
    case notListed
    /// Its certificates lead to no authority of the policy (P8.2-066).
    case noPath(String)
    /// Its certificates are not in force (P8.2-067).
    case notInForce(String)
    /// The policy does not allow its algorithm (P8.2-070).
    case algorithmNotAllowed
  }

  /// A signature with what it is worth.
  public struct Signature: Sendable {
    /// Where its unit, or its file, is.
    public let place: Place
    /// The key that it verifies by; nil for a detached one that verifies by no listed key.
    public let key: PublicKey?
    /// Whose certificate came with it, as RFC 4514 writes names.
    public let subject: String?
    /// What the policy calls its signer: nobody, or more names than one.
    public let names: [String]
    /// What it is worth.
    public let worth: Worth
  }

  /// P8.2-066 to P8.2-071 and P8.2-081 to P8.2-083, as far as they are broken.
  public internal(set) var faults = FaultLog()
  /// The signatures, those in the package first.
  public internal(set) var signatures: [Signature] = []
  /// How many different keys count.
  public var counted: Int { Set(signatures.filter { $0.worth == .counts }.compactMap(\.key)).count }
}
