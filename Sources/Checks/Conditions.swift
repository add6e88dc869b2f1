import Formats
import Profile
import Representation

extension Condition {
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
    case .formatRecognised: true
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
    case .hasGraph: !model.graphs.isEmpty
    case .hasBlocks: !model.blocks.isEmpty
    case .hasParameters: model.holdsVariables
    case .hasPartitions: !model.partitions.isEmpty
    case .hasExtensions: !model.extensions.isEmpty
    case .hasProperties: !model.properties.isEmpty
    case .hasCompression: model.compressionStatement != nil
    case .hasDigests: model.declaresDigests
    }
  }
}

extension Model {
  fileprivate var holdsVariables: Bool {
    if !parameters.isEmpty { return true }
    var found = false
    forEachGraph { graph, _ in found = found || !graph.variables.isEmpty }
    return found
  }

  fileprivate var declaresDigests: Bool {
    files.contains { $0.digest != nil } || assets.contains { $0.digest != nil }
      || parameters.contains { $0.tensor.digest != nil }
  }
}
