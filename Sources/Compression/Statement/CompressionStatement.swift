public import Representation
public import Storage

/// What was done to a model, in the words of those who did it: the compression statement (profile clause 7.1, section 2).
///
/// It says what is claimed; nothing of it has been compared with a model yet. A text stands as it was read, empty ones too.
public struct CompressionStatement: Sendable, Hashable {
  /// The value of `format`.
  public static let formatName = "GB42382-PCS"
  /// The major version that is read.
  public static let supportedMajor: Int64 = 1
  /// The latest minor version that is known.
  public static let knownMinor: Int64 = 0

  /// The minor version of the form.
  public var minor: Int64 = 0
  /// The profile version that the statement was written for.
  public var profile: String?
  /// The model before the first step.
  public var original: Identity
  /// What was done, in order.
  public var steps: [Step]
  /// The kinds of chains that tensors refer to by name.
  public var chains: [Chain] = []
  /// What became smaller or fewer (7.2, section 2).
  public var reductions: [Reduction] = []
  /// How activations and caches are quantized (7.3, section 7).
  public var quantities: [Quantity] = []
  /// The variables that adaptation added (7.4, section 5).
  public var additions: [Addition] = []
  /// What is claimed of the whole model (7.1, section 7).
  public var claims: Claims?
  /// The loss of fidelity that the vendor stands for (7.1, section 7).
  public var limits: [FidelityLimit] = []
  /// What a vendor adds, by names in reverse-DNS form; it changes nothing.
  public var extensions: [JSONValue.Member] = []

  /// A statement of steps.
  public init(original: Identity = Identity(), steps: [Step]) {
    self.original = original
    self.steps = steps
  }

  /// The first step of a name.
  public func step(named name: String) -> Step? {
    steps.first { ExactString($0.name) == ExactString(name) }
  }
}

extension CompressionStatement {
  /// A model, by name and by what it holds.
  public struct Identity: Sendable, Hashable {
    /// The model's name.
    public var name: String?
    /// Its content digest in lower-case hexadecimal digits (7.1, section 5).
    public var content: String?

    /// A model.
    public init(name: String? = nil, content: String? = nil) {
      self.name = name
      self.content = content
    }
  }

  /// Something that was done to a model.
  public struct Step: Sendable, Hashable {
    /// A name that others refer to.
    public var name: String
    /// The method: one that the profile lists, or a vendor's.
    public var method: Method
    /// What did it; nil where the statement does not say.
    public var tool: Tool?
    /// The variables that it was done to; nil for all.
    public var targets: Targets?
    /// The settings of the method.
    public var settings = Settings()
    /// What the step learned from.
    public var data: [DataSource] = []
    /// The content digest of the model before.
    public var input: String?
    /// The content digest of the model after.
    public var output: String?
    /// What was measured.
    public var metrics: [Metric] = []

    /// A step.
    public init(name: String, method: Method, tool: Tool?, targets: Targets? = nil) {
      self.name = name
      self.method = method
      self.tool = tool
      self.targets = targets
    }
  }

  /// A tool.
  public struct Tool: Sendable, Hashable {
    /// Its name.
    public var name: String
    /// Its version.
    public var version: String?

    /// A tool.
    public init(name: String, version: String? = nil) {
      self.name = name
      self.version = version
    }
  }

  /// What a step learned from.
  public struct DataSource: Sendable, Hashable {
    /// What the data was for.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
      case calibration, generated, training, distillation, evaluation
    }

    /// What the data was for.
    public var kind: Kind
    /// The digest of the data as a file.
    public var digest: DeclaredDigest?
    /// The number of samples.
    public var samples: Int64?
    /// What it is.
    public var description: String?

    /// Data.
    public init(
      _ kind: Kind, digest: DeclaredDigest? = nil, samples: Int64? = nil, description: String? = nil
    ) {
      self.kind = kind
      self.digest = digest
      self.samples = samples
      self.description = description
    }
  }

  /// What was measured before and after a step.
  public struct Metric: Sendable, Hashable {
    /// Which values are better.
    public enum Better: String, Sendable, Hashable, CaseIterable {
      case higher, lower
    }

    /// What was measured.
    public var name: String
    /// On what.
    public var task: String?
    /// The data.
    public var data: DeclaredDigest?
    /// The value before the step.
    public var before: Double
    /// The value after it.
    public var after: Double
    /// Which values are better.
    public var better: Better
    /// How much worse it may become, by the vendor's own word.
    public var limit: Double?

    /// How much worse the value became; negative where it became better.
    public var loss: Double { better == .higher ? before - after : after - before }
  }

  /// A kind of chain.
  public struct Chain: Sendable, Hashable {
    /// The name that tensors refer to.
    public var name: String
    /// The names of the stages, in order.
    public var stages: [String]
    /// The steps that made it.
    public var steps: [String] = []

    /// A chain.
    public init(name: String, stages: [String], steps: [String] = []) {
      self.name = name
      self.stages = stages
      self.steps = steps
    }
  }

  /// What is claimed of the whole model.
  public struct Claims: Sendable, Hashable {
    /// Bytes of all parameters after decoding for each byte stored.
    public var ratio: Double?
    /// Stored bits for each element of the tensors that have a chain.
    public var bitsPerWeight: Double?
    /// The share of zeros in what is stored sparsely or was pruned.
    public var sparsity: Double?

    /// Claims.
    public init(ratio: Double? = nil, bitsPerWeight: Double? = nil, sparsity: Double? = nil) {
      self.ratio = ratio
      self.bitsPerWeight = bitsPerWeight
      self.sparsity = sparsity
    }
  }
}
