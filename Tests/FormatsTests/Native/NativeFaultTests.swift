import Formats
import Numerics
import Representation
import Storage
import Testing

/// What the reader finds wrong with bytes written by hand.
@Suite struct NativeFaultTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let faults: [String]
    var kind = Fault.Kind.malformed
    /// Whether field 63, which says that the file is complete, is still to follow.
    var isOpen = true
    var testDescription: String { name }
  }

  private static let prefix: [UInt8] = [0x0a, 0x0b] + Array("GB42382-PMR".utf8)
  private static let head = prefix + [0x10, 0x01]

  /// Field 63, the last one.
  private static let end: [UInt8] = [0xf8, 0x03, 0x01]

  /// A length-delimited field with a one-byte tag.
  private static func field(_ number: UInt8, _ payload: [UInt8]) -> [UInt8] {
    [number << 3 | 2, UInt8(payload.count)] + payload
  }

  /// A graph (field 18) of the model.
  private static func graph(_ payload: [UInt8]) -> [UInt8] {
    head + [0x92, 0x01, UInt8(payload.count)] + payload
  }

  /// An attribute `a` of a node `A` with further fields.
  private static func attribute(_ payload: [UInt8]) -> [UInt8] {
    graph(field(5, field(2, [0x41]) + field(7, field(1, [0x61]) + payload)))
  }

  /// A parameter `w` with a tensor of further fields.
  private static func parameter(_ tensor: [UInt8]) -> [UInt8] {
    let variable = field(1, [0x77]) + field(5, tensor)
    return head + [0xa2, 0x01, UInt8(variable.count)] + variable
  }

  static let cases: [Case] = [
    Case(
      name: "empty file", bytes: [], faults: ["native-format-name-first", "native-required-fields-present"],
      isOpen: false),
    Case(name: "no end", bytes: head, faults: ["native-required-fields-present"], isOpen: false),
    Case(
      name: "something after the end", bytes: head + end + field(5, [0x61]),
      faults: ["native-fields-ascending", "native-singular-fields-once"]),
    Case(name: "no version", bytes: prefix, faults: ["native-required-fields-present"]),
    Case(
      name: "other major", bytes: prefix + [0x10, 0x02, 0xff], faults: ["native-major-version-supported"],
      kind: .unsupported),
    Case(
      name: "name not first", bytes: [0x10, 0x01] + prefix,
      faults: ["native-format-name-first", "native-fields-ascending"]),
    Case(name: "truncated", bytes: head + [0x2a, 0x05, 0x61], faults: ["native-wire-syntax"]),
    Case(name: "wire type 6", bytes: head + [0x2e], faults: ["native-wire-syntax"]),
    Case(name: "name as number", bytes: head + [0x28, 0x01], faults: ["native-field-types"]),
    Case(
      name: "name twice", bytes: head + field(5, [0x61]) + field(5, [0x62]),
      faults: ["native-singular-fields-once"]),
    Case(
      name: "two values", bytes: attribute([0x10, 0x02, 0x72, 0x01, 0x62]),
      faults: ["native-singular-fields-once"]),
    Case(name: "unknown field", bytes: head + [0xd0, 0x01, 0x00], faults: ["native-fields-known"]),
    Case(
      name: "unknown field 999", bytes: head + [0xb8, 0x3e, 0x00],
      faults: ["native-fields-known", "native-fields-ascending"]),
    Case(
      name: "unknown field of a newer minor", bytes: head + [0x18, 0x07, 0xd0, 0x01, 0x00],
      faults: ["native-fields-known"], kind: .unsupported),
    Case(
      name: "order", bytes: head + field(6, [0x61]) + field(5, [0x62]), faults: ["native-fields-ascending"]),
    Case(name: "long varint", bytes: prefix + [0x10, 0x81, 0x00], faults: ["native-integers-minimal"]),
    Case(name: "zero minor", bytes: head + [0x18, 0x00], faults: ["native-zero-values-omitted"]),
    Case(name: "not UTF-8", bytes: head + field(5, [0xff]), faults: ["native-texts-utf8"]),
    Case(
      name: "unpacked sizes", bytes: parameter(field(1, field(2, [0x08, 0x04, 0x08, 0x00]))),
      faults: ["native-number-lists-packed"]),
    Case(
      name: "sizes in two pieces", bytes: parameter(field(1, field(2, field(1, [4]) + field(1, [4])))),
      faults: ["native-number-lists-packed"]),
    Case(
      name: "empty list of sizes", bytes: parameter(field(1, field(2, field(1, [])))),
      faults: ["native-zero-values-omitted"]),
    Case(
      name: "long size", bytes: parameter(field(1, field(2, field(1, [0x84, 0x00])))),
      faults: ["native-integers-minimal"]),
    Case(
      name: "dims where sizes do", bytes: parameter(field(1, field(2, field(2, [0x08, 0x04])))),
      faults: ["native-shapes-canonical"]),
    Case(
      name: "dims and sizes", bytes: parameter(field(1, field(2, field(1, [4]) + field(2, [])))),
      faults: ["native-shape-in-one-form"]),
    Case(
      name: "signalling NaN", bytes: attribute([0x1d, 0x01, 0x00, 0xa0, 0x7f]),
      faults: ["native-nan-canonical"]),
    Case(
      name: "element type 29", bytes: parameter(field(1, [0x08, 29])),
      faults: ["native-enumerated-values-known"]),
    Case(
      name: "element type 29 of a newer minor",
      bytes: prefix + [0x10, 0x01, 0x18, 0x02] + parameter(field(1, [0x08, 29])).dropFirst(head.count),
      faults: ["native-enumerated-values-known"], kind: .unsupported),
    Case(
      name: "boolean 2",
      bytes: head + [0xa2, 0x01, 0x09, 0x0a, 0x01, 0x77, 0x18, 0x02, 0x2a, 0x02, 0x0a, 0x00],
      faults: ["native-integers-in-range"]),
    Case(name: "no type", bytes: parameter([]), faults: ["native-required-fields-present"]),
    Case(
      name: "no tensor", bytes: head + [0xa2, 0x01, 0x03, 0x0a, 0x01, 0x77],
      faults: ["native-required-fields-present"]),
    Case(
      name: "block without repetitions", bytes: head + [0x9a, 0x01, 0x05, 0x0a, 0x01, 0x62, 0x42, 0x00],
      faults: ["native-required-fields-present"]),
    Case(
      name: "file index of 33 bits",
      bytes: parameter(field(1, []) + field(2, [0x08, 0x80, 0x80, 0x80, 0x80, 0x10])),
      faults: ["native-integers-in-range"]),
    Case(
      name: "payload beyond file",
      bytes: head + [0xca, 0x01, 0x09] + field(1, [0x77]) + [0x10, 2] + field(4, [0x10, 3]),
      faults: ["native-payload-in-file"]),
    Case(
      name: "missing file", bytes: head + [0xca, 0x01, 0x03] + field(1, [0x78]),
      faults: ["referenced-files-present"]),
    Case(
      name: "critical extension", bytes: head + [0xc2, 0x01, 0x05] + field(1, [0x78]) + [0x10, 1],
      faults: ["native-critical-extensions-known"], kind: .unsupported),
    Case(name: "group", bytes: head + [0x2b, 0x2c], faults: ["native-field-types"]),
  ]

  @Test(arguments: cases)
  func fault(_ example: Case) throws {
    let tree = MemoryTree(["model.pmr": example.bytes + (example.isOpen ? Self.end : []), "w": [1, 2]])
    let reading = try NativeReader.read(tree, name: "model.pmr", limits: Limits())
    #expect(reading.faults.entries.map(\.code) == example.faults)
    #expect(reading.faults.entries.allSatisfy { $0.kind == example.kind })
  }

  @Test(arguments: ["/etc/passwd", "../w", "a/../w", "c:/w", "a\\b", "."])
  func unsafePath(_ path: String) throws {
    var model = Model()
    model.files = [ParameterFile(path: path, size: 2)]
    model.assets = [Asset(kind: "other", path: path)]
    let tree = MemoryTree(["model.pmr": try NativeWriter.bytes(model)])
    let reading = try NativeReader.read(tree, name: "model.pmr", limits: Limits())
    #expect(reading.faults.entries.map(\.code) == ["file-names-safe"])
    #expect(reading.faults.entries.first?.kind == .unsafe)
  }

  @Test func placeOfAFault() throws {
    let bytes = Self.parameter(Self.field(1, [0x08, 29])) + Self.end
    let reading = try NativeReader.read(MemoryTree(["m": bytes]), name: "m", limits: Limits())
    let place = try #require(reading.faults.entries.first?.occurrences.first.place)
    // The head takes 15 bytes, the parameter 3, its name 3, tensor 2, type 2.
    #expect(place == Place("m", offset: 25, path: "parameters[0].tensor.type"))
  }

  @Test func whatStandsBeforeABreakIsKnown() throws {
    var model = Model()
    model.name = "n"
    model.architecture = Architecture()
    model.assets = [Asset(kind: "other", path: "w")]
    let bytes = Array(try NativeWriter.bytes(model).dropLast(3)) + [0xa2, 0x01, 0x7f]
    let reading = try NativeReader.read(MemoryTree(["m": bytes, "w": []]), name: "m", limits: Limits())
    #expect(reading.known == [.architecture])
    #expect(reading.model.name == "n")
  }

  @Test func aBrokenVariableLeavesTheOthers() throws {
    let bytes =
      Self.head + [0xa2, 0x01, 0x02, 0x0a, 0x05] + Self.parameter([0x0a, 0x00]).dropFirst(Self.head.count)
      + Self.end
    let reading = try NativeReader.read(MemoryTree(["m": bytes]), name: "m", limits: Limits())
    #expect(reading.faults.entries.map(\.code) == ["native-wire-syntax"])
    #expect(reading.model.parameters.map(\.name) == ["w"])
    #expect(reading.known == Set(Aspect.allCases).subtracting([.parameters]))
  }

  @Test(arguments: [
    ("{\"format\":\"GB42382-PMR\",\"major\":1", "native-json-syntax"),
    ("{\"format\":\"GB42382-PMR\",\"major\":1,\"major\":1,\"complete\":true}", "native-json-syntax"),
    ("{\"format\":\"GB42382-PMR\",\"major\":\"x\",\"complete\":true}", "native-json-follows-schema"),
    ("{\"format\":\"GB42382-PMR\",\"major\":1,\"colour\":2,\"complete\":true}", "native-fields-known"),
    (
      "{\"format\":\"GB42382-PMR\",\"major\":1,\"preTraining\":[],\"complete\":true}",
      "native-json-follows-schema"
    ),
    ("{\"format\":\"OTHER\",\"major\":1,\"complete\":true}", "native-format-name-first"),
    ("{\"format\":\"GB42382-PMR\",\"major\":2,\"complete\":true}", "native-major-version-supported"),
    (
      "{\"format\":\"GB42382-PMR\",\"major\":1,\"parameters\":[{\"name\":\"w\"}]}",
      "native-required-fields-present"
    ),
  ])
  func json(_ text: String, _ code: String) throws {
    let tree = MemoryTree(["m.pmr.json": Array(text.utf8)])
    let reading = try NativeReader.read(tree, name: "m.pmr.json", limits: Limits())
    #expect(reading.faults.entries.map(\.code) == [code])
  }

  @Test func deepNesting() throws {
    var type = ValueType.tensor(TensorType(.f32, shape: []))
    for _ in 0..<200 { type = .sequence(type) }
    var graph = Graph()
    graph.inputs = [Value("x", type)]
    var model = Model()
    model.graphs = [graph]
    for bytes in [try NativeWriter.bytes(model), try NativeWriter.json(model)] {
      let reading = try NativeReader.read(MemoryTree(["m": bytes]), name: "m", limits: Limits())
      #expect(reading.faults.entries.map(\.code) == ["native-depth-within-limit"])
    }
  }
}
