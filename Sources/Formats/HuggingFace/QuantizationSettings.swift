import Compression
import Storage

/// What the configuration of a directory says of how its weights are quantized (profile clause 7.3, vendor formats).
struct QuantizationSettings {
  /// The method, with its settings.
  enum Method {
    case gptq(bits: Int, groupSize: Int?, format: GPTQWeight.Format, varies: Bool)
    case awq(bits: Int, groupSize: Int?)
    case bitsandbytes
    /// The rows and columns of a block, where they are stated.
    case fp8(block: [Int]?)
    /// Settings, one for each group of modules; more than one fits where the tensors do not tell them apart.
    case compressedTensors([CompressedTensorsSettings])
  }

  /// The method; nil where nothing is quantized, and where a fault says that it is not known.
  private(set) var method: Method?
  /// Whether a configuration is there, understood or not.
  private(set) var isStated = false

  private let file: String
  private let value: JSONValue
  private let pointer: String

  /// Where directories keep the settings: members of the configuration first, then files of their own.
  private static let members = [
    ["quantization_config"], ["text_config", "quantization_config"], ["compression_config"],
  ]
  private static let files = [("quantize_config.json", "gptq"), ("quant_config.json", "awq")]

  init(_ tree: any FileTree, limits: Limits, _ faults: inout FaultLog) {
    if tree.contains("config.json") {
      let root = ConfigurationFile(tree, "config.json", limits: limits, &faults).value
      for path in Self.members {
        guard let value = path.reduce(root, { $0?[$1] }), value.members != nil else { continue }
        self.init(value, "config.json", JSONPointer.through(path), nil, &faults)
        return
      }
    }
    for (name, method) in Self.files where tree.contains(name) {
      guard let value = ConfigurationFile(tree, name, limits: limits, &faults).value else { continue }
      self.init(value, name, "", method, &faults)
      return
    }
    self.init(JSONValue(.null), "config.json", "", nil, &faults)
  }

  private init(
    _ value: JSONValue, _ file: String, _ pointer: String, _ implied: String?, _ faults: inout FaultLog
  ) {
    self.value = value
    self.file = file
    self.pointer = pointer
    isStated = value.members != nil
    guard isStated else { return }
    do throws(Fault) {
      method = try read(implied)
    } catch {
      faults.log(error)
    }
  }

  private func fault(
    _ code: VendorFault, _ key: String, _ kind: Fault.Kind = .malformed, expected: String? = nil
  ) -> Fault {
    Fault(
      code, kind, at: Place(file, offset: value[key]?.offset, path: pointer + JSONPointer.through([key])),
      expected: expected, actual: value[key]?.compact)
  }

  /// An integer under the first of the keys that is there.
  private func integer(_ keys: [String]) throws(Fault) -> Int? {
    for key in keys {
      guard let found = value[key], !found.isNull else { continue }
      guard let number = found.number?.integer, let integer = Int(exactly: number) else {
        throw fault(.settingsForm, key, expected: "integer")
      }
      return integer
    }
    return nil
  }

  private func required(_ keys: [String]) throws(Fault) -> Int {
    guard let integer = try integer(keys) else {
      throw fault(.settingsForm, keys[0], expected: keys.joined(separator: ", "))
    }
    return integer
  }

  /// The rows of a group; nil for all of them.
  private func groupSize(_ keys: [String]) throws(Fault) -> Int? {
    let size = try integer(keys) ?? 128
    if size == -1 { return nil }
    guard size > 0 else { throw fault(.settingsForm, keys[0], expected: "≥ 1, −1") }
    return size
  }

  private func text(_ keys: [String]) -> String? {
    keys.lazy.compactMap { value[$0]?.string?.lowercased() }.first
  }

  private func read(_ implied: String?) throws(Fault) -> Method? {
    switch text(["quant_method", "method"]) ?? implied {
    case "gptq", "gptqmodel": return try gptq()
    case "awq": return try awq()
    case "bitsandbytes": return .bitsandbytes
    case "fp8", "fbgemm_fp8": return .fp8(block: try block("weight_block_size"))
    case "modelopt" where text(["quant_algo"]) == "fp8": return .fp8(block: nil)
    case "compressed-tensors": return .compressedTensors(try compressedTensors())
    case nil where value["load_in_4bit"] != nil || value["load_in_8bit"] != nil: return .bitsandbytes
    case nil where value["config_groups"] != nil || value["sparsity_config"] != nil:
      return .compressedTensors(try compressedTensors())
    case nil: throw fault(.settingsForm, "quant_method", expected: "quant_method")
    default:
      throw fault(
        .methodKnown, "quant_method", .unsupported,
        expected: "gptq, awq, bitsandbytes, fp8, compressed-tensors")
    }
  }

  private func gptq() throws(Fault) -> Method {
    // The name of another form means that the words are arranged for one kind of processor.
    let key = value["checkpoint_format"] == nil ? "format" : "checkpoint_format"
    let format: GPTQWeight.Format
    switch text([key]) {
    case "gptq", nil: format = .first
    case "gptq_v2": format = .second
    case "gemm": return try awq()
    default: throw fault(.formSupported, key, .unsupported, expected: "gptq, gptq_v2")
    }
    if value["is_marlin_format"]?.boolean == true {
      throw fault(.formSupported, "is_marlin_format", .unsupported, expected: "false")
    }
    return .gptq(
      bits: try required(["bits", "w_bit"]), groupSize: try groupSize(["group_size"]), format: format,
      varies: value["dynamic"]?.members?.isEmpty == false)
  }

  private func awq() throws(Fault) -> Method {
    let form = text(["version"]) ?? "gemm"
    guard form == "gemm" else { throw fault(.formSupported, "version", .unsupported, expected: "gemm") }
    if let backend = text(["backend"]), backend == "llm-awq" {
      throw fault(.formSupported, "backend", .unsupported, expected: "autoawq")
    }
    return .awq(
      bits: try required(["bits", "w_bit"]), groupSize: try groupSize(["group_size", "q_group_size"]))
  }

  private func block(_ key: String) throws(Fault) -> [Int]? {
    guard let found = value[key], !found.isNull else { return nil }
    guard let sizes = Self.pair(found) else { throw fault(.settingsForm, key, expected: "[≥ 1, ≥ 1]") }
    return sizes
  }

  private static func pair(_ value: JSONValue) -> [Int]? {
    let sizes = value.elements?.compactMap { $0.number?.integer.flatMap { Int(exactly: $0) } }
    guard let sizes, sizes.count == 2, sizes.allSatisfy({ $0 > 0 }), value.elements?.count == 2 else {
      return nil
    }
    return sizes
  }

  // MARK: compressed-tensors

  private func compressedTensors() throws(Fault) -> [CompressedTensorsSettings] {
    var settings: [CompressedTensorsSettings] = []
    if let groups = value["config_groups"], !groups.isNull {
      guard let members = groups.members else {
        throw fault(.settingsForm, "config_groups", expected: "object")
      }
      for group in members {
        // A group may quantize activations alone.
        guard let weights = group.value["weights"], weights.members != nil else { continue }
        let form = group.value["format"]?.string ?? value["format"]?.string
        settings.append(try scheme(weights, form, group.key))
      }
    }
    // Weights that are only sparse.
    settings.append(CompressedTensorsSettings(form: .dense, bits: 16, strategy: .tensor, symmetric: true))
    return settings
  }

  private func scheme(
    _ weights: JSONValue, _ form: String?, _ group: String
  ) throws(Fault) -> CompressedTensorsSettings {
    func fault(_ code: VendorFault, _ kind: Fault.Kind, _ key: String, _ expected: String) -> Fault {
      Fault(
        code, kind,
        at: Place(
          file, offset: weights[key]?.offset ?? weights.offset,
          path: pointer + JSONPointer.through(["config_groups", group, "weights", key])),
        expected: expected, actual: weights[key]?.compact)
    }
    guard let form, let known = CompressedTensorsSettings.Form(rawValue: form) else {
      throw self.fault(
        .formSupported, "format", .unsupported,
        expected: CompressedTensorsSettings.Form.allCases.map(\.rawValue).joined(separator: ", "))
    }
    func integer(_ key: String) -> Int? { weights[key]?.number?.integer.flatMap { Int(exactly: $0) } }
    guard let bits = integer("num_bits"), (1...16).contains(bits) else {
      throw fault(.settingsForm, .malformed, "num_bits", "1 … 16")
    }
    let strategy: CompressedTensorsSettings.Strategy
    switch weights["strategy"]?.string {
    case "tensor": strategy = .tensor
    case "channel": strategy = .channel
    case "block":
      guard let sizes = weights["block_structure"].flatMap(Self.pair) else {
        throw fault(.settingsForm, .malformed, "block_structure", "[≥ 1, ≥ 1]")
      }
      strategy = .block(sizes[0], sizes[1])
    case "group", "tensor_group", nil:
      // Without a strategy the size of a group tells: −1 is a channel, none a tensor.
      switch integer("group_size") {
      case .some(let size) where size > 0: strategy = .group(size)
      case -1: strategy = .channel
      case nil where weights["strategy"]?.string == nil: strategy = .tensor
      default: throw fault(.settingsForm, .malformed, "group_size", "≥ 1, −1")
      }
    default:
      throw fault(.formSupported, .unsupported, "strategy", "tensor, channel, group, tensor_group, block")
    }
    let symmetric = weights["symmetric"]?.boolean ?? true
    return CompressedTensorsSettings(
      form: known, bits: bits, strategy: strategy, symmetric: symmetric, dense: packsDensely)
  }

  /// Whether the version that wrote the directory packs codes across words, as those from 0.18 on do; nil where it is not stated.
  private var packsDensely: Bool? {
    guard let version = value["version"]?.string else { return nil }
    let numbers = version.split(separator: ".").map { Int($0) }
    guard numbers.count > 1, let major = numbers[0], let minor = numbers[1] else { return nil }
    return major > 0 || minor >= 18
  }
}
