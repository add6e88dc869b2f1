/// A pre-trained model: its structure, and where its parameters lie (profile clause 6.1, Model).
///
/// A field that the source does not hold is nil or empty, never a default: what is missing must stay visible.
public struct Model: Sendable, Hashable {
  /// The profile version that the model was written for, such as `2026.1`.
  public var profile: String?
  /// The model's name.
  public var name: String?
  /// The model's version.
  public var version: String?
  /// A globally unique identifier: a URI, or a reverse-DNS name.
  public var identifier: String?
  /// The framework that produced the model.
  public var producer: Producer?
  /// What the model is and what it is for, as text.
  public var documentation: String?
  /// The licence as an SPDX licence expression.
  public var licence: String?
  /// Who made the model.
  public var contributors: [Contributor] = []
  /// The architecture and its hyper-parameters.
  public var architecture: Architecture?
  /// The kinds of data that the model takes and gives.
  public var modalities: [String] = []
  /// How the model was pre-trained.
  public var preTraining: PreTraining?
  /// The number of parameters that the model declares.
  public var parameterCount: UInt64?
  /// The tokenizer, the preprocessing configuration and whatever else a user of the model needs.
  public var assets: [Asset] = []
  /// The sets of operators that the graphs use.
  public var operatorSets: [OperatorSet] = []
  /// The computational graphs; the first one is the main graph.
  public var graphs: [Graph] = []
  /// Named sub-graphs that operator nodes call, or that are repeated.
  public var blocks: [Block] = []
  /// The variables of the model's top level, which its graphs refer to by name.
  public var parameters: [Variable] = []
  /// How tensors are cut over devices or files.
  public var partitions: [Partition] = []
  /// The file with the compression statement, where the model is compressed (clause 7).
  public var compressionStatement: String?
  /// Free pairs of key and value.
  public var properties: [Property] = []
  /// Extensions of a vendor.
  public var extensions: [Extension] = []
  /// The files that byte ranges refer to.
  public var files: [ParameterFile] = []

  /// A model of which nothing is known.
  public init() {}
}

/// The framework that produced a model.
public struct Producer: Sendable, Hashable {
  /// The framework's name.
  public var name: String
  /// The framework's version.
  public var version: String?

  /// A framework.
  public init(name: String, version: String? = nil) {
    self.name = name
    self.version = version
  }
}

/// Somebody who had a part in making a model (profile clause 6.1, Contributor).
public struct Contributor: Sendable, Hashable {
  /// The name of the person or body.
  public var name: String?
  /// The organisation that the person belongs to.
  public var organisation: String?
  /// An e-mail address.
  public var email: String?
  /// The part: one of the roles that the profile lists.
  public var role: String?

  /// A contributor.
  public init(name: String? = nil, organisation: String? = nil, email: String? = nil, role: String? = nil) {
    self.name = name
    self.organisation = organisation
    self.email = email
    self.role = role
  }
}

/// How a model was pre-trained (profile clause 6.1, Pre-training; term 3.1 of the standard).
public struct PreTraining: Sendable, Hashable {
  /// `self-supervised`, `unsupervised` or another paradigm.
  public var paradigm: String?
  /// The objective, such as `masked-language-modelling`.
  public var objective: String?
  /// The amount of training data, in `dataUnit`.
  public var dataVolume: UInt64?
  /// The unit of `dataVolume`: `tokens`, `samples`, `images`, `hours`, `bytes`.
  public var dataUnit: String?
  /// The arithmetic of training, as the name of an element type or `mixed`.
  public var precision: String?

  /// A statement of which nothing is known.
  public init() {}
}

/// A file that belongs to a model besides its structure and parameters (profile clause 6.1, Asset).
public struct Asset: Sendable, Hashable {
  /// What the file is for: `tokenizer`, `preprocessing`, `configuration`, `generation`, `model-card`, `licence`, `evaluation`, `other`.
  public var kind: String
  /// The file, relative to the model.
  public var path: String
  /// The number of bytes that the model declares for the file.
  public var size: UInt64?
  /// The digest that the model declares for the file.
  public var digest: DeclaredDigest?

  /// An asset.
  public init(kind: String, path: String, size: UInt64? = nil, digest: DeclaredDigest? = nil) {
    self.kind = kind
    self.path = path
    self.size = size
    self.digest = digest
  }
}

/// A digest as a model declares it: nothing says yet that it is right, or even well formed.
public struct DeclaredDigest: Sendable, Hashable {
  /// The algorithm's name: `sha256`, `sha512` or `sm3`.
  public var algorithm: String
  /// The digest in hexadecimal.
  public var value: String

  /// A declared digest.
  public init(algorithm: String, value: String) {
    self.algorithm = algorithm
    self.value = value
  }
}

/// A free pair of key and value.
public struct Property: Sendable, Hashable {
  /// The key.
  public var key: String
  /// The value.
  public var value: String

  /// A property.
  public init(key: String, value: String) {
    self.key = key
    self.value = value
  }
}

/// What a vendor adds to the representation (architecture decision 11).
public struct Extension: Sendable, Hashable {
  /// The name in reverse-DNS form, such as `com.example.layout`.
  public var name: String
  /// Whether a reader that does not know the extension must refuse the model.
  public var critical: Bool
  /// The content, which only the vendor understands.
  public var content: [UInt8]

  /// An extension.
  public init(name: String, critical: Bool, content: [UInt8]) {
    self.name = name
    self.critical = critical
    self.content = content
  }
}

/// A file that holds parameters, as an entry of the file table.
public struct ParameterFile: Sendable, Hashable {
  /// The path relative to the sample.
  public var path: String
  /// The number of bytes that the structure declares, or that the file has where nothing is declared.
  public var size: UInt64
  /// The digest that the structure declares.
  public var digest: DeclaredDigest?
  /// The bytes of the file that tensors shall cover without a gap; nil where the format asks for no such thing.
  public var payload: Range<UInt64>?

  /// An entry of the file table.
  public init(path: String, size: UInt64, digest: DeclaredDigest? = nil, payload: Range<UInt64>? = nil) {
    self.path = path
    self.size = size
    self.digest = digest
    self.payload = payload
  }
}
