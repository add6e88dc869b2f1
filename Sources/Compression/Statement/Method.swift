extension CompressionStatement {
  /// What a step does.
  public enum Method: Sendable, Hashable {
    /// A method that the profile lists.
    case listed(ListedMethod)
    /// Any other word; nothing is judged of what the step did.
    case other(String)

    /// A method by its word.
    public init(_ word: String) {
      self = ListedMethod(rawValue: word).map(Method.listed) ?? .other(word)
    }

    /// The word.
    public var word: String {
      switch self {
      case .listed(let method): method.rawValue
      case .other(let word): word
      }
    }

    /// The method, where the profile lists it.
    public var listed: ListedMethod? {
      if case .listed(let method) = self { method } else { nil }
    }
  }

  /// The methods that the profile lists, by clause.
  public enum ListedMethod: String, Sendable, Hashable, CaseIterable {
    // 7.2
    case structuredPruning = "structured-pruning"
    case unstructuredPruning = "unstructured-pruning"
    case nMSparsity = "n-m-sparsity"
    case blockSparsity = "block-sparsity"
    case lowRank = "low-rank"
    case blockCirculant = "block-circulant"
    case weightSharing = "weight-sharing"
    case multiModelSharing = "multi-model-sharing"
    case layerReduction = "layer-reduction"
    case tokenReduction = "token-reduction"
    case vocabularyReduction = "vocabulary-reduction"
    // 7.3
    case uniformQuantization = "uniform-quantization"
    case codebookQuantization = "codebook-quantization"
    case floatQuantization = "float-quantization"
    case ternaryQuantization = "ternary-quantization"
    case binaryQuantization = "binary-quantization"
    case activationQuantization = "activation-quantization"
    case cacheQuantization = "cache-quantization"
    case entropyCoding = "entropy-coding"
    case generalCoding = "general-coding"
    // 7.4
    case fineTuning = "fine-tuning"
    case lowRankAdaptation = "low-rank-adaptation"
    case scalingAdaptation = "scaling-adaptation"
    case adapter, prefix, prompt
    case biasTuning = "bias-tuning"
    case delta
    case sparseDelta = "sparse-delta"
    case quantizedDelta = "quantized-delta"
    case merge, unmerge, distillation

    /// Whether the step quantizes weights.
    public var quantizesWeights: Bool {
      switch self {
      case .uniformQuantization, .codebookQuantization, .floatQuantization, .ternaryQuantization,
        .binaryQuantization:
        true
      default: false
      }
    }

    /// Whether the step makes weights zero without changing the dims of a tensor.
    public var prunesElements: Bool {
      switch self {
      case .unstructuredPruning, .nMSparsity, .blockSparsity: true
      default: false
      }
    }

    /// Whether the method is one of clause 7.4 that leaves alone what it does not aim at.
    public var leavesTheRest: Bool {
      switch self {
      case .lowRankAdaptation, .scalingAdaptation, .adapter, .prefix, .prompt, .biasTuning, .delta,
        .sparseDelta, .quantizedDelta, .merge, .unmerge:
        true
      default: false
      }
    }

    /// Whether what the step did to weights is undone by a merge that comes after it (7.4, section 6).
    public var isUndoneByMerge: Bool { quantizesWeights || prunesElements }
  }
}
