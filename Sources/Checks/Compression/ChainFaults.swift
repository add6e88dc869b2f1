import Compression
import Formats
import Profile
import Representation
import Storage

/// What is wrong with the chains of a model: their descriptors, and, where weights are read, what they decode to (profile clause 7.1).
struct ChainFaults {
  private let tensors: [(tensor: Tensor, path: String)]
  private let decoder: TensorDecoder
  private let readsValues: Bool

  /// The chains of what was read; nil where there are none.
  init?(_ reading: Reading, in tree: any FileTree, depth: Requirement.Depth) {
    var found: [(Tensor, String)] = []
    reading.model.forEachTensor { tensor, path in
      if case .compressed = tensor.content { found.append((tensor, path.description)) }
    }
    guard !found.isEmpty else { return nil }
    tensors = found
    decoder = TensorDecoder(ModelTensors(reading, in: tree))
    readsValues = depth >= .values
  }

  /// The first fault of each tensor, in the order of the model.
  var faults: FaultLog {
    let (tensors, decoder, readsValues) = (tensors, decoder, readsValues)
    let found = ConcurrentMap.results(count: tensors.count) { index -> Fault? in
      let (tensor, path) = tensors[index]
      if let fault = decoder.fault(of: tensor, at: path) { return fault }
      guard readsValues else { return nil }
      do throws(Fault) {
        _ = try decoder.elements(of: tensor, at: path)
        return nil
      } catch {
        return error
      }
    }
    var log = FaultLog()
    // What is wrong with a base is met by each tensor that needs it, and told once.
    var told: Set<Fault> = []
    for fault in found.compactMap(\.self) where told.insert(fault).inserted { log.log(fault) }
    return log
  }
}
