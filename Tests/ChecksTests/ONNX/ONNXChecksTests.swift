import Formats
import Numerics
import Profile
import Representation
import Storage
import Testing

@testable import Checks

/// What a check finds in a model that is judged as an ONNX sample, as pairs of path and what was found.
private func findings(
  _ check: any Check, _ model: Model, _ files: [String: [UInt8]] = [:]
) throws -> [String] {
  var reading = Reading(format: .onnx)
  reading.model = model
  reading.carries = [.onnx]
  let requirement = try #require(Catalogue.published[check.key])
  var found = Findings()
  try check.judge(Sample(reading: reading, tree: MemoryTree(files)), by: requirement, &found)
  return found.list.flatMap { finding in
    [finding.occurrences.first] + finding.occurrences.others
  }.map { "\($0.place.path ?? "") \($0.actual ?? "")" }
}

private func model(_ content: TensorContent, _ type: TensorType) -> Model {
  var model = Model()
  model.files = [ParameterFile(path: "m.onnx", size: 64), ParameterFile(path: "w.bin", size: 1 << 30)]
  model.parameters = [Variable("w", tensor: Tensor(type, content))]
  return model
}

@Suite struct ONNXChecksTests {
  @Test func largeExternalTensorsBeginAtAPage() throws {
    let check = ONNXExternalOffsetAligned()
    let type = TensorType(.u8, shape: [1 << 20])
    func at(_ offset: UInt64, _ length: UInt64, file: Int = 1) -> Model {
      model(.stored(ByteRange(file: file, offset: offset, length: length)), type)
    }
    #expect(try findings(check, at(8192, 1 << 20)) == [])
    #expect(try findings(check, at(8196, 1 << 20)) == ["parameters[\"w\"] 8196 mod 4096 = 4"])
    // Smaller ones, and those in the model's own file, need not.
    #expect(try findings(check, at(8196, 1 << 20 - 1)) == [])
    #expect(try findings(check, at(7, 1 << 20, file: 0)) == [])
  }

  @Test func stringsAreUTF8() throws {
    let check = ONNXStringsUTF8()
    let type = TensorType(.string, shape: [2])
    #expect(try findings(check, model(.strings([[0xe4, 0xb8, 0xad], []]), type)) == [])
    #expect(
      try findings(check, model(.strings([[0x41], [0xff]]), type)) == [
        "parameters[\"w\"].strings[1] \u{fffd}"
      ])
    var other = Model()
    var graph = Graph(name: "g")
    graph.nodes = [OperatorNode("N", attributes: [Attribute("s", .text([0xc3]))])]
    other.graphs = [graph]
    #expect(try findings(check, other) == ["graphs[0].nodes[0].attributes[\"s\"].strings[0] \u{fffd}"])
  }

  @Test(
    arguments: [
      ([4], [0, 3], [2], []),
      ([4], [3, 0], [2], ["[1] = [0]"]),
      ([4], [1, 1], [2], ["[1] = [1]"]),
      ([4], [0, 4], [2], ["[1] = 4"]),
      ([4], [-1, 3], [2], ["[0] = -1"]),
      ([2, 3], [0, 5], [2], []),
      ([2, 3], [0, 2, 1, 0], [2, 2], []),
      ([2, 3], [0, 3, 1, 0], [2, 2], ["[0] = 3"]),
      ([2, 3], [1, 0, 0, 2], [2, 2], ["[1] = [0, 2]"]),
    ] as [([Int64], [Int64], [Int64], [String])])
  func sparseIndicesAscend(_ dims: [Int64], _ values: [Int64], _ shape: [Int64], _ expected: [String]) throws
  {
    let bytes = values.flatMap { value in
      (0..<8).map { UInt8(truncatingIfNeeded: UInt64(bitPattern: value) >> UInt64(8 * $0)) }
    }
    let elements = Tensor(TensorType(.f32, shape: [2]), .inline([UInt8](repeating: 0, count: 8)))
    let type = TensorType(.i64, shape: shape)
    // The same indices in the structure, in a file, and as variable-length integers where they take one byte each.
    var contents: [TensorContent] = [
      .inline(bytes), .stored(ByteRange(file: 1, offset: 1, length: UInt64(bytes.count))),
    ]
    var files: [String: [UInt8]] = ["w.bin": [9] + bytes]
    if values.allSatisfy({ (0..<128).contains($0) }) {
      let range = ByteRange(file: 0, offset: 0, length: UInt64(values.count))
      contents.append(
        .encoded(EncodedContent(.variableLengthIntegers, ranges: [range], count: UInt64(values.count))))
      files["m.onnx"] = values.map { UInt8(truncatingIfNeeded: $0) }
    }
    for content in contents {
      let sparse = TensorContent.sparse(values: elements, indices: Tensor(type, content))
      let found = try findings(ONNXSparseIndicesSorted(), model(sparse, TensorType(.f32, shape: dims)), files)
      #expect(found == expected.map { "parameters[\"w\"] \($0)" })
    }
  }

  @Test func functionsImportWhatTheyUse() throws {
    var body = Graph(name: "f")
    body.nodes = [OperatorNode("Relu"), OperatorNode("Abs"), OperatorNode("Custom", domain: "org.example")]
    var complete = Model()
    let sets = [OperatorSet(domain: "", version: 20), OperatorSet(domain: "org.example", version: 1)]
    complete.blocks = [Block("f", operatorSets: sets, body: body)]
    #expect(try findings(ONNXFunctionImportsComplete(), complete) == [])
    var lacking = Model()
    lacking.operatorSets = sets
    lacking.blocks = [Block("f", body: body)]
    #expect(
      try findings(ONNXFunctionImportsComplete(), lacking) == [
        "blocks[\"f\"].body.nodes[0] Relu", "blocks[\"f\"].body.nodes[2] Custom",
      ])
  }
}
