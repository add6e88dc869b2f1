import Compression
import Numerics
import Representation
import Storage

/// Tensors of a directory that together hold one weight.
struct QuantizedWeight: Sendable {
  /// The name that the weight has in a model that is not quantized.
  let name: String
  /// The form, in a word.
  let form: String
  /// The place of each part among the variables of the model.
  let parts: [String: Int]
  /// What the parts say.
  let weight: any VendorWeight
}

/// Finds the weights that several tensors of a directory hold together, by the names that the tools give to the tensors.
struct QuantizedWeights {
  /// The weights that were understood.
  private(set) var weights: [QuantizedWeight] = []
  /// The variables that belong to one of them, or to one that was not understood, or that are no weights at all.
  private(set) var taken: Set<Int> = []
  /// What is wrong with those that were not understood.
  private(set) var faults = FaultLog()

  private let settings: QuantizationSettings
  private let variables: [Variable]
  private let reader: PartReader
  private let places: [ExactString: Int]

  /// What belongs to activations and caches.
  private static let activations = [
    "input_scale", "input_zero_point", "input_global_scale", "output_scale", "output_zero_point", "k_scale",
    "v_scale", "q_scale", "activation_scale",
  ]

  init(_ settings: QuantizationSettings, _ variables: [Variable], _ reader: PartReader) {
    self.settings = settings
    self.variables = variables
    self.reader = reader
    places = Dictionary(
      variables.enumerated().map { (ExactString($1.name), $0) }, uniquingKeysWith: { first, _ in first })
    for index in variables.indices { find(index) }
    if settings.isStated { takeActivations() }
    findOrphans()
  }

  private func place(_ name: String) -> Int? { places[ExactString(name)] }

  /// The module of a variable whose name ends in a suffix, by bytes.
  private func module(_ index: Int, _ suffix: String) -> String? {
    let name = variables[index].name.utf8
    guard name.count > suffix.utf8.count, name.suffix(suffix.utf8.count).elementsEqual(suffix.utf8) else {
      return nil
    }
    return String(decoding: name.dropLast(suffix.utf8.count), as: UTF8.self)
  }

  /// The places of parts that are there, by their names after a prefix.
  private func parts(_ prefix: String, _ names: [String]) -> [String: Int] {
    var parts: [String: Int] = [:]
    for name in names { parts[name] = place(prefix + name) }
    return parts
  }

  private mutating func find(_ index: Int) {
    let name = variables[index].name
    if place(name + ".absmax") != nil { return bitsandbytesFourBit(index) }
    if let module = module(index, ".weight"), place(module + ".SCB") != nil {
      return take(name, "bitsandbytes-int8", parts(module + ".", BitsandbytesEightBitWeight.parts)) {
        tensors throws(Fault) in
        try BitsandbytesEightBitWeight(tensors)
      }
    }
    switch settings.method {
    case .gptq(let bits, let groupSize, let format, let varies):
      guard let module = module(index, ".qweight") else { return }
      take(module + ".weight", "gptq", parts(module + ".", GPTQWeight.parts)) { tensors throws(Fault) in
        if varies, let own = GPTQWeight.settings(tensors) {
          return try GPTQWeight(tensors, bits: own.bits, groupSize: own.groupSize, format: format)
        }
        return try GPTQWeight(tensors, bits: bits, groupSize: groupSize, format: format)
      }
    case .awq(let bits, let groupSize):
      guard let module = module(index, ".qweight") else { return }
      take(module + ".weight", "awq", parts(module + ".", AWQWeight.parts)) { tensors throws(Fault) in
        try AWQWeight(tensors, bits: bits, groupSize: groupSize)
      }
    case .compressedTensors(let settings): compressedTensors(index, settings)
    case .fp8(let block): fp8(index, block)
    case .bitsandbytes: break
    case nil:
      if !settings.isStated { fp8(index, nil) }
      unknown(index)
    }
  }

  private mutating func bitsandbytesFourBit(_ index: Int) {
    let name = variables[index].name
    var parts = parts(name + ".", BitsandbytesFourBitWeight.parts)
    parts["weight"] = index
    for kind in ["nf4", "fp4"] {
      if let state = place(name + ".quant_state.bitsandbytes__" + kind) { parts["quant_state"] = state }
    }
    take(name, "bitsandbytes-4bit", parts) { tensors throws(Fault) in
      try BitsandbytesFourBitWeight(tensors)
    }
  }

  private mutating func fp8(_ index: Int, _ block: [Int]?) {
    let name = variables[index].name
    guard let bits = variables[index].tensor.type.elementType?.bits, bits == 8,
      let suffix = ["_scale_inv", "_scale"].first(where: { place(name + $0) != nil })
    else { return }
    let scale = "weight" + suffix
    take(name, "fp8", ["weight": index, scale: place(name + suffix)].compactMapValues { $0 }) {
      tensors throws(Fault) in
      try ScaledFloatWeight(tensors, scale: scale, block: block)
    }
  }

  private mutating func compressedTensors(_ index: Int, _ settings: [CompressedTensorsSettings]) {
    let suffix = [".weight_packed", ".compressed"].first { module(index, $0) != nil } ?? ".weight"
    guard let module = module(index, suffix) else { return }
    let parts = parts(module + ".", CompressedTensorsWeight.parts)
    let isQuantized = parts["weight_scale"] != nil || suffix == ".weight_packed"
    guard isQuantized || suffix == ".compressed" else { return }
    let fitting = settings.filter { ($0.form != .dense) == isQuantized }
    take(module + ".weight", "compressed-tensors", parts) { tensors throws(Fault) in
      var first: Fault?
      for settings in fitting {
        do throws(Fault) {
          return try CompressedTensorsWeight(tensors, settings)
        } catch {
          first = first ?? error
        }
      }
      throw first
        ?? Fault(
          VendorFault.configurationPresent, at: Place(path: "weight_scale"), expected: "config_groups")
    }
  }

  /// A tensor that only quantized models have, without settings that explain it.
  private mutating func unknown(_ index: Int) {
    guard module(index, ".qweight") ?? module(index, ".weight_packed") != nil else { return }
    taken.insert(index)
    // Where the method is not known, that has been said.
    guard !settings.isStated else { return }
    faults.log(
      VendorFault.configurationPresent, at: reader.place(index), expected: "quantization_config",
      actual: variables[index].name)
  }

  private mutating func take(
    _ name: String, _ form: String, _ parts: [String: Int],
    _ make: (VendorTensors) throws(Fault) -> any VendorWeight
  ) {
    guard taken.isDisjoint(with: parts.values) else { return }
    taken.formUnion(parts.values)
    do throws(Fault) {
      let weight = try make(try reader.tensors(parts))
      weights.append(QuantizedWeight(name: name, form: form, parts: parts, weight: weight))
    } catch {
      faults.log(reader.placed(error, parts, name))
    }
  }

  private mutating func takeActivations() {
    for index in variables.indices where !taken.contains(index) {
      let name = variables[index].name
      let last = name.utf8.lastIndex(of: UInt8(ascii: ".")).map { name[name.utf8.index(after: $0)...] }
      if Self.activations.contains(where: { last.map(String.init) == $0 }) { taken.insert(index) }
    }
  }

  /// Scales and zero points of weights that are not there.
  private mutating func findOrphans() {
    let suffixes: [String]
    switch settings.method {
    case .gptq, .awq: suffixes = [".scales", ".qzeros", ".g_idx"]
    case .compressedTensors:
      suffixes = [".weight_scale", ".weight_zero_point", ".weight_g_idx", ".weight_shape"]
    case .fp8: suffixes = ["_scale_inv"]
    case .bitsandbytes: suffixes = [".SCB", ".absmax", ".quant_map"]
    case nil: return
    }
    for index in variables.indices where !taken.contains(index) {
      guard let suffix = suffixes.first(where: { module(index, $0) != nil }) else { continue }
      taken.insert(index)
      faults.log(
        VendorFault.tensorsPresent, at: reader.place(index),
        expected: (module(index, suffix) ?? "") + ".weight, .qweight, .weight_packed", actual: nil)
    }
  }
}

/// Reads parts of weights out of the files of a sample.
struct PartReader: Sendable {
  let model: Model
  let tree: any FileTree

  /// The tensors behind parts.
  func tensors(_ parts: [String: Int]) throws(Fault) -> VendorTensors {
    var types: [String: ElementsType] = [:]
    for (part, index) in parts {
      guard let type = ElementsType(model.parameters[index].tensor.type) else {
        throw Fault(
          VendorFault.tensorTypes, at: Place(path: part),
          actual: model.parameters[index].tensor.type.elementType?.rawValue)
      }
      types[part] = type
    }
    let known = types
    return VendorTensors(known) { (part: String) throws(Fault) -> Elements in
      guard let index = parts[part], let type = known[part] else {
        throw Fault(VendorFault.tensorsPresent, at: Place(path: part), expected: part)
      }
      return try elements(index, type)
    }
  }

  /// The elements of a variable as they are stored.
  func elements(_ index: Int, _ type: ElementsType) throws(Fault) -> Elements {
    let tensor = model.parameters[index].tensor
    let limit = UInt64(type.byteCount)
    guard let bytes = try TensorElements.bytes(of: tensor, files: model.files, in: tree, limit: limit),
      let elements = Elements(type, bytes)
    else {
      throw Fault(VendorFault.tensorTypes, at: place(index), expected: "\(limit) B", actual: nil)
    }
    return elements
  }

  /// Where a variable stands.
  func place(_ index: Int) -> Place {
    let variable = model.parameters[index]
    let path = ModelPath.model.named("parameters", variable.name).description
    guard case .stored(let range) = variable.tensor.content, model.files.indices.contains(range.file) else {
      return Place(path: path)
    }
    return Place(model.files[range.file].path, offset: range.offset, path: path)
  }

  /// A fault of a part, at the variable that holds it, or at the weight where no variable does.
  func placed(_ fault: Fault, _ parts: [String: Int], _ name: String) -> Fault {
    guard fault.occurrence.place.file.isEmpty else { return fault }
    var fault = fault
    if let index = fault.occurrence.place.path.flatMap({ parts[$0] }) ?? parts.values.min() {
      let missing = fault.occurrence.place.path.map { parts[$0] == nil } ?? true
      fault.occurrence.place = place(index)
      if missing { fault.occurrence.place.path = ModelPath.model.named("parameters", name).description }
    }
    return fault
  }
}
