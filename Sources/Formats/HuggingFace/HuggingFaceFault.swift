public import Storage

/// What can be wrong with a directory in Hugging Face layout.
///
/// A shard that the index names and that is not there is `FileFault.present`, as for every file that another one names.
public enum HuggingFaceFault: String, FaultCode {
  /// There is no `config.json`, and no `adapter_config.json` either.
  case configurationPresent = "hf-configuration-present"
  /// The configuration is no JSON object.
  case configurationJSON = "hf-configuration-json"
  /// A name stands twice in an object of the configuration.
  case configurationKeysUnique = "hf-configuration-keys-unique"
  /// The configuration holds `NaN` or `Infinity`.
  case configurationNumbersFinite = "hf-configuration-numbers-finite"
  /// A hyper-parameter is of another JSON type than the library reads.
  case configurationValueTypes = "hf-configuration-value-types"
  /// The model needs code from the directory to be loaded.
  case noRemoteCode = "hf-no-remote-code"
  /// The element type that the configuration states is stored nowhere.
  case elementTypeAgrees = "hf-element-type-agrees"
  /// There are no weights that this tool reads.
  case weightsPresent = "hf-weights-present"
  /// There are weights as pickle and none as safetensors.
  case weightsNotOnlyPickle = "hf-weights-not-only-pickle"
  /// A pickle lies beside the safetensors weights.
  case noPickleBeside = "hf-no-pickle-beside-safetensors"
  /// There are both a single weight file and an index of the same name.
  case oneWeightLayout = "hf-one-weight-layout"
  /// There are shards and no index.
  case shardsIndexed = "hf-shards-have-index"
  /// The index is no JSON object with a map from tensors to shards.
  case indexJSON = "hf-index-json"
  /// The index names a tensor twice.
  case indexTensorsUnique = "hf-index-tensors-unique"
  /// The index does not state the size of all tensors.
  case indexTotalSizeStated = "hf-index-total-size-stated"
  /// The index states another size than the tensors have.
  case indexTotalSizeAgrees = "hf-index-total-size-agrees"
  /// A tensor is not in the shard that the index names.
  case indexTensorsInShards = "hf-index-tensors-in-shards"
  /// A tensor of a shard is not in the index.
  case shardTensorsInIndex = "hf-shard-tensors-in-index"
  /// A shard is not in the index.
  case shardsInIndex = "hf-shards-in-index"
  /// The names of the shards do not count them.
  case shardNamesNumbered = "hf-shard-names-numbered"
  /// A weight file does not say which framework wrote it.
  case weightsFrameworkStated = "hf-weights-framework-stated"
  /// A language model comes without a tokenizer.
  case tokenizerPresent = "hf-tokenizer-present"
  /// A file beside the configuration is no JSON.
  case supportingJSON = "hf-supporting-files-json"
  /// The front matter of the model card is no YAML mapping.
  case cardFrontMatter = "hf-model-card-front-matter"
  /// The front matter is larger, or expands to more, than the declared limit.
  case cardWithinLimit = "hf-model-card-within-limit"
  /// The licence of the model card is none that Hugging Face lists.
  case cardLicenceKnown = "hf-model-card-licence-known"
  /// The model card says `other` and does not name the licence.
  case cardLicenceNamed = "hf-model-card-licence-named"
  /// The adapter does not name the model that it adapts.
  case adapterBaseNamed = "hf-adapter-base-named"
  /// The model that an adapter adapts is not part of the sample.
  case adapterBaseInSample = "hf-adapter-base-in-sample"
}
