public import Compression
import Representation
public import Storage

/// The weights of a model whose tensors stand each for one weight: plain, in blocks, or chains of clause 7.
public struct ModelWeights: WeightSource {
  public let weights: [Weight]
  public let skipped: FaultLog
  /// The names of variables that have no elements, or none of a fixed size: strings, and what the source leaves out.
  public let withoutElements: [String]

  private let tensors: [Tensor]
  private let decoder: TensorDecoder

  /// The weights of what was read.
  ///
  /// - Parameter base: the model that deltas and adapters build on, where it is at hand.
  public init(_ reading: Reading, in tree: any FileTree, bases: [ModelTensors] = []) {
    let model = reading.model
    var weights: [Weight] = []
    var tensors: [Tensor] = []
    var without: [String] = []
    var seen: Set<ExactString> = []
    func add(_ variable: Variable) {
      guard variable.tiedTo == nil, seen.insert(ExactString(variable.name)).inserted else { return }
      guard let type = ElementsType(variable.tensor.type),
        let storage = variable.tensor.weightStorage(variable.name)
      else { return without.append(variable.name) }
      weights.append(Weight(name: variable.name, type: type, storage: storage, index: tensors.count))
      tensors.append(variable.tensor)
    }
    for variable in model.parameters { add(variable) }
    for variable in model.graphs.first?.variables ?? [] { add(variable) }
    self.weights = weights
    self.tensors = tensors
    withoutElements = without
    skipped = FaultLog()
    decoder = TensorDecoder(ModelTensors(reading, in: tree), others: bases)
  }

  public func elements(of weight: Weight) throws(Fault) -> Elements {
    guard tensors.indices.contains(weight.index) else {
      throw Fault(FileFault.present, .system, at: Place(path: weight.name))
    }
    return try decoder.elements(of: tensors[weight.index], at: weight.name)
  }
}

extension Tensor {
  /// How the files hold a weight; nil where they hold no elements of it.
  fileprivate func weightStorage(_ name: String) -> Weight.Storage? {
    switch content {
    case .stored(let range):
      return Weight.Storage(form: "plain", variables: [name], byteCount: range.length)
    case .inline(let bytes):
      return Weight.Storage(form: "plain", variables: [name], byteCount: UInt64(bytes.count))
    case .encoded(let encoded):
      var form = "plain"
      if case .blocks(let layout) = encoded.encoding { form = "ggml-" + layout.name.lowercased() }
      let bytes = encoded.ranges.reduce(UInt64(0)) { $0 &+ $1.length }
      return Weight.Storage(form: form, variables: [name], byteCount: bytes)
    case .sparse:
      return Weight.Storage(form: "sparse", variables: [name], byteCount: 0)
    case .compressed(let content):
      return Weight.Storage(
        form: "chain", stages: content.stages.map(\.description), variables: [name],
        byteCount: content.storedByteCount)
    case .strings, .absent, .withheld: return nil
    }
  }
}

extension CompressedContent {
  /// The bytes that are stored for payload and side tensors.
  fileprivate var storedByteCount: UInt64 {
    var total: UInt64 = 0
    forEachTensor { tensor, _ in
      switch tensor.content {
      case .stored(let range): total = total.addingReportingOverflow(range.length).partialValue
      case .inline(let bytes): total = total.addingReportingOverflow(UInt64(bytes.count)).partialValue
      default: break
      }
    }
    return total
  }
}
