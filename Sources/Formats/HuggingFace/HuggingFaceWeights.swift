public import Compression
public import Representation
public import Storage

/// The weights of a directory in Hugging Face layout: plain tensors as they are, quantized ones decoded to f32 (profile clause 7.3, vendor formats).
public struct HuggingFaceWeights: WeightSource {
  public let weights: [Weight]
  public let skipped: FaultLog

  private let reader: PartReader
  private let holders: [Holder]

  /// What holds a weight.
  private enum Holder: Sendable {
    case plain(Int)
    case quantized(QuantizedWeight)
  }

  /// The weights of a model that was read from a directory.
  ///
  /// Settings are read, and the small tensors that tell dims; the elements of weights are not.
  /// - Parameters:
  ///   - model: the model, with its variables and file table.
  ///   - tree: the files of the directory.
  public init(_ model: Model, in tree: any FileTree, limits: Limits) {
    let reader = PartReader(model: model, tree: tree)
    var faults = FaultLog()
    let settings = QuantizationSettings(tree, limits: limits, &faults)
    let quantized = QuantizedWeights(settings, model.parameters, reader)
    faults.append(quantized.faults)
    var found: [(first: Int, weight: Weight, holder: Holder)] = []
    for weight in quantized.weights {
      let parts = weight.parts.values.sorted()
      let storage = Weight.Storage(
        form: weight.form, stages: weight.weight.stages, variables: parts.map { model.parameters[$0].name },
        byteCount: parts.reduce(0) { $0 &+ Self.byteCount(model.parameters[$1]) })
      found.append(
        (
          parts.first ?? 0,
          Weight(name: weight.name, type: weight.weight.type, storage: storage, index: found.count),
          .quantized(weight)
        ))
    }
    for (index, variable) in model.parameters.enumerated() where !quantized.taken.contains(index) {
      guard let type = ElementsType(variable.tensor.type), case .stored = variable.tensor.content else {
        continue
      }
      let storage = Weight.Storage(
        form: "plain", variables: [variable.name], byteCount: Self.byteCount(variable))
      found.append(
        (index, Weight(name: variable.name, type: type, storage: storage, index: found.count), .plain(index)))
    }
    self.reader = reader
    holders = found.map(\.holder)
    var names: Set<ExactString> = []
    weights = found.sorted { $0.first < $1.first }.compactMap { entry in
      if names.insert(ExactString(entry.weight.name)).inserted { return entry.weight }
      faults.log(
        VendorFault.dimsAgree, at: reader.place(entry.first), expected: "1 × \(entry.weight.name)",
        actual: "2")
      return nil
    }
    skipped = faults
  }

  private static func byteCount(_ variable: Variable) -> UInt64 {
    if case .stored(let range) = variable.tensor.content { range.length } else { 0 }
  }

  public func elements(of weight: Weight) throws(Fault) -> Elements {
    guard holders.indices.contains(weight.index) else {
      throw Fault(VendorFault.tensorsPresent, at: Place(path: weight.name), expected: weight.name)
    }
    switch holders[weight.index] {
    case .plain(let index): return try reader.elements(index, weight.type)
    case .quantized(let quantized):
      do throws(Fault) {
        return try quantized.weight.decode(try reader.tensors(quantized.parts))
      } catch {
        throw reader.placed(error, quantized.parts, quantized.name)
      }
    }
  }
}
