public import Compression
public import Storage

/// The weights of a sample as they are used: each one a tensor of its own, however its files hold it (profile clause 7.3, vendor formats).
///
/// A weight that the files hold in several tensors, such as packed levels, scales and zero points, is one weight here. Elements are
/// read and decoded when they are asked for, one weight at a time; nothing of them is kept.
public protocol WeightSource: Sendable {
  /// The weights, in the order of the files, each under another name.
  var weights: [Weight] { get }

  /// What is wrong with weights that are left out, each fault with the name of its weight as its path.
  var skipped: FaultLog { get }

  /// The elements of one of the weights, decoded: of `weight.type`.
  ///
  /// May be called from several threads at once.
  /// - Throws: what is wrong with this weight, with its name as the path, and what the files throw.
  func elements(of weight: Weight) throws(Fault) -> Elements
}

/// A weight of a sample: its name, its type once it is decoded, and how it is stored.
public struct Weight: Sendable, Hashable {
  /// The name that a model without compression gives it, such as `encoder.layer.0.output.dense.weight`.
  public var name: String
  /// The type after decoding.
  public var type: ElementsType
  /// How the files hold it.
  public var storage: Storage
  /// Its place among what the source holds; only the source that made it reads it.
  let index: Int

  init(name: String, type: ElementsType, storage: Storage, index: Int) {
    self.name = name
    self.type = type
    self.storage = storage
    self.index = index
  }

  /// How files hold a weight, for reports.
  public struct Storage: Sendable, Hashable {
    /// The form, in a word: `plain`, `chain`, `gptq`, `awq`, `bitsandbytes-nf4`, `compressed-tensors-pack-quantized`, `ggml-q4_k`.
    public var form: String
    /// Its stages in terms of clause 7, in the order of an encoder; empty for plain elements.
    public var stages: [StageDescription]
    /// The variables that hold it, with their names in the files.
    public var variables: [String]
    /// The bytes of all of them.
    public var byteCount: UInt64

    /// How files hold a weight.
    public init(form: String, stages: [StageDescription] = [], variables: [String], byteCount: UInt64) {
      self.form = form
      self.stages = stages
      self.variables = variables
      self.byteCount = byteCount
    }
  }
}
