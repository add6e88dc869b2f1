import Numerics
import Representation
import Storage
import Testing

@testable import Compression

/// A model in memory.
private struct Held: ComparedModel {
  var tensors: [ComparedTensor] = []
  var held: [Elements] = []
  var refused: [String: Fault] = [:]

  mutating func add(_ name: String, _ elements: Elements, stored: Tensor? = nil) {
    tensors.append(
      ComparedTensor(name: name, type: elements.type, stored: stored ?? elements.inlineTensor))
    held.append(elements)
  }

  func elements(at index: Int) throws(Fault) -> Elements {
    if let fault = refused[tensors[index].name] { throw fault }
    return held[index]
  }

  func elements(of tensor: Tensor) throws(Fault) -> Elements {
    guard case .inline(let bytes) = tensor.content, let type = ElementsType(tensor.type),
      let elements = Elements(type, bytes)
    else { throw Fault(CompressionFault.compressionPayloadType, at: Place()) }
    return elements
  }
}

/// Numbers that look like weights, the same everywhere.
private func weights(_ count: Int, seed: UInt64) -> [Float] {
  var state = seed
  return (0..<count).map { _ in
    var sum: Float = 0
    for _ in 0..<4 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      sum += Float(state >> 40) / Float(1 << 24) - 0.5
    }
    return sum / 16
  }
}

/// Rounding to nearest, written for these tests alone.
private struct Rounded {
  var rows: Int
  var columns: Int
  var bits: Int
  var levels: [Int]
  var scales: [Float]
  var zeros: [Int]?
  /// Elements of a row that share a scale.
  var group: Int

  init(_ x: [Float], rows: Int, columns: Int, bits: Int, group: Int, withZeroPoint: Bool = false) {
    (self.rows, self.columns, self.bits, self.group) = (rows, columns, bits, group)
    levels = []
    scales = []
    zeros = withZeroPoint ? [] : nil
    let top = Double(withZeroPoint ? 1 << bits - 1 : 1 << (bits - 1) - 1)
    for start in stride(from: 0, to: x.count, by: group) {
      let block = x[start..<start + group].map(Double.init)
      var (low, high) = (0.0, 0.0)
      for value in block { (low, high) = (min(low, value), max(high, value)) }
      let exact = withZeroPoint ? (high - low) / top : max(high, -low) / top
      var scale = Float(exact)
      if Double(scale) < exact { scale = scale.nextUp }
      scales.append(scale)
      let zero = withZeroPoint ? (-low / Double(scale)).rounded(.toNearestOrEven) : 0
      zeros?.append(Int(zero))
      for value in block {
        let level = (value / Double(scale)).rounded(.toNearestOrEven) + zero
        levels.append(Int(min(max(level, withZeroPoint ? 0 : -top), top)))
      }
    }
  }

  var decoded: [Double] {
    levels.indices.map { index in
      let block = index / group
      return Double(scales[block] * Float(levels[index] - (zeros?[block] ?? 0)))
    }
  }

  private var shape: [Int] { [rows, columns] }

  var elements: Elements {
    get throws { try CompressionTests.elements(.f32, decoded, dims: shape) }
  }

  func tensor(chain: String? = "w") throws -> Tensor {
    let type: ElementType =
      bits <= 4 ? (zeros == nil ? .i4 : .u4) : (zeros == nil ? .i8 : .u8)
    let blocks = [rows, columns / group]
    let side = try CompressionTests.elements(.f32, scales.map(Double.init), dims: blocks)
    let payload = try CompressionTests.elements(type, levels.map(Double.init), dims: shape)
    let zeroPoint = try zeros.map { try CompressionTests.elements(.u8, $0.map(Double.init), dims: blocks) }
    let stage = UniformStage(
      bits: UInt64(bits), signed: zeros == nil, grid: [1, group == columns ? 0 : Int64(group)],
      scale: side.inlineTensor, zeroPoint: zeroPoint?.inlineTensor)
    return Tensor(
      TensorType(.f32, shape: shape.map(Int64.init)),
      .compressed(CompressedContent(stages: [.uniform(stage)], payload: payload.inlineTensor)),
      compressionChain: chain)
  }
}

@Suite struct ComparisonTests {
  private static let names = ["model.layers.0.q.weight", "model.layers.1.q.weight"]

  private static func statement(
    _ method: CompressionStatement.ListedMethod = .uniformQuantization,
    _ settings: String = #"{"bits":8,"rounding":"nearest","scale-rule":"greatest"}"#,
    targets: CompressionStatement.Targets? = nil
  ) throws -> CompressionStatement {
    var step = CompressionStatement.Step(
      name: "s", method: .listed(method), tool: .init(name: "t", version: "1"), targets: targets)
    step.settings = .init(
      try JSONValue.read(Array(settings.utf8), depthLimit: 8, note: { _ in }).members ?? [])
    return CompressionStatement(steps: [step])
  }

  private static func model(_ rows: Int = 4, _ columns: Int = 64) throws -> (Held, [[Float]]) {
    var model = Held()
    var values: [[Float]] = []
    for (index, name) in names.enumerated() {
      values.append(weights(rows * columns, seed: UInt64(index + 7)))
      model.add(name, try elements(.f32, values[index].map(Double.init), dims: [rows, columns]))
    }
    return (model, values)
  }

  private static func candidate(
    _ values: [[Float]], bits: Int = 8, group: Int = 64, withZeroPoint: Bool = false,
    _ change: (inout [Rounded]) -> Void = { _ in }
  ) throws -> Held {
    var rounded = values.map {
      Rounded($0, rows: 4, columns: 64, bits: bits, group: group, withZeroPoint: withZeroPoint)
    }
    change(&rounded)
    var model = Held()
    for (name, tensor) in zip(names, rounded) {
      model.add(name, try tensor.elements, stored: try tensor.tensor())
    }
    return model
  }

  /// Key, tensor and kind of what is found.
  private static func found(_ result: ComparisonResult) -> [String] {
    result.findings.map { "\($0.key) \($0.tensor ?? "-")" }
  }

  @Test(arguments: [(8, 64, false), (8, 16, false), (4, 32, false), (4, 32, true), (8, 64, true)])
  func aGoodQuantizationPasses(_ bits: Int, _ group: Int, _ withZeroPoint: Bool) throws {
    let (original, values) = try Self.model()
    let candidate = try Self.candidate(values, bits: bits, group: group, withZeroPoint: withZeroPoint)
    let rule = withZeroPoint ? "range" : "greatest"
    let settings = #"{"bits":\#(bits),"rounding":"nearest","scale-rule":"\#(rule)"}"#
    var comparison = Comparison(
      original: original, candidate: candidate, statement: try Self.statement(.uniformQuantization, settings))
    let result = comparison.run()
    #expect(Self.found(result) == [])
    #expect(result.asked[.uniformNearestLevel] == 2)
    #expect(result.asked[.scaleFollowsRule] == 2)
    #expect(result.asked[.uniformBitsAsDeclared] == 2)
    #expect(result.total.count == 512)
    #expect(result.tensors.map(\.role.layer) == [0, 1])
    comparison.jobs = 3
    #expect(comparison.run().total == result.total)
    #expect(comparison.run().tensors == result.tensors)
  }

  @Test func oneScaleChangedByTwoInAHundred() throws {
    let (original, values) = try Self.model()
    let candidate = try Self.candidate(values) { $0[1].scales[2] *= 1.02 }
    let result = Comparison(original: original, candidate: candidate, statement: try Self.statement()).run()
    #expect(
      Self.found(result) == ["uniform-nearest-level \(Self.names[1])", "scale-follows-rule \(Self.names[1])"])
  }

  @Test func oneGroupShifted() throws {
    let (original, values) = try Self.model()
    let candidate = try Self.candidate(values, group: 16) { rounded in
      let group = rounded[0].levels[32..<48]
      rounded[0].levels.replaceSubrange(32..<48, with: group.dropFirst() + [group[32]])
    }
    let result = Comparison(original: original, candidate: candidate, statement: try Self.statement()).run()
    #expect(Self.found(result) == ["uniform-nearest-level \(Self.names[0])"])
  }

  @Test func twoTensorsSwapped() throws {
    let (original, values) = try Self.model()
    let candidate = try Self.candidate(values) { $0.swapAt(0, 1) }
    var statement = try Self.statement()
    statement.steps[0].settings.members.removeAll { $0.key == "scale-rule" }
    let result = Comparison(original: original, candidate: candidate, statement: statement).run()
    #expect(Self.found(result) == Self.names.map { "uniform-nearest-level \($0)" })
  }

  @Test func aZeroPointOffByOne() throws {
    let (original, values) = try Self.model()
    let settings = #"{"bits":8,"rounding":"nearest","scale-rule":"range"}"#
    let candidate = try Self.candidate(values, withZeroPoint: true) { $0[1].zeros?[3] += 1 }
    let result = Comparison(
      original: original, candidate: candidate, statement: try Self.statement(.uniformQuantization, settings)
    ).run()
    #expect(Self.found(result) == ["uniform-nearest-level \(Self.names[1])"])
    #expect((result.findings[0].margin ?? 0) < 0)
  }

  @Test func theWrongOrderOfNibbles() throws {
    let (original, values) = try Self.model()
    let settings = #"{"bits":4,"rounding":"nearest"}"#
    let candidate = try Self.candidate(values, bits: 4, group: 32) { rounded in
      for index in stride(from: 0, to: rounded[0].levels.count, by: 2) {
        rounded[0].levels.swapAt(index, index + 1)
      }
    }
    let result = Comparison(
      original: original, candidate: candidate, statement: try Self.statement(.uniformQuantization, settings)
    ).run()
    #expect(Self.found(result) == ["uniform-nearest-level \(Self.names[0])"])
  }

  @Test func whatTheLastLevelServesWasClipped() throws {
    let (original, values) = try Self.model()
    // A scale that is half as large as the greatest element asks for: a calibrated one.
    var statement = try Self.statement()
    statement.steps[0].settings.members.removeAll { $0.key == "scale-rule" }
    let candidate = try Self.candidate(values) { rounded in
      rounded[0].scales[0] /= 2
      for column in 0..<64 {
        let level = (Double(values[0][column]) / Double(rounded[0].scales[0])).rounded(.toNearestOrEven)
        rounded[0].levels[column] = Int(min(max(level, -127), 127))
      }
    }
    let result = Comparison(original: original, candidate: candidate, statement: statement).run()
    #expect(Self.found(result) == [])
  }

  @Test func bitsThatWereNotDeclared() throws {
    let (original, values) = try Self.model()
    let candidate = try Self.candidate(values)
    let statement = try Self.statement(.uniformQuantization, #"{"bits":4,"rounding":"nearest"}"#)
    let result = Comparison(original: original, candidate: candidate, statement: statement).run()
    #expect(Self.found(result) == Self.names.map { "uniform-bits-as-declared \($0)" })
    #expect(result.findings[0].occurrence.place.path == "parameters[\"\(Self.names[0])\"].stages[0]")
  }

  @Test func aPatternBrokenInOneRow() throws {
    let (original, values) = try Self.model()
    var kept = values
    for tensor in kept.indices {
      for start in stride(from: 0, to: kept[tensor].count, by: 4) {
        let order = (start..<start + 4).sorted { kept[tensor][$0].magnitude < kept[tensor][$1].magnitude }
        for index in order.prefix(2) { kept[tensor][index] = 0 }
      }
    }
    let statement = try Self.statement(.nMSparsity, #"{"n":2,"m":4,"values":"kept"}"#)
    func compare() throws -> ComparisonResult {
      var candidate = Held()
      for (name, values) in zip(Self.names, kept) {
        candidate.add(name, try elements(.f32, values.map(Double.init), dims: [4, 64]))
      }
      return Comparison(original: original, candidate: candidate, statement: statement).run()
    }
    let good = try compare()
    #expect(Self.found(good) == [])
    #expect(good.asked[.nMPatternHolds] == 2)
    #expect(good.asked[.pruningKeptValues] == 2)
    #expect(good.recomputed?.sparsity == 0.5)
    kept[1][64 * 2 + 8..<64 * 2 + 12] = values[1][64 * 2 + 8..<64 * 2 + 12]
    let broken = try compare()
    #expect(Self.found(broken) == ["sparse-n-m-pattern-holds \(Self.names[1])"])
    #expect(broken.findings[0].occurrence.actual == "4:4 [2, 8], × 1")
    kept[1][64 * 2 + 8..<64 * 2 + 12] = [0, 0, 1, 0]
    #expect(Self.found(try compare()) == ["pruning-kept-values \(Self.names[1])"])
  }

  @Test func quantizationOfWhatWasPruned() throws {
    let (original, values) = try Self.model()
    var statement = try Self.statement()
    var prune = try Self.statement(.unstructuredPruning, #"{"sparsity":0.25,"values":"kept"}"#).steps[0]
    prune.name = "p"
    statement.steps.insert(prune, at: 0)
    let pruned = values.map { $0.enumerated().map { $0.offset % 4 == 1 ? 0 : $0.element } }
    #expect(
      Self.found(
        Comparison(original: original, candidate: try Self.candidate(pruned), statement: statement).run())
        == [])
    let wrong = try Self.candidate(pruned) { $0[0].scales[1] *= 1.02 }
    #expect(
      Self.found(Comparison(original: original, candidate: wrong, statement: statement).run()) == [
        "uniform-nearest-level \(Self.names[0])", "scale-follows-rule \(Self.names[0])",
      ])
    statement.steps[0].settings = .init([
      .init(key: "sparsity", value: JSONValue(number: 0.5)),
      .init(key: "values", value: JSONValue(.string("kept"))),
    ])
    let less = Comparison(original: original, candidate: try Self.candidate(pruned), statement: statement)
      .run()
    #expect(Self.found(less) == ["sparsity-as-declared -"])
  }

  @Test func whatADecoderRefusesNamesItsTensor() throws {
    let (original, values) = try Self.model()
    var candidate = try Self.candidate(values)
    candidate.refused[Self.names[0]] = Fault(
      CompressionFault.baseTensorDigest, at: Place("m.pmr", path: "parameters[\"x\"].stages[0].base"))
    let result = Comparison(original: original, candidate: candidate).run()
    #expect(Self.found(result) == ["base-tensor-digest \(Self.names[0])"])
    #expect(result.findings[0].kind == .fault(.malformed))
    #expect(result.tensors.count == 1)
  }

  @Test func limitsOfTheStatementAndOfTheUser() throws {
    let (original, values) = try Self.model()
    let candidate = try Self.candidate(values, bits: 4, group: 32)
    var statement = CompressionStatement(steps: [])
    statement.limits = [
      .init(.relativeError, 0.2), .init(.sqnr, 60), .init(.cosine, 0.9, targets: .init(include: ["*"])),
    ]
    let policy = AccuracyPolicy(limits: [
      .init(.greatestError, 1e-9, targets: .init(include: ["*.1.*"])),
      .init(.greatestError, 1, targets: .init(include: ["*"])),
    ])
    let result = Comparison(original: original, candidate: candidate, statement: statement, policy: policy)
      .run()
    #expect(
      Self.found(result) == [
        "compression-fidelity-within-limit -", "compression-fidelity-within-policy \(Self.names[1])",
      ])
    #expect(result.asked[.fidelityWithinLimit] == 4)
    #expect(result.tensors[1].limit?.value == 1e-9)
    #expect((result.tensors[1].margin ?? 0) < 0 && (result.tensors[0].margin ?? 0) > 0)
    let worst = result.worst(by: .relativeError, 2).compactMap(\.sums?.relativeError)
    #expect(worst.count == 2 && worst[0] >= worst[1])
    #expect(result.byLayer.map(\.layer) == [0, 1])
    #expect(result.byKind.map(\.kind) == ["q.weight"])
    #expect(result.byKind[0].sums.count == 512)
  }

  @Test func whatCannotBePaired() throws {
    let (original, values) = try Self.model()
    var candidate = Held()
    candidate.add(Self.names[0], try elements(.f32, values[0].map(Double.init), dims: [64, 4]))
    candidate.add("prompt", try elements(.f32, [1]))
    candidate.add("more", try elements(.f32, [1]))
    var statement = CompressionStatement(steps: [])
    statement.additions = [.init(kind: .prompt, step: "s", variables: ["prompt"])]
    let result = Comparison(original: original, candidate: candidate, statement: statement).run()
    #expect(
      Self.found(result) == [
        "compression-tensors-paired \(Self.names[0])", "compression-tensors-paired \(Self.names[1])",
        "compression-tensors-paired more",
      ])
    #expect(result.findings.allSatisfy { $0.kind == .unsupported })
    #expect(result.unpaired == [Self.names[1]])
  }

  @Test func claims() throws {
    let (original, values) = try Self.model()
    let candidate = try Self.candidate(values)
    // 2 × 256 elements of 8 bits and 2 × 4 scales of 32 bits: 544 B for 2,048 B, 8.5 bits.
    func found(_ claims: CompressionStatement.Claims) -> [String] {
      var statement = CompressionStatement(steps: [])
      statement.claims = claims
      return Comparison(original: original, candidate: candidate, statement: statement).run().findings.map {
        "\($0.key) \($0.kind) \($0.occurrence.actual ?? "")"
      }
    }
    #expect(found(.init(ratio: 2048.0 / 544, bitsPerWeight: 8.5, sparsity: 0)) == [])
    #expect(found(.init(ratio: 3.79, bitsPerWeight: 8.42)) == [])
    #expect(
      found(.init(ratio: 4, bitsPerWeight: 8)) == [
        "compression-claimed-ratio violation 3.76471",
        "compression-claimed-bits-per-weight violation 8.5",
      ])
    #expect(
      found(.init(ratio: 3, sparsity: 0.5)) == [
        "compression-claimed-ratio remark 3.76471", "compression-claimed-sparsity violation 0.0",
      ])
  }

  @Test func whatAStepDidNotAimAt() throws {
    let (original, values) = try Self.model()
    var candidate = Held()
    var changed = values
    changed[0][3] += 1
    for (name, values) in zip(Self.names, changed) {
      candidate.add(name, try elements(.f32, values.map(Double.init), dims: [4, 64]))
    }
    let aimed = try Self.statement(.lowRankAdaptation, "{}", targets: .init(include: ["*.0.*"]))
    let result = Comparison(original: original, candidate: candidate, statement: aimed).run()
    #expect(Self.found(result) == [] && result.asked[.transferUntouchedEqual] == 1)
    let other = try Self.statement(.lowRankAdaptation, "{}", targets: .init(include: ["*.1.*"]))
    #expect(
      Self.found(Comparison(original: original, candidate: candidate, statement: other).run()) == [
        "transfer-untouched-equal \(Self.names[0])"
      ])
    #expect(
      Self.found(
        Comparison(original: original, candidate: candidate, statement: try Self.statement(.biasTuning, "{}"))
          .run()
      ) == ["bias-tuning-only-biases \(Self.names[0])"])
    let sparse = try Self.statement(.sparseDelta, #"{"sparsity":0.99}"#)
    let few = Comparison(original: original, candidate: candidate, statement: sparse).run()
    #expect(Self.found(few) == [] && few.asked[.sparseDeltaAsDeclared] == 1)
  }

  @Test func headsThatWereCut() throws {
    let x = weights(24 * 6, seed: 5).map(Double.init)
    var original = Held()
    original.add("q", try elements(.f32, x, dims: [24, 6]))
    original.add("l.0.w", try elements(.f32, [1]))
    original.add("l.1.w", try elements(.f32, [2]))
    original.add("l.2.w", try elements(.f32, [3]))
    var statement = try Self.statement(.structuredPruning, #"{"values":"kept"}"#)
    statement.reductions = [
      .init(.heads, step: "s", units: 4, kept: [.init(0, 1), .init(3, 1)]),
      .init(.layers, step: "s", units: 3, kept: [.init(0, 1), .init(2, 1)]),
    ]
    statement.reductions[0].cuts = [.init(tensor: "q", axis: 0, unit: 2, parts: 3)]
    statement.reductions[1].names = ["l.{}.w"]
    func compare(_ rows: [Int]) throws -> ComparisonResult {
      var candidate = Held()
      candidate.add("q", try elements(.f32, rows.flatMap { x[$0 * 6..<$0 * 6 + 6] }, dims: [12, 6]))
      candidate.add("l.0.w", try elements(.f32, [1]))
      candidate.add("l.1.w", try elements(.f32, [3]))
      return Comparison(original: original, candidate: candidate, statement: statement).run()
    }
    // The rows of the second implementation: units 0 and 3 of four, two rows each, in three parts.
    let rows = [0, 1, 6, 7, 8, 9, 14, 15, 16, 17, 22, 23]
    let good = try compare(rows)
    #expect(Self.found(good) == [])
    #expect(good.unpaired == [] && good.asked[.pruningKeptValues] == 1)
    #expect(good.tensors.map(\.originalName) == [nil, "l.2.w", nil])
    let lost = (0..<24).filter { !rows.contains($0) }.flatMap { x[$0 * 6..<$0 * 6 + 6] }
    let squares = lost.map { $0 * $0 }.reduce(0, +)
    #expect(abs((good.tensors[2].sums?.error ?? 0) - squares) < 1e-12)
    #expect(Self.found(try compare([2] + rows.dropFirst())) == ["pruning-kept-values q"])
  }

  @Test(
    arguments: [
      ("model.layers.3.self_attn.q_proj.weight", 3, "self_attn.q_proj.weight"),
      ("embeddings.weight", nil, "embeddings.weight"), ("h.0.mlp.experts.12.w1", 0, "mlp.experts.*.w1"),
      ("w.0", nil, "w.0"), ("0.w", nil, "0.w"), ("", nil, ""),
    ] as [(String, Int?, String)])
  func rolesOfNames(_ name: String, _ layer: Int?, _ kind: String) {
    #expect(TensorRole(name).layer == layer)
    #expect(TensorRole(name).kind == kind)
  }
}
