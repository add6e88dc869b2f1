import Numerics
import Representation
import Storage

/// GraphProto and NodeProto.
extension ONNXDecoder {
  /// Reads a graph into one that may hold the content of an earlier field already.
  mutating func readGraph(_ whole: WireMessage, into graph: inout Graph) throws(Fault) {
    let isMain = isMainGraph
    defer { isMainGraph = isMain }
    var message = whole
    var seen: UInt64 = 0
    while let field = try wire.next(&message) {
      switch field.number {
      case 1: try readNode(field, in: message, into: &graph)
      case 2:
        once(field, &seen, in: "GraphProto")
        graph.name = try statement(field)
      case 5: try readInitializer(field, in: message, into: &graph, isMain: isMain)
      case 10:
        once(field, &seen, in: "GraphProto")
        graph.documentation = try statement(field)
      case 11:
        try readValue(field, in: message, into: &graph.inputs, list: "inputs", isInterface: isMain)
      case 12:
        try readValue(field, in: message, into: &graph.outputs, list: "outputs", isInterface: isMain)
      case 13: try readValue(field, in: message, into: &graph.valueTypes, list: "valueTypes")
      case 14:
        needs(5, "quantization_annotation", at: field.offset)
        try judge(field, in: message, as: .annotation)
      case 15:
        needs(6, "sparse_initializer", at: field.offset)
        try readInitializer(field, in: message, into: &graph, isMain: isMain)
      case 16:
        needs(10, "metadata_props", at: field.offset)
        try judge(field, in: message, as: .pair)
      default: unknown(field, in: "GraphProto")
      }
    }
    if version > 0, version <= 3 { separateInputs(&graph, at: whole.position, isMain: isMain) }
  }

  /// Up to version 3 of the format every initializer is an input too; what is left are the inputs that a caller gives.
  private mutating func separateInputs(_ graph: inout Graph, at offset: UInt64, isMain: Bool) {
    guard !graph.variables.isEmpty else { return }
    let inputs = Set(graph.inputs.map { ExactString($0.name) })
    let list = isMain ? "parameters" : "variables"
    for variable in graph.variables where !inputs.contains(ExactString(variable.name)) {
      trail.append(.named(list, variable.name))
      log(.initializerInput, at: offset, expected: "graph.input", actual: variable.name)
      trail.removeLast()
    }
    let variables = Set(graph.variables.map { ExactString($0.name) })
    graph.valueTypes += graph.inputs.filter { variables.contains(ExactString($0.name)) }
    graph.inputs.removeAll { variables.contains(ExactString($0.name)) }
  }

  private mutating func readInitializer(
    _ field: WireField, in parent: WireMessage, into graph: inout Graph, isMain: Bool
  ) throws(Fault) {
    try count(Variable.self, at: field)
    let depth = trail.count
    let list = isMain ? "parameters" : "variables"
    trail.append(.element(list, graph.variables.count))
    do throws(Fault) {
      let message = try wire.message(field, in: parent)
      let (name, tensor) =
        field.number == 5
        ? try readTensor(message, list: list) : try readSparseTensor(message, list: list)
      graph.variables.append(Variable(name, kind: Self.kind(of: tensor.type), tensor: tensor))
      trail.removeLast()
    } catch {
      try recover(error, to: depth, lost: [.graphs, .parameters])
    }
  }

  /// ONNX does not say what an initializer is to the model: numbers with a fraction in some shape are what training
  /// changes, single numbers and integers are part of the computation (interpretation I-052).
  private static func kind(of type: TensorType) -> Variable.Kind? {
    guard let dims = type.dims, !dims.isEmpty else { return .constant }
    switch type.elementType {
    case .f64, .f32, .f16, .bf16, .f8e4m3fn, .f8e4m3fnuz, .f8e5m2, .f8e5m2fnuz, .f8e8m0, .f6e2m3, .f6e3m2,
      .f4e2m1, .complex64, .complex128:
      return .parameter
    case nil:
      return nil
    default:
      return .constant
    }
  }

  /// Reads a node and appends it.
  mutating func readNode(_ field: WireField, in parent: WireMessage, into graph: inout Graph) throws(Fault) {
    try count(OperatorNode.self, at: field)
    let depth = trail.count
    trail.append(.element("nodes", graph.nodes.count))
    do throws(Fault) {
      graph.nodes.append(try readNode(try wire.message(field, in: parent)))
      trail.removeLast()
    } catch {
      try recover(error, to: depth, lost: [.graphs, .parameters])
    }
  }

  private mutating func readNode(_ whole: WireMessage) throws(Fault) -> OperatorNode {
    var message = whole
    var seen: UInt64 = 0
    var node = OperatorNode("")
    while let field = try wire.next(&message) {
      switch field.number {
      case 1: try append(field, to: &node.inputs)
      case 2: try append(field, to: &node.outputs)
      case 3:
        once(field, &seen, in: "NodeProto")
        node.name = try text(field)
      case 4:
        once(field, &seen, in: "NodeProto")
        node.operatorType = try text(field)
      case 5: try readAttribute(field, in: message, into: &node.attributes, list: "attributes")
      case 6:
        once(field, &seen, in: "NodeProto")
        try judgeText(field)
      case 7:
        once(field, &seen, in: "NodeProto")
        let domain = try text(field)
        if !domain.isEmpty { needs(3, "domain", at: field.offset) }
        node.domain = Self.domain(domain)
      case 8:
        once(field, &seen, in: "NodeProto")
        node.overload = try text(field)
        if !node.overload.isEmpty { needs(10, "overload", at: field.offset) }
      case 9:
        needs(10, "metadata_props", at: field.offset)
        try judge(field, in: message, as: .pair)
      case 10:
        needs(11, "device_configurations", at: field.offset)
        try judge(field, in: message, as: .nodeConfiguration)
      default: unknown(field, in: "NodeProto")
      }
    }
    return node
  }
}
