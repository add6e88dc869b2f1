import Compression
import Formats
import Numerics
import Profile
import Representation
import Storage

/// What chains should be, though every decoder gives the same elements without it (profile clauses 7.1 to 7.5).
let stageRemarkChecks: [any Check] = [
  StageRemark(.stageFieldUnusedAbsent, .malformed) { $0.addUnusedFields() },
  StageRemark(.lowRankSaves) { $0.addLowRank() },
  StageRemark(.uniformZeroPointIsLevel) { look throws(Fault) in try look.addZeroPoints() },
  StageRemark(.codebookEntriesDistinct, .malformed) { look throws(Fault) in try look.addEqualEntries() },
  StageRemark(.outliersFew) { $0.addOutliers() },
  StageRemark(.entropyPayloadDigestPresent, .malformed) { $0.addMissingDigests() },
  StageRemark(.zstdChecksumPresent, .malformed) { look throws(Fault) in try look.addMissingChecksums() },
]

/// One requirement that is asked of every chain, those inside of chains among them.
struct StageRemark: Check {
  let key: String
  private let kind: Finding.Kind
  private let look: @Sendable (inout ChainLook) throws(Fault) -> Void

  init(
    _ code: CompressionFault, _ kind: Finding.Kind = .violation,
    _ look: @escaping @Sendable (inout ChainLook) throws(Fault) -> Void
  ) {
    key = code.rawValue
    self.kind = kind
    self.look = look
  }

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) throws {
    guard sample.structure.hasCompressedTensors else { return }
    let decoder = TensorDecoder(ModelTensors(sample.reading, in: sample.tree))
    var chains: [(tensor: Tensor, path: String)] = []
    sample.model.forEachTensor { tensor, path in
      guard case .compressed(let content) = tensor.content else { return }
      chains.append((tensor, path.description))
      content.forEachTensor { inner, rest in
        if case .compressed = inner.content { chains.append((inner, path.description + rest)) }
      }
    }
    for (tensor, path) in chains {
      // What is wrong with a chain has a finding of its own.
      guard case .compressed(let content) = tensor.content, decoder.fault(of: tensor, at: path) == nil else {
        continue
      }
      let chain = ChainLook(tensor: tensor, content: content, path: path, decoder: decoder)
      for finding in try found(in: chain) {
        findings.add(
          kind, at: Place(path: path + finding.path), expected: finding.expected, actual: finding.actual
        )
      }
    }
  }
}

extension StageRemark {
  /// What is found in a chain; nothing where its elements cannot be had, which has a finding of its own.
  private func found(in chain: ChainLook) throws(Fault) -> [ChainLook.Found] {
    var chain = chain
    do throws(Fault) {
      try look(&chain)
    } catch {
      if error.kind == .system { throw error }
      return []
    }
    return chain.found
  }
}

/// A chain that is looked at, and what was found.
struct ChainLook {
  let tensor: Tensor
  let content: CompressedContent
  let path: String
  let decoder: TensorDecoder
  /// What was found: where, what was expected there, what was found.
  typealias Found = (path: String, expected: String?, actual: String?)
  var found: [Found] = []

  private mutating func add(_ path: String, expected: String? = nil, actual: String? = nil) {
    found.append((path, expected, actual))
  }

  private func elements(_ tensor: Tensor) throws(Fault) -> Elements {
    try decoder.elements(of: tensor, at: path)
  }

  /// Fields of descriptors that the stage does not use in its form.
  mutating func addUnusedFields() {
    for (index, stage) in content.stages.enumerated() {
      for field in stage.unusedFields { add(".stages[\(index)].\(field)") }
    }
  }

  /// Products of as many elements as what they stand for, or more.
  mutating func addLowRank() {
    for (index, stage) in content.stages.enumerated() {
      guard case .lowRank(let stage) = stage, let left = stage.left?.type.elementCount,
        let right = stage.right?.type.elementCount, let all = tensor.type.elementCount
      else { continue }
      let (sum, overflow) = left.addingReportingOverflow(right)
      if overflow || sum >= all { add(".stages[\(index)]", expected: "< \(all)", actual: "\(sum)") }
    }
  }

  /// Zero points that are no levels.
  mutating func addZeroPoints() throws(Fault) {
    for (index, stage) in content.stages.enumerated() {
      guard case .uniform(let stage) = stage, let zero = stage.zeroPoint, (1...16).contains(stage.bits) else {
        continue
      }
      let half = Double(UInt64(1) << (stage.bits - 1))
      let levels = stage.signed ? -half...half - 1 : 0...2 * half - 1
      let points = try elements(zero).doubles
      if let wrong = points.first(where: { !levels.contains($0) }) {
        add(
          ".stages[\(index)].zero_point", expected: "\(Int(levels.lowerBound)) … \(Int(levels.upperBound))",
          actual: "\(Int(wrong))")
      }
    }
  }

  /// Entries of a list that stand in it twice.
  mutating func addEqualEntries() throws(Fault) {
    for (index, stage) in content.stages.enumerated() {
      guard case .codebook(let stage) = stage, let codebook = stage.codebook else { continue }
      let list = try elements(codebook)
      guard list.type.dims.count >= 2, let size = list.type.dims.last, size > 0 else { continue }
      let entries = list.type.dims[list.type.dims.count - 2]
      let values = list.doubles
      var isRepeated = false
      for block in 0..<(entries > 0 ? list.type.count / (entries * size) : 0) {
        var seen: Set<[UInt64]> = []
        for entry in 0..<entries {
          let start = (block * entries + entry) * size
          // Zeros of both signs are one value.
          let key = values[start..<start + size].map { ($0 == 0 ? 0 : $0).bitPattern }
          isRepeated = !seen.insert(key).inserted || isRepeated
        }
      }
      if isRepeated { add(".stages[\(index)].codebook") }
    }
  }

  /// More outliers than one in a hundred elements.
  mutating func addOutliers() {
    for (index, stage) in content.stages.enumerated() {
      guard case .outliers(let stage) = stage, let count = stage.positions?.type.elementCount,
        let all = tensor.type.elementCount, count > all / 100
      else { continue }
      add(".stages[\(index)]", expected: "≤ \(all / 100)", actual: "\(count)")
    }
  }

  /// Streams without a digest.
  mutating func addMissingDigests() {
    switch content.stages.last {
    case .entropy?, .zstd?:
      // What is stored as a chain in turn has its bytes, and its digest, further in.
      if let payload = content.payload, payload.digest == nil {
        if case .compressed = payload.content { return }
        add(".payload")
      }
    default: break
    }
  }

  /// Frames of Zstandard without a checksum: bit 2 of the byte behind the magic number.
  mutating func addMissingChecksums() throws(Fault) {
    guard case .zstd? = content.stages.last, let payload = content.payload else { return }
    let bytes = try elements(payload).bytes
    if bytes.count > 4, bytes[4] & 4 == 0 { add(".payload") }
  }
}

extension Stage {
  /// The fields, by their names in the schema, that the stage states though it does not use them in its form.
  fileprivate var unusedFields: [String] {
    var fields: [String] = []
    switch self {
    case .sparse(let stage):
      if stage.kind != .rows, stage.columns != nil { fields.append("columns") }
      if stage.kind != .nOfM {
        if stage.n != 0 { fields.append("n") }
        if stage.m != 0 { fields.append("m") }
      }
      if stage.kind != .block, !stage.block.isEmpty { fields.append("block") }
    case .reference(let stage):
      if !stage.axes.isEmpty, stage.axes.elementsEqual(0..<Int64(stage.axes.count)) { fields.append("axes") }
      if !stage.starts.isEmpty, stage.starts.allSatisfy({ $0 == 0 }) { fields.append("starts") }
    case .uniform(let stage):
      if stage.groupIndex == nil, stage.groupAxis != 0 { fields.append("group_axis") }
      if stage.states == 0, stage.restart != 0 { fields.append("restart") }
    case .codebook(let stage):
      if stage.scale == nil, !stage.scaleGrid.isEmpty { fields.append("scale_grid") }
    case .adapter(let stage):
      if stage.kind != .ia3, stage.axis != 0 { fields.append("axis") }
      if stage.kind == .ia3 {
        if stage.rank != 0 { fields.append("rank") }
        if stage.rankStabilised { fields.append("rank_stabilised") }
        if stage.transposed { fields.append("transposed") }
      }
    default: break
    }
    return fields
  }
}
