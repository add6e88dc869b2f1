public import Packaging
public import Storage

/// What was found out of a package as such, for checks, conditions and reports.
public struct PackageFacts: Sendable {
  /// The name under which faults speak of the package.
  public internal(set) var name = ""
  /// What the package was verified with.
  public let verification: PackageVerification
  /// The units that were read whole, in their order.
  public internal(set) var units: [PackageUnit] = []
  /// What the start unit says; nil where it cannot be read.
  public internal(set) var start: StartPayload?
  /// The root over all units, as the end unit says it; nil where it cannot be read.
  public internal(set) var packageRoot: Digest?
  /// What the package grants.
  public internal(set) var rights: RightsPayload?
  /// What is right, but should be said (P8.2-005, -006, -013, -093, P8.3-003).
  public internal(set) var remarks = FaultLog()
  /// What the policy makes of signatures and rights; nil where the package cannot be judged by it.
  public internal(set) var judgement: TrustJudgement?
  /// Where the package came in segments: what the folder offers, if its manifest can be read.
  public internal(set) var manifest: Manifest?

  /// Whether there is a signature unit; nil where what could be read does not tell.
  public internal(set) var isSigned: Bool?
  /// Whether there is a unit of rights; nil where what could be read does not tell.
  public internal(set) var hasRights: Bool?

  init(_ verification: PackageVerification) { self.verification = verification }

  /// Whether the start unit names a suite; nil where it cannot be read.
  public var isEncrypted: Bool? { start.map { $0.suite != 0 } }
}
