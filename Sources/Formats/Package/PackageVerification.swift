import Glibc
public import Packaging

/// What a package is verified with besides what it holds: the verifier's policy, key and day (profile clause 8.2, sections 8.3 and 10).
public struct PackageVerification: Sendable {
  /// Whose signatures count; nil where the verifier has no policy.
  public var trust: TrustPolicy?
  /// Whether a signature is asked for whatever the policy says (`--require-signature`).
  public var requiresSignature = false
  /// The private key of a recipient.
  public var key: RecipientKey?
  /// Whether the bytes of the files are verified, too; else what lies around them is judged alone.
  public var readsContent = true
  /// Signatures that are kept apart from the package.
  public var detached: [SignedContent.DetachedSignature] = []
  /// The day on which rights and certificates have to be in force; nil: today.
  public var day: CalendarDay?
  /// How many chunks are verified at once; nothing that comes out depends on it.
  public var jobs = 1

  /// No policy and no key.
  public init() {}

  /// The policy in force.
  public var policy: TrustPolicy? {
    requiresSignature ? TrustPolicy.requiringSignature(trust) : trust
  }

  /// The moment of judging; the clock is read where no day was named.
  var time: JudgingTime? {
    day.map(JudgingTime.init(startOf:)) ?? JudgingTime(secondsSince1970: Glibc.time(nil))
  }
}
