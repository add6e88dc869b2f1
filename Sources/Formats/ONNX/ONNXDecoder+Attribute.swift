import Representation
import Storage

/// AttributeProto.
extension ONNXDecoder {
  /// The fields of an attribute that hold a value, by number, with the code of the type that goes with each.
  private static func type(ofField number: UInt32) -> (code: Int32, name: String)? {
    switch number {
    case 2: (1, "f")
    case 3: (2, "i")
    case 4: (3, "s")
    case 5: (4, "t")
    case 6: (5, "g")
    case 7: (6, "floats")
    case 8: (7, "ints")
    case 9: (8, "strings")
    case 10: (9, "tensors")
    case 11: (10, "graphs")
    case 22: (11, "sparse_tensor")
    case 23: (12, "sparse_tensors")
    case 14: (13, "tp")
    case 15: (14, "type_protos")
    default: nil
    }
  }

  private static let typeNames = [
    "UNDEFINED", "FLOAT", "INT", "STRING", "TENSOR", "GRAPH", "FLOATS", "INTS", "STRINGS", "TENSORS",
    "GRAPHS",
    "SPARSE_TENSOR", "SPARSE_TENSORS", "TYPE_PROTO", "TYPE_PROTOS",
  ]

  /// The values of an attribute as they are found; whatever is not of the type that counts is dropped at the end.
  private struct Fields {
    var type: Int32?
    var reference = ""
    /// The codes of the types whose fields were seen, as bits.
    var found: UInt32 = 0
    var firstField: UInt32 = 0
    var integer: Int64 = 0
    var float: Float = 0
    var text: [UInt8] = []
    var tensor: Tensor?
    var graph: Graph?
    var valueType: ValueType?
    var integers: [Int64] = []
    var floats: [Float] = []
    var texts: [[UInt8]] = []
    var tensors: [Tensor] = []
    var graphs: [Graph] = []
    var valueTypes: [ValueType] = []

    /// The value of a type; an empty list and a zero need not be written.
    func value(_ code: Int32) -> Attribute.Value {
      switch code {
      case 1: .float(float)
      case 2: .integer(integer)
      case 3: .text(text)
      case 4, 11: tensor.map { .tensor($0) } ?? .absent
      case 5: graph.map { .graph($0) } ?? .absent
      case 6: .floats(floats)
      case 7: .integers(integers)
      case 8: .texts(texts)
      case 9, 12: .tensors(tensors)
      case 10: .graphs(graphs)
      case 13: valueType.map { .type($0) } ?? .absent
      case 14: .types(valueTypes)
      default: .absent
      }
    }
  }

  /// Reads an attribute and appends it.
  mutating func readAttribute(
    _ field: WireField, in parent: WireMessage, into attributes: inout [Attribute], list: String
  ) throws(Fault) {
    try wire.hold(UInt64(MemoryLayout<Attribute>.stride), at: field.offset)
    let depth = trail.count
    trail.append(.element(list, attributes.count))
    do throws(Fault) {
      attributes.append(try readAttribute(try wire.message(field, in: parent), list: list))
      trail.removeLast()
    } catch {
      try recover(error, to: depth, lost: [.graphs, .parameters])
    }
  }

  private mutating func readAttribute(_ whole: WireMessage, list: String) throws(Fault) -> Attribute {
    var message = whole
    var seen: UInt64 = 0
    var name = ""
    var fields = Fields()
    while let field = try wire.next(&message) {
      if let (code, _) = Self.type(ofField: field.number) {
        if fields.found == 0 { fields.firstField = field.number }
        let isList = (6...10).contains(code) || code == 12 || code == 14
        if !isList { once(field, &seen, in: "AttributeProto") }
        // An empty packed list is no value.
        if !isList || field.type != .length || field.value > 0 || code > 7 {
          fields.found |= 1 << UInt32(code)
        }
        try readValue(field, in: message, code, into: &fields)
        continue
      }
      switch field.number {
      case 1:
        once(field, &seen, in: "AttributeProto")
        name = try text(field)
        trail[trail.count - 1] = .named(list, name)
      case 13:
        once(field, &seen, in: "AttributeProto")
        try judgeText(field)
      case 20:
        once(field, &seen, in: "AttributeProto")
        needs(2, "type", at: field.offset)
        fields.type = try wire.integer32(field)
      case 21:
        once(field, &seen, in: "AttributeProto")
        fields.reference = try text(field)
      default: unknown(field, in: "AttributeProto")
      }
    }
    return Attribute(name, judgedValue(fields, at: whole.position))
  }

  private mutating func readValue(
    _ field: WireField, in message: WireMessage, _ code: Int32, into fields: inout Fields
  ) throws(Fault) {
    switch code {
    case 1: fields.float = try wire.float(field)
    case 2: fields.integer = try wire.integer(field)
    case 3: fields.text = try wire.bytes(field)
    case 4: fields.tensor = try readTensor(try wire.message(field, in: message), list: nil).tensor
    case 5: fields.graph = try readSubgraph(field, in: message, into: fields.graph ?? Graph())
    case 6: try wire.floats(field, to: &fields.floats)
    case 7: try wire.integers(field, to: &fields.integers)
    case 8:
      try wire.hold(UInt64(MemoryLayout<[UInt8]>.stride), at: field.offset)
      fields.texts.append(try wire.bytes(field))
    case 9:
      try count(Tensor.self, at: field)
      trail.append(.element("tensors", fields.tensors.count))
      fields.tensors.append(try readTensor(try wire.message(field, in: message), list: nil).tensor)
      trail.removeLast()
    case 10:
      try count(Graph.self, at: field)
      fields.graphs.append(
        try readSubgraph(field, in: message, .element("graphs", fields.graphs.count), into: Graph()))
    case 11:
      needs(6, "sparse_tensor", at: field.offset)
      fields.tensor = try readSparseTensor(try wire.message(field, in: message), list: nil).tensor
    case 12:
      needs(6, "sparse_tensors", at: field.offset)
      try count(Tensor.self, at: field)
      fields.tensors.append(try readSparseTensor(try wire.message(field, in: message), list: nil).tensor)
    case 13: fields.valueType = try readType(try wire.message(field, in: message)).type
    case 14:
      try count(ValueType.self, at: field)
      if let type = try readType(try wire.message(field, in: message)).type { fields.valueTypes.append(type) }
    default: break
    }
  }

  private mutating func readSubgraph(
    _ field: WireField, in message: WireMessage, _ step: Step? = nil, into start: Graph
  ) throws(Fault) -> Graph {
    var graph = start
    let isMain = isMainGraph
    isMainGraph = false
    defer { isMainGraph = isMain }
    if let step { trail.append(step) }
    try readGraph(try wire.message(field, in: message), into: &graph)
    if step != nil { trail.removeLast() }
    return graph
  }

  /// A reference gives a type like any other attribute, though its value is another one's.
  private mutating func judgeType(ofReference type: Int32?, at offset: UInt64) {
    guard let type, type != 0 else {
      if version != 1 {
        log(.attributeType, at: offset, expected: "1…14", actual: type.map { "\($0)" })
      }
      return
    }
    if !Self.typeNames.indices.contains(Int(type)) {
      log(
        .attributeTypeKnown, type > 0 ? .unsupported : .malformed, at: offset, expected: "1…14",
        actual: "\(type)")
    }
  }

  /// The value by the type that the attribute gives; where it gives none, by the field that was found.
  private mutating func judgedValue(_ fields: Fields, at offset: UInt64) -> Attribute.Value {
    let foundCount = fields.found.nonzeroBitCount
    if !fields.reference.isEmpty {
      if foundCount > 0 {
        log(
          .attributeReference, at: offset, expected: "ref_attr_name",
          actual: Self.type(ofField: fields.firstField)?.name)
      }
      judgeType(ofReference: fields.type, at: offset)
      return .reference(fields.reference)
    }
    if foundCount > 1 {
      let names = (1..<15).filter { fields.found & 1 << UInt32($0) != 0 }.map { Self.typeNames[$0] }
      log(.attributeValues, at: offset, expected: "1", actual: names.joined(separator: ", "))
    }
    guard let code = fields.type, code != 0 else {
      if version != 1 {
        log(.attributeType, at: offset, expected: "1…14", actual: fields.type.map { "\($0)" })
      }
      return Self.type(ofField: fields.firstField).map { fields.value($0.code) } ?? .absent
    }
    guard Self.typeNames.indices.contains(Int(code)) else {
      log(
        .attributeTypeKnown, code > 0 ? .unsupported : .malformed, at: offset, expected: "1…14",
        actual: "\(code)")
      known.subtract([.graphs, .parameters])
      return .absent
    }
    if foundCount > 0, fields.found & 1 << UInt32(code) == 0 {
      log(
        .attributeAgreement, at: offset, expected: Self.typeNames[Int(code)],
        actual: Self.type(ofField: fields.firstField)?.name)
      return Self.type(ofField: fields.firstField).map { fields.value($0.code) } ?? .absent
    }
    return fields.value(code)
  }
}
