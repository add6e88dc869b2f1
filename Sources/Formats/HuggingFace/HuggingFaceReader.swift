import Numerics
import Representation
public import Storage

/// Reads a directory in Hugging Face layout: a model, or an adapter of one.
public struct HuggingFaceReader: ModelReader {
  public static let formats: Set<Format> = [.huggingFace]

  public static func read(_ tree: any FileTree, name: String, limits: Limits) throws(Fault) -> Reading {
    var reading = Reading(format: .huggingFace)
    reading.carries = [.huggingFace]
    let files = try DirectoryFiles(tree, &reading.faults)
    reading.files = files.files
    var directory = HuggingFaceDirectory(tree: tree, files: files, limits: limits, reading: reading)
    directory.read()
    return directory.reading
  }
}

/// A directory while it is read.
private struct HuggingFaceDirectory {
  let tree: any FileTree
  let files: DirectoryFiles
  let limits: Limits
  var reading: Reading
  private var configuration: JSONValue?
  private var adapter: JSONValue?
  /// What the architecture tells of the modalities, for a card that does not.
  private var modalities: [String] = []

  private var isAdapter: Bool {
    !files.holds("config.json") && !files.isBlocked(["config.json"]) && files.holds("adapter_config.json")
  }

  init(tree: any FileTree, files: DirectoryFiles, limits: Limits, reading: Reading) {
    self.tree = tree
    self.files = files
    self.limits = limits
    self.reading = reading
  }

  mutating func read() {
    reading.model.assets = files.assets
    if files.hasBlockedAsset { reading.known.remove(.assets) }
    readConfiguration()
    if isAdapter { readAdapter() }
    readWeights()
    readCard()
    if reading.model.modalities.isEmpty { reading.model.modalities = modalities }
    tokenizer()
    for name in files.supportingJSON { SupportingFile.check(tree, name, limits: limits, &reading.faults) }
  }

  // MARK: Configuration

  private mutating func readConfiguration() {
    guard files.holds("config.json") else {
      if isAdapter { return }
      reading.known.remove(.architecture)
      // It is there; what keeps it from being opened is logged already.
      if files.isBlocked(["config.json", "adapter_config.json"]) { return withholdConfiguration() }
      reading.faults.log(
        HuggingFaceFault.configurationPresent, files.holds("model_index.json") ? .unsupported : .malformed,
        at: Place("config.json"), expected: "config.json",
        actual: files.holds("model_index.json") ? "model_index.json" : nil)
      return
    }
    let file = ConfigurationFile(tree, "config.json", limits: limits, &reading.faults)
    configuration = file.value
    guard let value = file.value else { return withholdConfiguration() }
    let read = ConfigurationReader(value, file: "config.json", &reading.faults)
    if !read.isComplete { reading.known.remove(.architecture) }
    // A configuration of another library, such as timm or diffusers, may say nothing that is known here.
    let isEmpty =
      read.architecture.kind == nil && read.architecture.family == nil
      && read.architecture.hyperParameters.isEmpty
    reading.model.architecture = isEmpty ? nil : read.architecture
    modalities = read.modalities
    if let version = value["transformers_version"]?.string {
      reading.model.producer = Producer(name: "transformers", version: version)
    } else if let version = value["_diffusers_version"]?.string {
      reading.model.producer = Producer(name: "diffusers", version: version)
    }
    if let quantization = value["quantization_config"], quantization.members != nil {
      property("quantization_config", quantization.compact)
    }
    remoteCode(value)
  }

  /// A configuration that could not be read would also tell the producer, and modalities that the card does not.
  private mutating func withholdConfiguration() {
    reading.known.subtract([.architecture, .description])
    guard isAdapter || files.isBlocked(["adapter_config.json"]) else { return }
    reading.undecided.formUnion(
      [HuggingFaceFault.adapterBaseNamed, .adapterBaseInSample].map(\.rawValue))
  }

  private mutating func remoteCode(_ configuration: JSONValue) {
    guard let map = configuration["auto_map"], let first = map.members?.first else { return }
    reading.faults.log(
      HuggingFaceFault.noRemoteCode, at: Place("config.json", offset: map.offset, path: "/auto_map"),
      expected: nil, actual: first.value.string ?? first.value.compact)
  }

  private mutating func property(_ key: String, _ value: String) {
    guard UInt64(value.utf8.count) <= limits.textBytes,
      !reading.model.properties.contains(where: { $0.key == key })
    else { return }
    reading.model.properties.append(Property(key: key, value: value))
  }

  // MARK: Adapter

  private mutating func readAdapter() {
    let file = ConfigurationFile(tree, "adapter_config.json", limits: limits, &reading.faults)
    reading.known.remove(.architecture)
    guard let value = file.value else { return withholdConfiguration() }
    adapter = value
    if let version = value["peft_version"]?.string {
      reading.model.producer = Producer(name: "peft", version: version)
    }
    if let type = value["peft_type"]?.string { property("peft_type", type) }
    let base = value["base_model_name_or_path"]
    guard let name = base?.string, !name.allSatisfy(\.isWhitespace) else {
      return reading.faults.log(
        HuggingFaceFault.adapterBaseNamed,
        at: Place("adapter_config.json", offset: base?.offset, path: "/base_model_name_or_path"),
        expected: "base_model_name_or_path", actual: base?.compact)
    }
    property("base_model", name)
    reading.faults.log(
      HuggingFaceFault.adapterBaseInSample, .unsupported,
      at: Place("adapter_config.json", offset: base?.offset, path: "/base_model_name_or_path"), expected: nil,
      actual: name)
  }

  // MARK: Weights

  private mutating func readWeights() {
    let layout = WeightLayout(files.top, isAdapter: isAdapter)
    let pickles = files.possiblePickles.filter { isPickle($0) }
    if layout.isEmpty {
      reading.known.remove(.parameters)
      return noWeights(pickles)
    }
    reading.carries.insert(.safetensors)
    besidePickles(pickles)
    if let index = layout.uselessIndex {
      reading.faults.log(
        HuggingFaceFault.oneWeightLayout, at: Place(index), expected: layout.files[0], actual: index)
    }
    if files.hasBlockedIndex { reading.undecided.insert(HuggingFaceFault.indexJSON.rawValue) }
    if layout.lacksIndex, !files.hasBlockedIndex {
      reading.faults.log(
        HuggingFaceFault.shardsIndexed, at: Place(layout.files[0]), expected: "*.safetensors.index.json",
        actual: "\(layout.files.count) × *.safetensors")
    }
    let weights = DirectoryWeights(tree, layout, limits: limits, &reading.faults)
    reading.model.files = weights.files
    reading.safetensorsFiles = Set(weights.files.indices)
    reading.model.parameters = weights.variables
    if !weights.isComplete { reading.known.remove(.parameters) }
    for file in layout.others where !weights.files.contains(where: { $0.path == file }) { headerOnly(file) }
    takeTexts(weights)
    if weights.isComplete { elementType(weights) }
  }

  private mutating func besidePickles(_ pickles: [String]) {
    for pickle in pickles {
      reading.faults.log(
        HuggingFaceFault.noPickleBeside, at: Place(pickle, offset: 0), expected: "safetensors", actual: pickle
      )
    }
  }

  /// Files that are not the weights are still safetensors files that a user may open.
  private mutating func headerOnly(_ file: String) {
    do throws(Fault) {
      _ = try SafetensorsHeader.read(tree.open(file), limits: limits, &reading.faults)
    } catch {
      reading.faults.log(error)
    }
  }

  private mutating func noWeights(_ pickles: [String]) {
    if files.hasBlockedWeights { return besidePickles(pickles) }
    for pickle in pickles {
      reading.faults.log(
        HuggingFaceFault.weightsNotOnlyPickle, .unsafe, at: Place(pickle, offset: 0), expected: "safetensors",
        actual: pickle)
    }
    guard pickles.isEmpty else { return }
    let others = files.otherWeights
    reading.faults.log(
      HuggingFaceFault.weightsPresent, others.isEmpty ? .malformed : .unsupported,
      at: Place(others.first ?? ""), expected: "model.safetensors",
      actual: others.isEmpty ? nil : others.prefix(4).joined(separator: ", "))
  }

  private mutating func isPickle(_ name: String) -> Bool {
    do throws(Fault) {
      return try FileSignature(tree.open(name)).format == .pickle
    } catch {
      reading.faults.log(error)
      return false
    }
  }

  private mutating func takeTexts(_ weights: DirectoryWeights) {
    for text in weights.texts where text.key != "format" { property(text.key, text.value) }
    // A quantized model's count speaks of what its packed tensors stand for, not of what is stored.
    guard configuration?["quantization_config"]?.members == nil else { return }
    reading.model.parameterCount = weights.metadata?["total_parameters"]?.number?.unsigned
  }

  private mutating func elementType(_ weights: DirectoryWeights) {
    guard let configuration, configuration["quantization_config"]?.members == nil,
      let value = configuration["dtype"] ?? configuration["torch_dtype"], let stated = value.string,
      let check = StatedElementType(stated), let stored = check.contradiction(in: weights.variables)
    else { return }
    let key = configuration["dtype"] == nil ? "torch_dtype" : "dtype"
    reading.faults.log(
      HuggingFaceFault.elementTypeAgrees, at: Place("config.json", offset: value.offset, path: "/" + key),
      expected: stored.rawValue, actual: stated)
  }

  // MARK: Card and tokenizer

  private mutating func readCard() {
    guard let name = files.card else {
      if files.hasBlockedCard { reading.known.remove(.description) }
      return
    }
    do throws(Fault) {
      let card = try ModelCard(tree, name, &reading.faults)
      reading.model.documentation = card.documentation
      reading.model.name = card.modelName
      reading.model.licence = card.licence(hasText: files.hasAsset("licence"), &reading.faults)
      reading.model.modalities = card.task.flatMap { PipelineTask.modalities($0) } ?? []
      if reading.model.producer == nil { reading.model.producer = card.library.map { Producer(name: $0) } }
      for field in card.properties { property(field.key, field.value) }
      if !card.isReadable { reading.known.remove(.description) }
    } catch {
      reading.known.remove(.description)
      reading.faults.log(error)
    }
  }

  private mutating func tokenizer() {
    guard reading.model.modalities.contains("text"), reading.model.architecture?["vocabulary-size"] != nil,
      !files.hasAsset("tokenizer")
    else { return }
    reading.faults.log(
      HuggingFaceFault.tokenizerPresent, at: Place(""), expected: "tokenizer.json", actual: nil)
  }
}
