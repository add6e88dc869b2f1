import Packaging
public import Storage

/// Tells the format of a sample by its content; a suffix never decides (command line contract).
public struct Recognition: Sendable, Hashable {
  /// The format.
  public let format: Format
  /// The file to start from; empty for a directory in a layout of its own.
  public let name: String

  /// Recognises a file of a tree, or the tree itself where `name` is empty.
  ///
  /// - Returns: nil where the content is of no supported format.
  /// - Throws: what the tree throws when it opens or lists files.
  public static func recognise(
    _ tree: any FileTree, name: String
  ) throws(Fault) -> Recognition? {
    if name.isEmpty { return try recogniseDirectory(tree) }
    return try recogniseFile(tree, name)
  }

  private static func recogniseFile(_ tree: any FileTree, _ name: String) throws(Fault) -> Recognition? {
    let source = try tree.open(name)
    guard let format = try FileSignature(source).format else { return nil }
    return Recognition(format: format, name: name)
  }

  /// A directory is a Hugging Face one where it holds what only those hold; else it stands for the one model file in it.
  private static func recogniseDirectory(_ tree: any FileTree) throws(Fault) -> Recognition? {
    if SegmentFolder.isMeant(by: tree) { return Recognition(format: .segments, name: "") }
    var ignored = FaultLog()  // The reader lists the tree again and keeps what is wrong with it.
    let top = try tree.names(&ignored).filter { !$0.utf8.contains(UInt8(ascii: "/")) }
    // One file of weights, perhaps with a text beside it, is that file; its configuration is not missing.
    let isLone =
      top.count { $0.hasSuffix(".safetensors") } == 1 && !top.contains(where: isHuggingFaceCompanion)
    // Asked for by name as well: a listing has an end, and what may not be opened is not in it.
    if !isLone,
      top.contains(where: isHuggingFaceWeight) || DirectoryFiles.weightNames.contains(where: tree.contains)
    {
      return Recognition(format: .huggingFace, name: "")
    }
    let hasConfiguration = ["config.json", "adapter_config.json"].contains(where: tree.contains)
    var models: [Recognition] = []
    var pickles: [Recognition] = []
    for name in top where !isText(name) {
      do throws(Fault) {
        guard let found = try recogniseFile(tree, name) else { continue }
        if found.format == .pickle { pickles.append(found) } else { models.append(found) }
      } catch  where error.kind != .system {
        continue
      }
    }
    // The shards of a GGUF model are one model, read from the first; so are the program and the parameters of Paddle.
    if let first = models.first, [.gguf, .paddle].contains(first.format),
      models.allSatisfy({ $0.format == first.format })
    {
      return first
    }
    // Weights too damaged to be recognised are for the reader of directories to report.
    if hasConfiguration || isLone && models.isEmpty { return Recognition(format: .huggingFace, name: "") }
    // A pickle beside a model is no model; alone it is what a user of the directory would execute.
    return models.isEmpty ? pickles.first : models.count == 1 ? models[0] : nil
  }

  private static func isHuggingFaceWeight(_ name: String) -> Bool {
    name.hasSuffix(".safetensors") || isCompanionWeight(name)
  }

  private static func isCompanionWeight(_ name: String) -> Bool {
    name.hasSuffix(".safetensors.index.json")
      || name == "pytorch_model.bin" || name == "pytorch_model.bin.index.json"
  }

  /// Whether a file beside weights shows that they belong to a directory in Hugging Face layout.
  ///
  /// A shard of several does so by its name, so that the ones that are missing are missed.
  private static func isHuggingFaceCompanion(_ name: String) -> Bool {
    companions.contains(name) || isCompanionWeight(name) || ShardName(name) != nil
  }

  private static let companions: Set<String> = [
    "config.json", "adapter_config.json", "model_index.json", "generation_config.json", "modules.json",
    "preprocessor_config.json", "processor_config.json", "tokenizer.json", "tokenizer_config.json",
    "tokenizer.model", "spiece.model", "vocab.json", "vocab.txt", "merges.txt",
  ]

  /// Names that models never have, spared a look so that a directory of texts costs nothing.
  private static func isText(_ name: String) -> Bool {
    [".md", ".txt", ".py", ".yaml", ".yml", ".gitattributes", ".gitignore"].contains { name.hasSuffix($0) }
  }
}
