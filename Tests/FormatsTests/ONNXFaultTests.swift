import Representation
import Storage
import Testing

@testable import Formats

private func read(_ bytes: [UInt8], limits: Limits = Limits()) throws -> Reading {
  try ONNXReader.read(MemoryTree(["model.onnx": bytes]), name: "model.onnx", limits: limits)
}

private func codes(_ bytes: ONNXBytes, limits: Limits = Limits()) throws -> [String] {
  try read(bytes.bytes, limits: limits).faults.entries.map {
    $0.kind == .malformed ? $0.code : "\($0.code) \($0.kind)"
  }
}

/// A model whose only node has one attribute.
private func attribute(_ build: (ONNXBytes) -> ONNXBytes, version: Int64 = 10) -> ONNXBytes {
  let node = ONNXBytes.add.message(5, build(ONNXBytes().text(1, "a")))
  let graph = ONNXBytes().message(1, node).text(2, "g").message(5, .weight).message(11, .value("x"))
  return .model(graph.message(12, .value("y")), version: version)
}

private func initializer(_ type: Int64, _ build: (ONNXBytes) -> ONNXBytes) -> ONNXBytes {
  .model(.graph(build(ONNXBytes().integer(1, 1).integer(2, type).text(8, "w"))))
}

private func deep(_ levels: Int) -> ONNXBytes {
  var type = ONNXBytes().message(1) { $0.integer(1, 1) }
  for _ in 0..<levels { type = ONNXBytes().message(4, ONNXBytes().message(1, type)) }
  return .model(ONNXBytes.graph().message(13, ONNXBytes().text(1, "v").message(2, type)))
}

@Suite struct ONNXFaultTests {
  @Test(
    arguments: [
      ("a field of another wire type", ONNXBytes.model().text(5, "3"), ["onnx-field-types-valid"]),
      ("a field that is not defined", ONNXBytes.model().integer(99, 1), ["onnx-fields-known"]),
      ("a producer twice", ONNXBytes.model().text(2, "other"), ["onnx-singular-fields-once"]),
      ("a text that is not UTF-8", ONNXBytes.model().bytes(6, [0xff]), ["onnx-text-utf8"]),
      ("no version", ONNXBytes.model(version: 0), ["onnx-ir-version-present"]),
      ("a newer version", ONNXBytes.model(version: 14), ["onnx-ir-version-known unsupported"]),
      ("no imports", ONNXBytes().integer(1, 10).message(7, .graph()), ["onnx-operator-sets-present"]),
      ("no graph", ONNXBytes().integer(1, 10).message(8) { $0.integer(2, 20) }, ["onnx-graph-present"]),
      (
        "a key twice",
        ONNXBytes.model().message(14) { $0.text(1, "k") }.message(14) { $0.text(1, "k") },
        ["onnx-metadata-keys-distinct"]
      ),
      ("training", ONNXBytes.model().message(20) { $0 }, ["onnx-training-absent"]),
      (
        "a function before its time", ONNXBytes.model(version: 7).message(25) { $0.text(1, "F") },
        ["onnx-functions-in-ir-version"]
      ),
      ("a type before its time", initializer(25) { $0.bytes(9, [1]) }, ["onnx-features-in-ir-version"]),
      ("no data type", initializer(0) { $0.bytes(9, [1]) }, ["onnx-data-type-known"]),
      ("a newer data type", initializer(27) { $0.bytes(9, [1]) }, ["onnx-data-type-known unsupported"]),
      ("data twice", initializer(1) { $0.bytes(9, [0, 0, 0, 0]).float(4, 1) }, ["onnx-tensor-data-once"]),
      ("data in a wrong field", initializer(1) { $0.packed(5, [1]) }, ["onnx-data-field-fits-type"]),
      ("strings as bytes", initializer(8) { $0.bytes(9, [65]) }, ["onnx-data-field-fits-type"]),
      ("another place", initializer(2) { $0.bytes(9, [1]).integer(14, 7) }, ["onnx-data-location-known"]),
      ("a segment", initializer(2) { $0.message(3) { $0 } }, ["onnx-tensor-segments-supported unsupported"]),
      ("an attribute without a type", attribute { $0.integer(3, 1) }, ["onnx-attribute-type-present"]),
      (
        "an attribute of unknown type", attribute { $0.integer(3, 1).integer(20, 15) },
        ["onnx-attribute-type-known unsupported"]
      ),
      (
        "an attribute of another type", attribute { $0.integer(3, 1).integer(20, 1) },
        ["onnx-attribute-type-agrees"]
      ),
      (
        "an attribute with two values", attribute { $0.integer(3, 1).float(2, 1).integer(20, 1) },
        ["onnx-attribute-one-value"]
      ),
      (
        "a reference with a value", attribute { $0.integer(3, 1).text(21, "b").integer(20, 2) },
        ["onnx-reference-without-value"]
      ),
      (
        "an input without a shape",
        ONNXBytes.model(
          ONNXBytes.graph().message(11) { $0.text(1, "z").message(2) { $0.message(1) { $0.integer(1, 1) } } }),
        ["onnx-interface-shaped"]
      ),
      (
        "an opaque type",
        ONNXBytes.model(
          ONNXBytes.graph().message(13) { $0.text(1, "z").message(2) { $0.message(7) { $0 } } }),
        ["onnx-value-type-supported unsupported"]
      ),
      ("types 48 deep", deep(46), []),
      ("types beyond the limit", deep(49), ["onnx-nesting-within-limit"]),
      ("a million types", deep(20_000), ["onnx-nesting-within-limit"]),
    ] as [(String, ONNXBytes, [String])])
  func saysWhatIsWrong(_ what: String, _ bytes: ONNXBytes, _ expected: [String]) throws {
    #expect(try codes(bytes) == expected, "\(what)")
  }

  @Test func anOldAttributeNeedsNoType() throws {
    let model = attribute({ $0.integer(3, 1) }, version: 1)
    // The imports that stand in every model of these tests are younger than this version.
    #expect(try codes(model).sorted() == ["onnx-features-in-ir-version", "onnx-initializers-are-inputs"])
  }

  @Test func namesThePlace() throws {
    let reading = try read(initializer(1) { $0.packed(5, [1]) }.bytes)
    let place = try #require(reading.faults.entries.first?.occurrences.first.place)
    #expect(place.file == "model.onnx")
    #expect(place.path == "parameters[\"w\"]")
    let other = try read(attribute { $0.integer(3, 1) }.bytes)
    #expect(
      other.faults.entries.first?.occurrences.first.place.path == "graphs[0].nodes[0].attributes[\"a\"]")
  }

  @Test func goesOnAfterADamagedNode() throws {
    // The second node claims a longer name than it has bytes.
    let damaged = ONNXBytes().bytes(1, [0x0a, 0x50, 0x41])
    var graph = ONNXBytes.graph()
    graph.bytes += damaged.bytes
    graph = graph.message(1, ONNXBytes().text(2, "z").text(4, "Last"))
    let reading = try read(ONNXBytes.model(graph).bytes)
    #expect(reading.faults.entries.map(\.code) == ["onnx-wire-valid"])
    #expect(reading.model.graphs.first?.nodes.map(\.operatorType) == ["Add", "Last"])
    #expect(!reading.known.contains(.graphs))
    #expect(reading.known.contains(.description))
  }

  @Test func limitsWhatIsHeld() throws {
    var limits = Limits()
    limits.textBytes = 8
    #expect(
      try codes(ONNXBytes.model().text(6, "longer than that"), limits: limits)
        == ["onnx-structure-within-limits unsupported"])
    limits = Limits()
    limits.entities = 4
    #expect(try codes(.model(), limits: limits) == ["onnx-structure-within-limits unsupported"])
    limits = Limits()
    limits.structureBytes = 300
    #expect(try codes(.model(), limits: limits).contains("onnx-structure-within-limits unsupported"))
  }

  /// A small model with something of everything.
  private static let everything: [UInt8] = {
    let sub = ONNXBytes.graph()
    let node = ONNXBytes.add.message(5) { $0.text(1, "g").message(6, sub).integer(20, 5) }
      .message(5) { $0.text(1, "is").packed(8, [1, 300]).integer(20, 7) }
    let external = ONNXBytes().integer(1, 2).integer(2, 1).text(8, "e").integer(14, 1)
      .message(13) { $0.text(1, "location").text(2, "w.bin") }
    let graph = ONNXBytes.graph().message(1, node).message(5, external)
    return ONNXBytes.model(graph).message(25) { $0.text(1, "F").message(7, node) }.bytes
  }()

  @Test func survivesTruncationAtEveryByte() throws {
    let bytes = Self.everything
    var faultless = 0
    for count in 0..<bytes.count {
      let reading = try read(Array(bytes[..<count]))
      if !reading.faults.entries.contains(where: { $0.code != "referenced-files-present" }) { faultless += 1 }
    }
    // Only where a field of the top ends is a shorter model whole, and then the graph and the imports must be there:
    // after the imports, before the function.
    #expect(faultless == 1)
  }

  @Test func survivesEveryByteChanged() throws {
    let bytes = Self.everything
    for index in bytes.indices {
      for change in [0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xff] as [UInt8] {
        var damaged = bytes
        damaged[index] ^= change
        _ = try read(damaged)
      }
    }
  }
}
