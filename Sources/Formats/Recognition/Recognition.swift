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
    _ tree: any FileTree, name: String, limits: Limits = Limits()
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
    var ignored = FaultLog()  // The reader lists the tree again and keeps what is wrong with it.
    let top = try tree.names(&ignored).filter { !$0.utf8.contains(UInt8(ascii: "/")) }
    if top.contains(where: isHuggingFaceWeight) {
      return Recognition(format: .huggingFace, name: "")
    }
    let hasConfiguration = top.contains("config.json") || top.contains("adapter_config.json")
    var models: [Recognition] = []
    for name in top where !isText(name) {
      do throws(Fault) {
        guard let found = try recogniseFile(tree, name), found.format != .pickle else { continue }
        models.append(found)
      } catch  where error.kind != .system {
        continue
      }
    }
    // The shards of a GGUF model are one model, read from the first.
    if let first = models.first, models.allSatisfy({ $0.format == .gguf }) { return first }
    if hasConfiguration { return Recognition(format: .huggingFace, name: "") }
    return models.count == 1 ? models[0] : nil
  }

  private static func isHuggingFaceWeight(_ name: String) -> Bool {
    name.hasSuffix(".safetensors") || name.hasSuffix(".safetensors.index.json")
      || name == "pytorch_model.bin" || name == "pytorch_model.bin.index.json"
  }

  /// Names that models never have, spared a look so that a directory of texts costs nothing.
  private static func isText(_ name: String) -> Bool {
    [".md", ".txt", ".py", ".yaml", ".yml", ".gitattributes", ".gitignore"].contains { name.hasSuffix($0) }
  }
}
