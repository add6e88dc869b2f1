import Compression
import Glibc
public import Representation
public import Storage

/// Writes any model that was read in native form; its parameters stay in the files in which they are.
public struct Conversion: Sendable {
  /// What is written.
  public enum Target: String, Sendable, Hashable, CaseIterable {
    /// The native form, binary (`.pmr`).
    case native
    /// The native form as JSON (`.pmr.json`).
    case nativeJSON = "native-json"

    /// The form that the suffix of a path asks for.
    public init?(suffixOf path: String) {
      if path.hasSuffix(".pmr") {
        self = .native
      } else if path.hasSuffix(".pmr.json") {
        self = .nativeJSON
      } else {
        return nil
      }
    }
  }

  /// What becomes of parameter files and assets that do not lie below the folder of the output.
  public enum Placement: Sendable, Hashable {
    /// Nothing: the conversion fails.
    case inPlace
    /// They are copied into a folder beside the output.
    case copied
    /// They are hard-linked into a folder beside the output, on the same file system.
    case hardLinked
  }

  /// What was written.
  public struct Outcome: Sendable, Hashable {
    /// The model as it was written, with the paths relative to the folder of the output.
    public var model: Model
    /// The number of bytes of the structure.
    public var structureBytes: UInt64
    /// The name of the file with values that the source format encodes; nil where none was needed.
    public var valuesFile: String?
  }

  /// What is written.
  public var target: Target
  /// What becomes of files that do not lie below the folder of the output.
  public var placement = Placement.inPlace
  /// Whether digests of parameter files and assets are computed where none are declared.
  public var computesDigests = false
  /// What an input may cost.
  public var limits = Limits()

  /// The longest decoded content that is put into the structure itself; longer ones go into a file beside it, in bytes.
  public static let inlineLimit: UInt64 = 64 << 10

  /// A conversion.
  public init(_ target: Target) {
    self.target = target
  }

  /// Converts a model.
  ///
  /// - Parameters:
  ///   - reading: what was read; its model may have been supplemented with metadata.
  ///   - tree: the files that it was read from.
  ///   - output: the path of the structure; it appears whole or not at all, and last.
  /// - Throws: why nothing was written.
  public func convert(
    _ reading: Reading, in tree: any FileTree, to output: String
  ) throws(ConversionFailure) -> Outcome {
    var unknown = Set(Aspect.allCases).subtracting(reading.known)
    if reading.model.withholdsContent { unknown.insert(.parameters) }
    guard unknown.isEmpty else { throw .incomplete(aspects: unknown.map(\.rawValue).sorted()) }
    let name = output.split(separator: "/").last.map(String.init) ?? output
    let stem = Self.stem(of: name)
    let relocation = try Relocation(tree, to: output, stem: stem, placement)
    var model = reading.model
    let values = try materialise(&model, in: tree)
    if reading.format != .native && reading.format != .nativeJSON { Self.dropUnusedFiles(&model) }
    if model.profile == nil { model.profile = NativeForm.profile }
    if model.parameterCount == nil { model.parameterCount = model.countableParameters }
    try computeDigests(&model, in: tree)
    let inputs = try relocate(&model, by: relocation, besides: name)
    var outcome = Outcome(model: model, structureBytes: 0, valuesFile: nil)
    if let values {
      let file = stem + ".values.safetensors"
      let path = relocation.folder + "/" + file
      try values.file.write(to: path) { index throws(Fault) in try tree.open(reading.model.files[index].path)
      }
      try addValues(values, named: file, at: path, to: &outcome.model)
      outcome.valuesFile = file
    }
    let bytes = try structure(outcome.model)
    for input in inputs { try relocation.place(input, in: tree) }
    do throws(Fault) {
      try AtomicFile.write(bytes, to: output)
    } catch {
      throw .file(error)
    }
    outcome.structureBytes = UInt64(bytes.count)
    return outcome
  }

  /// The bytes of the structure, which were read again to see that they can be.
  private func structure(_ model: Model) throws(ConversionFailure) -> [UInt8] {
    let binary: [UInt8]
    let json: [UInt8]?
    do throws(NativeWriter.Failure) {
      binary = try NativeWriter.bytes(model)
      json = target == .nativeJSON ? try NativeWriter.json(model) : nil
    } catch {
      throw .form(error)
    }
    if let (code, path) = NativeReader.brokenLimit(in: binary, limits: limits) {
      throw .unreadable(code: code.rawValue, path: path)
    }
    return json ?? binary
  }

  /// Makes every path of the model relative to the output's folder.
  ///
  /// - Returns: the files of the input, under their names in its tree.
  private func relocate(
    _ model: inout Model, by relocation: Relocation, besides output: String
  ) throws(ConversionFailure) -> [String] {
    var inputs: [String] = []
    func moved(_ name: String) throws(ConversionFailure) -> String {
      let path = try relocation.path(of: name)
      if path == output { throw .outputIsInput(name) }
      inputs.append(name)
      return path
    }
    for index in model.files.indices { model.files[index].path = try moved(model.files[index].path) }
    for index in model.assets.indices { model.assets[index].path = try moved(model.assets[index].path) }
    if let statement = model.compressionStatement { model.compressionStatement = try moved(statement) }
    return inputs
  }

  /// Computes the digests that are not declared, and the sizes of assets.
  private func computeDigests(_ model: inout Model, in tree: any FileTree) throws(ConversionFailure) {
    do throws(Fault) {
      for index in model.assets.indices {
        let source = try tree.open(model.assets[index].path)
        if model.assets[index].size == nil { model.assets[index].size = source.size }
        if computesDigests, model.assets[index].digest == nil {
          model.assets[index].digest = try Self.digest(of: source)
        }
      }
      guard computesDigests else { return }
      for index in model.files.indices where model.files[index].digest == nil {
        model.files[index].digest = try Self.digest(of: try tree.open(model.files[index].path))
      }
    } catch {
      throw .file(error)
    }
  }

  static func digest(of source: any ByteSource) throws(Fault) -> DeclaredDigest {
    let digest = try Digest.of(source, .sha256)
    return DeclaredDigest(algorithm: digest.algorithm.rawValue, value: digest.hex)
  }

  /// The name of an output without `.pmr`, `.pmr.json` or any other last suffix.
  private static func stem(of name: String) -> String {
    for suffix in [".pmr.json", ".pmr"] where name.hasSuffix(suffix) && name.utf8.count > suffix.utf8.count {
      return String(name.dropLast(suffix.count))
    }
    return name
  }

  /// Leaves out entries of the file table that no tensor uses, such as an ONNX file that holds no elements itself.
  static func dropUnusedFiles(_ model: inout Model) {
    var used: Set<Int> = []
    model.changeTensors { tensor, _ in
      if case .stored(let range) = tensor.content { used.insert(range.file) }
    }
    let kept = model.files.indices.filter { used.contains($0) }
    guard kept.count < model.files.count else { return }
    let places = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1, $0) })
    model.files = kept.map { model.files[$0] }
    model.changeTensors { tensor, _ in
      guard case .stored(var range) = tensor.content, let place = places[range.file] else { return }
      range.file = place
      tensor.content = .stored(range)
    }
  }
}

extension Model {
  /// Whether the elements of some tensor are there and could not be found.
  fileprivate var withholdsContent: Bool {
    var found = false
    forEachTensor { tensor, _ in found = found || tensor.isWithheld }
    return found
  }
}

extension Tensor {
  fileprivate var isWithheld: Bool {
    switch content {
    case .withheld: true
    case .sparse(let values, let indices): values.isWithheld || indices.isWithheld
    case .compressed(let content): content.parts.contains { $0.tensor.isWithheld }
    case .stored, .encoded, .inline, .strings, .absent: false
    }
  }
}
