import Representation

extension Model {
  /// Replaces every tensor of the model by what `change` makes of it, the parts of sparse and compressed ones too, always in the same order.
  mutating func changeTensors<Failure: Error>(
    _ change: (inout Tensor, ModelPath) throws(Failure) -> Void
  ) throws(Failure) {
    for index in parameters.indices {
      try parameters[index].tensor.change(at: .model.named("parameters", parameters[index].name), change)
    }
    for index in graphs.indices {
      try graphs[index].changeTensors(at: .model.element("graphs", index), change)
    }
    for index in blocks.indices {
      let path = ModelPath.model.named("blocks", blocks[index].name)
      try Attribute.changeTensors(of: &blocks[index].defaultAttributes, at: path, change)
      try blocks[index].body.changeTensors(at: path.field("body"), change)
    }
  }
}

extension Tensor {
  fileprivate mutating func change<Failure: Error>(
    at path: ModelPath, _ change: (inout Tensor, ModelPath) throws(Failure) -> Void
  ) throws(Failure) {
    if case .sparse(var values, var indices) = content {
      try values.change(at: path.field("values"), change)
      try indices.change(at: path.field("indices"), change)
      content = .sparse(values: values, indices: indices)
    }
    if case .compressed(var compressed) = content {
      try compressed.changeTensors { tensor, rest throws(Failure) in
        try change(&tensor, path.part(rest))
      }
      content = .compressed(compressed)
    }
    try change(&self, path)
  }
}

extension Graph {
  fileprivate mutating func changeTensors<Failure: Error>(
    at path: ModelPath, _ change: (inout Tensor, ModelPath) throws(Failure) -> Void
  ) throws(Failure) {
    for index in variables.indices {
      try variables[index].tensor.change(at: path.named("variables", variables[index].name), change)
    }
    for index in nodes.indices where !nodes[index].attributes.isEmpty {
      try Attribute.changeTensors(of: &nodes[index].attributes, at: path.element("nodes", index), change)
    }
  }
}

extension Attribute {
  fileprivate static func changeTensors<Failure: Error>(
    of attributes: inout [Attribute], at parent: ModelPath,
    _ change: (inout Tensor, ModelPath) throws(Failure) -> Void
  ) throws(Failure) {
    for index in attributes.indices {
      let path = parent.named("attributes", attributes[index].name)
      switch attributes[index].value {
      case .tensor(var tensor):
        try tensor.change(at: path, change)
        attributes[index].value = .tensor(tensor)
      case .tensors(var tensors):
        for number in tensors.indices {
          try tensors[number].change(at: path.element("tensors", number), change)
        }
        attributes[index].value = .tensors(tensors)
      case .graph(var graph):
        try graph.changeTensors(at: path, change)
        attributes[index].value = .graph(graph)
      case .graphs(var graphs):
        for number in graphs.indices {
          try graphs[number].changeTensors(at: path.element("graphs", number), change)
        }
        attributes[index].value = .graphs(graphs)
      default:
        break
      }
    }
  }
}
