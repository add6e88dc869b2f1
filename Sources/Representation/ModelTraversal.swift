extension Model {
  /// Calls `body` with each variable of the model: the parameters, then those of graphs and blocks, graphs in attributes
  /// included.
  public func forEachVariable(_ body: (Variable) throws -> Void) rethrows {
    for variable in parameters { try body(variable) }
    try forEachGraph { graph, _ in
      for variable in graph.variables { try body(variable) }
    }
  }

  /// Calls `body` with each graph and the path to it: main graphs, bodies of blocks, graphs in attributes and in defaults
  /// of attributes.
  public func forEachGraph(_ body: (Graph, ModelPath) throws -> Void) rethrows {
    for (index, graph) in graphs.enumerated() {
      try graph.forEachGraph(at: .model.element("graphs", index), body)
    }
    try forEachBlock { block, path in
      try block.body.forEachGraph(at: path.field("body"), body)
      for (number, attribute) in block.defaultAttributes.enumerated() {
        try attribute.forEachOwnGraph(
          at: path.element("defaultAttributes", of: block.defaultAttributes, number)
        ) { try $0.forEachGraph(at: $1, body) }
      }
    }
  }

  /// Calls `body` with each tensor of the model and the path to it: those of variables, of attributes of nodes and of
  /// defaults of attributes.
  public func forEachTensor(_ body: (Tensor, ModelPath) throws -> Void) rethrows {
    try parameters.forEachTensor("parameters", at: .model, body)
    try forEachGraph { graph, path in
      try graph.variables.forEachTensor("variables", at: path, body)
      for (index, node) in graph.nodes.enumerated() where !node.attributes.isEmpty {
        try node.attributes.forEachTensor("attributes", at: path.element("nodes", index), body)
      }
    }
    try forEachBlock { block, path in
      try block.defaultAttributes.forEachTensor("defaultAttributes", at: path, body)
    }
  }

  /// Whether some tensor of the model is compressed.
  public var hasCompressedContent: Bool {
    var found = false
    forEachTensor { tensor, _ in
      if case .compressed = tensor.content { found = true }
    }
    return found
  }

  private func forEachBlock(_ body: (Block, ModelPath) throws -> Void) rethrows {
    let repeated = RepeatedNames(blocks.map(\.name))
    for (index, block) in blocks.enumerated() {
      try body(block, .model.element("blocks", index, named: block.name, repeated: repeated))
    }
  }
}

extension ModelPath {
  /// The path to an attribute: by its name where it has one.
  ///
  /// A name that stands twice in a node is a finding of its own, which tells the two apart.
  public func element(_ list: String, of attributes: [Attribute], _ index: Int) -> ModelPath {
    let name = attributes.indices.contains(index) ? attributes[index].name : ""
    return name.isEmpty ? element(list, index) : named(list, name)
  }
}

extension Graph {
  fileprivate func forEachGraph(at path: ModelPath, _ body: (Graph, ModelPath) throws -> Void) rethrows {
    try body(self, path)
    for (index, node) in nodes.enumerated() where !node.attributes.isEmpty {
      for (number, attribute) in node.attributes.enumerated() {
        try attribute.forEachOwnGraph(
          at: path.element("nodes", index).element("attributes", of: node.attributes, number)
        ) { try $0.forEachGraph(at: $1, body) }
      }
    }
  }
}

extension Attribute {
  /// Calls `body` with the graph that is the value, or with each of the list that is, and the path to it; not with graphs
  /// inside of these.
  public func forEachOwnGraph(
    at path: @autoclosure () -> ModelPath, _ body: (Graph, ModelPath) throws -> Void
  ) rethrows {
    switch value {
    case .graph(let graph):
      try body(graph, path())
    case .graphs(let graphs):
      let path = path()
      for (number, graph) in graphs.enumerated() { try body(graph, path.element("graphs", number)) }
    default:
      break
    }
  }
}

extension [Variable] {
  fileprivate func forEachTensor(
    _ list: String, at path: ModelPath, _ body: (Tensor, ModelPath) throws -> Void
  ) rethrows {
    let repeated = RepeatedNames(map(\.name))
    for (index, variable) in enumerated() {
      try body(
        variable.tensor, path.element(list, index, named: variable.name, repeated: repeated))
    }
  }
}

extension [Attribute] {
  fileprivate func forEachTensor(
    _ list: String, at path: ModelPath, _ body: (Tensor, ModelPath) throws -> Void
  ) rethrows {
    for (index, attribute) in enumerated() {
      switch attribute.value {
      case .tensor(let tensor):
        try body(tensor, path.element(list, of: self, index))
      case .tensors(let tensors):
        for (number, tensor) in tensors.enumerated() {
          try body(tensor, path.element(list, of: self, index).element("tensors", number))
        }
      default:
        break
      }
    }
  }
}
