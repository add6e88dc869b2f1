import Compression
import Representation
import Storage

/// What `adapter_config.json` says (profile clause 7.3, vendor formats).
struct PEFTSettings {
  /// What an adapter directory holds.
  enum Form {
    /// Factors of weights that the base has.
    case factors(AdapterStage.Kind)
    /// Variables that the base has not: so many virtual tokens.
    case added(tokens: Int, isPrefix: Bool)
  }

  /// What the directory holds.
  let form: Form

  private let value: JSONValue
  private let file: String

  static let file = "adapter_config.json"

  init(_ value: JSONValue) throws(Fault) {
    self.value = value
    file = Self.file
    func fault(_ code: VendorFault, _ kind: Fault.Kind, _ key: String, _ expected: String) -> Fault {
      Fault(
        code, kind, at: Place(Self.file, offset: value[key]?.offset, path: JSONPointer.through([key])),
        expected: expected, actual: value[key]?.compact)
    }
    switch value["peft_type"]?.string {
    case "LORA": form = .factors(value["use_dora"]?.boolean == true ? .dora : .lora)
    case "LOHA": form = .factors(.loha)
    case "LOKR": form = .factors(.lokr)
    case "IA3": form = .factors(.ia3)
    case "PROMPT_TUNING", "P_TUNING", "PREFIX_TUNING":
      guard let tokens = value["num_virtual_tokens"]?.number?.integer, let count = Int(exactly: tokens),
        count > 0
      else { throw fault(.adapterSettingsForm, .malformed, "num_virtual_tokens", "≥ 1") }
      form = .added(tokens: count, isPrefix: value["peft_type"]?.string == "PREFIX_TUNING")
    default:
      throw fault(
        .adapterTypeKnown, .unsupported, "peft_type",
        "LORA, LOHA, LOKR, IA3, PREFIX_TUNING, PROMPT_TUNING, P_TUNING")
    }
    // Changes that are not in the factors.
    for key in [
      "lora_bias", "use_qalora", "alora_invocation_tokens", "layer_replication", "target_parameters",
    ] {
      guard let found = value[key], !found.isNull, found.boolean != false, found.elements?.isEmpty != true
      else {
        continue
      }
      throw fault(.formSupported, .unsupported, key, "null, false")
    }
  }

  private func fault(_ code: VendorFault, _ kind: Fault.Kind, _ key: String, _ expected: String) -> Fault {
    Fault(
      code, kind, at: Place(file, offset: value[key]?.offset, path: JSONPointer.through([key])),
      expected: expected, actual: value[key]?.compact)
  }

  /// The settings of a module.
  ///
  /// - Throws: `adapterSettingsForm`, and `formSupported` for patterns that are more than a name.
  func settings(_ kind: AdapterStage.Kind, of module: String) throws(Fault) -> PEFTAdapter.Settings {
    let isTurned = value["fan_in_fan_out"]?.boolean == true
    guard kind != .ia3 else {
      return PEFTAdapter.Settings(kind: kind, alpha: 1, rank: 0, isTurned: isTurned)
    }
    let key = kind == .loha || kind == .lokr ? "alpha" : "lora_alpha"
    let rank = try pattern("rank_pattern", module) ?? value["r"]?.number
    let alpha = try pattern("alpha_pattern", module) ?? value[key]?.number
    guard let rank = rank?.integer.flatMap({ Int(exactly: $0) }), rank > 0 else {
      throw fault(.adapterSettingsForm, .malformed, "r", "≥ 1")
    }
    guard let alpha = alpha?.double, alpha.isFinite, alpha != 0 else {
      throw fault(.adapterSettingsForm, .malformed, key, "0 < |α| < ∞")
    }
    return PEFTAdapter.Settings(
      kind: kind, alpha: alpha, rank: rank, rankStabilised: value["use_rslora"]?.boolean == true,
      isTurned: isTurned)
  }

  /// What the first name that a module ends in states; names are patterns of regular expressions, of which only plain ones are read.
  private func pattern(_ key: String, _ module: String) throws(Fault) -> JSONValue.Number? {
    for member in value[key]?.members ?? [] {
      let name = member.key.utf8
      guard !name.contains(where: { #"\^$*+?{}[]|()"#.utf8.contains($0) }) else {
        throw fault(.formSupported, .unsupported, key, "a-z.")
      }
      let matches =
        module.utf8.elementsEqual(name) || module.utf8.suffix(name.count + 1).elementsEqual([0x2E] + name)
      if matches { return member.value.number }
    }
    return nil
  }
}
