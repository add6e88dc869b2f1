import Compression
import Numerics
import Representation
import Storage
import Testing

/// A stream of the implementation in Python: conformance/oracle/entropy_expectations.py prints these rows.
struct ExpectedStream: Sendable, CustomTestStringConvertible {
  let element: ElementType
  let dims: [Int]
  let shift: Int64
  let mode: EntropyStage.Mode
  let run: Int
  let states: Int
  let bytes: Int
  let digest: String
  let seed: UInt64

  var testDescription: String { "\(element) \(dims) \(mode) \(run) \(states)" }

  var stage: EntropyStage { EntropyStage(mode: mode, run: UInt64(run), states: UInt64(states)) }

  /// The elements that the script makes too.
  var elements: Elements? {
    guard let type = ElementsType(element, dims), let bits = element.bits else { return nil }
    var numbers = SeededNumbers(seed: seed)
    let half = Int64(1) << Int64(bits - 1)
    let codes = (0..<type.count).map { _ in
      mode == .levels
        ? UInt64(bitPattern: min(max(numbers.signed() >> shift, -half), half - 1))
        : numbers.next() >> UInt64(shift)
    }
    return Elements(type, packed(codes, bits: bits))
  }

  private static func stream(
    _ element: ElementType, _ dims: [Int], shift: Int64, _ mode: EntropyStage.Mode, run: Int, states: Int,
    bytes: Int,
    _ digest: String
  ) -> (UInt64) -> ExpectedStream {
    {
      ExpectedStream(
        element: element, dims: dims, shift: shift, mode: mode, run: run, states: states, bytes: bytes,
        digest: digest,
        seed: $0)
    }
  }

  static let all: [ExpectedStream] = {
    let rows = [
      stream(
        .i2, [7, 33], shift: 61, .levels, run: 65, states: 0, bytes: 101,
        "81e56565149120809725a11a29f253770cd127a66ce9cc3bb4d3c2468744657c"),
      stream(
        .i4, [9, 31], shift: 60, .levels, run: 100, states: 4, bytes: 135,
        "6c694fe52a05099d6936b3e65fba99e2ea4de957c7ee256977941f8f5f8cb037"),
      stream(
        .i8, [13, 50], shift: 57, .levels, run: 128, states: 8, bytes: 514,
        "58c43d027486d6c0b661da1a8166734001fb583583df48bce20b70b9d143d66e"),
      stream(
        .i8, [400], shift: 58, .levels, run: 64, states: 16, bytes: 310,
        "ce027cc5ad48255a8e0e99e5b24ad53763413220d198bad4e0a61e2b92cffc41"),
      stream(
        .i8, [300, 1], shift: 59, .levels, run: 262144, states: 0, bytes: 142,
        "419c81e12eaa026724b8f116a862bf2ced98b62e8b09812188d735c11612795a"),
      stream(
        .i16, [40, 60], shift: 50, .levels, run: 1000, states: 32, bytes: 3706,
        "c849c794691f886a6b56cdf3f17db5ea59afca2951cc132c653d3916b87bf95e"),
      stream(
        .i16, [3, 5, 100], shift: 48, .levels, run: 262144, states: 8, bytes: 2691,
        "718aa8cee8de59ad41ab12484921562454634ce54ebf22b45e50e89b9cb7f064"),
      stream(
        .i32, [30, 20], shift: 32, .levels, run: 150, states: 0, bytes: 3025,
        "90fb7a74701ef5df2ce87b8f72f4f8f9286e8f9b65285a78c380df1d7fa745cb"),
      stream(
        .i32, [20, 20], shift: 44, .levels, run: 64, states: 8, bytes: 1068,
        "786d78d73414e24ee20b52de82d6719d4b9c7c60cfccaabf7aef57e7ce19ecb0"),
      stream(
        .i32, [2, 100], shift: 60, .levels, run: 16777216, states: 0, bytes: 82,
        "6bcde6a9776fd6b86ac898b738d9d2e5b7e47f243e613cb8ff13ae45d7dc1357"),
      stream(
        .i16, [0, 4], shift: 50, .levels, run: 64, states: 0, bytes: 0,
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      stream(
        .i8, [], shift: 57, .levels, run: 64, states: 4, bytes: 14,
        "81d4700225928c95f3c28a23b0f6ddd76469ac2bcd69b58acb60e703dec9fcb1"),
      stream(
        .u2, [5, 41], shift: 62, .symbols, run: 67, states: 0, bytes: 95,
        "4c2c2f01ec3037bd24ba6c63fef0a566b860c9b0ec4c49b8f50f3a1844128868"),
      stream(
        .u4, [333], shift: 60, .symbols, run: 100, states: 0, bytes: 216,
        "40676cfaf7109271e631ffcb1fec4304ce5ee10f1295e97b281bc9cef4f43724"),
      stream(
        .u8, [20, 30], shift: 58, .symbols, run: 262144, states: 0, bytes: 473,
        "f2dc93a3032d58d78353c20a0868c5d128b3a3313ee8e60526bfa6be425777cd"),
      stream(
        .i4, [99], shift: 61, .symbols, run: 64, states: 0, bytes: 61,
        "01bdceac43ec32df2c896210622f3c3c26c735367fe4ad08ff9301209e7629d3"),
      stream(
        .f6e2m3, [101], shift: 58, .symbols, run: 70, states: 0, bytes: 99,
        "d4e1277b4731721205d1206a173be25a7b60064bd9cd399b8f0cd588208b9ae9"),
      stream(
        .f8e4m3fn, [10, 20], shift: 56, .symbols, run: 64, states: 0, bytes: 249,
        "7fd1005759147c447c7eb269bbce0eae97b8d1cd25d05f4619fc7727bb4deea7"),
      stream(
        .bool, [129], shift: 63, .symbols, run: 64, states: 0, bytes: 63,
        "b17b0d7a5c0ebb77daf4d077a6be94ca4ea4a69c9b2eac5e106987c45bbce20c"),
    ]
    return rows.enumerated().map { $1(UInt64($0)) }
  }()
}

@Suite struct EntropyTests {
  @Test(arguments: ExpectedStream.all) func writesTheOneStreamAndReadsIt(_ expected: ExpectedStream) throws {
    let elements = try #require(expected.elements)
    for cores in [1, 3] {
      let encoded = try EntropyStage.encode(
        elements, mode: expected.mode, run: expected.run, states: expected.states, cores: cores)
      let stream = try #require(encoded.output)
      #expect(encoded.descriptor == expected.stage)
      #expect(stream.bytes.count == expected.bytes)
      #expect(try Digest.of(stream.bytes, .sha256).hex == expected.digest)
      #expect(try expected.stage.decode(stream.bytes, as: elements.type, cores: cores) == elements)
    }
  }

  /// The example of profile clause 7.5, section 7.
  private static let example: [UInt8] = [4, 0, 0, 0, 1, 0, 0, 0, 0xA9, 0x88, 0x1F, 0xDE, 0x40]

  @Test func example() throws {
    let type = try #require(ElementsType(.i8, [2, 3]))
    let elements = try #require(Elements(type, [0, 1, 0xFF, 2, 0, 3]))
    #expect(try EntropyStage.encode(elements, mode: .levels, run: 64).output?.bytes == Self.example)
    let stage = EntropyStage(mode: .levels, run: 64)
    let codec = try #require(Stage.entropy(stage).codec)
    let decoding = Decoding { _, _ throws(Fault) in
      throw Fault(CompressionFault.stageInputType, at: Place())
    } base: {
      _ throws(Fault) in
      throw Fault(CompressionFault.stageInputType, at: Place())
    }
    let payload = try #require(ElementsType(.u8, [13]).flatMap { Elements($0, Self.example) })
    #expect(try codec.decode(payload, as: type, in: decoding) == elements)
    #expect(codec.leavesOpenCount)
    #expect(try codec.output(of: type)?.notation == "u8[0]")
  }

  @Test(
    arguments: [
      ([4, 0, 0, 0, 1, 0, 0, 0, 0xA9, 0x88, 0x1F, 0xDE], "entropy-entry-table", ""),
      ([4, 0, 0, 0], "entropy-entry-table", ""),
      ([4, 0, 0, 0, 1, 0, 0, 0, 0xA9, 0x88, 0x1F, 0xDE, 0x40, 0], "entropy-entry-table", ""),
      ([4, 0, 0, 0, 1, 0, 0, 0, 0xA9, 0x88, 0x1F, 0x9E, 0x40], "entropy-run-mark", ".runs[0]"),
      ([4, 0, 0, 0, 1, 0, 0, 0, 0xA9, 0x88, 0x1F, 0xDF, 0x40], "entropy-run-ending", ".runs[0]"),
      ([5, 0, 0, 0, 1, 0, 0, 0, 0xA9, 0x88, 0x1F, 0xDE, 0, 0x40], "entropy-run-ending", ".runs[0]"),
      ([4, 0, 0, 0, 0, 0, 0, 0, 0xA9, 0x88, 0x1F, 0xDE], "entropy-plain-bits-enough", "[1]"),
      ([4, 0, 0, 0, 2, 0, 0, 0, 0xA9, 0x88, 0x1F, 0xDE, 0x40, 0], "entropy-plain-bits-all", ".runs[0]"),
      ([4, 0, 0, 0, 1, 0, 0, 0, 0xA9, 0x88, 0x1F, 0xDE, 0x41], "entropy-plain-bits-all", ".runs[0]"),
    ] as [([UInt8], String, String)]) func refusesBrokenStreams(
      _ stream: [UInt8], _ code: String, _ path: String
    ) throws
  {
    let type = try #require(ElementsType(.i8, [2, 3]))
    let fault = try #require(throws: Fault.self) {
      try EntropyStage(mode: .levels, run: 64).decode(stream, as: type)
    }
    #expect(fault.code == code)
    #expect((fault.occurrence.place.path ?? "") == path)
  }

  /// All ones: every level escapes, and what is behind the escape decides.
  @Test(
    arguments: [
      ([UInt8](repeating: 0xFF, count: 40), "entropy-escape-within-limit"),
      ([0xFF, 0xFF, 0xFF], "entropy-plain-bits-enough"),
      // A sign, seven ones and a zero, then ones: a quotient of 19 + 255.
      ([0x7F, 0x7F, 0x80], "entropy-level-range"),
    ] as [([UInt8], String)]) func limitsEscapes(_ plain: [UInt8], _ code: String) throws
  {
    let type = try #require(ElementsType(.i8, [1]))
    // A value of 0 is below every chance: all bins are 1.
    let stream: [UInt8] = [0, 0, 0, 0, UInt8(plain.count), 0, 0, 0] + plain
    let fault = try #require(throws: Fault.self) {
      try EntropyStage(mode: .levels, run: 64).decode(stream, as: type)
    }
    #expect(fault.code == code)
    #expect(fault.occurrence.place.path == "[0]")
  }

  @Test(
    arguments: [
      (ElementType.i8, EntropyStage.Mode.unknown(3), 64, 0, "entropy-mode-known"),
      (.i8, .levels, 63, 0, "entropy-run-length"),
      (.i8, .symbols, (1 << 24) + 1, 0, "entropy-run-length"), (.i64, .levels, 64, 0, "stage-input-type"),
      (.u8, .levels, 64, 0, "stage-input-type"), (.u16, .symbols, 64, 0, "stage-input-type"),
      (.i8, .levels, 64, 2, "trellis-states"), (.i8, .levels, 64, 64, "trellis-states"),
      (.u8, .symbols, 64, 8, "trellis-states"),
      (.complex64, .levels, 64, 0, "stage-input-type"),
    ] as [(ElementType, EntropyStage.Mode, UInt64, UInt64, String)]) func checksSettings(
      _ element: ElementType, _ mode: EntropyStage.Mode, _ run: UInt64, _ states: UInt64, _ code: String
    ) throws
  {
    let type = try #require(ElementsType(element, [4]))
    let fault = try #require(throws: Fault.self) {
      try EntropyStage(mode: mode, run: run, states: states).output(of: type)
    }
    #expect(fault.code == code)
  }

  @Test func findsTheFirstWrongRunWhateverTheCores() throws {
    let expected = try #require(ExpectedStream.all.first { $0.run == 64 && $0.element == .i8 })
    let elements = try #require(expected.elements)
    var stream = try #require(
      try EntropyStage.encode(elements, mode: .levels, run: 64, states: expected.states).output
    ).bytes
    let runs = (elements.type.count + 63) / 64
    var start = 8 * runs
    for run in 0..<runs {
      // A bit in the middle of the coded part of each run but the first two.
      let coded = Int(stream[8 * run]) | Int(stream[8 * run + 1]) << 8, plain = Int(stream[8 * run + 4])
      if run >= 2 { stream[start + coded / 2] ^= 0x10 }
      start += coded + plain
    }
    let faults = [1, 2, 5].map { cores in
      #expect(throws: Fault.self) { try expected.stage.decode(stream, as: elements.type, cores: cores) }
    }
    #expect(faults[0] == faults[1] && faults[1] == faults[2])
  }

  @Test(arguments: ExpectedStream.all) func everyCutAndChangeIsRefusedOrOther(_ expected: ExpectedStream)
    throws
  {
    let elements = try #require(expected.elements)
    let stream = try #require(
      try EntropyStage.encode(elements, mode: expected.mode, run: expected.run, states: expected.states)
        .output
    ).bytes
    for length in 0..<stream.count {
      #expect(throws: Fault.self) { try expected.stage.decode(Array(stream[..<length]), as: elements.type) }
    }
    var numbers = SeededNumbers(seed: 1)
    for _ in 0..<min(300, 8 * stream.count) {
      var changed = stream
      let place = numbers.below(stream.count)
      changed[place] ^= 1 << UInt8(numbers.below(8))
      #expect((try? expected.stage.decode(changed, as: elements.type)) != elements)
    }
  }
}
