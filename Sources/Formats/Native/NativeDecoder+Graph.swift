import Numerics
import Representation
import Storage

extension NativeDecoder {
  /// A graph.
  mutating func graph(_ message: inout WireMessage) throws(Fault) -> Graph {
    var graph = Graph()
    var seen = SeenFields()
    while let field = try next(&message, &seen, .graph) {
      switch field.number {
      case 1: graph.name = try text(field)
      case 2: graph.documentation = try text(field)
      case 3: try appendValue(field, in: message, "inputs", to: &graph.inputs)
      case 4: try appendValue(field, in: message, "outputs", to: &graph.outputs)
      case 5:
        try append(field, in: message, "nodes", to: &graph.nodes) { (decoder, message) throws(Fault) in
          try decoder.operatorNode(&message)
        }
      case 6:
        try append(field, in: message, "variables", to: &graph.variables) {
          (decoder, message) throws(Fault) in
          try decoder.variable(&message)
        }
      default: try appendValue(field, in: message, "valueTypes", to: &graph.valueTypes)
      }
    }
    return graph
  }

  /// A block.
  mutating func block(_ message: inout WireMessage) throws(Fault) -> Block {
    var block = Block("", body: Graph())
    var seen = SeenFields()
    while let field = try next(&message, &seen, .block) {
      switch field.number {
      case 1: block.name = try text(field)
      case 2: block.domain = try text(field)
      case 3: block.overload = try text(field)
      case 4: block.repetitions = try unsigned(field)
      case 5: block.requiredAttributes.append(try text(field))
      case 6: try appendAttribute(field, in: message, "defaultAttributes", to: &block.defaultAttributes)
      case 7: try appendOperatorSet(field, in: message, to: &block.operatorSets)
      default:
        let body = try nested(field, in: message, "body") { (decoder, message) throws(Fault) in
          try decoder.graph(&message)
        }
        if let body { block.body = body }
      }
    }
    if !seen.contains(4) { logMissing("repetitions", message) }
    if !seen.contains(8) { logMissing("body", message) }
    return block
  }

  /// Appends a set of operators.
  mutating func appendOperatorSet(
    _ field: WireField, in parent: WireMessage, to list: inout [OperatorSet]
  ) throws(Fault) {
    try append(field, in: parent, "operatorSets", to: &list) { (decoder, message) throws(Fault) in
      var set = OperatorSet(domain: "", version: 0)
      var seen = SeenFields()
      while let field = try decoder.next(&message, &seen, .operatorSet) {
        if field.number == 1 {
          set.domain = try decoder.text(field)
        } else {
          set.version = try decoder.signed(field)
        }
      }
      return set
    }
  }

  private mutating func operatorNode(_ message: inout WireMessage) throws(Fault) -> OperatorNode {
    var node = OperatorNode("")
    var seen = SeenFields()
    while let field = try next(&message, &seen, .operatorNode) {
      switch field.number {
      case 1: node.name = try text(field)
      case 2: node.operatorType = try text(field)
      case 3: node.domain = try text(field)
      case 4: node.overload = try text(field)
      case 5: node.inputs.append(try text(field))
      case 6: node.outputs.append(try text(field))
      default: try appendAttribute(field, in: message, "attributes", to: &node.attributes)
      }
    }
    return node
  }

  private mutating func appendValue(
    _ field: WireField, in parent: WireMessage, _ name: StaticString, to list: inout [Value]
  ) throws(Fault) {
    try append(field, in: parent, name, to: &list) { (decoder, message) throws(Fault) in
      var value = Value("")
      var seen = SeenFields()
      while let field = try decoder.next(&message, &seen, .value) {
        if field.number == 1 {
          value.name = try decoder.text(field)
        } else {
          value.type = try decoder.valueType(field, in: message, "type")
        }
      }
      return value
    }
  }

  /// The type of a value; nil, and logged, where the message names no kind of type.
  mutating func valueType(
    _ field: WireField, in parent: WireMessage, _ name: StaticString, _ index: Int = -1
  ) throws(Fault) -> ValueType? {
    let type = try nested(field, in: parent, name, index) { (decoder, message) throws(Fault) -> ValueType? in
      var type: ValueType?
      var seen = SeenFields()
      while let field = try decoder.next(&message, &seen, .type) {
        switch field.number {
        case 1: type = try decoder.nestedTensorType(field, in: message, "tensor").map(ValueType.tensor)
        case 2:
          type = try decoder.nestedTensorType(field, in: message, "sparseTensor").map(ValueType.sparseTensor)
        case 3: type = try decoder.elementsOf(field, in: message, "sequence").map(ValueType.sequence)
        case 4: type = try decoder.elementsOf(field, in: message, "optional").map(ValueType.optional)
        default: type = try decoder.mapType(field, in: message)
        }
      }
      if seen.numbers == 0 {
        decoder.logMissing(anyOf: "tensor | sparseTensor | sequence | optional | map", message, seen)
      }
      return type
    }
    return type ?? nil
  }

  private mutating func nestedTensorType(
    _ field: WireField, in parent: WireMessage, _ name: StaticString
  ) throws(Fault) -> TensorType? {
    try nested(field, in: parent, name) { (decoder, message) throws(Fault) in try decoder.tensorType(&message)
    }
  }

  private mutating func elementsOf(
    _ field: WireField, in parent: WireMessage, _ name: StaticString
  ) throws(Fault) -> ValueType?? {
    try nested(field, in: parent, name) { (decoder, message) throws(Fault) -> ValueType? in
      var type: ValueType?
      var seen = SeenFields()
      while let field = try decoder.next(&message, &seen, .elementsOf) {
        type = try decoder.valueType(field, in: message, "element")
      }
      return type
    }
  }

  private mutating func mapType(_ field: WireField, in parent: WireMessage) throws(Fault) -> ValueType? {
    let type = try nested(field, in: parent, "map") { (decoder, message) throws(Fault) -> ValueType? in
      var type: ValueType?
      var seen = SeenFields()
      var mapKey: ElementType?
      while let field = try decoder.next(&message, &seen, .mapType) {
        if field.number == 1 {
          mapKey = try decoder.elementType(field)
          if field.value == 0 {
            decoder.logUnknownCode(field, expected: "1–\(ElementType.nativeCodes.count)")
          }
        } else {
          type = try decoder.valueType(field, in: message, "value")
        }
      }
      guard let mapKey else {
        if !seen.contains(1) { decoder.logMissing("key", message) }
        return nil
      }
      return .map(key: mapKey, value: type)
    }
    return type ?? nil
  }
}
