import Compression
import Foundation
import Numerics
import Representation
import Storage
import Testing

@testable import Formats

/// Compressed tensors in the native form (profile clause 7.1, section 6).
@Suite struct NativeCompressionTests {
  private func read(_ bytes: [UInt8]) throws -> Reading {
    try NativeReader.read(MemoryTree(["model.pmr": bytes]), name: "model.pmr", limits: Limits())
  }

  private func seen(_ reading: Reading) -> [String] {
    reading.faults.entries.map { "\($0.code) \($0.occurrences.first.place.path ?? "-")" }
  }

  /// A field whose payload is a run of bytes.
  private func field(_ number: Int, _ payload: [UInt8]) -> [UInt8] {
    #expect(payload.count < 1 << 14)
    let tag = number < 16 ? [UInt8(number << 3 | 2)] : [UInt8(number << 3 & 0x7f | 0x82), UInt8(number >> 4)]
    let length =
      payload.count < 128
      ? [UInt8(payload.count)] : [UInt8(payload.count & 0x7f | 0x80), UInt8(payload.count >> 7)]
    return tag + length + payload
  }

  /// A file with one parameter `x`, whose content in the native form is given.
  private func file(_ type: TensorType, _ content: [UInt8], minor: UInt8 = 1) -> [UInt8] {
    var shape: [UInt8] = []
    for dim in type.dims ?? [] {
      if case .fixed(let size) = dim { shape.append(UInt8(size * 2)) }
    }
    let code = UInt8(type.elementType?.number ?? 0)
    let typed = [0x08, code] + field(2, shape.isEmpty ? [] : field(1, shape))
    let tensor = field(1, typed) + field(8, content)
    let variable = field(1, Array("x".utf8)) + [0x10, 0x01] + field(5, tensor)
    let head = NativeForm.prefix + [0x10, 0x01] + (minor == 0 ? [] : [0x18, minor])
    return head + field(20, variable) + [0xf8, 0x03, 0x01]
  }

  /// The examples of the chapters, and the elements that they say.
  private static func examples() throws -> [(type: TensorType, content: [UInt8], elements: String)] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "conformance/profile")
    func blocks(_ name: String) throws -> [[UInt8]] {
      let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
      return text.components(separatedBy: "```hex\n").dropFirst().map { part in
        (part.components(separatedBy: "```").first ?? "").split(separator: "\n").flatMap { line -> [UInt8] in
          // Two spaces part the bytes of a line from what they are.
          var bytes: [UInt8] = []
          for word in line.drop(while: { $0 == " " }).split(separator: " ", omittingEmptySubsequences: false)
          {
            guard word.utf8.count == 2, let byte = UInt8(word, radix: 16) else { break }
            bytes.append(byte)
          }
          return bytes
        }
      }
    }
    let first = try blocks("7.1-compressed-representation.md")
    let structure = try blocks("7.2-structure-optimisation.md")
    let f16 = TensorType(.f16, shape: [1, 8])
    let groups = "0000003c000000400042000000000044"
    return [
      (TensorType(.f32, shape: [4]), first[0], "0000803f000080bf000000000000803f"),
      (f16, structure[0], groups), (f16, structure[1], groups),
      (TensorType(.f32, shape: [2, 2]), structure[2], "000040400000003f0000c0400000803f"),
      (TensorType(.f32, shape: [2, 2]), structure[3], "0000803f00000040000000400000803f"),
    ]
  }

  @Test func examplesOfTheChapters() throws {
    for example in try Self.examples() {
      let bytes = file(example.type, example.content)
      let reading = try read(bytes)
      #expect(seen(reading) == [])
      #expect(reading.known == Set(Aspect.allCases))
      let tensor = try #require(reading.model.parameters.first?.tensor)
      let elements = try TensorDecoder(ModelTensors([:])).elements(of: tensor, at: "x")
      #expect(Hexadecimal.text(of: elements.bytes) == example.elements)
      #expect(try NativeWriter.bytes(reading.model) == bytes)
      let again = try read(try NativeWriter.json(reading.model))
      #expect(seen(again) == [])
      #expect(again.model == reading.model)
    }
  }

  /// Every stage with every field set: what is written is what is read.
  @Test func everyStageInBothForms() throws {
    func side(_ count: Int64) -> Tensor {
      Tensor(TensorType(.u8, shape: [count]), .inline(Array(repeating: 1, count: Int(count))))
    }
    let digest = DeclaredDigest(algorithm: "sha256", value: "ab")
    let base = BaseTensor(model: digest, variable: "b", digest: digest)
    let nested = Tensor(
      TensorType(.u8, shape: [1]), .compressed(CompressedContent(stages: [.codes], payload: side(1))))
    let stages: [Stage] = [
      .permute(PermuteStage(axes: [1, 0])), .parts, .codes, .planes, .pack(PackStage(width: 3)), .trits,
      .reshape(ReshapeStage(sizes: [2, -1])),
      .sparse(
        SparseStage(kind: .nOfM, pattern: side(1), columns: nested, n: 2, m: 4, block: [1, 2])),
      .sparse(SparseStage(kind: .unknown(0), pattern: side(1))),
      .outliers(OutliersStage(positions: side(2), values: side(3))),
      .lowRank(LowRankStage(split: 1, left: side(1), right: side(2))),
      .circulant(CirculantStage(block: 1 << 40)),
      .reference(ReferenceStage(base: base, axes: [0], starts: [5])),
      .reference(ReferenceStage(base: BaseTensor(model: nil, variable: "b", digest: digest))),
      .uniform(
        UniformStage(
          bits: 4, signed: true, grid: [1, 0], scale: side(1), zeroPoint: side(2), offset: side(3),
          groupAxis: 1, groupIndex: side(4), states: 8, restart: 1 << 33)),
      .codebook(
        CodebookStage(grid: [0], codebook: side(1), scaleGrid: [2], scale: side(2), offset: side(3))),
      .scaledFloat(ScaledFloatStage(elementType: .f8e4m3fn, grid: [0], scale: side(1))),
      .sign(SignStage(ternary: true, grid: [0], scale: side(1), offset: side(2))),
      .entropy(EntropyStage(mode: .symbols, run: 64, states: 4)),
      .entropy(EntropyStage(mode: .unknown(0), run: 0)), .zstd,
      .delta(DeltaStage(mode: .code, base: base)), .delta(DeltaStage(mode: .unknown(0), base: base)),
      .adapter(
        AdapterStage(
          kind: .dora, base: base, factors: [side(1), side(2)], alpha: 0.5, rank: 3, rankStabilised: true,
          transposed: true, magnitude: side(4), axis: 1)),
      .adapter(AdapterStage(kind: .ia3, base: base, factors: [])),
    ]
    var model = Model()
    model.parameters = [
      Variable(
        "x",
        tensor: Tensor(
          TensorType(.u8, shape: [1]), .compressed(CompressedContent(stages: stages, payload: side(9)))))
    ]
    let binary = try read(try NativeWriter.bytes(model))
    #expect(seen(binary) == [])
    #expect(binary.model == model)
    #expect(binary.version == "1.1")
    let json = try read(try NativeWriter.json(model))
    #expect(seen(json) == [])
    #expect(json.model == model)
  }

  @Test func filesOfTheFirstVersionHaveNoChains() throws {
    let example = try #require(try Self.examples().first)
    let reading = try read(file(example.type, example.content, minor: 0))
    #expect(seen(reading) == ["native-fields-known parameters[0].tensor"])
    #expect(reading.model.parameters.first?.tensor.content == .withheld)
    #expect(!reading.known.contains(.parameters))
  }

  /// A method of a later version leaves the chain, for its decoder to say; anything else that is broken withholds the content.
  @Test func whatCannotBeReadIsWithheld() throws {
    let type = TensorType(.u8, shape: [1])
    let payload = field(2, field(1, [0x08, 22, 0x12, 3, 0x0a, 1, 2]) + field(3, [7]))
    let later = try read(file(type, field(1, field(50, [])) + payload, minor: 9))
    #expect(seen(later) == ["native-fields-known parameters[0].tensor.compressed.stages[0]"])
    guard case .compressed(let content)? = later.model.parameters.first?.tensor.content else {
      Issue.record("no chain")
      return
    }
    #expect(content.stages == [.unknown(50)])
    #expect(!later.known.contains(.parameters))
    let broken: [(stage: [UInt8], fault: String)] = [
      ([], "native-required-fields-present parameters[0].tensor.compressed.stages[0]"),
      (
        field(10, [0x08, 1]),
        "native-required-fields-present parameters[0].tensor.compressed.stages[0].sparse"
      ),
      (
        field(20, [0x08, 4]),
        "native-required-fields-present parameters[0].tensor.compressed.stages[0].uniform"
      ),
      (field(14, []), "native-required-fields-present parameters[0].tensor.compressed.stages[0].reference"),
      (
        field(30, [0x08, 3]),
        "native-enumerated-values-known parameters[0].tensor.compressed.stages[0].entropy"
      ),
      (field(5, [0x0a, 0]), "native-field-types parameters[0].tensor.compressed.stages[0].pack"),
      (field(2, [0x08, 1]), "native-fields-known parameters[0].tensor.compressed.stages[0].parts"),
    ]
    for (stage, fault) in broken {
      let reading = try read(file(type, field(1, stage) + payload))
      #expect(seen(reading) == [fault])
      #expect(reading.model.parameters.first?.tensor.content == .withheld)
    }
  }
}
