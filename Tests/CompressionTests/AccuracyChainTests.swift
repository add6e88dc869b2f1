import Numerics
import Representation
import Storage
import Testing

@testable import Compression

/// Comparisons of models whose chains the decoders of the project undo.
@Suite struct AccuracyChainTests {
  private struct Decoded: ComparedModel {
    var tensors: [ComparedTensor] = []
    var decoder: TensorDecoder

    init(_ tensors: [(String, Tensor)], bases: [ModelTensors] = []) throws {
      decoder = TensorDecoder(
        ModelTensors(Dictionary(tensors) { first, _ in first }), others: bases)
      for (name, tensor) in tensors {
        self.tensors.append(
          ComparedTensor(name: name, type: try #require(ElementsType(tensor.type)), stored: tensor))
      }
    }

    func elements(at index: Int) throws(Fault) -> Elements {
      guard let stored = tensors[index].stored else { throw Fault(FileFault.present, at: Place()) }
      return try decoder.elements(of: stored, at: tensors[index].name)
    }

    func elements(of tensor: Tensor) throws(Fault) -> Elements { try decoder.elements(of: tensor, at: "") }

    func contentDigest() throws(Fault) -> String? { try decoder.contentDigest() }
  }

  private static let values: [Double] = (0..<96).map { (number: Int) -> Double in
    Double(number * 37 % 97 - 48) / 64
  }

  private static func statement(
    _ method: CompressionStatement.ListedMethod, _ settings: String = "{}"
  ) throws -> CompressionStatement {
    var step = CompressionStatement.Step(
      name: "s", method: .listed(method), tool: .init(name: "t", version: "1"))
    step.settings = .init(
      try JSONValue.read(Array(settings.utf8), depthLimit: 8, note: { _ in }).members ?? [])
    return CompressionStatement(steps: [step])
  }

  private static func found(_ result: ComparisonResult) -> [String] {
    result.findings.map { "\($0.key) \($0.tensor ?? "-")" }
  }

  @Test func whatLosesNothingGivesTheOriginal() throws {
    let x = try elements(.f32, Self.values, dims: [8, 12])
    let original = try Decoded([("w", x.inlineTensor)])
    func compare(_ kept: Elements) throws -> ComparisonResult {
      let planes = try PlanesStage.encode(kept)
      let payload = try #require(planes.output)
      let content = CompressedContent(stages: [.planes], payload: payload.inlineTensor)
      let candidate = try Decoded([("w", Tensor(kept.type.tensorType, .compressed(content)))])
      return Comparison(
        original: original, candidate: candidate, statement: try Self.statement(.generalCoding)
      ).run()
    }
    let good = try compare(x)
    #expect(Self.found(good) == [] && good.asked[.losslessExact] == 1)
    #expect(good.tensors[0].differing == 0)
    var wrong = Self.values
    wrong[17] += 1 / 128
    let damaged = try compare(try elements(.f32, wrong, dims: [8, 12]))
    #expect(Self.found(damaged) == ["compression-lossless-exact w"])
    #expect(damaged.findings[0].occurrence.actual == "[1, 5], × 1")
  }

  /// Values with an infinity, which is put aside before the quantizer; levels behind it are packed.
  @Test func levelsBehindOtherStagesAndElementsPutAside() throws {
    var values = Self.values
    values[3] = .infinity
    let x = try elements(.f32, values, dims: [8, 12])
    let outliers = try OutliersStage.encode(x)
    let rest = try #require(outliers.output)
    let scale = try elements(.f32, Array(repeating: 0.125, count: 8), dims: [8, 1])
    let uniform = UniformStage(bits: 5, signed: true, grid: [1, 0], scale: scale.inlineTensor)
    func compare(_ change: (inout [Double]) -> Void = { _ in }) throws -> ComparisonResult {
      var levels = values.map { $0.isFinite ? ($0 * 8).rounded(.toNearestOrEven) : 0 }
      change(&levels)
      let codes = try elements(.i8, levels, dims: [8, 12])
      let packed = try PackStage.encode(codes, width: 5)
      let content = CompressedContent(
        stages: [.outliers(outliers.descriptor), .uniform(uniform), .pack(packed.descriptor)],
        payload: try #require(packed.output).inlineTensor)
      let candidate = try Decoded([("w", Tensor(rest.type.tensorType, .compressed(content)))])
      return Comparison(
        original: try Decoded([("w", x.inlineTensor)]), candidate: candidate,
        statement: try Self.statement(.uniformQuantization, #"{"bits":5,"rounding":"nearest"}"#)
      ).run()
    }
    let good = try compare()
    #expect(Self.found(good) == [] && good.asked[.uniformNearestLevel] == 1)
    let wrong = try compare { $0[50] += 1 }
    #expect(Self.found(wrong) == ["uniform-nearest-level w"])
    #expect(wrong.findings[0].occurrence.actual?.hasSuffix("s [4, 2], × 1") == true)
  }

  @Test func codebooksAndSmallerFloats() throws {
    let x = try elements(.f32, Self.values, dims: [8, 12])
    let original = try Decoded([("w", x.inlineTensor)])
    let list: [Double] = [-0.75, -0.5, -0.25, 0, 0.125, 0.25, 0.5, 0.75]
    let book = try elements(.f32, list, dims: [1, 1, 8, 1])
    let nearest = Self.values.map { value -> Double in
      let distances = list.map { abs($0 - value) }
      return Double(distances.firstIndex(of: distances.min() ?? 0) ?? 0)
    }
    func codebook(_ index: [Double]) throws -> ComparisonResult {
      let stage = CodebookStage(grid: [0, 0], codebook: book.inlineTensor)
      let content = CompressedContent(
        stages: [.codebook(stage)], payload: try elements(.u4, index, dims: [8, 12]).inlineTensor)
      return Comparison(
        original: original, candidate: try Decoded([("w", Tensor(x.type.tensorType, .compressed(content)))]),
        statement: try Self.statement(.codebookQuantization, #"{"rounding":"nearest"}"#)
      ).run()
    }
    let good = try codebook(nearest)
    #expect(Self.found(good) == [] && good.asked[.codebookNearestEntry] == 1)
    var other = nearest
    other[40] = other[40] == 0 ? 1 : other[40] - 1
    #expect(Self.found(try codebook(other)) == ["codebook-nearest-entry w"])

    func float(_ change: (inout [Double]) -> Void = { _ in }) throws -> ComparisonResult {
      // 48/64 is the greatest value; 448 codes of f8e4m3fn stand for 0.875.
      let scale = try elements(.f32, [1.0 / 512], dims: [1, 1])
      var scaled = Self.values.map { $0 * 512 }
      change(&scaled)
      let stage = ScaledFloatStage(elementType: .f8e4m3fn, grid: [0, 0], scale: scale.inlineTensor)
      let content = CompressedContent(
        stages: [.scaledFloat(stage)], payload: try elements(.f8e4m3fn, scaled, dims: [8, 12]).inlineTensor)
      return Comparison(
        original: original, candidate: try Decoded([("w", Tensor(x.type.tensorType, .compressed(content)))]),
        statement: try Self.statement(
          .floatQuantization, #"{"element-type":"f8e4m3fn","rounding":"nearest"}"#)
      ).run()
    }
    #expect(Self.found(try float()) == [])
    #expect(Self.found(try float { $0[7] *= 1.15 }) == ["scaled-float-nearest-code w"])
    #expect(try float().asked[.scaledFloatTypeAsDeclared] == 1)
  }

  /// b + (alpha / rank) · B·A, written out for this test.
  private static func merged(_ base: [Double], _ left: [Double], _ right: [Double], _ scale: Double)
    -> [Double]
  {
    base.indices.map { index in
      let (row, column) = (index / 12, index % 12)
      let sum = (0..<2).reduce(0.0) { $0 + left[row * 2 + $1] * right[$1 * 12 + column] }
      return Double(Float(base[index] + scale * sum))
    }
  }

  @Test func aMergeWithoutAlpha() throws {
    let left: [Double] = (0..<16).map { (number: Int) -> Double in Double(number % 5 - 2) / 16 }
    let right: [Double] = (0..<24).map { (number: Int) -> Double in Double(number % 7 - 3) / 16 }
    let stage = AdapterStage(
      kind: .lora, base: nil,
      factors: [
        try elements(.f32, left, dims: [8, 2]).inlineTensor,
        try elements(.f32, right, dims: [2, 12]).inlineTensor,
      ], alpha: 16, rank: 2)
    let original = try Decoded([
      ("norm", try elements(.f32, [1, 2]).inlineTensor),
      ("w", try elements(.f32, Self.values, dims: [8, 12]).inlineTensor),
    ])
    func compare(_ scale: Double, norm: [Double] = [1, 2], alpha: Int = 16) throws -> ComparisonResult {
      let merged = Self.merged(Self.values, left, right, scale)
      let candidate = try Decoded([
        ("norm", try elements(.f32, norm).inlineTensor),
        ("w", try elements(.f32, merged, dims: [8, 12]).inlineTensor),
      ])
      var comparison = Comparison(
        original: original, candidate: candidate,
        statement: try Self.statement(.merge, #"{"adapter":"a","rank":2,"alpha":\#(alpha)}"#))
      comparison.adapters = SuppliedAdapters([
        "w": SuppliedAdapter(stage) { tensor throws(Fault) in
          guard case .inline(let bytes) = tensor.content, let type = ElementsType(tensor.type),
            let elements = Elements(type, bytes)
          else { throw Fault(FileFault.present, at: Place()) }
          return elements
        }
      ])
      return comparison.run()
    }
    let good = try compare(8)
    #expect(Self.found(good) == [])
    #expect(good.asked[.adapterMergeResult] == 1 && good.asked[.transferUntouchedEqual] == 1)
    #expect(Self.found(try compare(1)) == ["adapter-merge-result w"])
    #expect(Self.found(try compare(16)) == ["adapter-merge-result w"])
    #expect(Self.found(try compare(8, norm: [1, 2.5])) == ["transfer-untouched-equal norm"])
    #expect(Self.found(try compare(8, alpha: 32)) == ["adapter-settings-as-declared w"])
  }

  @Test func aDeltaOnTheWrongBase() throws {
    let base = try elements(.f32, Self.values, dims: [8, 12])
    let tuned = try elements(.f32, Self.values.map { $0 + 0.25 }, dims: [8, 12])
    let model = TensorDecoder(ModelTensors(["w": base.inlineTensor]))
    let digest = try model.digest(of: base.inlineTensor, at: "w").hex
    let content = try model.contentDigest()
    let named = BaseTensor(
      model: .init(algorithm: "sha256", value: content), variable: "w",
      digest: .init(algorithm: "sha256", value: digest))
    let difference = try elements(.f32, Array(repeating: 0.25, count: 96), dims: [8, 12])
    let stored = Tensor(
      base.type.tensorType,
      .compressed(
        CompressedContent(
          stages: [.delta(DeltaStage(mode: .add, base: named))], payload: difference.inlineTensor)))
    var statement = try Self.statement(.delta)
    statement.original.content = content
    func compare(_ base: Elements) throws -> ComparisonResult {
      let candidate = try Decoded([("w", stored)], bases: [ModelTensors(["w": base.inlineTensor])])
      return Comparison(
        original: try Decoded([("w", base.inlineTensor)]), candidate: candidate, statement: statement
      ).run()
    }
    let good = try compare(base)
    #expect(Self.found(good) == [] && good.asked[.originalAsDeclared] == 1)
    #expect(abs((good.tensors[0].sums?.greatestError ?? 0) - 0.25) < 1e-6)
    let wrong = try compare(tuned)
    #expect(Self.found(wrong) == ["base-model-available w", "compression-original-as-declared -"])
  }
}
