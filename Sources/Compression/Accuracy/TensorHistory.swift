import Representation

/// The steps that a tensor went through, as the statement tells it.
struct TensorHistory {
  /// The steps whose targets match the tensor, in order.
  let steps: [CompressionStatement.Step]
  /// Those that made its chain: the ones that the chain names, else all of `steps`.
  let makers: [CompressionStatement.Step]

  init(of name: String, chain: String?, in statement: CompressionStatement?) {
    let steps = statement?.steps.filter { $0.targets?.matches(name) ?? true } ?? []
    let named = statement?.chains.first { candidate in
      chain.map { $0.utf8.elementsEqual(candidate.name.utf8) } ?? false
    }
    self.steps = steps
    if let named, !named.steps.isEmpty {
      makers = named.steps.compactMap { statement?.step(named: $0) }
    } else {
      makers = steps
    }
  }

  /// The last step of a method among those that made the chain.
  func maker(_ method: CompressionStatement.ListedMethod) -> CompressionStatement.Step? {
    makers.last { $0.method == .listed(method) }
  }

  /// Whether some step may have changed elements without leaving a stage that undoes it.
  var changesValues: Bool { steps.contains(where: \.changesValues) }

  /// Whether the only steps that change elements set some of them to zero and leave the others alone.
  var onlyPrunes: Bool {
    let changing = steps.filter(\.changesValues)
    return !changing.isEmpty
      && changing.allSatisfy { $0.method.listed?.prunesElements == true && $0.settings.keepsValues }
  }
}

extension CompressionStatement.Step {
  /// Whether the step may change elements of a tensor without leaving a stage that tells how.
  var changesValues: Bool {
    switch method.listed {
    case .tokenReduction, .activationQuantization, .cacheQuantization, .entropyCoding, .generalCoding,
      .multiModelSharing, .adapter, .prefix, .prompt:
      false
    // These leave a stage; a tensor without it was not touched.
    case .uniformQuantization, .codebookQuantization, .floatQuantization, .ternaryQuantization,
      .binaryQuantization, .lowRank:
      false
    case .structuredPruning, .layerReduction, .vocabularyReduction: !settings.keepsValues
    // A vendor's method may do anything.
    case nil: true
    default: true
    }
  }
}

extension Stage {
  /// The method that a step has to have made this stage by, where what the step declares binds the stage.
  var quantizer: CompressionStatement.ListedMethod? {
    switch self {
    case .uniform: .uniformQuantization
    case .codebook: .codebookQuantization
    case .scaledFloat: .floatQuantization
    default: nil
    }
  }
}
