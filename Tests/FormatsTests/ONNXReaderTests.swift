import Numerics
import Representation
import Storage
import Testing

@testable import Formats

private func read(_ bytes: ONNXBytes, _ files: [String: [UInt8]] = [:], limits: Limits = Limits()) throws
  -> Reading
{
  var all = files
  all["m/model.onnx"] = bytes.bytes
  return try ONNXReader.read(MemoryTree(all), name: "m/model.onnx", limits: limits)
}

/// The codes of the faults, in order of first sight.
private func codes(_ bytes: ONNXBytes, _ files: [String: [UInt8]] = [:]) throws -> [String] {
  try read(bytes, files).faults.entries.map {
    $0.kind == .malformed ? $0.code : "\($0.code) \($0.kind)"
  }
}

/// The tensor of the only initializer, and the codes of the faults.
private func tensor(
  _ initializer: ONNXBytes, version: Int64 = 13, files: [String: [UInt8]] = [:]
) throws -> (tensor: Tensor?, faults: [String]) {
  let model = ONNXBytes.model(.graph(initializer), version: version)
  let reading = try read(model, files)
  return (reading.model.parameters.first?.tensor, try codes(model, files))
}

@Suite struct ONNXReaderTests {
  @Test func readsAModel() throws {
    let bytes = ONNXBytes.model().text(4, "org.example").integer(5, 3).text(6, "doc").message(14) {
      $0.text(1, "model_author").text(2, "Ada Lovelace, Example Ltd ,")
    }.message(14) { $0.text(1, "model_license").text(2, "Apache-2.0") }
    let reading = try read(bytes)
    let model = reading.model
    #expect(reading.faults.isEmpty)
    #expect(reading.known == Set(Aspect.allCases))
    #expect(reading.carries == [.onnx])
    #expect(reading.files == [SampleFile(path: "m/model.onnx", bytes: UInt64(bytes.bytes.count))])
    #expect(model.producer == Producer(name: "hand", version: "1.0"))
    #expect(model.name == nil)
    #expect(model.version == "3")
    #expect(model.documentation == "doc")
    #expect(model.licence == "Apache-2.0")
    #expect(model.contributors.map(\.name) == ["Ada Lovelace", "Example Ltd"])
    #expect(model.operatorSets == [OperatorSet(domain: "", version: 20)])
    #expect(model.properties.map(\.key) == ["model_author", "model_license", "onnx.domain"])
    let graph = try #require(model.graphs.first)
    #expect(graph.name == "g")
    let type = ValueType.tensor(TensorType(.f32, shape: [2]))
    #expect(graph.inputs == [Value("x", type)])
    #expect(graph.outputs == [Value("y", type)])
    #expect(graph.nodes == [OperatorNode("Add", inputs: ["x", "w"], outputs: ["y"])])
    #expect(graph.variables.isEmpty)
    let weight = try #require(model.parameters.first)
    #expect(weight.name == "w")
    #expect(weight.kind == .parameter)
    #expect(weight.tensor.type == TensorType(.f32, shape: [2]))
    guard case .stored(let range) = weight.tensor.content else {
      Issue.record("not in place: \(weight.tensor.content)")
      return
    }
    #expect(
      Array(bytes.bytes[Int(range.offset)..<Int(range.offset + range.length)]) == [
        0, 0, 128, 63, 0, 0, 0, 64,
      ])
  }

  @Test func readsEveryKindOfAttribute() throws {
    func attribute(_ name: String, _ type: Int64, _ build: (ONNXBytes) -> ONNXBytes) -> ONNXBytes {
      build(ONNXBytes().text(1, name)).integer(20, type)
    }
    let tensorType = ONNXBytes().message(4) { $0.message(1) { $0.message(1) { $0.integer(1, 7) } } }
    let body = ONNXBytes().text(2, "b").message(5, .weight)
    let all: [ONNXBytes] = [
      attribute("f", 1) { $0.float(2, 0.5) }, attribute("i", 2) { $0.integer(3, -4) },
      attribute("s", 3) { $0.text(4, "hi") }, attribute("t", 4) { $0.message(5, .weight) },
      attribute("g", 5) { $0.message(6, body) }, attribute("fs", 6) { $0.float(7, 1).float(7, 2) },
      attribute("is", 7) { $0.packed(8, [1, -1]) }, attribute("ss", 8) { $0.text(9, "a").text(9, "") },
      attribute("ts", 9) { $0.message(10, .weight) }, attribute("gs", 10) { $0.message(11, body) },
      attribute("tp", 13) { $0.message(14, tensorType) }, attribute("tps", 14) { $0.message(15, tensorType) },
      attribute("zero", 2) { $0 }, attribute("none", 7) { $0 },
    ]
    let node = all.reduce(ONNXBytes.add) { $0.message(5, $1) }
    let graph = ONNXBytes().message(1, node).text(2, "g").message(11, .value("x")).message(12, .value("y"))
    let reading = try read(.model(graph))
    #expect(reading.faults.isEmpty)
    let attributes = try #require(reading.model.graphs.first?.nodes.first?.attributes)
    #expect(
      attributes.map(\.name) == [
        "f", "i", "s", "t", "g", "fs", "is", "ss", "ts", "gs", "tp", "tps", "zero", "none",
      ])
    let type = ValueType.sequence(.tensor(TensorType(.i64, dims: nil)))
    #expect(attributes[0].value == .float(0.5))
    #expect(attributes[1].value == .integer(-4))
    #expect(attributes[2].value == .text([0x68, 0x69]))
    #expect(attributes[5].value == .floats([1, 2]))
    #expect(attributes[6].value == .integers([1, -1]))
    #expect(attributes[7].value == .texts([[0x61], []]))
    #expect(attributes[10].value == .type(type))
    #expect(attributes[11].value == .types([type]))
    #expect(attributes[12].value == .integer(0))
    #expect(attributes[13].value == .integers([]))
    guard case .tensor(let tensor) = attributes[3].value, case .graph(let inner) = attributes[4].value,
      case .tensors(let tensors) = attributes[8].value, case .graphs(let graphs) = attributes[9].value
    else {
      Issue.record("tensors and graphs")
      return
    }
    #expect(tensor.type == TensorType(.f32, shape: [2]))
    #expect(tensors.count == 1)
    #expect(inner.variables.map(\.name) == ["w"])
    #expect(graphs.map(\.name) == ["b"])
  }

  @Test func readsTypedFields() throws {
    func filled(_ type: Int64, _ dims: [Int64], _ build: (ONNXBytes) -> ONNXBytes) -> ONNXBytes {
      build(ONNXBytes().packed(1, dims).integer(2, type).text(8, "w"))
    }
    let half = try tensor(filled(10, [2]) { $0.packed(5, [15360, 16384]) })
    #expect(half.faults.isEmpty)
    guard case .encoded(let encoded) = half.tensor?.content else {
      Issue.record("f16")
      return
    }
    #expect(encoded.encoding == .variableLengthBitPatterns)
    #expect(encoded.count == 2)
    // Five elements of four bits in three values, the first in the low-order bits; not packed.
    let nibbles = try tensor(filled(22, [5]) { $0.integer(5, 0x21).integer(5, 0x43).integer(5, 0x05) })
    #expect(nibbles.faults.isEmpty)
    #expect(nibbles.tensor?.content == .inline([0x21, 0x43, 0x05]))
    // Floating-point elements one by one.
    let floats = try tensor(filled(1, [2]) { $0.float(4, 1).float(4, 2) })
    #expect(floats.tensor?.content == .inline([0, 0, 128, 63, 0, 0, 0, 64]))
    // Integers in two runs.
    let runs = try tensor(filled(5, [3]) { $0.packed(5, [1, -1]).packed(5, [258]) })
    #expect(runs.tensor?.content == .inline([1, 0, 255, 255, 2, 1]))
    let strings = try tensor(filled(8, [2]) { $0.text(6, "a").text(6, "") })
    #expect(strings.tensor?.content == .strings([[0x61], []]))
    let empty = try tensor(filled(1, [0]) { $0 })
    #expect(empty.tensor?.content == .inline([]))
    let missing = try tensor(filled(1, [2]) { $0 })
    #expect(missing.tensor?.content == .absent)
  }

  @Test(
    arguments: [
      (1, ElementType.f32), (2, .u8), (3, .i8), (4, .u16), (5, .i16), (6, .i32), (7, .i64), (8, .string),
      (9, .bool),
      (10, .f16), (11, .f64), (12, .u32), (13, .u64), (14, .complex64), (15, .complex128), (16, .bf16),
      (17, .f8e4m3fn), (18, .f8e4m3fnuz), (19, .f8e5m2), (20, .f8e5m2fnuz), (21, .u4), (22, .i4),
      (23, .f4e2m1),
      (24, .f8e8m0), (25, .u2), (26, .i2),
    ] as [(Int64, ElementType)])
  func knowsDataTypes(_ code: Int64, _ type: ElementType) throws {
    let result = try tensor(ONNXBytes().integer(1, 0).integer(2, code).text(8, "w"))
    #expect(result.tensor?.type.elementType == type)
    #expect(result.faults.isEmpty)
  }

  @Test func readsExternalData() throws {
    func entry(_ tensor: ONNXBytes, _ key: String, _ value: String) -> ONNXBytes {
      tensor.message(13) { $0.text(1, key).text(2, value) }
    }
    let plain = ONNXBytes().integer(1, 2).integer(2, 1).text(8, "w").integer(14, 1)
    let files: [String: [UInt8]] = ["m/d/w.bin": [UInt8](repeating: 0, count: 20)]
    let good = entry(entry(entry(plain, "location", "./d/w.bin"), "offset", "8"), "length", "8")
    let model = ONNXBytes.model(.graph(good))
    let reading = try read(model, files)
    #expect(reading.faults.isEmpty)
    #expect(reading.model.files.map(\.path) == ["m/model.onnx", "m/d/w.bin"])
    #expect(reading.files.map(\.path) == ["m/d/w.bin", "m/model.onnx"])
    #expect(
      reading.model.parameters.first?.tensor.content == .stored(ByteRange(file: 1, offset: 8, length: 8)))
    // Without a length, as many bytes as the type asks for.
    let open = try read(.model(.graph(entry(plain, "location", "d/w.bin"))), files)
    #expect(open.model.parameters.first?.tensor.content == .stored(ByteRange(file: 1, offset: 0, length: 8)))

    #expect(
      try tensor(entry(plain, "location", "d/other.bin"), files: files).faults == ["referenced-files-present"]
    )
    #expect(try tensor(plain, files: files).faults == ["onnx-external-location-present"])
    for escape in ["../w.bin", "/etc/passwd", "d/../../w.bin"] {
      #expect(
        try tensor(entry(plain, "location", escape), files: files).faults == [
          "onnx-external-location-inside unsafe"
        ])
    }
    // What the tensor holds is not known then; that it holds nothing would be another finding on the same defect.
    let outside = try read(.model(.graph(entry(plain, "location", "../w.bin"))), files)
    #expect(outside.model.parameters.first?.tensor.content == .withheld)
    let missing = try read(.model(.graph(entry(plain, "location", "d/other.bin"))), files)
    let named = try #require(missing.faults.entries.first?.occurrences.first)
    #expect(named.place.file == "m/d/other.bin")
    #expect(named.expected == "m/d/other.bin")
    for number in ["-1", "0x10", "", " 8", "18446744073709551616"] {
      let bad = entry(entry(plain, "location", "d/w.bin"), "offset", number)
      #expect(try tensor(bad, files: files).faults == ["onnx-external-numbers-valid"])
    }
    #expect(try tensor(entry(good, "lenght", "8"), files: files).faults == ["onnx-external-keys-known"])
    #expect(try tensor(entry(good, "offset", "8"), files: files).faults == ["onnx-external-keys-distinct"])
    #expect(
      try tensor(entry(good, "checksum", "12"), files: files).faults == ["onnx-external-checksum-well-formed"]
    )
    #expect(try tensor(good.bytes(9, [1]), files: files).faults == ["onnx-tensor-data-once"])
  }

  @Test func readsSparseTensorsAndFunctions() throws {
    let values = ONNXBytes().integer(1, 1).integer(2, 1).text(8, "s").bytes(9, [0, 0, 128, 63])
    let indices = ONNXBytes().integer(1, 1).integer(2, 7).packed(7, [3])
    let sparse = ONNXBytes().message(1, values).message(2, indices).integer(3, 4)
    let function = ONNXBytes().text(1, "F").text(4, "a").text(5, "b").text(6, "alpha")
      .message(7) {
        $0.text(1, "a").text(2, "b").text(4, "Elu").message(5) {
          $0.text(1, "alpha").text(21, "alpha").integer(20, 1)
        }
      }
      .message(9) { $0.text(1, "ai.onnx").integer(2, 20) }.text(10, "org.example").text(13, "o")
    let reading = try read(.model(ONNXBytes.graph().message(15, sparse)).message(25, function))
    #expect(reading.faults.isEmpty)
    let variable = try #require(reading.model.parameters.last)
    #expect(variable.name == "s")
    #expect(variable.tensor.type == TensorType(.f32, shape: [4]))
    guard case .sparse(_, let places) = variable.tensor.content else {
      Issue.record("sparse")
      return
    }
    #expect(places.type == TensorType(.i64, shape: [1]))
    let block = try #require(reading.model.blocks.first)
    #expect(block.name == "F")
    #expect(block.domain == "org.example")
    #expect(block.overload == "o")
    #expect(block.requiredAttributes == ["alpha"])
    #expect(block.operatorSets == [OperatorSet(domain: "", version: 20)])
    #expect(block.body.inputs == [Value("a")])
    #expect(block.body.nodes.first?.attributes == [Attribute("alpha", .reference("alpha"))])
  }

  @Test func keepsTheInputsThatACallerGivesApart() throws {
    let graph = ONNXBytes.graph().message(11, .value("w"))
    let old = try read(.model(graph, version: 3))
    #expect(old.faults.isEmpty)
    #expect(old.model.graphs.first?.inputs.map(\.name) == ["x"])
    #expect(old.model.graphs.first?.valueTypes.map(\.name) == ["w"])
    let new = try read(.model(graph, version: 4))
    #expect(new.model.graphs.first?.inputs.map(\.name) == ["x", "w"])
    #expect(try codes(.model(version: 3)) == ["onnx-initializers-are-inputs"])
  }
}
