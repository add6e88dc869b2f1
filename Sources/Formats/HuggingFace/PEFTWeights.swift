public import Compression
public import Representation
public import Storage

/// The weights of a base with an adapter of PEFT merged into them, and what the adapter adds (profile clause 7.3, vendor formats).
public struct PEFTWeights: WeightSource {
  public let weights: [Weight]
  public let skipped: FaultLog

  private let base: any WeightSource
  private let reader: PartReader
  private let holders: [Holder]

  private enum Holder: Sendable {
    case base(Weight)
    case adapted(Weight, PEFTAdapter, parts: [String: Int])
    case own(Int)
  }

  /// What PEFT puts before the names of the base.
  private static let prefix = "base_model.model."

  /// The weights that come of an adapter and its base.
  ///
  /// - Parameters:
  ///   - model: the adapter, as it was read from its directory.
  ///   - tree: the files of that directory.
  ///   - base: the weights of the base.
  public init(_ model: Model, in tree: any FileTree, limits: Limits, base: any WeightSource) {
    let reader = PartReader(model: model, tree: tree)
    var faults = base.skipped
    var found = Found(reader: reader, base: base)
    if let value = ConfigurationFile(tree, PEFTSettings.file, limits: limits, &faults).value {
      do throws(Fault) {
        found.take(try PEFTSettings(value))
      } catch {
        faults.log(error)
      }
    }
    faults.append(found.faults)
    self.base = base
    self.reader = reader
    var weights: [Weight] = []
    var holders: [Holder] = []
    for weight in base.weights {
      let name = ExactString(weight.name)
      var storage = weight.storage
      var type = weight.type
      let holder: Holder
      if let index = found.replaced.removeValue(forKey: name), let own = reader.type(index) {
        storage = reader.storage(index)
        type = own
        holder = .own(index)
      } else if let adapter = found.adapted[name] {
        storage.form += " + peft"
        storage.stages.append(adapter.adapter.stage)
        for index in adapter.parts.values.sorted() {
          let part = reader.storage(index)
          storage.variables += part.variables
          storage.byteCount &+= part.byteCount
        }
        holder = .adapted(weight, adapter.adapter, parts: adapter.parts)
      } else {
        holder = .base(weight)
      }
      weights.append(Weight(name: weight.name, type: type, storage: storage, index: holders.count))
      holders.append(holder)
    }
    for index in found.added {
      guard let type = reader.type(index) else { continue }
      let name = Self.stripped(reader.model.parameters[index].name)
      weights.append(Weight(name: name, type: type, storage: reader.storage(index), index: holders.count))
      holders.append(.own(index))
    }
    self.weights = weights
    self.holders = holders
    skipped = faults
  }

  public func elements(of weight: Weight) throws(Fault) -> Elements {
    guard holders.indices.contains(weight.index) else {
      throw Fault(VendorFault.tensorsPresent, at: Place(path: weight.name), expected: weight.name)
    }
    switch holders[weight.index] {
    case .base(let weight): return try base.elements(of: weight)
    case .own(let index): return try reader.elements(index, weight.type)
    case .adapted(let weight, let adapter, let parts):
      let elements = try base.elements(of: weight)
      do throws(Fault) {
        return try adapter.merged(into: elements)
      } catch {
        throw reader.placed(error, parts, weight.name)
      }
    }
  }

  /// The adapters of this directory, by the weight of the base that each of them changes.
  public var adapters: SuppliedAdapters {
    var adapters: [String: SuppliedAdapter] = [:]
    for case .adapted(let weight, let adapter, let parts) in holders {
      let settings = adapter.settings
      let (rank, alpha): (UInt64?, Double?) =
        settings.kind == .ia3 ? (nil, nil) : (UInt64(exactly: settings.rank), settings.alpha)
      adapters[weight.name] = SuppliedAdapter(
        rank: rank, alpha: alpha, rankStabilised: settings.rankStabilised
      ) { [reader] base throws(Fault) in
        do throws(Fault) {
          return try adapter.merged(into: base)
        } catch {
          throw reader.placed(error, parts, weight.name)
        }
      }
    }
    return SuppliedAdapters(adapters)
  }

  /// The name that the base gives to what an adapter's variable stands for.
  fileprivate static func stripped(_ name: String) -> String {
    name.utf8.starts(with: prefix.utf8)
      ? String(decoding: name.utf8.dropFirst(prefix.utf8.count), as: UTF8.self) : name
  }
}

/// What was found in an adapter.
private struct Found {
  let reader: PartReader
  let base: any WeightSource
  /// Adapters, by the name of the weight that they change.
  var adapted: [ExactString: (adapter: PEFTAdapter, parts: [String: Int])] = [:]
  /// Variables that stand in place of those of the base.
  var replaced: [ExactString: Int] = [:]
  /// Variables that the base does not have.
  var added: [Int] = []
  var faults = FaultLog()

  init(reader: PartReader, base: any WeightSource) {
    self.reader = reader
    self.base = base
  }

  mutating func take(_ settings: PEFTSettings) {
    switch settings.form {
    case .added(let tokens, let isPrefix): takeAdded(tokens, isPrefix)
    case .factors(let kind): takeFactors(kind, settings)
    }
  }

  private mutating func takeAdded(_ tokens: Int, _ isPrefix: Bool) {
    for (index, variable) in reader.model.parameters.enumerated() {
      added.append(index)
      guard variable.name.utf8.elementsEqual("prompt_embeddings".utf8) else { continue }
      let dims = ElementsType(variable.tensor.type)?.dims ?? []
      // Encoder and decoder may each have theirs.
      guard dims.count == 2, dims[0] > 0, dims[0] % tokens == 0, !isPrefix || dims[1] % 2 == 0 else {
        faults.log(
          VendorFault.adapterFactorDims, at: reader.place(index), expected: "[\(tokens)·n, …]",
          actual: "\(dims)")
        continue
      }
    }
  }

  private mutating func takeFactors(_ kind: AdapterStage.Kind, _ settings: PEFTSettings) {
    var modules: [ExactString: [String: Int]] = [:]
    var order: [ExactString] = []
    let names = Set(base.weights.map { ExactString($0.name) })
    for (index, variable) in reader.model.parameters.enumerated() {
      let name = PEFTWeights.stripped(variable.name).utf8
      // Versions of PEFT differ in whether the magnitude is called a weight.
      let part = PEFTAdapter.parts.first { part in
        name.suffix(part.utf8.count + 1).elementsEqual([0x2E] + part.utf8)
          || name.suffix(part.utf8.count + 8).elementsEqual([0x2E] + part.utf8 + ".weight".utf8)
      }
      guard let part else {
        takeWhole(index, names)
        continue
      }
      let ending =
        name.suffix(7).elementsEqual(".weight".utf8) && !part.utf8.suffix(7).elementsEqual(".weight".utf8)
      let module = ExactString(
        String(decoding: name.dropLast(part.utf8.count + 1 + (ending ? 7 : 0)), as: UTF8.self))
      if modules[module] == nil { order.append(module) }
      modules[module, default: [:]][part] = index
    }
    for module in order {
      guard let parts = modules[module] else { continue }
      do throws(Fault) {
        let adapter = try PEFTAdapter(
          try reader.tensors(parts), try settings.settings(kind, of: module.value))
        try take(adapter, parts, module.value, kind, names)
      } catch {
        faults.log(reader.placed(error, parts, module.value + ".weight"))
      }
    }
  }

  private mutating func take(
    _ adapter: PEFTAdapter, _ parts: [String: Int], _ module: String, _ kind: AdapterStage.Kind,
    _ names: Set<ExactString>
  ) throws(Fault) {
    let weight = ExactString(module + ".weight")
    guard names.contains(weight) else {
      throw Fault(
        VendorFault.adapterTargetExists, at: parts.values.min().map(reader.place) ?? Place(),
        expected: weight.value)
    }
    adapted[weight] = (adapter, parts)
    // What scales outputs scales the bias too.
    let bias = ExactString(module + ".bias")
    if kind == .ia3, names.contains(bias), let index = parts["ia3_l"],
      ElementsType(reader.model.parameters[index].tensor.type)?.dims.last == 1
    {
      adapted[bias] = (adapter, parts)
    }
  }

  /// A variable that is no factor: one of the base, trained as a whole.
  private mutating func takeWhole(_ index: Int, _ names: Set<ExactString>) {
    let stripped = PEFTWeights.stripped(reader.model.parameters[index].name)
    // Wrapped layers keep their own variables one step deeper.
    let name = ExactString(stripped.replacingStep("base_layer"))
    if names.contains(name) { replaced[name] = index } else { added.append(index) }
  }
}

extension String {
  /// The name without a step of that name before its last one.
  fileprivate func replacingStep(_ step: String) -> String {
    var steps = utf8.split(separator: 0x2E, omittingEmptySubsequences: false)
    guard steps.count > 2, steps[steps.count - 2].elementsEqual(step.utf8) else { return self }
    steps.remove(at: steps.count - 2)
    return steps.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ".")
  }
}

extension PartReader {
  /// The type of a variable; nil where its elements have none of a fixed size.
  func type(_ index: Int) -> ElementsType? { ElementsType(model.parameters[index].tensor.type) }

  /// How a variable is stored.
  func storage(_ index: Int) -> Weight.Storage {
    let variable = model.parameters[index]
    var bytes: UInt64 = 0
    if case .stored(let range) = variable.tensor.content { bytes = range.length }
    return Weight.Storage(form: "plain", variables: [variable.name], byteCount: bytes)
  }
}
