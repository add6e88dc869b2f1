/// The verdict on one requirement (ISO/IEC 9646, with warnings and waivers).
public enum Verdict: String, Sendable, Hashable, CaseIterable {
  case pass, fail, warn, inconclusive
  case notApplicable = "not_applicable"
  case error, waived
}

/// The verdict on a sample or on a run: the worst of its results, ERROR > FAIL > INCONC > PASS.
public enum OverallVerdict: String, Sendable, Hashable, CaseIterable, Comparable {
  case pass, inconclusive, fail, error

  public static func < (left: OverallVerdict, right: OverallVerdict) -> Bool { left.rank < right.rank }
  private var rank: Int {
    switch self {
    case .pass: 0
    case .inconclusive: 1
    case .fail: 2
    case .error: 3
    }
  }

  /// The worst of these verdicts; warnings, waivers and what does not apply do not lower it.
  public init(worstOf verdicts: some Sequence<Verdict>) {
    var worst = OverallVerdict.pass
    for verdict in verdicts {
      switch verdict {
      case .error: worst = max(worst, .error)
      case .fail: worst = max(worst, .fail)
      case .inconclusive: worst = max(worst, .inconclusive)
      case .pass, .warn, .notApplicable, .waived: break
      }
    }
    self = worst
  }
}

/// The result of judging a sample by one requirement.
public struct RequirementResult: Sendable, Hashable {
  /// The requirement, with the overlay applied.
  public let requirement: Requirement
  /// The verdict.
  public let verdict: Verdict
  /// Why it does not apply, or could not be judged.
  public let reason: Text?
  /// What was found.
  public let findings: [Finding]

  /// A result.
  public init(_ requirement: Requirement, _ verdict: Verdict, reason: Text? = nil, findings: [Finding] = []) {
    self.requirement = requirement
    self.verdict = verdict
    self.reason = reason
    self.findings = findings
  }
}

/// What is reported of one sample.
public struct SampleReport: Sendable {
  /// A file of the sample.
  public struct File: Sendable, Hashable {
    /// The path relative to the sample.
    public let path: String
    /// The number of bytes.
    public let bytes: UInt64
    /// The SHA-256 digest in hexadecimal, where the run computed it.
    public let sha256: String?

    /// A file.
    public init(path: String, bytes: UInt64, sha256: String? = nil) {
      self.path = path
      self.bytes = bytes
      self.sha256 = sha256
    }
  }

  /// The path as the user gave it.
  public let path: String
  /// The format's name; nil where none was recognised.
  public let format: String?
  /// The number of bytes of all files.
  public let bytes: UInt64
  /// The files, sorted by path.
  public let files: [File]
  /// The number of parameters of the model, where it is known.
  public let parameters: UInt64?
  /// The results, one for each requirement of the catalogue, sorted by id.
  public let results: [RequirementResult]
  /// What a comparison with an original measured; nil where there was none.
  public let comparison: ComparisonFigures?

  /// The worst of the results.
  public var verdict: OverallVerdict { OverallVerdict(worstOf: results.lazy.map(\.verdict)) }

  /// A report.
  public init(
    path: String, format: String?, bytes: UInt64, files: [File], parameters: UInt64? = nil,
    results: [RequirementResult], comparison: ComparisonFigures? = nil
  ) {
    self.path = path
    self.parameters = parameters
    self.format = format
    self.bytes = bytes
    self.files = files
    self.results = results
    self.comparison = comparison
  }

  /// How many results have that verdict.
  public func count(_ verdict: Verdict) -> Int {
    results.count { $0.verdict == verdict }
  }
}

/// What is reported of a run.
public struct RunReport: Sendable {
  /// The tool's name and version.
  public let tool: (name: String, version: String)
  /// The catalogue that was in force.
  public let catalogue: Catalogue
  /// The date that was taken for today, where it mattered.
  public let at: String?
  /// The samples, in the order in which the user gave them.
  public let samples: [SampleReport]

  /// The worst of the samples' verdicts.
  public var verdict: OverallVerdict { samples.map(\.verdict).max() ?? .pass }

  /// A report.
  public init(
    tool: (name: String, version: String), catalogue: Catalogue, at: String?, samples: [SampleReport]
  ) {
    self.tool = tool
    self.catalogue = catalogue
    self.at = at
    self.samples = samples
  }
}
