import Compression
import Numerics
import Representation
import Storage
import Testing

/// Tensors that are longer than what loops take at once, element by element against the formulas of profile clause 7.3.
@Suite struct DequantizationTests {
  static let decoding = Decoding(
    side: { tensor, path throws(Fault) in try inlineElements(tensor, path) },
    base: { _ throws(Fault) in throw Fault(CompressionFault.baseModelAvailable, at: Place()) })

  struct Form: Sendable {
    let bits: Int
    let signed: Bool
    let level: ElementType
    let dims: [Int]
    let grid: [Int]
    let type: ElementType
    var origin = 0
  }

  static let forms: [Form] = [
    Form(bits: 8, signed: true, level: .i8, dims: [3, 5001], grid: [1, 0], type: .f32),
    Form(bits: 8, signed: false, level: .u8, dims: [3, 5001], grid: [0, 0], type: .bf16, origin: 1),
    Form(bits: 4, signed: true, level: .i4, dims: [3, 5001], grid: [1, 32], type: .f32),
    Form(bits: 4, signed: false, level: .u4, dims: [5, 4099], grid: [1, 128], type: .f16, origin: 1),
    Form(bits: 4, signed: false, level: .u4, dims: [5, 4099], grid: [1, 16], type: .f32, origin: 2),
    Form(bits: 4, signed: true, level: .i4, dims: [257, 130], grid: [128, 128], type: .f64),
    Form(bits: 2, signed: false, level: .u2, dims: [7, 1301], grid: [0, 5], type: .f32, origin: 2),
    Form(bits: 2, signed: true, level: .i2, dims: [3, 4, 1301], grid: [0, 1, 0], type: .f16),
    Form(bits: 12, signed: true, level: .i16, dims: [2, 9001], grid: [1, 5000], type: .f32),
    Form(bits: 16, signed: false, level: .u16, dims: [9001, 2], grid: [0, 1], type: .f32, origin: 1),
    Form(bits: 8, signed: true, level: .i8, dims: [40, 300], grid: [1, 1], type: .f32, origin: 2),
    Form(bits: 8, signed: true, level: .i8, dims: [10001], grid: [5000], type: .f32, origin: 1),
  ]

  @Test(arguments: forms) func isTheFormula(_ form: Form) throws {
    let input = try #require(ElementsType(form.type, form.dims))
    let levelType = try #require(ElementsType(form.level, form.dims))
    let blocks = zip(form.dims, form.grid).map { $1 == 0 ? 1 : ($0 + $1 - 1) / $1 }
    let scaleType = try #require(ElementsType(.f32, blocks))
    var numbers = SplitMix()
    let low = form.signed ? -(1 << (form.bits - 1)) : 0
    let levels = (0..<input.count).map { _ in
      Int32(low + Int(numbers.next() >> 20 & (1 << UInt64(form.bits) - 1)))
    }
    let scales = (0..<scaleType.count).map { _ in Float(Int(numbers.next() >> 40) - 1 << 23) * 0x1p-31 }
    let zeros = (0..<scaleType.count).map { _ in Int32(numbers.next() >> 62) }
    let offsets = (0..<scaleType.count).map { _ in Float(Int(numbers.next() >> 40) - 1 << 23) * 0x1p-25 }
    let zeroType = try #require(ElementsType(.i8, blocks))
    let stage = UniformStage(
      bits: UInt64(form.bits), signed: form.signed, grid: form.grid.map(Int64.init),
      scale: try #require(Elements(scaleType, nearestTo: scales.map(Double.init))).inlineTensor,
      zeroPoint: form.origin == 1 ? Elements(zeroType, integers: zeros)?.inlineTensor : nil,
      offset: form.origin == 2 ? Elements(scaleType, nearestTo: offsets.map(Double.init))?.inlineTensor : nil)
    let payload = try #require(Elements(levelType, integers: levels))
    let result = try stage.decode(payload, as: input, in: Self.decoding)
    var wrong = 0
    for element in 0..<input.count {
      var rest = element
      var block = 0
      var stride = 1
      for axis in form.dims.indices.reversed() {
        let place = rest % form.dims[axis]
        rest /= form.dims[axis]
        block += form.grid[axis] == 0 ? 0 : place / form.grid[axis] * stride
        stride *= blocks[axis]
      }
      var value = scales[block] * Float(levels[element] - (form.origin == 1 ? zeros[block] : 0))
      if form.origin == 2 { value = value + offsets[block] }
      let found = form.type.code(at: UInt64(element), in: result.bytes)
      if found != form.type.code(nearestTo: value) { wrong += 1 }
    }
    #expect(wrong == 0)
  }

  /// Elements by columns that name their groups, as GPTQ orders them.
  @Test func namedGroups() throws {
    let (rows, columns, groups) = (7, 5003, 41)
    var numbers = SplitMix()
    let names = (0..<columns).map { _ in Int32(numbers.next() % UInt64(groups)) }
    let levels = (0..<rows * columns).map { _ in Int32(numbers.next() >> 60) }
    let scales = (0..<rows * groups).map { _ in Double(Float(numbers.next() >> 50)) }
    let input = try #require(ElementsType(.f32, [rows, columns]))
    let levelType = try #require(ElementsType(.u4, [rows, columns]))
    let sideType = try #require(ElementsType(.f32, [rows, groups]))
    let nameType = try #require(ElementsType(.u32, [columns]))
    let stage = UniformStage(
      bits: 4, signed: false, grid: [1, 0], scale: Elements(sideType, nearestTo: scales)?.inlineTensor,
      groupAxis: 1, groupIndex: Elements(nameType, integers: names)?.inlineTensor)
    let payload = try #require(Elements(levelType, integers: levels))
    let result = try stage.decode(payload, as: input, in: Self.decoding).doubles
    let expected = (0..<rows * columns).map { place in
      scales[place / columns * groups + Int(names[place % columns])] * Double(levels[place])
    }
    #expect(result == expected)
  }

  /// The worked examples of clauses 7.2 to 7.4.
  @Test func examplesOfTheChapters() throws {
    func inline(_ type: ElementType, _ dims: [Int64], _ bytes: String) -> Tensor {
      Tensor(TensorType(type, shape: dims), .inline(hexBytes(bytes)))
    }
    func decoded(
      _ stage: some StageCodec, _ dims: [Int], _ payload: Tensor?, _ base: [Double]? = nil
    ) throws -> [Double] {
      let input = try #require(ElementsType(.f32, dims))
      let elements = try payload.map { try inlineElements($0, "") }
      let base = base.flatMap { Elements(input, nearestTo: $0) }
      let decoding = Decoding(side: Self.decoding.side) { _ throws(Fault) in
        guard let base else { throw Fault(CompressionFault.baseModelAvailable, at: Place()) }
        return base
      }
      return try stage.decode(elements, as: input, in: decoding).doubles
    }
    let seventh = Double(Float(bitPattern: 0x3E12_4925))
    let rows = UniformStage(
      bits: 4, signed: true, grid: [1, 0], scale: inline(.f32, [2, 1], "2549123e2549123d"))
    #expect(
      try decoded(rows, [2, 2], inline(.i4, [2, 2], "d707"))
        == [Double(Float(7 * seventh)), Double(Float(-3 * seventh)), Double(Float(7 * seventh)) / 4, 0])
    let trellis = UniformStage(
      bits: 4, signed: true, grid: [0], scale: inline(.f32, [1], "0000803e"), states: 8, restart: 64)
    #expect(try decoded(trellis, [4], inline(.i4, [4], "f231")) == [1, -0.5, 0.5, 1.25])
    let list = CodebookStage(grid: [0], codebook: inline(.f32, [1, 2, 1], "000080bf0000803f"))
    #expect(try decoded(list, [3], inline(.u2, [3], "11")) == [1, -1, 1])
    let four = ScaledFloatStage(elementType: .f4e2m1, grid: [0], scale: inline(.f8e8m0, [1], "7f"))
    #expect(try decoded(four, [2], inline(.f4e2m1, [2], "a7")) == [6, -1])
    let sign = SignStage(ternary: true, grid: [0], scale: inline(.f32, [1], "0000803f"))
    #expect(try decoded(sign, [4], inline(.i2, [4], "4d")) == [1, -1, 0, 1])
    let lowRank = LowRankStage(
      split: 1, left: inline(.f32, [2, 1], "0000803f00000040"),
      right: inline(.f32, [1, 2], "000040400000003f"))
    #expect(try decoded(lowRank, [2, 2], nil) == [3, 0.5, 6, 1])
    #expect(
      try decoded(CirculantStage(block: 2), [2, 2], inline(.f32, [1, 1, 2], "0000803f00000040")) == [
        1, 2, 2, 1,
      ])
    let lora = AdapterStage(
      kind: .lora, base: StructureTransferTests.base,
      factors: [inline(.f32, [1, 1], "0000803f"), inline(.f32, [1, 2], "0000003f000000bf")], alpha: 2, rank: 1
    )
    #expect(try decoded(lora, [1, 2], nil, [1, 2]) == [2, 1])
  }
}

/// Numbers that look random and are the same everywhere.
struct SplitMix {
  private var state: UInt64 = 7

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
