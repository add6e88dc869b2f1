import Formats
import Numerics
import Representation
import Storage
import Testing

/// The native form holds everything that a model can hold, in one way only.
@Suite struct NativeRoundTripTests {
  private func read(_ bytes: [UInt8], name: String = "model.pmr") throws -> Reading {
    var files = NativeExamples.fullFiles
    files[name] = bytes
    return try NativeReader.read(MemoryTree(files), name: name, limits: Limits())
  }

  private func faults(_ reading: Reading) -> [String] {
    reading.faults.entries.map {
      "\($0.code) \($0.occurrences.first.place) \($0.occurrences.first.expected ?? "") \($0.occurrences.first.actual ?? "")"
    }
  }

  @Test func binaryFormHoldsEverything() throws {
    let bytes = try NativeWriter.bytes(NativeExamples.full)
    let reading = try read(bytes)
    #expect(faults(reading) == [])
    #expect(reading.model == NativeExamples.full)
    #expect(reading.known == Set(Aspect.allCases))
    #expect(reading.format == .native)
    #expect(reading.version == "1.0")
    #expect(try NativeWriter.bytes(reading.model) == bytes)
    #expect(
      reading.files.map(\.path) == [
        "a.bin", "compression.yaml", "model.pmr", "notes/a b.txt", "sub/b.bin", "tokenizer.json",
      ])
  }

  @Test func jsonFormHoldsEverything() throws {
    let bytes = try NativeWriter.bytes(NativeExamples.full)
    let json = try NativeWriter.json(NativeExamples.full)
    let reading = try read(json)
    #expect(faults(reading) == [])
    #expect(reading.format == .nativeJSON)
    #expect(reading.model == NativeExamples.full)
    #expect(try NativeWriter.bytes(reading.model) == bytes)
  }

  @Test func emptyModel() throws {
    // 0a 0b "GB42382-PMR", then field 2 (major version) with the value 1; a minor version of zero is not
    // written; field 63 (complete) with the value true.
    let expected: [UInt8] = [0x0a, 0x0b] + Array("GB42382-PMR".utf8) + [0x10, 0x01, 0xf8, 0x03, 0x01]
    #expect(try NativeWriter.bytes(Model()) == expected)
    let reading = try read(expected)
    #expect(faults(reading) == [])
    #expect(reading.model == Model())
    let json = String(decoding: try NativeWriter.json(Model()), as: UTF8.self)
    #expect(json == #"{"format":"GB42382-PMR","major":1,"complete":true}"#)
  }

  @Test func aVariableByHand() throws {
    var model = Model()
    model.files = [ParameterFile(path: "w", size: 8)]
    let range = ByteRange(file: 0, offset: 0, length: 8)
    model.parameters = [
      Variable("w", kind: .parameter, tensor: Tensor(TensorType(.f32, shape: [2]), .stored(range)))
    ]
    let tensor: [UInt8] = [
      0x0a, 0x07,  // type, 7 bytes
      0x08, 0x02,  // element type f32
      0x12, 0x03, 0x0a, 0x01, 0x04,  // shape: one size, zigzag 2
      0x12, 0x02, 0x18, 0x08,  // stored: length 8, file and offset zero
    ]
    let expected: [UInt8] =
      [0x0a, 0x0b] + Array("GB42382-PMR".utf8) + [0x10, 0x01]
      + [0xa2, 0x01, 0x14] + [0x0a, 0x01, 0x77] + [0x10, 0x01] + [0x2a, 0x0d] + tensor
      + [0xca, 0x01, 0x05] + [0x0a, 0x01, 0x77] + [0x10, 0x08]
      + [0xf8, 0x03, 0x01]
    #expect(try NativeWriter.bytes(model) == expected)
  }

  @Test func codesOfElementTypesAreThoseOfTheSchema() throws {
    for type in ElementType.allCases {
      var model = Model()
      model.parameters = [Variable("w", tensor: Tensor(TensorType(type, dims: nil), .absent))]
      let json = String(decoding: try NativeWriter.json(model), as: UTF8.self)
      #expect(json.contains("\"ELEMENT_TYPE_\(type.rawValue.uppercased())\""))
      #expect(try read(try NativeWriter.bytes(model)).model == model)
    }
  }

  @Test func notANumberHasOneForm() throws {
    var model = Model()
    var graph = Graph()
    let odd = Float(bitPattern: 0xffc0_0001)
    graph.nodes = [
      OperatorNode("A", attributes: [Attribute("a", .float(odd)), Attribute("b", .floats([odd]))])
    ]
    model.graphs = [graph]
    model.architecture = Architecture()
    model.architecture?.hyperParameters = [HyperParameter("h", .float(-.nan))]
    let bytes = try NativeWriter.bytes(model)
    let reading = try read(bytes)
    #expect(faults(reading) == [])
    let written = reading.model.graphs[0].nodes[0].attributes
    guard case .float(let single) = written[0].value, case .floats(let list) = written[1].value else {
      Issue.record("attributes of another kind")
      return
    }
    #expect(single.bitPattern == 0x7fc0_0000)
    #expect(list.map(\.bitPattern) == [0x7fc0_0000])
    #expect(try NativeWriter.bytes(try read(try NativeWriter.json(model)).model) == bytes)
  }

  @Test func encodedContentIsRefused() throws {
    var model = Model()
    let content = EncodedContent(.words32, ranges: [ByteRange(file: 0, offset: 0, length: 4)], count: 1)
    model.parameters = [Variable("w", tensor: Tensor(TensorType(.i8, shape: [1]), .encoded(content)))]
    do {
      _ = try NativeWriter.bytes(model)
      Issue.record("written")
    } catch {
      #expect(error.reason == .encodedContent)
      #expect(error.path == "parameters[\"w\"]")
    }
  }

  @Test func pathsAreThoseOfTheSample() throws {
    var model = Model()
    model.files = [ParameterFile(path: "w.bin", size: 1)]
    let tree = MemoryTree(["x/y/model.pmr": try NativeWriter.bytes(model), "x/y/w.bin": [1]])
    let reading = try NativeReader.read(tree, name: "x/y/model.pmr", limits: Limits())
    #expect(reading.faults.isEmpty)
    #expect(reading.model.files[0].path == "x/y/w.bin")
  }
}
