import Numerics
public import Representation
public import Storage
import Synchronization

/// Decodes tensors, compressed or not, and says what is wrong with their chains (profile clause 7.1).
///
/// One decoder serves all tensors of a model, on several threads at once: it keeps bases at hand, and what it found out about them.
public final class TensorDecoder: Sendable {
  /// The model whose tensors are decoded, then the others at hand.
  let models: [ModelTensors]
  /// What decoding may cost.
  let limits: DecodingLimits
  /// What is known of bases.
  let bases: Mutex<KnownBases>

  /// A decoder.
  ///
  /// - Parameters:
  ///   - model: the model whose tensors are decoded.
  ///   - others: models that bases may lie in; which one is meant is told by the digest of its content.
  public init(_ model: ModelTensors, others: [ModelTensors] = [], limits: DecodingLimits = DecodingLimits()) {
    models = [model] + others
    self.limits = limits
    bases = Mutex(KnownBases(models: models, limits))
  }

  /// The elements of a tensor.
  ///
  /// - Parameter path: the path of the tensor in the model, for findings.
  /// - Throws: the first fault on the way, with its place; what the files throw.
  public func elements(of tensor: Tensor, at path: String) throws(Fault) -> Elements {
    try check(tensor, At(model: 0, path: path))
    return try decode(tensor, At(model: 0, path: path))
  }

  /// What is wrong with the chain of a tensor, as far as it can be told without its elements; nil for nothing.
  ///
  /// Only patterns are decoded, where the types of a chain follow from them.
  public func fault(of tensor: Tensor, at path: String) -> Fault? {
    do throws(Fault) {
      try check(tensor, At(model: 0, path: path))
      try checkBases(of: tensor, At(model: 0, path: path))
      return nil
    } catch {
      return error
    }
  }

  /// Where a tensor that is decoded stands.
  struct At {
    /// Its model.
    var model: Int
    /// Its path there.
    var path: String
    /// How many chains it is inside of.
    var depth = 0
    /// The bases that are being decoded, which must not be needed again.
    var open: [BaseStep] = []

    /// The place of a part of it.
    func inner(_ path: String) -> At {
      At(model: model, path: self.path + path, depth: depth + 1, open: open)
    }
  }

  // MARK: Elements

  /// Decodes a tensor whose types, and those of its parts, were checked.
  func decode(_ tensor: Tensor, _ at: At) throws(Fault) -> Elements {
    guard case .compressed(let content) = tensor.content else { return try plain(tensor, at) }
    let types = try types(of: tensor, content, at)
    // What bases hold bounds what is made of them, so they come first.
    var bases: [Elements?] = []
    var baseBytes: UInt64 = 0
    for (index, stage) in content.stages.enumerated() {
      let elements = try stage.base.map { base throws(Fault) in
        try self.base(base, of: at, ".stages[\(index)].base")
      }
      bases.append(elements)
      baseBytes = baseBytes.addingReportingOverflow(UInt64(elements?.bytes.count ?? 0)).partialValue
    }
    if bases.contains(where: { $0 != nil }), let type = types.inputs.first {
      try checkExpansion(of: tensor, type, bases: baseBytes, at)
    }
    var now = try content.payload.map { payload throws(Fault) in try decode(payload, at.inner(".payload")) }
    for index in content.stages.indices.reversed() {
      // The last stage tells what the payload has to be where only its elements do.
      let path = ".stages[\(index)]"
      let payload = now
      let input = types.inputs[index]
      do throws(Fault) {
        now = try decodingStage(at, path, base: bases[index]) { decoding throws(Fault) in
          try types.codecs[index].decode(payload, as: input, in: decoding)
        }
      } catch {
        guard index == content.stages.count - 1,
          error.code == CompressionFault.compressionPayloadType.rawValue,
          error.occurrence.place.path == at.path + path
        else { throw error }
        var fault = error
        fault.occurrence.place.path = at.path + ".payload"
        throw fault
      }
      guard now?.type == input else {
        throw fault(.compressionPayloadType, at, path, expected: input.notation)
      }
    }
    guard let now else { throw fault(.compressionStagesPresent, at, expected: "≥ 1 stage", actual: "0") }
    return now
  }

  /// The elements of a tensor without a chain.
  private func plain(_ tensor: Tensor, _ at: At) throws(Fault) -> Elements {
    guard let type = ElementsType(tensor.type) else {
      throw fault(.stageInputType, at, expected: "fixed dims, no strings", actual: tensor.type.notation)
    }
    if case .sparse(let values, let indices) = tensor.content {
      return try dense(type, try decode(values, at), try decode(indices, at), at)
    }
    let bytes: [UInt8]
    switch tensor.content {
    case .inline(let inline): bytes = inline
    case .absent where type.count == 0: bytes = []
    case .absent, .strings, .compressed, .sparse:
      throw fault(.tensorContentPresent, at, expected: "\(type.byteCount) B", actual: "0 B")
    case .withheld: throw fault(.tensorContentPresent, .unsupported, at, actual: "withheld")
    case .stored, .encoded:
      guard UInt64(type.byteCount) <= limits.tensorBytes else {
        throw fault(
          .compressionExpansionWithinLimit, .unsupported, at, expected: "≤ \(limits.tensorBytes) B",
          actual: "\(type.byteCount) B")
      }
      bytes = try models[at.model].read(tensor)
    }
    guard let elements = Elements(type, bytes) else {
      throw fault(.tensorLengthMatches, at, expected: "\(type.byteCount) B", actual: "\(bytes.count) B")
    }
    return elements.withoutPadding()
  }

  // MARK: Faults

  /// A stage's work with what it may ask for; its faults get their places.
  func decodingStage<Result>(
    _ at: At, _ path: String, base: Elements? = nil, _ body: (Decoding) throws(Fault) -> Result
  ) throws(Fault) -> Result {
    let passed = PassedFault()
    let decoding = Decoding(
      side: { [self] tensor, side throws(Fault) in
        try passed.passing { () throws(Fault) in try decode(tensor, at.inner(path + side)) }
      },
      base: { [self] wanted throws(Fault) in
        if let base { return base }
        return try passed.passing { () throws(Fault) in try self.base(wanted, of: at, path + ".base") }
      })
    do throws(Fault) {
      return try body(decoding)
    } catch {
      // What a side tensor or a base is found to be has its place already.
      throw passed.fault == error ? error : placed(error, at, path)
    }
  }

  func placing<Result>(
    _ at: At, _ path: String, _ body: () throws(Fault) -> Result
  ) throws(Fault) -> Result {
    do throws(Fault) {
      return try body()
    } catch {
      throw placed(error, at, path)
    }
  }

  private func placed(_ fault: Fault, _ at: At, _ path: String) -> Fault {
    guard fault.occurrence.place.file.isEmpty else { return fault }
    var fault = fault
    fault.occurrence.place = Place(
      models[at.model].file, path: at.path + path + (fault.occurrence.place.path ?? ""))
    return fault
  }

  func fault(
    _ code: CompressionFault, _ at: At, _ path: String = "", expected: String? = nil, actual: String? = nil
  ) -> Fault {
    placed(.stage(code, path, expected: expected, actual: actual), at, "")
  }

  func fault(
    _ code: CompressionFault, _ kind: Fault.Kind, _ at: At, _ path: String = "", expected: String? = nil,
    actual: String? = nil
  ) -> Fault {
    placed(.stage(code, path, kind, expected: expected, actual: actual), at, "")
  }
}

/// The last fault that what a stage asked for has thrown.
private final class PassedFault: Sendable {
  private let last = Mutex<Fault?>(nil)

  var fault: Fault? { last.withLock { $0 } }

  func passing<Result>(_ body: () throws(Fault) -> Result) throws(Fault) -> Result {
    do throws(Fault) {
      return try body()
    } catch {
      last.withLock { $0 = error }
      throw error
    }
  }
}
