import Numerics
import Representation
import Storage

/// The types along a chain, before anything of it is decoded (profile clause 7.1, section 4).
extension TensorDecoder {
  /// Checks a tensor and its parts, whatever their depth.
  func check(_ tensor: Tensor, _ at: At) throws(Fault) {
    guard case .compressed(let content) = tensor.content else { return }
    _ = try types(of: tensor, content, at)
    for part in content.parts { try check(part.tensor, at.inner(part.path)) }
  }

  /// Walks the types of one chain.
  func types(of tensor: Tensor, _ content: CompressedContent, _ at: At) throws(Fault) -> ChainTypes {
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
}
