public import Compression
public import Storage

/// Finds the weights of what was read, however its format holds them.
public enum WeightReading {
  /// The weights of what was read.
  ///
  /// - Parameter base: what the model that deltas and adapters build on was read as, and its files.
  public static func weights(
    of reading: Reading, in tree: any FileTree, base: (reading: Reading, tree: any FileTree)? = nil
  ) -> any WeightSource {
    if reading.format == .huggingFace {
      guard let base, tree.contains("adapter_config.json") else {
        return HuggingFaceWeights(reading.model, in: tree, limits: Limits())
      }
      return PEFTWeights(
        reading.model, in: tree, limits: Limits(), base: weights(of: base.reading, in: base.tree))
    }
    let bases = base.map { [ModelTensors($0.reading, in: $0.tree)] } ?? []
    return ModelWeights(reading, in: tree, bases: bases)
  }

  /// The adapters of what was read, by the weight of the base that each of them changes; nil where it is no directory of PEFT.
  ///
  /// - Parameter base: what the base was read as, and its files.
  public static func adapters(
    of reading: Reading, in tree: any FileTree, base: (reading: Reading, tree: any FileTree)
  ) -> SuppliedAdapters? {
    guard reading.format == .huggingFace, tree.contains(PEFTSettings.file) else { return nil }
    let source = weights(of: base.reading, in: base.tree)
    return PEFTWeights(reading.model, in: tree, limits: Limits(), base: source).adapters
  }
}
