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

  // MARK: Types

  /// Checks a tensor and its parts, whatever their depth.
  private func check(_ tensor: Tensor, _ at: At) throws(Fault) {
    guard case .compressed(let content) = tensor.content else { return }
    _ = try types(of: tensor, content, at)
    for part in content.parts { try check(part.tensor, at.inner(part.path)) }
  }

  /// Walks the types of one chain.
  private func types(of tensor: Tensor, _ content: CompressedContent, _ at: At) throws(Fault) -> ChainTypes {
    guard at.depth <= limits.nesting else {
      throw fault(
        .compressionNestingWithinLimit, .unsupported, at, expected: "≤ \(limits.nesting)",
        actual: "\(at.depth)")
    }
    guard !content.stages.isEmpty else {
      throw fault(.compressionStagesPresent, at, expected: "≥ 1 stage", actual: "0")
    }
    guard content.stages.count <= limits.stages else {
      throw fault(
        .compressionStageCountWithinLimit, .unsupported, at, expected: "≤ \(limits.stages)",
        actual: "\(content.stages.count)")
    }
    guard var now = ElementsType(tensor.type) else {
      throw fault(
        .stageInputType, at, expected: "fixed dims, < 2^63 bits, no strings", actual: tensor.type.notation)
    }
    if content.stages.allSatisfy({ $0.base == nil }) {
      try checkExpansion(of: tensor, now, bases: 0, at)
    }
    var types = ChainTypes()
    for (index, stage) in content.stages.enumerated() {
      let path = ".stages[\(index)]"
      guard let codec = stage.codec else {
        throw fault(
          .compressionStageKnown, .unsupported, at, path, expected: "a stage of the profile",
          actual: stage.label)
      }
      types.codecs.append(codec)
      types.inputs.append(now)
      let isLast = index == content.stages.count - 1
      let left = try placing(at, path) { () throws(Fault) in
        try stage.base?.checkForm()
        try Self.checkTrellis(stage, after: index > 0 ? content.stages[index - 1] : nil)
        return try codec.output(of: now)
      }
      for side in codec.sides { try checkPart(side.tensor, at, path + side.path, .stageSideTensorType) }
      guard let left else {
        guard isLast else { throw terminal(index, stage, at) }
        guard content.payload == nil else {
          throw fault(.compressionPayloadType, at, ".payload", expected: "no payload", actual: "a payload")
        }
        return types
      }
      now = left
      if codec.leavesOpenCount, !isLast {
        let open = types.inputs[index]
        let count = try decodingStage(at, path) { decoding throws(Fault) in
          try codec.openCount(of: open, in: decoding)
        }
        guard let count else { throw terminal(index, stage, at) }
        guard let known = ElementsType(left.element, [count] + left.dims.dropFirst()) else {
          throw fault(.stageInputType, at, path, expected: "< 2^63 bits", actual: "\(count) elements")
        }
        now = known
      }
    }
    try checkPayload(content, now, isOpen: types.codecs.last?.leavesOpenCount ?? false, at)
    return types
  }

  private func terminal(_ index: Int, _ stage: Stage, _ at: At) -> Fault {
    fault(
      .compressionTerminalStageLast, at, ".stages[\(index)]", expected: "the last stage", actual: stage.label)
  }

  private func checkPayload(
    _ content: CompressedContent, _ expected: ElementsType, isOpen: Bool, _ at: At
  ) throws(Fault) {
    var notation = expected.notation
    if isOpen {
      notation =
        "\(expected.element.rawValue)[\((["k"] + expected.dims.dropFirst().map(String.init)).joined(separator: ", "))]"
    }
    guard let payload = content.payload else {
      throw fault(.compressionPayloadType, at, ".payload", expected: notation, actual: "no payload")
    }
    guard let type = ElementsType(payload.type), type.element == expected.element,
      isOpen
        ? type.dims.count == expected.dims.count && type.dims.dropFirst() == expected.dims.dropFirst()
        : type == expected
    else {
      throw fault(.compressionPayloadType, at, ".payload", expected: notation, actual: payload.type.notation)
    }
    try checkPart(payload, at, ".payload", .compressionPayloadType)
  }

  /// Side tensors and payloads are stored, in the structure, or chains themselves, and as long as their type says.
  private func checkPart(
    _ part: Tensor, _ at: At, _ path: String, _ code: CompressionFault
  ) throws(Fault) {
    let length: UInt64
    switch part.content {
    case .compressed: return
    case .stored(let range): length = range.length
    case .inline(let bytes): length = UInt64(bytes.count)
    case .encoded: return
    case .withheld: throw fault(.tensorContentPresent, .unsupported, at, path, actual: "withheld")
    case .absent:
      guard part.type.elementCount != 0 else { return }
      throw fault(
        .tensorContentPresent, at, path, expected: part.type.byteCount.map { "\($0) B" }, actual: "0 B")
    case .strings, .sparse:
      throw fault(code, at, path, expected: "stored, inline or compressed", actual: "neither")
    }
    guard let size = part.type.byteCount, size == length else {
      throw fault(
        .tensorLengthMatches, at, path, expected: part.type.byteCount.map { "\($0) B" } ?? part.type.notation,
        actual: "\(length) B")
    }
  }

  /// Throws unless a tensor is as small as the bytes from which it is made allow.
  func checkExpansion(of tensor: Tensor, _ type: ElementsType, bases: UInt64, _ at: At) throws(Fault) {
    let stored = tensor.storedBytes(depth: limits.nesting + 1).addingReportingOverflow(bases)
    let (room, overflow) = stored.partialValue.multipliedReportingOverflow(by: limits.expansion)
    let (most, more) = room.addingReportingOverflow(limits.allowance)
    let bound = stored.overflow || overflow || more ? UInt64.max : most
    guard UInt64(type.byteCount) <= min(bound, limits.tensorBytes) else {
      throw fault(
        .compressionExpansionWithinLimit, .unsupported, at, expected: "≤ \(min(bound, limits.tensorBytes)) B",
        actual: "\(type.byteCount) B of \(stored.partialValue) B")
    }
  }

  /// A trellis is the same for the quantizer that walks it and for the coder that codes its levels.
  private static func checkTrellis(_ stage: Stage, after other: Stage?) throws(Fault) {
    guard case .entropy(let coder) = stage, case .uniform(let quantizer)? = other, quantizer.states != 0
    else { return }
    guard coder.states == quantizer.states, coder.run == quantizer.restart else {
      throw .stage(
        .entropyTrellisAgrees, expected: "\(quantizer.states) states, run \(quantizer.restart)",
        actual: "\(coder.states), \(coder.run)")
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
  private func decodingStage<Result>(
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

  private func placing<Result>(
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
