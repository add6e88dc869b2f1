import Numerics
public import Representation
import Storage

/// The types along a chain: what each stage takes, and what the payload has to be.
struct ChainTypes {
  /// The codec of each stage.
  var codecs: [any StageCodec] = []
  /// What each stage takes; the first is the type of the tensor.
  var inputs: [ElementsType] = []
}

extension CompressedContent {
  /// Whether a chain keeps every bit; false where a stage is not known.
  public var isLossless: Bool { stages.allSatisfy { $0.codec?.isLossless ?? false } }

  /// Whether a stage of the chain, or of one inside of it, needs a base.
  public var needsBases: Bool {
    stages.contains { $0.base != nil }
      || parts.contains {
        if case .compressed(let content) = $0.tensor.content { content.needsBases } else { false }
      }
  }

  /// The tensors that stages hold and the payload, each with its path from the tensor: `.stages[1].scale`, `.payload`.
  public var parts: [(path: String, tensor: Tensor)] {
    var parts: [(path: String, tensor: Tensor)] = []
    for (index, stage) in stages.enumerated() {
      stage.forEachSide { tensor, side in parts.append((".stages[\(index)]\(side)", tensor)) }
    }
    if let payload { parts.append((".payload", payload)) }
    return parts
  }
}

extension Stage {
  /// The base that the stage needs.
  var base: BaseTensor? {
    switch self {
    case .reference(let stage): stage.base
    case .delta(let stage): stage.base
    case .adapter(let stage): stage.base
    default: nil
    }
  }

  /// What findings call it.
  var label: String {
    if case .unknown(let number) = self { return "\(number)" }
    return name ?? "?"
  }
}

extension Tensor {
  /// Bytes as stored: of the tensor, or of payload and side tensors, and theirs.
  ///
  /// - Parameter depth: how many chains inside of chains are followed; what is deeper counts nothing.
  func storedBytes(depth: Int) -> UInt64 {
    switch content {
    case .inline(let bytes): return UInt64(bytes.count)
    case .stored(let range): return range.length
    case .encoded(let content):
      return content.ranges.reduce(0) { $0.addingReportingOverflow($1.length).partialValue }
    case .compressed(let content):
      guard depth > 0, content.stages.count <= DecodingLimits().stages else { return 0 }
      return content.parts.reduce(0) {
        let (sum, overflow) = $0.addingReportingOverflow($1.tensor.storedBytes(depth: depth - 1))
        return overflow ? .max : sum
      }
    case .strings, .sparse, .absent, .withheld: return 0
    }
  }
}

extension BaseTensor {
  /// Throws `base-digest-form` unless its digests are written as content digests are.
  func checkForm() throws(Fault) {
    for digest in [self.digest, model ?? self.digest] {
      let value = digest?.value.utf8
      guard let digest, digest.algorithm == "sha256", let value, value.count == 64,
        value.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
      else {
        throw .stage(
          .baseDigestForm, ".base", expected: "sha256, 64 lower-case digits",
          actual: digest.map { "\($0.algorithm), \($0.value)" } ?? "none")
      }
    }
  }
}
