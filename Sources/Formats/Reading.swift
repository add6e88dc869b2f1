public import Compression
public import Representation
public import Storage

/// What a reader made of a sample: the model, the files, the faults, and what of the model is known.
public struct Reading: Sendable {
  /// The format in which the sample was read; nil where none was recognised, or where nothing could be opened.
  public var format: Format?
  /// The version of the format that the sample states, such as `1.0`; nil where it states none.
  public var version: String?
  /// The model, as far as it could be read.
  public var model = Model()
  /// The files that belong to the sample, sorted by path.
  public var files: [SampleFile] = []
  /// What the reader found wrong.
  public var faults = FaultLog()
  /// The parts of the model that were read completely; about the others, silence proves nothing.
  public var known: Set<Aspect> = Set(Aspect.allCases)
  /// What the sample carries, for conditions of requirements.
  public var carries: Set<Container> = []
  /// The places in the model's file table of files in which tensors lie between other things, as in Protocol Buffers.
  ///
  /// Whoever writes such a file does not choose where tensors lie, so nothing is asked of alignment there.
  public var interleavedFiles: Set<Int> = []
  /// The places in the model's file table of safetensors files that the sample consists of: no two of its tensors may have
  /// the same bytes there. (A structure of another format may name a tensor of such a file twice; the file holds it once.)
  public var safetensorsFiles: Set<Int> = []

  /// The keys of requirements that could not be judged, though nothing speaks against them, for a fault that was logged.
  public var undecided: Set<String> = []

  /// Where what was read may mean something else than it says: the keys of requirements that are judged all the same; nil elsewhere.
  public var judgedNonetheless: Set<String>?

  /// What was made of the compression statement that the model names; nil where it names none, or where it could not be opened.
  public var statement: StatementReading?

  /// What was found out of the package that the sample is, or comes in.
  public var package: PackageFacts?
  /// The files inside of a package, in place of those that the sample was opened in.
  public var contents: (any FileTree)?

  /// A reading to be filled.
  public init(format: Format?) {
    self.format = format
  }
}

/// A file that belongs to a sample.
public struct SampleFile: Sendable, Hashable {
  /// The path relative to the sample.
  public var path: String
  /// The number of bytes.
  public var bytes: UInt64

  /// A file.
  public init(path: String, bytes: UInt64) {
    self.path = path
    self.bytes = bytes
  }
}

/// A container whose rules a sample has to keep: a Hugging Face directory carries safetensors, for example.
public enum Container: String, Sendable, Hashable, CaseIterable {
  case native, onnx, safetensors, huggingFace = "huggingface", gguf, mindIR = "mindir", paddle, pickle,
    package,
    segments
}
