import Representation
import Storage

extension NativeDecoder {
  /// Appends an attribute.
  mutating func appendAttribute(
    _ field: WireField, in parent: WireMessage, _ name: StaticString, to list: inout [Attribute]
  ) throws(Fault) {
    try append(field, in: parent, name, to: &list) { (decoder, message) throws(Fault) in
      var attribute = Attribute("", .absent)
      var seen = SeenFields()
      while let field = try decoder.next(&message, &seen, .attribute) {
        if field.number == 1 {
          attribute.name = try decoder.text(field)
        } else {
          attribute.value = try decoder.attributeValue(field, in: message) ?? .absent
        }
      }
      return attribute
    }
  }

  private mutating func attributeValue(
    _ field: WireField, in message: WireMessage
  ) throws(Fault) -> Attribute.Value? {
    switch field.number {
    case 2:
      return .integer(try signed(field))
    case 3:
      return .float(try float(field))
    case 4:
      return .text(try wire.bytes(field))
    case 5:
      return try nested(field, in: message, "tensor") { (decoder, message) throws(Fault) in
        .tensor(try decoder.tensor(&message))
      }
    case 6:
      return try nested(field, in: message, "graph") { (decoder, message) throws(Fault) in
        .graph(try decoder.graph(&message))
      }
    case 7:
      return try valueType(field, in: message, "type").map(Attribute.Value.type)
    case 8:
      return try nested(field, in: message, "integers") { (decoder, message) throws(Fault) in
        .integers(try decoder.integers(&message))
      }
    case 9:
      return try nested(field, in: message, "floats") { (decoder, message) throws(Fault) in
        .floats(try decoder.floats(&message))
      }
    case 10:
      return try nested(field, in: message, "texts") { (decoder, message) throws(Fault) in
        .texts(try decoder.texts(&message))
      }
    case 11, 12, 13:
      return try attributeList(field, in: message)
    default:
      return .reference(try text(field))
    }
  }

  private mutating func attributeList(
    _ field: WireField, in message: WireMessage
  ) throws(Fault) -> Attribute.Value? {
    switch field.number {
    case 11:
      return try nested(field, in: message, "tensors") { (decoder, message) throws(Fault) in
        .tensors(
          try decoder.list(&message) { (decoder, message) throws(Fault) in try decoder.tensor(&message) })
      }
    case 12:
      return try nested(field, in: message, "graphs") { (decoder, message) throws(Fault) in
        .graphs(
          try decoder.list(&message) { (decoder, message) throws(Fault) in try decoder.graph(&message) })
      }
    default:
      return try nested(field, in: message, "types") { (decoder, message) throws(Fault) in
        var types: [ValueType] = []
        var seen = SeenFields()
        while let field = try decoder.next(&message, &seen, .list) {
          if let type = try decoder.valueType(field, in: message, "values", types.count) {
            types.append(type)
          }
        }
        return .types(types)
      }
    }
  }

  /// The elements of one of the messages that only hold a list.
  private mutating func list<Element>(
    _ message: inout WireMessage,
    _ read: (inout NativeDecoder, inout WireMessage) throws(Fault) -> Element
  ) throws(Fault) -> [Element] {
    var elements: [Element] = []
    var seen = SeenFields()
    while let field = try next(&message, &seen, .list) {
      try append(field, in: message, "values", to: &elements, read)
    }
    return elements
  }

  private mutating func integers(_ message: inout WireMessage) throws(Fault) -> [Int64] {
    var values: [Int64] = []
    var seen = SeenFields()
    while let field = try next(&message, &seen, .integers) { try appendSigned(field, to: &values) }
    return values
  }

  private mutating func floats(_ message: inout WireMessage) throws(Fault) -> [Float] {
    var values: [Float] = []
    var seen = SeenFields()
    while let field = try next(&message, &seen, .floats) { try appendFloats(field, to: &values) }
    return values
  }
}
