extension Model {
  /// Calls `body` with each variable of the model and the path to it: the parameters, then those of graphs and blocks,
  /// sub-graphs in attributes included.
  public func forEachVariable(_ body: (Variable, ModelPath) throws -> Void) rethrows {
    for variable in parameters {
      try body(variable, .model.named("parameters", variable.name))
    }
    try forEachGraph { graph, path in
      for variable in graph.variables {
        try body(variable, path.named("variables", variable.name))
      }
    }
  }

  /// Calls `body` with each graph and the path to it: main graphs, bodies of blocks, sub-graphs in attributes.
  public func forEachGraph(_ body: (Graph, ModelPath) throws -> Void) rethrows {
    for (index, graph) in graphs.enumerated() {
      try graph.forEachGraph(at: .model.element("graphs", index), body)
    }
    for block in blocks {
      try block.body.forEachGraph(at: .model.named("blocks", block.name).field("body"), body)
    }
  }

  /// Calls `body` with each tensor of the model and the path to it: those of variables and those in attributes of nodes.
  public func forEachTensor(_ body: (Tensor, ModelPath) throws -> Void) rethrows {
    try forEachVariable { variable, path in try body(variable.tensor, path) }
    try forEachGraph { graph, path in
      for (index, node) in graph.nodes.enumerated() where !node.attributes.isEmpty {
        for attribute in node.attributes {
          let place = path.element("nodes", index).named("attributes", attribute.name)
          switch attribute.value {
          case .tensor(let tensor):
            try body(tensor, place)
          case .tensors(let tensors):
            for (number, tensor) in tensors.enumerated() {
              try body(tensor, place.element("tensors", number))
            }
          default:
            break
          }
        }
      }
    }
  }
}

extension Graph {
  fileprivate func forEachGraph(at path: ModelPath, _ body: (Graph, ModelPath) throws -> Void) rethrows {
    try body(self, path)
    for (index, node) in nodes.enumerated() {
      for attribute in node.attributes {
        switch attribute.value {
        case .graph(let graph):
          try graph.forEachGraph(
            at: path.element("nodes", index).named("attributes", attribute.name), body)
        case .graphs(let graphs):
          for (number, graph) in graphs.enumerated() {
            try graph.forEachGraph(
              at: path.element("nodes", index).named("attributes", attribute.name).element("graphs", number),
              body)
          }
        default:
          break
        }
      }
    }
  }
}
