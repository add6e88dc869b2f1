import Representation
import Storage

/// Turns `config.json` into an architecture, modalities and properties.
struct ConfigurationReader {
  /// The architecture.
  private(set) var architecture = Architecture()
  /// What the family takes and gives; empty where it does not tell.
  private(set) var modalities: [String] = []

  /// Whether every value that is there was understood; a fault says which was not.
  private(set) var isComplete = true

  private let file: String
  /// The whole configuration.
  private let root: JSONValue
  /// The part that describes the language model, in a model of several parts; otherwise the whole.
  private let main: JSONValue
  private let family: ModelFamily
  /// The paths of values of a wrong type that were logged: one value may be read for several hyper-parameters.
  private var wrongTypes: Set<String> = []

  /// Names under which models of several parts keep the configuration of the language model.
  private static let textParts = ["text_config", "llm_config", "language_config"]

  init(_ root: JSONValue, file: String, _ faults: inout FaultLog) {
    self.root = root
    self.file = file
    main = Self.textParts.lazy.compactMap { root[$0] }.first { $0.members != nil } ?? root
    let name = root["model_type"]?.string
    family = name.map { ModelFamily($0) } ?? ModelFamily("")
    architecture.family = name.flatMap { $0.isEmpty ? nil : $0.lowercased() }
    architecture.kind = kind
    hyperParameters(&faults)
    parts(&faults)
    modalities = statedModalities
  }

  // MARK: Kind and modalities

  private var kind: String? {
    if root["is_encoder_decoder"]?.boolean == true { return "encoder-decoder" }
    if family.kind == "encoder-only", root["is_decoder"]?.boolean == true { return "decoder-only" }
    if let kind = family.kind { return kind }
    let classes = root["architectures"]?.elements ?? []
    return classes.lazy.compactMap { $0.string.flatMap { ModelFamily.kind(ofClass: $0) } }.first
  }

  private var statedModalities: [String] {
    guard var modalities = family.modalities else { return [] }
    if root["vision_config"]?.members != nil, !modalities.contains("image") { modalities.append("image") }
    if root["audio_config"]?.members != nil, !modalities.contains("audio") { modalities.append("audio") }
    return modalities
  }

  // MARK: Hyper-parameters

  private mutating func hyperParameters(_ faults: inout FaultLog) {
    let isEncoderDecoder = architecture.kind == "encoder-decoder"
    if isEncoderDecoder {
      for key in HyperParameterKey.encoderDecoder { take(key, from: main, &faults) }
    }
    let taken = Set(architecture.hyperParameters.map(\.name))
    for key in HyperParameterKey.common where !taken.contains(key.name) {
      let replaced =
        key.name == "layers" && taken.contains("encoder-layers")
        || key.name == "attention-heads" && taken.contains("encoder-attention-heads")
      if !replaced { take(key, from: main, &faults) }
    }
    positions(&faults)
    normalisation()
    exceptions()
    if let labels = root["id2label"], !labels.isNull {
      if let members = labels.members {
        set("label-count", .integer(Int64(members.count)))
      } else {
        logType(of: labels, at: path(of: ["id2label"], in: root), expected: "object", &faults)
      }
    }
  }

  private mutating func take(_ key: HyperParameterKey, from part: JSONValue, _ faults: inout FaultLog) {
    for name in key.keys {
      guard let value = part[name], !value.isNull else { continue }
      if let value = Self.value(value, key.kind) {
        set(key.name, value)
      } else if !Self.isAnotherForm(value, key.kind) {
        logType(
          of: value, at: path(of: [name], in: part),
          expected: key.kind == .square ? "integer" : "\(key.kind)", &faults)
      }
      return
    }
  }

  /// What a key of the language model states; a value of another type is logged, and taken for none.
  private mutating func stated(
    _ key: String, _ kind: HyperParameterKey.Kind, _ faults: inout FaultLog
  ) -> HyperParameter.Value? {
    guard let stated = main[key], !stated.isNull else { return nil }
    if let value = Self.value(stated, kind) { return value }
    if !Self.isAnotherForm(stated, kind) {
      logType(of: stated, at: path(of: [key], in: main), expected: "\(kind)", &faults)
    }
    return nil
  }

  private mutating func logType(
    of value: JSONValue, at path: String, expected: String, _ faults: inout FaultLog
  ) {
    isComplete = false
    guard wrongTypes.insert(path).inserted else { return }
    faults.log(
      HuggingFaceFault.configurationValueTypes, at: Place(file, offset: value.offset, path: path),
      expected: expected, actual: value.compact)
  }

  private static func value(_ value: JSONValue, _ kind: HyperParameterKey.Kind) -> HyperParameter.Value? {
    switch kind {
    case .integer: return value.number?.integer.map { .integer($0) }
    case .float: return value.number.flatMap { $0.double.isFinite ? .float($0.double) : nil }
    case .text: return value.string.map { .text($0) }
    case .boolean: return value.boolean.map { .boolean($0) }
    case .square:
      if let size = value.number?.integer { return .integer(size) }
      guard let sizes = value.elements?.map({ $0.number?.integer }), let first = sizes.first,
        let size = first,
        sizes.allSatisfy({ $0 == size })
      else { return nil }
      return .integer(size)
    }
  }

  /// Whether a value of another type is no fault of its type: a list with a size for each layer, for which the profile has no
  /// place; an object that describes an activation; a number and a boolean in place of each other, which Python takes; a number
  /// that is not finite, which is a fault of its own.
  private static func isAnotherForm(_ value: JSONValue, _ kind: HyperParameterKey.Kind) -> Bool {
    switch value.content {
    case .array: true
    case .number(let number): kind == .boolean || !number.double.isFinite
    case .boolean: kind == .float
    case .object: kind == .text
    case .string, .null: false
    }
  }

  private mutating func set(_ name: String, _ value: HyperParameter.Value) {
    guard architecture[name] == nil else { return }
    architecture.hyperParameters.append(HyperParameter(name, value))
  }

  private func path(of steps: [String], in part: JSONValue) -> String {
    let parts = Self.textParts + ["vision_config", "audio_config"]
    guard part != root, let name = parts.first(where: { root[$0] == part }) else {
      return JSONPointer.through(steps)
    }
    return JSONPointer.through([name] + steps)
  }

  // MARK: What takes more than a key

  private mutating func positions(_ faults: inout FaultLog) {
    let rotary = main["rope_parameters"] == nil ? "rope_scaling" : "rope_parameters"
    let places = [
      ["rope_theta"], [rotary, "rope_theta"], [rotary, "full_attention", "rope_theta"], ["rotary_emb_base"],
    ]
    let found = places.compactMap { steps in
      steps.reduce(Optional(main)) { $0?[$1] }.map { (steps: steps, value: $0) }
    }
    let base = found.first
    if let number = base?.value.number?.double {
      if number.isFinite { set("rotary-base", .float(number)) }
    } else if let base, !base.value.isNull, base.value.elements == nil {
      logType(of: base.value, at: path(of: base.steps, in: main), expected: "float", &faults)
    }
    let encoding: String?
    switch stated("position_embedding_type", .text, &faults) {
    case .text("absolute"): encoding = "learned"
    case .text("relative_key"), .text("relative_key_query"): encoding = "relative"
    case .text("rotary"), .text("rope"): encoding = "rotary"
    case .text("alibi"): encoding = "alibi"
    default: encoding = nil
    }
    let alibi = stated("alibi", .boolean, &faults)
    let sinusoidal = stated("sinusoidal_pos_embds", .boolean, &faults)
    if let encoding {
      set("position-encoding", .text(encoding))
    } else if alibi == .boolean(true) {
      set("position-encoding", .text("alibi"))
    } else if let sinusoidal {
      set("position-encoding", .text(sinusoidal == .boolean(true) ? "sinusoidal" : "learned"))
    } else if let stated = family.positionEncoding {
      set("position-encoding", .text(stated))
    } else if base != nil {
      set("position-encoding", .text("rotary"))
    } else if family.kind == "encoder-only", Self.absolute.contains(architecture.family ?? "") {
      set("position-encoding", .text("learned"))
    }
  }

  /// Families whose configuration stopped to name their only encoding of positions.
  private static let absolute: Set<String> = [
    "bert", "roberta", "xlm-roberta", "xlm-roberta-xl", "camembert", "electra", "albert", "ernie",
    "roberta-prelayernorm", "data2vec-text", "mobilebert", "megatron-bert",
  ]

  private mutating func normalisation() {
    if let stated = family.normalisation {
      set("normalisation", .text(stated))
    } else if main["rms_norm_eps"]?.number != nil {
      set("normalisation", .text("root-mean-square"))
    } else if main["layer_norm_eps"]?.number != nil || main["layer_norm_epsilon"]?.number != nil {
      set("normalisation", .text("layer"))
    }
  }

  private mutating func exceptions() {
    // Only with `use_sliding_window` do the Qwen families use the window that they state.
    if main["use_sliding_window"]?.boolean == false { remove("sliding-window") }
    // Multi-head latent attention has heads of two sizes; what is written as `head_dim` is one of them.
    if architecture.family?.hasPrefix("deepseek") == true, main["kv_lora_rank"]?.number != nil {
      remove("head-size")
    }
    // The first Falcon ignores the number of key/value heads that it writes.
    if architecture.family == "falcon", main["new_decoder_architecture"]?.boolean != true {
      remove("key-value-heads")
      if main["multi_query"]?.boolean == true { set("key-value-heads", .integer(1)) }
    }
  }

  private mutating func remove(_ name: String) {
    architecture.hyperParameters.removeAll { $0.name == name }
  }

  /// The parts of a model of several: sizes of images and sounds under the profile's names, the rest under the names as found.
  private mutating func parts(_ faults: inout FaultLog) {
    if let vision = root["vision_config"], vision.members != nil {
      for key in HyperParameterKey.common where ["image-size", "patch-size", "channels"].contains(key.name) {
        take(key, from: vision, &faults)
      }
    }
    for name in ["vision_config", "audio_config"] {
      for member in root[name]?.members ?? [] where Self.partKeys.contains(member.key) {
        if let value = member.value.number?.integer { set("\(name).\(member.key)", .integer(value)) }
      }
    }
  }

  private static let partKeys: Set<String> = [
    "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "projection_dim", "depth",
    "embed_dim", "num_heads", "d_model", "encoder_layers", "encoder_attention_heads", "num_mel_bins",
  ]
}
