public import Compression
import Packaging
import Representation
public import Storage

/// The reference encoder of whole models: any sample that can be read, by a recipe, into the native form (profile clause 7.1).
///
/// What comes out is a folder with the structure, a file of elements, the compression statement, and the files that the model names. It
/// appears whole or not at all, and is the same for any number of jobs. Memory is that of a few tensors.
public struct ModelCompressor: Sendable {
  /// What is done.
  public var recipe: CompressionRecipe
  /// The tool, as the statement names it.
  public var tool: CompressionStatement.Tool
  /// How many tensors are worked on at once.
  public var jobs = 1
  /// The weights that deltas and references build on.
  public var base: BaseModel?

  /// The names of what is written into the folder.
  static let structureName = "model.pmr"
  static let elementsName = "model.parameters.bin"
  static let statementName = "model.compression.json"

  /// How many bytes of elements are worked on at once, unless one tensor alone has more.
  static let budget = 1 << 29

  /// A model that deltas and references build on.
  public struct BaseModel: Sendable {
    /// Its tensors.
    let tensors: ModelTensors
    /// What decodes them.
    let decoder: TensorDecoder
    /// Its content digest.
    let digest: DeclaredDigest

    /// A model; reads all of it, for its content digest.
    ///
    /// - Throws: what is wrong with a tensor of it.
    public init(_ reading: Reading, in tree: any FileTree) throws(Fault) {
      tensors = ModelTensors(reading, in: tree)
      decoder = TensorDecoder(tensors)
      digest = DeclaredDigest(algorithm: "sha256", value: try decoder.contentDigest())
    }
  }

  /// An encoder.
  public init(_ recipe: CompressionRecipe, tool: CompressionStatement.Tool) {
    self.recipe = recipe
    self.tool = tool
  }

  /// Compresses a model into a folder, which must not exist.
  ///
  /// - Parameters:
  ///   - reading: what was read; its model may have been supplemented with metadata.
  ///   - tree: the files that it was read from.
  ///   - progress: is told of bytes of elements that were compressed.
  /// - Throws: why nothing was written.
  public func compress(
    _ reading: Reading, in tree: any FileTree, to folder: String, progress: (Int) -> Void
  ) throws(ConversionFailure) -> CompressionOutcome {
    let missing = Set(Aspect.allCases).subtracting(reading.known)
    guard missing.isEmpty else { throw .incomplete(aspects: missing.map(\.rawValue).sorted()) }
    guard reading.model.compressionStatement == nil else { throw .compressedAlready }
    let aside = try attempt { () throws(Fault) in try AsideFolder(folder) }
    do throws(ConversionFailure) {
      let outcome = try write(reading.model, tree, into: aside, progress)
      try attempt { () throws(Fault) in try aside.commit() }
      return outcome
    } catch {
      aside.discard()
      throw error
    }
  }

  private func write(
    _ source: Model, _ tree: any FileTree, into folder: AsideFolder, _ progress: (Int) -> Void
  ) throws(ConversionFailure) -> CompressionOutcome {
    var model = source
    if model.parameterCount == nil { model.parameterCount = model.countableParameters }
    if model.profile == nil { model.profile = NativeForm.profile }
    let places = model.compressiblePlaces
    let encoder = try self.encoder(for: source, tree, places)
    let file = try attempt { () throws(Fault) in
      try CompressedFile(folder.path + "/" + Self.elementsName, index: model.files.count)
    }
    model.files.append(ParameterFile(path: Self.elementsName, size: 0))
    var record = CompressionRecord(recipe, tool)
    try ConcurrentMap.inOrder(
      places, jobs: jobs, budget: Self.budget, cost: { source.byteCount(at: $0) ?? 0 }
    ) { place in
      encoder.encode(source[place])
    } _: { place, result throws(ConversionFailure) in
      do throws(Fault) {
        guard let encoded = try result.get() else { return }
        var tensor = source[place].tensor
        tensor.compressionChain = record.add(encoded, named: source[place].name)
        switch encoded.result {
        case .plain(let elements):
          tensor.content = try file.content(elements.bytes)
          if !encoded.steps.isEmpty { tensor.digest = nil }
        case .chain(let chain):
          tensor.content = try file.content(chain)
          tensor.digest = nil
        }
        model[place].tensor = tensor
        progress(encoded.byteCount)
      } catch {
        throw .compression(error.inVariable(source[place].name))
      }
    }
    model.files[file.index].size = file.byteCount
    try attempt { () throws(Fault) in try file.commit() }
    model.compressionStatement = Self.statementName
    let statement = try attempt { () throws(Fault) in try record.statement(named: source.name) }
    let text = Array(statement.text.utf8)
    try attempt { () throws(Fault) in try AtomicFile.write(text, to: folder.path + "/" + Self.statementName) }
    try FileGathering(tree, into: folder).gather(&model, besides: Self.elementsName)
    let structure: [UInt8]
    do throws(NativeWriter.Failure) {
      structure = try NativeWriter.bytes(model)
    } catch {
      throw .form(error)
    }
    if let (code, path) = NativeReader.brokenLimit(in: structure, limits: Limits()) {
      throw .unreadable(code: code.rawValue, path: path)
    }
    try attempt { () throws(Fault) in
      try AtomicFile.write(structure, to: folder.path + "/" + Self.structureName)
    }
    return record.outcome
  }

  /// The encoder, with the one step of the model where the recipe asks for an error.
  private func encoder(
    for model: Model, _ tree: any FileTree, _ places: [CompressiblePlace]
  ) throws(ConversionFailure) -> ModelEncoder {
    var encoder = ModelEncoder(recipe, model, tree, base)
    if let (settings, error) = recipe.wantedError {
      let search = StepSearch(model, encoder, places, jobs: jobs)
      encoder.step = try attempt { () throws(Fault) in try search.step(for: settings, error: error) }
    }
    return encoder
  }

  private func attempt<Value>(_ step: () throws(Fault) -> Value) throws(ConversionFailure) -> Value {
    do throws(Fault) {
      return try step()
    } catch {
      throw .file(error)
    }
  }
}

extension Fault {
  /// The fault with a path that begins with the name of a variable.
  fileprivate func inVariable(_ name: String) -> Fault {
    var fault = self
    let path = occurrence.place.path ?? ""
    if occurrence.place.file.isEmpty, !path.hasPrefix(name) { fault.occurrence.place.path = name + path }
    return fault
  }
}
