import Compression
public import Numerics
public import Storage

/// Writes the weights of a sample, decoded, as a safetensors file: in bounded memory, several at once, the same bytes for any number of jobs.
public struct DecodedFile {
  /// What was written.
  public struct Outcome: Sendable, Hashable {
    /// The number of tensors.
    public var tensors = 0
    /// How many of them the files held in another way than as plain elements.
    public var decoded = 0
    /// The names of what safetensors has no type for.
    public var leftOut: [String] = []
  }

  private let source: any WeightSource
  private let floats: ElementType
  private let jobs: Int

  /// How many bytes of decoded elements there may be at once, unless one tensor alone has more.
  private static let budget = 1 << 30

  /// A file.
  ///
  /// - Parameters:
  ///   - floats: the element type of what is floating.
  ///   - jobs: how many tensors are decoded at once.
  public init(_ source: any WeightSource, floats: ElementType, jobs: Int) {
    self.source = source
    self.floats = floats
    self.jobs = jobs
  }

  /// Writes the file; it appears whole or not at all.
  ///
  /// - Parameter progress: is told of bytes that were decoded.
  /// - Throws: what is wrong with a weight, and `OutputFault.writable`.
  public func write(to path: String, progress: (Int) -> Void) throws(Fault) -> Outcome {
    var outcome = Outcome()
    var kept: [(weight: Weight, type: ElementsType)] = []
    for weight in source.weights {
      let element = target(of: weight.type.element)
      guard SafetensorsWriter.holds(element), let type = ElementsType(element, weight.type.dims) else {
        outcome.leftOut.append(weight.name)
        continue
      }
      kept.append((weight, type))
      outcome.tensors += 1
      if weight.storage.form != "plain" { outcome.decoded += 1 }
    }
    let entries = kept.map { SafetensorsWriter.Entry(name: $0.weight.name, type: $0.type) }
    guard let writer = SafetensorsWriter(entries) else {
      throw Fault(OutputFault.writable, .system, at: Place(path), actual: "too large")
    }
    let (source, weights) = (source, kept)
    try writer.write(to: path) { put throws(Fault) in
      try ConcurrentMap.inOrder(
        writer.order, jobs: jobs, budget: Self.budget, cost: { weights[$0].weight.type.byteCount }
      ) { index -> Result<Elements, Fault> in
        do throws(Fault) {
          return .success(try source.elements(of: weights[index].weight).converted(to: weights[index].type))
        } catch {
          return .failure(error)
        }
      } _: { index, result throws(Fault) in
        try put(index, try result.get())
        progress(weights[index].weight.type.byteCount)
      }
    }
    return outcome
  }

  /// The element type in the file.
  private func target(of type: ElementType) -> ElementType {
    if type.isFloat { return floats }
    return switch type {
    case .i4, .i2: .i8
    case .u4, .u2: .u8
    default: type
    }
  }
}

extension Elements {
  /// The elements as those of another type with the same dims: floats are rounded once, integers are widened.
  func converted(to target: ElementsType) -> Elements {
    if target.element == type.element { return self }
    let converted: Elements? =
      if target.element.isFloat {
        Elements(target, nearestTo: doubles)
      } else {
        integers.flatMap { Elements(target, integers: $0) }
      }
    // The dims are the same, so that there are as many.
    return converted ?? self
  }
}
