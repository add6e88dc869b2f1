import Representation
import Storage

/// The files of a directory in Hugging Face layout, told apart by the names that its libraries give them.
struct DirectoryFiles {
  /// All files that belong to the sample, with their sizes.
  private(set) var files: [SampleFile] = []
  /// The files in the directory itself.
  private(set) var top: [String] = []
  /// Names in the directory itself under which there is something that could not be opened, which was logged.
  private var blocked: [String] = []

  /// Folders of tools that a copy of a directory may hold and that belong to no model.
  private static let foreign = [".git/", ".cache/", "__pycache__/"]

  init(_ tree: any FileTree, _ faults: inout FaultLog) throws(Fault) {
    for name in try tree.names(&faults) where !Self.foreign.contains(where: { name.hasPrefix($0) }) {
      do throws(Fault) {
        files.append(SampleFile(path: name, bytes: try tree.open(name).size))
        if !name.utf8.contains(UInt8(ascii: "/")) { top.append(name) }
      } catch {
        faults.log(error)
      }
    }
    for name in Self.wellKnown.sorted() where !top.contains(name) && tree.contains(name) {
      takeUnlisted(name, of: tree, &faults)
    }
    blocked = faults.refusedFiles.filter { !$0.utf8.contains(UInt8(ascii: "/")) }
  }

  /// Takes a file that the listing left out because it came to its limit; says so where it is a directory, on which the
  /// listing has no opinion.
  private mutating func takeUnlisted(_ name: String, of tree: any FileTree, _ faults: inout FaultLog) {
    do throws(Fault) {
      let size = try tree.open(name).size
      files.append(SampleFile(path: name, bytes: size))
      top.append(name)
    } catch {
      faults.log(error)
    }
  }

  /// Whether something of one of these names is there that could not be opened, so that it cannot be called missing.
  func isBlocked(_ names: Set<String>) -> Bool { blocked.contains { names.contains($0) } }

  /// Whether weights are there that could not be opened.
  var hasBlockedWeights: Bool { hasBlockedIndex || blocked.contains { $0.hasSuffix(".safetensors") } }

  /// Whether an index of weights is there that could not be opened.
  var hasBlockedIndex: Bool { blocked.contains { $0.hasSuffix(".safetensors.index.json") } }

  /// The model card in the directory; nil where there is none.
  var card: String? { top.first(where: Self.isCard) }

  /// Whether a model card is there that could not be opened.
  var hasBlockedCard: Bool { blocked.contains(where: Self.isCard) }

  /// Whether an asset is there that could not be opened, so that the assets are not known completely.
  var hasBlockedAsset: Bool { blocked.contains { Self.assetKind(of: $0) != nil } }

  /// Whether an asset of that kind is there, be it one that could not be opened.
  func hasAsset(_ kind: String) -> Bool {
    files.contains { Self.assetKind(of: $0.path) == kind }
      || blocked.contains { Self.assetKind(of: $0) == kind }
  }

  /// Whether the directory itself holds a file of that name.
  func holds(_ name: String) -> Bool { top.contains(name) }

  /// The files that a user of the model needs besides its configuration and weights.
  var assets: [Asset] {
    files.compactMap { file in
      Self.assetKind(of: file.path).map { Asset(kind: $0, path: file.path, size: file.bytes) }
    }
  }

  /// JSON files beside the configuration whose syntax matters to whoever loads the model.
  var supportingJSON: [String] { top.filter { Self.supporting.contains($0) } }

  /// Files by whose name their format is known to be none that is read here, and that may hold weights.
  var otherWeights: [String] {
    files.map(\.path).filter { path in Self.otherWeightSuffixes.contains { path.hasSuffix($0) } }
  }

  /// Files that may be pickles by their name; only a look at their content tells.
  var possiblePickles: [String] {
    top.filter { name in Self.pickleSuffixes.contains { name.hasSuffix($0) } }
  }

  /// Under which names the libraries look for weights.
  static let weightNames = ["model", "diffusion_pytorch_model", "adapter_model"].flatMap {
    ["\($0).safetensors", "\($0).safetensors.index.json"]
  }
  private static let wellKnown = supporting.union(configurationNames).union(weightNames).union(["README.md"])

  private static let otherWeightSuffixes = [
    ".onnx", ".gguf", ".h5", ".msgpack", ".ot", ".tflite", ".keras", ".mlmodel", ".npz", ".pdparams",
  ]
  private static let pickleSuffixes = [".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle"]

  private static func isCard(_ name: String) -> Bool { name.lowercased() == "readme.md" }

  private static let tokenizerNames: Set<String> = [
    "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json",
    "vocab.txt", "merges.txt", "tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "spm.model",
    "normalizer.json", "tekken.json", "bpe.codes", "dict.txt", "chat_template.jinja", "chat_template.json",
  ]
  private static let preprocessingNames: Set<String> = [
    "preprocessor_config.json", "processor_config.json", "video_preprocessor_config.json",
    "image_processor_config.json", "feature_extractor_config.json",
  ]
  private static let configurationNames: Set<String> = [
    "config.json", "adapter_config.json", "modules.json", "sentence_bert_config.json",
    "config_sentence_transformers.json", "data_config.json", "model_index.json",
  ]
  private static let evaluationNames: Set<String> = [
    "eval_results.json", "all_results.json", "test_results.json", "predict_results.json",
  ]
  private static let supporting: Set<String> = [
    "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json",
    "generation_config.json", "preprocessor_config.json", "processor_config.json", "chat_template.json",
    "video_preprocessor_config.json", "modules.json", "config_sentence_transformers.json",
    "sentence_bert_config.json", "tekken.json", "normalizer.json", "image_processor_config.json",
    "feature_extractor_config.json",
  ]

  /// The kind of asset that a file is; nil for weights, and for what no user of the model needs.
  private static func assetKind(of path: String) -> String? {
    let start = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path.utf8.index(after: $0) }
    let name = String(path[(start ?? path.startIndex)...])
    if start != nil {
      // Modules of sentence-transformers keep their configuration in folders of their own.
      if name == "config.json" { return "configuration" }
      return path.hasPrefix("additional_chat_templates/") ? "tokenizer" : nil
    }
    if tokenizerNames.contains(name) || [".tiktoken", ".spm"].contains(where: { name.hasSuffix($0) }) {
      return "tokenizer"
    }
    if preprocessingNames.contains(name) { return "preprocessing" }
    if configurationNames.contains(name) { return "configuration" }
    if name == "generation_config.json" { return "generation" }
    if evaluationNames.contains(name) { return "evaluation" }
    let lower = name.lowercased()
    if lower == "readme.md" || lower == "model_card.md" { return "model-card" }
    if ["license", "licence", "copying", "notice"].contains(where: { lower.hasPrefix($0) }) {
      return "licence"
    }
    return name.hasSuffix(".py") ? "other" : nil
  }
}
