import Compression
import Numerics
import Representation
import Storage
import Testing

/// Low-rank and block-circulant matrices, deltas and adapters, held against the second implementation bit by bit.
@Suite struct StructureTransferTests {
  static let base = BaseTensor(model: nil, variable: "w", digest: nil)

  @Test func lowRank() throws {
    let fixtures = StageFixture.all("low_rank")
    #expect(fixtures.count > 15)
    for fixture in fixtures {
      let d = try #require(fixture.descriptor)
      let stage = LowRankStage(split: d.split ?? 0, left: d.left?.tensor, right: d.right?.tensor)
      try fixture.checkDecoding(stage, nil)
    }
  }

  @Test func circulant() throws {
    let fixtures = StageFixture.all("circulant")
    #expect(fixtures.count > 30)
    for fixture in fixtures {
      if let settings = fixture.settings {
        try fixture.checkEncoding { x throws(Fault) in
          try CirculantStage.encode(x, block: settings.block ?? 0)
        } same: { stage, d in
          stage.block == d.block
        }
      }
      guard let d = fixture.descriptor else { continue }
      try fixture.checkDecoding(CirculantStage(block: d.block ?? 0), fixture.payload?.elements)
    }
  }

  @Test func delta() throws {
    let fixtures = StageFixture.all("delta")
    #expect(fixtures.count > 50)
    for fixture in fixtures {
      func mode(_ number: UInt64) -> DeltaStage.Mode {
        number == 1 ? .add : number == 2 ? .code : .unknown(number)
      }
      if let settings = fixture.settings {
        let base = try #require(fixture.base?.elements)
        try fixture.checkEncoding { x throws(Fault) in
          try DeltaStage.encode(
            x, mode: mode(UInt64(settings.mode ?? 0)), base: base, reference: Self.base)
        } same: { stage, d in
          stage.mode == mode(d.mode ?? 0)
        }
      }
      guard let d = fixture.descriptor else { continue }
      let stage = DeltaStage(mode: mode(d.mode ?? 0), base: Self.base)
      try fixture.checkDecoding(stage, fixture.payload?.elements)
    }
  }

  @Test func adapter() throws {
    let fixtures = StageFixture.all("adapter")
    #expect(fixtures.count > 60)
    let kinds: [AdapterStage.Kind] = [.lora, .dora, .loha, .lokr, .ia3]
    for fixture in fixtures {
      let d = try #require(fixture.descriptor)
      let number = d.kind ?? 0
      let stage = AdapterStage(
        kind: 1...5 ~= number ? kinds[Int(number) - 1] : .unknown(number), base: Self.base,
        factors: (d.factors ?? []).compactMap(\.tensor), alpha: d.alpha, rank: d.rank ?? 0,
        rankStabilised: d.rank_stabilised ?? false, transposed: d.transposed ?? false,
        magnitude: d.magnitude?.tensor, axis: d.axis ?? 0)
      try fixture.checkDecoding(stage, nil)
      if let unmerged = fixture.unmerged, let type = fixture.input.elementsType {
        let merged = try #require(Elements(type, hexBytes(fixture.decoded ?? "")))
        let base = try stage.unmerge(merged, in: fixture.decoding)
        #expect(base.bytes == hexBytes(unmerged), "\(fixture.testDescription)")
      }
    }
  }

  /// What is left of a matrix of rank 5 with a little noise is the noise, whatever the type.
  @Test(arguments: [ElementType.f64, .f32, .f16, .bf16]) func findsLowRank(_ type: ElementType) throws {
    let (rows, columns, rank) = (40, 60, 5)
    var state: UInt64 = 1
    func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(Int64(bitPattern: state) >> 33) * 0x1p-30
    }
    let left = (0..<rows * rank).map { _ in next() }
    let right = (0..<rank * columns).map { _ in next() }
    let values = (0..<rows * columns).map { place in
      (0..<rank).reduce(0.0) {
        $0 + left[place / columns * rank + $1] * right[$1 * columns + place % columns]
      }
    }
    let kind = try #require(ElementsType(type, [rows, columns]))
    let x = try #require(Elements(kind, nearestTo: values))
    let encoded = try LowRankStage.encode(x, rank: rank)
    #expect(encoded.output == nil)
    let decoding = Decoding(
      side: { tensor, path throws(Fault) in try inlineElements(tensor, path) },
      base: { _ throws(Fault) in throw Fault(CompressionFault.baseModelAvailable, at: Place()) })
    let again = try encoded.descriptor.decode(nil, as: kind, in: decoding).doubles
    let errors = zip(x.doubles, again).map { ($0 - $1) * ($0 - $1) }.reduce(0, +)
    let energy = values.map { $0 * $0 }.reduce(0, +)
    let unit = type == .bf16 ? 0x1p-8 : type == .f16 ? 0x1p-11 : 0x1p-22
    #expect((errors / energy).squareRoot() < unit, "\((errors / energy).squareRoot())")
    #expect(try LowRankStage.encode(x, rank: rank).descriptor == encoded.descriptor)
  }

  /// Matrices that have less rank than is asked for, or no elements.
  @Test func lowRankOfLittle() throws {
    let decoding = Decoding(
      side: { tensor, path throws(Fault) in try inlineElements(tensor, path) },
      base: { _ throws(Fault) in throw Fault(CompressionFault.baseModelAvailable, at: Place()) })
    for dims in [[0, 4], [3, 0], [1, 1], [2, 3, 4], [4, 4]] {
      let kind = try #require(ElementsType(.f32, dims))
      let x = try #require(
        Elements(kind, nearestTo: [Double](repeating: dims.count == 3 ? 0 : 2.5, count: kind.count)))
      let encoded = try LowRankStage.encode(x, rank: 3, split: dims.count - 1)
      let again = try encoded.descriptor.decode(nil, as: kind, in: decoding)
      #expect(zip(x.doubles, again.doubles).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }
}
