import Representation

extension PMRGraph {
  /// The message for a graph.
  init(_ graph: Graph, at path: ModelPath) throws(NativeWriter.Failure) {
    self.init()
    if let value = graph.name { name = value }
    if let value = graph.documentation { documentation = value }
    inputs = graph.inputs.map(PMRValue.init)
    outputs = graph.outputs.map(PMRValue.init)
    nodes = try graph.nodes.enumerated().mapThrowing { index, node throws(NativeWriter.Failure) in
      try PMROperatorNode(node, in: path, index: index)
    }
    variables = try graph.variables.mapThrowing { variable throws(NativeWriter.Failure) in
      try PMRVariable(variable, in: path, list: "variables")
    }
    valueTypes = graph.valueTypes.map(PMRValue.init)
  }
}

extension PMRBlock {
  /// The message for a block.
  init(_ block: Block) throws(NativeWriter.Failure) {
    self.init()
    let path = ModelPath.model.named("blocks", block.name)
    name = block.name
    domain = block.domain
    overload = block.overload
    repetitions = block.repetitions
    requiredAttributes = block.requiredAttributes
    defaultAttributes = try block.defaultAttributes.mapThrowing { attribute throws(NativeWriter.Failure) in
      try PMRAttribute(attribute, at: path.named("defaultAttributes", attribute.name))
    }
    operatorSets = block.operatorSets.map(PMROperatorSet.init)
    body = try PMRGraph(block.body, at: path.field("body"))
  }
}

extension PMROperatorNode {
  fileprivate init(_ node: OperatorNode, in graph: ModelPath, index: Int) throws(NativeWriter.Failure) {
    self.init()
    name = node.name
    operatorType = node.operatorType
    domain = node.domain
    overload = node.overload
    inputs = node.inputs
    outputs = node.outputs
    if node.attributes.isEmpty { return }
    let path = graph.element("nodes", index)
    attributes = try node.attributes.mapThrowing { attribute throws(NativeWriter.Failure) in
      try PMRAttribute(attribute, at: path.named("attributes", attribute.name))
    }
  }
}

extension PMRAttribute {
  fileprivate init(_ attribute: Attribute, at path: ModelPath) throws(NativeWriter.Failure) {
    self.init()
    name = attribute.name
    switch attribute.value {
    case .integer(let content):
      integer = content
    case .float(let content):
      float = content.canonical
    case .text(let content):
      text = NativeWriter.data(content)
    case .tensor(let content):
      tensor = try PMRTensor(content, at: path)
    case .graph(let content):
      graph = try PMRGraph(content, at: path)
    case .type(let content):
      type = PMRType(content)
    case .integers(let content):
      integers = PMRIntegers()
      integers.values = content
    case .floats(let content):
      floats = PMRFloats()
      floats.values = content.map(\.canonical)
    case .texts(let content):
      texts = PMRTexts(content)
    case .tensors(let content):
      tensors = PMRTensors()
      tensors.values = try content.enumerated().mapThrowing { index, tensor throws(NativeWriter.Failure) in
        try PMRTensor(tensor, at: path.element("tensors", index))
      }
    case .graphs(let content):
      graphs = PMRGraphs()
      graphs.values = try content.enumerated().mapThrowing { index, graph throws(NativeWriter.Failure) in
        try PMRGraph(graph, at: path.element("graphs", index))
      }
    case .types(let content):
      types = PMRTypes()
      types.values = content.map(PMRType.init)
    case .reference(let content):
      reference = content
    case .absent:
      break
    }
  }
}

extension PMRValue {
  fileprivate init(_ source: Value) {
    self.init()
    name = source.name
    if let value = source.type { type = PMRType(value) }
  }
}

extension PMRType {
  fileprivate init(_ source: ValueType) {
    self.init()
    switch source {
    case .tensor(let type):
      tensor = PMRTensorType(type)
    case .sparseTensor(let type):
      sparseTensor = PMRTensorType(type)
    case .sequence(let element):
      sequence = PMRElementsOf(element)
    case .optional(let element):
      `optional` = PMRElementsOf(element)
    case .map(let key, let element):
      var message = PMRMapType()
      message.key = PMRElementType(key)
      if let element { message.value = PMRType(element) }
      map = message
    }
  }
}

extension PMRElementsOf {
  fileprivate init(_ source: ValueType?) {
    self.init()
    if let source { element = PMRType(source) }
  }
}
