import Compression
import Numerics
import Representation
import Storage
import Testing

@Suite struct LosslessTests {
  @Test(arguments: ChainCase.fromPython) func undoesWhatThePythonImplementationMade(_ chain: ChainCase) throws
  {
    let elements = try decoder().elements(of: chain.tensor, at: "x")
    #expect(Hexadecimal.text(of: elements.bytes) == chain.elements)
    #expect(elements.type.tensorType == chain.type)
    #expect(decoder().fault(of: chain.tensor, at: "x") == nil)
  }

  @Test(arguments: ChainCase.fromPython) func makesWhatThePythonImplementationMade(_ chain: ChainCase) throws
  {
    let type = try #require(ElementsType(chain.type))
    var now = try #require(Elements(type, Hexadecimal.bytes(of: chain.elements) ?? []))
    for stage in chain.stages {
      let (made, left) = try Self.encode(now, like: stage)
      #expect(made == stage)
      now = try #require(left)
    }
    #expect(now.inlineTensor == chain.payload)
  }

  private static func encode(_ x: Elements, like stage: Stage) throws -> (Stage, Elements?) {
    switch stage {
    case .permute(let like):
      let made = try PermuteStage.encode(x, axes: like.axes.map(Int.init))
      return (.permute(made.descriptor), made.output)
    case .reshape(let like):
      let made = try ReshapeStage.encode(x, sizes: like.sizes.map(Int.init))
      return (.reshape(made.descriptor), made.output)
    case .parts: return (.parts, try PartsStage.encode(x).output)
    case .codes: return (.codes, try CodesStage.encode(x).output)
    case .planes: return (.planes, try PlanesStage.encode(x).output)
    case .trits: return (.trits, try TritsStage.encode(x).output)
    case .pack(let like):
      let made = try PackStage.encode(x, width: Int(like.width))
      return (.pack(made.descriptor), made.output)
    case .outliers:
      let made = try OutliersStage.encode(x, beyond: 1)
      return (.outliers(made.descriptor), made.output)
    case .sparse(let like):
      let made =
        switch like.kind {
        case .bitmap: try SparseStage.encodeBitmap(x)
        case .rows: try SparseStage.encodeRows(x)
        case .nOfM: try SparseStage.encode(x, keeping: Int(like.n), of: Int(like.m))
        default: try SparseStage.encode(x, block: like.block.map(Int.init))
        }
      return (.sparse(made.descriptor), made.output)
    default:
      Issue.record("no encoder here")
      return (stage, nil)
    }
  }

  // MARK: What the chapters say of single stages

  @Test func refusesTritsThatStandForNothing() {
    let type = TensorType(.i2, shape: [3])
    #expect(
      refusal(compressed(type, [.trits], inline(.u8, [1], "f3"))) == Seen(.tritsByteRange, "x.stages[0]"))
    #expect(
      refusal(compressed(type, [.trits], inline(.u8, [1], "c8"))) == Seen(.tritsPaddingZero, "x.stages[0]"))
    #expect(throws: Fault.self) {
      try TritsStage.encode(try elements(.i2, [1], [2]))
    }
  }

  @Test func refusesBitsBehindTheLastOne() {
    let pack = compressed(TensorType(.u4, shape: [1]), [.pack(PackStage(width: 3))], inline(.u8, [1], "11"))
    #expect(refusal(pack) == Seen(.packPaddingZero, "x.stages[0]"))
    let sparse = SparseStage(kind: .bitmap, pattern: inline(.u8, [1], "11"))
    let bitmap = compressed(TensorType(.u8, shape: [4]), [.sparse(sparse)], inline(.u8, [2], "0102"))
    #expect(refusal(bitmap) == Seen(.sparsePatternPaddingZero, "x.stages[0].pattern"))
  }

  @Test func refusesWidthsAndLevelsThatDoNotFit() throws {
    for width: UInt64 in [0, 4, 1 << 40] {
      let chain = compressed(
        TensorType(.u4, shape: [2]), [.pack(PackStage(width: width))], inline(.u8, [1], "11"))
      #expect(refusal(chain) == Seen(.packWidth, "x.stages[0].width"))
    }
    let levels = try elements(.i8, [2], [3, 0xFC])
    #expect(try PackStage.encode(levels, width: 3).output?.bytes == [0b100_011])
    #expect(throws: Fault.self) { try PackStage.encode(levels, width: 2) }
    #expect(throws: Fault.self) {
      try PackStage.encode(try elements(.i8, [1], [4]), width: 3)
    }
  }

  @Test(arguments: [[0, 1], [0, 0], [1, 0, 2], [1, -1], [1, 2], []] as [[Int64]])
  func refusesAxes(_ axes: [Int64]) {
    let chain = compressed(
      TensorType(.u8, shape: [1, 2]), [.permute(PermuteStage(axes: axes))], inline(.u8, [2, 1], "0102"))
    #expect(refusal(chain) == Seen(.permuteAxes, "x.stages[0].axes"))
  }

  @Test(arguments: [[1, 2], [3], [-1, -2], [Int64.max, 2], [1 << 32, 1 << 32]] as [[Int64]])
  func refusesSizes(_ sizes: [Int64]) {
    let chain = compressed(
      TensorType(.u8, shape: [1, 2]), [.reshape(ReshapeStage(sizes: sizes))], inline(.u8, [2], "0102"))
    #expect(refusal(chain) == Seen(.reshapeSizes, "x.stages[0].sizes"))
  }

  private static let rows = (
    pattern: inline(.u32, [3], "000000000100000003000000"), columns: inline(.u8, [3], "010002")
  )

  private func rows(pattern: Tensor = rows.pattern, columns: Tensor = rows.columns) -> Seen? {
    let stage = SparseStage(kind: .rows, pattern: pattern, columns: columns)
    return refusal(compressed(TensorType(.u8, shape: [2, 3]), [.sparse(stage)], inline(.u8, [3], "070809")))
  }

  @Test func refusesRowsThatLie() {
    #expect(rows() == nil)
    let pointers = Seen(.sparseRowPointers, "x.stages[0].pattern")
    #expect(rows(pattern: inline(.u32, [3], "010000000100000003000000")) == pointers)
    #expect(rows(pattern: inline(.u32, [3], "000000000400000003000000")) == pointers)
    #expect(rows(pattern: inline(.u32, [3], "000000000200000001000000")) == pointers)
    #expect(rows(pattern: inline(.u32, [3], "000000000100000002000000")) == pointers)
    #expect(rows(pattern: inline(.u32, [3], "00000000ffffffff03000000")) == pointers)
    #expect(rows(columns: inline(.u8, [3], "010003")) == Seen(.sparseColumnsInside, "x.stages[0].columns"))
    #expect(rows(columns: inline(.u8, [3], "010202")) == Seen(.sparseColumnsAscending, "x.stages[0].columns"))
    #expect(
      rows(columns: inline(.u16, [3], "010000000200")) == Seen(.stageSideTensorType, "x.stages[0].columns"))
    #expect(
      rows(pattern: inline(.u32, [2], "0000000003000000"))
        == Seen(.stageSideTensorType, "x.stages[0].pattern"))
  }

  @Test func refusesGroupsThatLie() {
    func groups(_ n: UInt64, _ m: UInt64, _ hex: String, _ dims: [Int64] = [1, 4]) -> Seen? {
      let stage = SparseStage(kind: .nOfM, pattern: inline(.u2, dims, hex), n: n, m: m)
      let type = TensorType(.u8, shape: [1, 8])
      return refusal(compressed(type, [.sparse(stage)], inline(.u8, dims, "01020304")))
    }
    #expect(groups(2, 4, "cd") == nil)
    // 3 before 1.
    #expect(groups(2, 4, "c7") == Seen(.sparseNMPositions, "x.stages[0].pattern"))
    #expect(groups(2, 4, "c5") == Seen(.sparseNMPositions, "x.stages[0].pattern"))
    #expect(groups(4, 4, "cd") == Seen(.sparseNMValues, "x.stages[0]"))
    #expect(groups(0, 4, "cd") == Seen(.sparseNMValues, "x.stages[0]"))
    #expect(groups(2, 257, "cd") == Seen(.sparseNMValues, "x.stages[0]"))
    #expect(groups(2, 3, "cd") == Seen(.sparseNMDivides, "x.stages[0]"))
    #expect(groups(1, 2, "cd") == Seen(.sparseNMPositions, "x.stages[0].pattern"))
    #expect(throws: Fault.self) {
      let x = try elements(.u8, [4], [1, 2, 3, 0])
      _ = try SparseStage.encode(x, keeping: 2, of: 4)
    }
  }

  @Test func refusesBlocksAndFieldsThatDoNotFit() {
    func blocks(_ block: [Int64], _ stage: (inout SparseStage) -> Void = { _ in }) -> Seen? {
      var sparse = SparseStage(kind: .block, pattern: inline(.u8, [1], "02"), block: block)
      stage(&sparse)
      return refusal(
        compressed(TensorType(.u8, shape: [2, 2]), [.sparse(sparse)], inline(.u8, [1, 2], "0506")))
    }
    #expect(blocks([1, 2]) == nil)
    for block in [[1], [0, 2], [-1, 2], [2, 3], [Int64.max, 1]] as [[Int64]] {
      #expect(blocks(block) == Seen(.sparseBlockDivides, "x.stages[0].block"))
    }
    #expect(blocks([1, 2]) { $0.n = 1 } == Seen(.stageFieldUnusedAbsent, "x.stages[0].n"))
    #expect(
      blocks([1, 2]) { $0.columns = inline(.u8, [0], "") }
        == Seen(.stageFieldUnusedAbsent, "x.stages[0].columns"))
    #expect(blocks([1, 2]) { $0.kind = .unknown(9) } == Seen(.stageFieldUnusedAbsent, "x.stages[0].block"))
    #expect(blocks([]) { $0.kind = .unknown(9) } == Seen(.sparseKindKnown, "x.stages[0].kind"))
    #expect(
      blocks([1, 2]) { $0.pattern = inline(.u8, [1], "03") } == Seen(.compressionPayloadType, "x.payload"))
  }

  @Test func refusesOutliersOutsideOrOutOfOrder() {
    func outliers(_ positions: String, _ count: Int64 = 2) -> Seen? {
      let stage = OutliersStage(
        positions: inline(.u32, [count], positions),
        values: inline(.u8, [count], String(repeating: "07", count: Int(count))))
      return refusal(compressed(TensorType(.u8, shape: [2]), [.outliers(stage)], inline(.u8, [2], "0000")))
    }
    let wrong = Seen(.outliersPositions, "x.stages[0].positions")
    #expect(outliers("0000000001000000") == nil)
    #expect(outliers("0100000000000000") == wrong)
    #expect(outliers("0100000001000000") == wrong)
    #expect(outliers("0000000002000000") == wrong)
    #expect(outliers("000000000100000002000000", 3) == wrong)
  }

  /// Turned and cut in every way that three dims allow, against a picking of single elements.
  @Test(arguments: [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] as [[Int]])
  func picksPartsOfATurnedBase(_ axes: [Int]) throws {
    let sizes = [37, 5, 41]
    let type = try #require(ElementsType(.u16, sizes))
    let base = try Elements(writing: type) { bytes in
      for index in 0..<type.count {
        bytes.storeBytes(of: UInt16(index), toByteOffset: 2 * index, as: UInt16.self)
      }
    }
    let starts = [2, 1, 3]
    let part = axes.map { sizes[$0] - 4 }
    let stage = ReferenceStage(
      base: BaseTensor(
        model: nil, variable: "b",
        digest: DeclaredDigest(algorithm: "sha256", value: try Digest.of(base.bytes, .sha256).hex)),
      axes: axes == [0, 1, 2] ? [] : axes.map(Int64.init), starts: starts.map(Int64.init))
    let tensor = compressed(TensorType(.u16, shape: part.map(Int64.init)), [.reference(stage)], nil)
    let elements = try decoder(["b": base.inlineTensor]).elements(of: tensor, at: "x")
    var expected: [UInt16] = []
    for i in 0..<part[0] {
      for j in 0..<part[1] {
        for k in 0..<part[2] {
          var place = [0, 0, 0]
          for (axis, at) in zip(axes, [i + starts[0], j + starts[1], k + starts[2]]) { place[axis] = at }
          expected.append(UInt16((place[0] * sizes[1] + place[1]) * sizes[2] + place[2]))
        }
      }
    }
    #expect(elements.bytes == expected.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] })
  }
}
