public import Profile
public import Storage

/// What a command of clause 8.2 did with a package, or found in it (`--json`).
public struct PackageReport: Sendable {
  /// How it ended.
  public enum Verdict: String, Sendable {
    /// Done, and nothing is wrong.
    case pass
    /// Refused because something does not verify.
    case fail
    /// Refused because something is not supported.
    case inconclusive
    /// Neither: the system or the tool failed, or the input is no package.
    case error
  }

  /// A unit before the index.
  public struct Unit: Sendable {
    /// `start`, `rights`, `structure`, `statement`, `parameters` or `asset`; the number of an unknown type.
    public var type: String
    /// The name of the file, or what else the unit is called; empty for start and rights.
    public var identifier: String
    /// `critical`, `encrypted`, `compressed`.
    public var flags: [String]
    /// Where the header lies, in bytes.
    public var offset: UInt64
    /// The length of the payload as stored, in bytes.
    public var length: UInt64
    /// How many chunks that are.
    public var chunks: UInt64
    /// The unit digest.
    public var digest: Digest

    /// A unit.
    public init(
      type: String, identifier: String, flags: [String], offset: UInt64, length: UInt64, chunks: UInt64,
      digest: Digest
    ) {
      self.type = type
      self.identifier = identifier
      self.flags = flags
      self.offset = offset
      self.length = length
      self.chunks = chunks
      self.digest = digest
    }
  }

  /// What the start unit says, and the roots.
  public struct Facts: Sendable {
    /// Major and minor version.
    public var version = ""
    /// The profile version.
    public var profile = ""
    /// `none`, `aes-256-gcm`, `sm4-ctr-hmac-sm3`, or a number.
    public var suite = ""
    /// Key identifiers of those who can decrypt, in hexadecimal digits.
    public var recipients: [String] = []

    /// Nothing yet.
    public init() {}
  }

  /// A signature, in the package or kept apart.
  public struct Signature: Sendable {
    /// Where it lies; without a file for one in the package.
    public var place: Place
    /// `ed25519`, `ecdsa-p256` or `sm2-sm3`; nil where no key verifies it.
    public var algorithm: String?
    /// The key identifier, in hexadecimal digits.
    public var key: String?
    /// Whose certificate came with it.
    public var subject: String?
    /// What the policy calls its signer.
    public var names: [String]
    /// `counts`, `unknown`, `invalid`, `not-listed`, `no-path`, `not-in-force` or `algorithm-not-allowed`; nil where nobody judged it.
    public var worth: String?

    /// A signature.
    public init(
      place: Place, algorithm: String?, key: String?, subject: String?, names: [String], worth: String?
    ) {
      self.place = place
      self.algorithm = algorithm
      self.key = key
      self.subject = subject
      self.names = names
      self.worth = worth
    }
  }

  /// What the verifier's policy asks of signatures, and how many different keys count.
  public struct Trust: Sendable {
    /// So many are required.
    public var required: Int
    /// So many count.
    public var counted: Int

    /// The outcome.
    public init(required: Int, counted: Int) {
      self.required = required
      self.counted = counted
    }
  }

  /// What somebody grants.
  public struct Rights: Sendable {
    /// What one subject may do.
    public struct Grant: Sendable {
      /// `*`, `key:…` or a name.
      public var subject: String
      /// `run`, `copy`, `modify`, `distribute`, `commercial`.
      public var actions: [String]
      /// The first and the last day, `YYYY-MM-DD`; nil without a bound.
      public var days: (from: String?, until: String?)

      /// A grant.
      public init(subject: String, actions: [String], days: (from: String?, until: String?)) {
        self.subject = subject
        self.actions = actions
        self.days = days
      }
    }

    /// Who grants it.
    public var issuer: String
    /// The grants.
    public var grants: [Grant]
    /// A licence expression, URL or text.
    public var terms: String

    /// Rights.
    public init(issuer: String, grants: [Grant], terms: String) {
      self.issuer = issuer
      self.grants = grants
      self.terms = terms
    }
  }

  /// The command.
  public let command: String
  /// The package as the user named it.
  public let path: String
  /// How it ended; nil where nothing was judged (`inspect`).
  public var verdict: Verdict?
  /// Why, where there is nothing but that to say.
  public var reason: Text?
  /// The length of the package, where it is known.
  public var bytes: UInt64?
  /// What the start unit says.
  public var facts: Facts?
  /// The root over the units before the index.
  public var contentRoot: Digest?
  /// The root over all units before the end.
  public var packageRoot: Digest?
  /// The units before the index, as far as they were read.
  public var units: [Unit]?
  /// The signatures; nil where nothing is known of them.
  public var signatures: [Signature]?
  /// The outcome of the policy, where there is one.
  public var trust: Trust?
  /// The rights that it states.
  public var rights: Rights?
  /// What was written, and what it holds: the folder of `unpack`.
  public var output: (path: String, files: Int, bytes: UInt64)?
  /// What is wrong, and what should be known, each with its requirement.
  public var findings: [(requirement: Requirement, finding: Finding)] = []

  /// A report that says nothing yet.
  public init(command: String, path: String) {
    self.command = command
    self.path = path
  }
}
