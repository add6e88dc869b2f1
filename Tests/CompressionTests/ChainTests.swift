import Compression
import Numerics
import Representation
import Storage
import Testing

@Suite struct ChainTests {
  private static let byte = TensorType(.u8, shape: [4])

  private func chain(_ stages: [Stage], _ payload: Tensor?, _ type: TensorType = byte) -> Tensor {
    compressed(type, stages, payload)
  }

  // MARK: Types

  @Test func asksForStagesThatItKnows() {
    #expect(refusal(chain([], inline(.u8, [4], "01020304"))) == Seen(.compressionStagesPresent, "x"))
    let unknown = Seen(.compressionStageKnown, "x.stages[0]", .unsupported)
    #expect(refusal(chain([.unknown(77)], inline(.u8, [4], "01020304"))) == unknown)
    let many = Array(repeating: Stage.zstd, count: 1_000_000)
    let count = Seen(.compressionStageCountWithinLimit, "x", .unsupported)
    #expect(refusal(chain(many, inline(.u8, [4], "01020304"))) == count)
    #expect(refusal(chain([.codes], inline(.u8, [4], "01020304"))) == Seen(.stageInputType, "x.stages[0]"))
    #expect(
      refusal(chain([.zstd], nil, TensorType(.string, shape: [1]))) == Seen(.stageInputType, "x"))
    #expect(
      refusal(chain([.zstd], nil, TensorType(.u8, dims: [.symbolic("n")]))) == Seen(.stageInputType, "x"))
  }

  @Test func asksForThePayloadThatFollows() {
    let reshape = Stage.reshape(ReshapeStage(sizes: [2, 2]))
    let wrong = Seen(.compressionPayloadType, "x.payload")
    #expect(refusal(chain([reshape], inline(.u8, [2, 2], "01020304"))) == nil)
    #expect(refusal(chain([reshape], nil)) == wrong)
    #expect(refusal(chain([reshape], inline(.u8, [4], "01020304"))) == wrong)
    #expect(refusal(chain([reshape], inline(.i8, [2, 2], "01020304"))) == wrong)
    #expect(
      refusal(chain([reshape], inline(.u8, [2, 2], "010203"))) == Seen(.tensorLengthMatches, "x.payload"))
    #expect(
      refusal(chain([reshape], Tensor(TensorType(.u8, shape: [2, 2]), .absent)))
        == Seen(.tensorContentPresent, "x.payload"))
    #expect(refusal(chain([.zstd], inline(.u8, [1, 4], "01020304"))) == wrong)
    let withheld = Tensor(TensorType(.u8, shape: [2, 2]), .withheld)
    #expect(refusal(chain([reshape], withheld)) == Seen(.tensorContentPresent, "x.payload", .unsupported))
  }

  @Test func endsAfterWhatLeavesBytes() {
    let frame = inline(.u8, [4], "01020304")
    let last = Seen(.compressionTerminalStageLast, "x.stages[0]")
    #expect(refusal(chain([.zstd, .zstd], frame)) == last)
    let reference = Stage.reference(
      ReferenceStage(base: BaseTensor(model: nil, variable: "b", digest: Self.digest("00"))))
    #expect(refusal(chain([reference, .zstd], frame)) == last)
    #expect(refusal(chain([reference], frame)) == Seen(.compressionPayloadType, "x.payload"))
  }

  /// What a pattern keeps is known before the stages after it are asked for their types.
  @Test func countsWhatAPatternKeepsBetweenStages() throws {
    let sparse = Stage.sparse(SparseStage(kind: .bitmap, pattern: inline(.u8, [1], "0a")))
    let turned = Stage.reshape(ReshapeStage(sizes: [2, 1]))
    let tensor = chain([sparse, turned], inline(.u8, [2, 1], "0506"))
    #expect(try decoder().elements(of: tensor, at: "x").bytes == [0, 5, 0, 6])
    let wrong = chain([sparse, .reshape(ReshapeStage(sizes: [3]))], inline(.u8, [3], "050607"))
    #expect(refusal(wrong) == Seen(.reshapeSizes, "x.stages[1].sizes"))
    let more = chain([sparse], inline(.u8, [3], "050607"))
    #expect(refusal(more) == Seen(.compressionPayloadType, "x.payload"))
  }

  /// A side tensor has a chain of its own, whose faults stand at its own stages.
  @Test func followsChainsInsideOfChains() throws {
    let pattern = compressed(
      TensorType(.u8, shape: [1]), [.reshape(ReshapeStage(sizes: [1, 1]))], inline(.u8, [1, 1], "0a"))
    let tensor = chain([.sparse(SparseStage(kind: .bitmap, pattern: pattern))], inline(.u8, [2], "0506"))
    #expect(try decoder().elements(of: tensor, at: "x").bytes == [0, 5, 0, 6])
    let wrong = compressed(
      TensorType(.u8, shape: [1]), [.reshape(ReshapeStage(sizes: [1, 1])), .pack(PackStage(width: 9))],
      inline(.u8, [1, 1], "0a"))
    let bad = chain([.sparse(SparseStage(kind: .bitmap, pattern: wrong))], inline(.u8, [2], "0506"))
    #expect(refusal(bad) == Seen(.packWidth, "x.stages[0].pattern.stages[1].width"))
    #expect(decoder().fault(of: bad, at: "x").map(Seen.init) == refusal(bad))
  }

  @Test(arguments: 0...6) func limitsChainsInsideOfChains(_ depth: Int) {
    var dims: [Int64] = [4]
    var tensor = inline(.u8, [4] + Array(repeating: 1, count: depth), "01020304")
    for level in (0..<depth).reversed() {
      dims = [4] + Array(repeating: 1, count: level)
      tensor = compressed(
        TensorType(.u8, shape: dims), [.reshape(ReshapeStage(sizes: dims + [1]))], tensor)
    }
    let path = "x" + String(repeating: ".payload", count: 5)
    #expect(
      refusal(tensor) == (depth > 5 ? Seen(.compressionNestingWithinLimit, path, .unsupported) : nil))
  }

  // MARK: Bombs

  @Test func refusesToGrowWithoutEnd() {
    let limit = Seen(.compressionExpansionWithinLimit, "x", .unsupported)
    let rows = SparseStage(
      kind: .rows, pattern: inline(.u32, [2], "0000000000000000"), columns: inline(.u32, [0], ""))
    func zeros(_ count: Int64) -> Tensor {
      let pattern = count < 1 << 32 ? rows.pattern : inline(.u64, [2], String(repeating: "00", count: 16))
      let stage = SparseStage(kind: .rows, pattern: pattern, columns: rows.columns)
      return chain([.sparse(stage)], inline(.u8, [0], ""), TensorType(.u8, shape: [1, count]))
    }
    #expect(refusal(zeros(1 << 20)) == nil)
    #expect(refusal(zeros(8 << 30)) == limit)
    #expect(refusal(zeros(1 << 58)) == limit)
    // A base is counted as if it were stored: it does not make the rest free.
    let base = BaseTensor(model: nil, variable: "b", digest: Self.digest(""))
    let after = compressed(
      TensorType(.u8, shape: [1, 1 << 40]),
      [
        .sparse(
          SparseStage(
            kind: .rows, pattern: inline(.u64, [2], String(repeating: "00", count: 16)), columns: rows.columns
          )),
        .reference(ReferenceStage(base: base)),
      ], nil)
    #expect(refusal(after, by: decoder(["b": inline(.u8, [0], "")])) == limit)
  }

  // MARK: Bases

  private static func digest(_ hex: String) -> DeclaredDigest? {
    (try? Digest.of(Hexadecimal.bytes(of: hex) ?? [], .sha256)).map {
      DeclaredDigest(algorithm: "sha256", value: $0.hex)
    }
  }

  private func reference(
    _ name: String, _ digest: DeclaredDigest?, model: String? = nil,
    _ stage: (inout ReferenceStage) -> Void = { _ in }
  ) -> Tensor {
    var reference = ReferenceStage(
      base: BaseTensor(
        model: model.map { DeclaredDigest(algorithm: "sha256", value: $0) }, variable: name, digest: digest))
    stage(&reference)
    return chain([.reference(reference)], nil)
  }

  @Test func findsBasesInTheModel() throws {
    let good = Self.digest("01020304")
    let model = decoder(["b": inline(.u8, [4], "01020304"), "n": inline(.i8, [4], "01020304")])
    #expect(try model.elements(of: reference("b", good), at: "x").bytes == [1, 2, 3, 4])
    #expect(
      refusal(reference("b", Self.digest("")), by: model) == Seen(.baseTensorDigest, "x.stages[0].base"))
    #expect(refusal(reference("c", good), by: model) == Seen(.baseTensorExists, "x.stages[0].base"))
    #expect(refusal(reference("n", good), by: model) == Seen(.referenceTargetType, "x.stages[0].base"))
    #expect(refusal(reference("b", nil), by: model) == Seen(.baseDigestForm, "x.stages[0].base"))
    let upper = good.map { DeclaredDigest(algorithm: "sha256", value: $0.value.uppercased()) }
    #expect(refusal(reference("b", upper), by: model) == Seen(.baseDigestForm, "x.stages[0].base"))
    #expect(
      refusal(reference("b", good) { $0.starts = [1] }, by: model)
        == Seen(.referenceView, "x.stages[0].starts"))
    #expect(
      refusal(reference("b", good) { $0.starts = [-1] }, by: model)
        == Seen(.referenceView, "x.stages[0].starts"))
    #expect(
      refusal(reference("b", good) { $0.axes = [1] }, by: model) == Seen(.referenceView, "x.stages[0].axes"))
    for name in ["c", "n"] {
      let tensor = reference(name, good)
      #expect(model.fault(of: tensor, at: "x").map(Seen.init) == refusal(tensor, by: model))
    }
  }

  /// The faults of a base are told where the base stands.
  @Test func leavesFaultsOfABaseAtTheBase() {
    let bad = chain([.reshape(ReshapeStage(sizes: [5]))], inline(.u8, [5], "0102030405"))
    let found = refusal(reference("b", Self.digest("")), by: decoder(["b": bad]))
    #expect(found == Seen(.reshapeSizes, "parameters[\"b\"].stages[0].sizes"))
  }

  @Test func endsWhereBasesGoRoundInCircles() {
    let model = decoder(["a": reference("b", Self.digest("")), "b": reference("a", Self.digest(""))])
    let seen = refusal(reference("a", Self.digest("")), by: model)
    #expect(seen?.code == CompressionFault.referenceAcyclic.rawValue)
    let told = model.fault(of: reference("a", Self.digest("")), at: "x").map(Seen.init)
    #expect(told == Seen(.referenceAcyclic, "x.stages[0].base"))
  }

  @Test(arguments: [16, 17, 5_000]) func limitsHowManyBasesFollow(_ count: Int) {
    let digest = Self.digest("01020304")
    var tensors = ["0": inline(.u8, [4], "01020304")]
    for index in 1..<count { tensors["\(index)"] = reference("\(index - 1)", digest) }
    let model = decoder(tensors)
    let tensor = reference("\(count - 1)", digest)
    let told = model.fault(of: tensor, at: "x").map(Seen.init)
    #expect(told == (count > 16 ? Seen(.referenceDepthWithinLimit, "x.stages[0].base", .unsupported) : nil))
    #expect(refusal(tensor, by: model)?.code == told?.code)
  }

  /// Sixteen levels of a hundred references each: every base is decoded once.
  @Test func decodesABaseOnceHoweverOftenItIsNeeded() throws {
    let digest = Self.digest("01")
    var tensors = ["0": inline(.u8, [1], "01")]
    // Every level keeps one element, and needs the level before as pattern and as payload.
    for level in 1...15 {
      let part = compressed(
        TensorType(.u8, shape: [1]),
        [.reference(ReferenceStage(base: BaseTensor(model: nil, variable: "\(level - 1)", digest: digest)))],
        nil)
      tensors["\(level)"] = compressed(
        TensorType(.u8, shape: [1]), [.sparse(SparseStage(kind: .bitmap, pattern: part))], part)
    }
    let model = decoder(tensors)
    #expect(try model.elements(of: try #require(tensors["15"]), at: "x").bytes == [1])
  }

  @Test func boundsTheBytesOfBases() {
    var limits = DecodingLimits()
    limits.allowanceOfBases = 4000
    limits.keptBases = 0
    let digest = Self.digest("01020304")
    let model = decoder(
      ["a": inline(.u8, [4], "01020304"), "b": inline(.u8, [4], "01020304")], limits: limits)
    var ends: [Seen?] = []
    for _ in 0..<3 {
      ends.append(refusal(reference("a", digest), by: model))
      ends.append(refusal(reference("b", digest), by: model))
    }
    #expect(ends.prefix(3).allSatisfy { $0 == nil })
    #expect(ends.last == Seen(.compressionExpansionWithinLimit, "x.stages[0].base", .unsupported))
  }

  @Test func findsBasesInOtherModelsByTheirContent() throws {
    let other = ["w": inline(.u8, [4], "01020304")]
    let content = try decoder(other).contentDigest()
    let good = Self.digest("01020304")
    let tensor = reference("w", good, model: content)
    #expect(try decoder([:], others: [[:], other]).elements(of: tensor, at: "x").bytes == [1, 2, 3, 4])
    let missing = Seen(.baseModelAvailable, "x.stages[0].base", .unsupported)
    #expect(refusal(tensor, by: decoder()) == missing)
    #expect(decoder().fault(of: tensor, at: "x").map(Seen.init) == missing)
    #expect(refusal(tensor, by: decoder([:], others: [[:]])) == missing)
    // A model whose content follows from its own content has none.
    #expect(refusal(tensor, by: decoder([:], others: [["w": tensor]])) == missing)
  }

  // MARK: Content

  /// The digest is the one that the implementation in Python gives.
  @Test func namesAModelByItsContent() throws {
    let model = decoder(["b": inline(.f32, [1, 2], "0000803f00000040"), "a": inline(.i4, [3], "e103")])
    #expect(try model.contentDigest() == "eb687d317cbca25020c292a3a752f42283b661a8d23490585285d47b2271432d")
    let sparse = Tensor(
      TensorType(.f32, shape: [1, 2]),
      .sparse(
        values: inline(.f32, [2], "000000400000803f"),
        indices: inline(.i64, [2, 2], "0000000000000000010000000000000000000000000000000000000000000000")))
    let same = decoder(["b": sparse, "a": inline(.i4, [3], "e1f3")])
    #expect(try same.contentDigest() == model.contentDigest())
  }
}
