import Compression
import Formats
import Packaging
import Profile
import Representation

extension Condition {
  /// Whether it is known if the condition holds: what a package is nobody knows where it could not be read.
  func isKnown(for sample: Sample) -> Bool {
    // What a statement says nobody knows where it could not be read.
    if speaksOfStatement, sample.model.compressionStatement != nil {
      return self == .statementAtHand ? sample.reading.statement != nil : sample.compression != nil
    }
    guard let package = sample.reading.package else { return true }
    return switch self {
    case .isEncrypted: package.isEncrypted != nil
    case .isSigned: package.isSigned != nil
    case .hasSignature: package.isSigned != nil || !package.verification.detached.isEmpty
    case .hasRights: package.hasRights != nil
    default: true
    }
  }

  /// Whether the condition holds for a sample.
  func holds(for sample: Sample) -> Bool {
    let model = sample.model
    let carries = sample.reading.carries
    return switch self {
    case .carriesNative: carries.contains(.native)
    case .carriesONNX: carries.contains(.onnx)
    case .carriesSafetensors: carries.contains(.safetensors)
    case .carriesHuggingFace: carries.contains(.huggingFace)
    case .carriesGGUF: carries.contains(.gguf)
    case .carriesMindIR: carries.contains(.mindIR)
    case .carriesPaddle: carries.contains(.paddle)
    case .carriesPickle: carries.contains(.pickle)
    case .carriesPackage: carries.contains(.package)
    case .carriesSegments: carries.contains(.segments)
    case .isEncrypted: sample.reading.package?.isEncrypted ?? false
    case .isSigned: sample.reading.package?.isSigned ?? false
    case .hasSignature:
      Condition.isSigned.holds(for: sample) || Condition.detachedSupplied.holds(for: sample)
    case .hasRights: sample.reading.package?.hasRights ?? false
    case .trustSupplied: sample.reading.package?.verification.trust != nil
    case .signatureRequired: (sample.reading.package?.verification.policy?.required ?? 0) > 0
    case .detachedSupplied: sample.reading.package?.verification.detached.isEmpty == false
    case .keySupplied: sample.reading.package?.verification.key != nil
    case .originalSupplied: sample.comparison != nil
    case .policySupplied: sample.comparison?.hasPolicy ?? false
    case .formatRecognised: true
    case .hasHuggingFaceConfiguration:
      carries.contains(.huggingFace) && sample.reading.files.contains { $0.path == "config.json" }
    case .representationReadable: !sample.reading.known.isEmpty
    case .metadataSupplied: sample.metadata != nil
    case .hasName: model.name != nil
    case .hasProducer: model.producer != nil
    case .hasLicence: model.licence != nil
    case .hasContributors: !model.contributors.isEmpty
    case .hasArchitecture: model.architecture != nil
    case .hasModalities: !model.modalities.isEmpty
    case .hasPreTraining: model.preTraining != nil
    case .hasIdentifier: model.identifier != nil
    case .hasVersion: model.version != nil
    case .hasProfile: model.profile != nil
    case .hasParameterCount: model.parameterCount != nil
    case .hasAssets: !model.assets.isEmpty
    case .hasGraph: !model.graphs.isEmpty || !model.blocks.isEmpty
    case .hasBlocks: !model.blocks.isEmpty
    case .hasParameters: sample.structure.scopes.contains { !$0.variables.isEmpty }
    case .hasTensors: !sample.structure.tensors.isEmpty
    case .hasSparseTensors: sample.structure.hasSparseTensors
    case .hasCompressedTensors: sample.structure.hasCompressedTensors
    case .hasTies: sample.structure.hasTies
    case .hasFiles: !model.files.isEmpty
    case .hasPartitions: !model.partitions.isEmpty
    case .hasExtensions: !model.extensions.isEmpty
    case .hasProperties: !model.properties.isEmpty
    case .hasCompression: model.compressionStatement != nil
    case .statementAtHand: sample.reading.statement != nil
    case .statementUnderstood: sample.compression != nil
    case .hasReductions: sample.compression?.statement.reductions.isEmpty == false
    case .hasQuantities: sample.compression?.statement.quantities.isEmpty == false
    case .hasAdditions: sample.compression?.statement.additions.isEmpty == false
    case .hasClaims: sample.compression?.statement.claims != nil
    case .reducesTokens: sample.hasStep(.tokenReduction)
    case .distils: sample.hasStep(.distillation)
    case .merges: sample.hasStep(.merge)
    case .hasDigests:
      !sample.structure.tensorsWithDigests.isEmpty || model.files.contains { $0.digest != nil }
        || model.assets.contains { $0.digest != nil }
    }
  }
}

extension Condition {
  /// Whether the condition is decided by what a compression statement says.
  private var speaksOfStatement: Bool { rawValue.hasPrefix("statement.") || rawValue.hasPrefix("step.") }
}

extension Sample {
  /// Whether the compression statement has a step of a method.
  fileprivate func hasStep(_ method: CompressionStatement.ListedMethod) -> Bool {
    compression?.statement.steps.contains { $0.method == .listed(method) } ?? false
  }
}
