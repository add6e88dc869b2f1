import Representation

/// The attributes of a node, or those that a block gives defaults.
struct AttributeList {
  /// What the attributes belong to.
  enum Holder { case node, block }

  /// The attributes.
  let attributes: [Attribute]
  /// What they belong to.
  let holder: Holder
  /// The path to the node or block.
  let owner: ModelPath
  /// The block in whose body they lie, at whatever depth; nil elsewhere. Defaults of a block lie in no body.
  let body: Int?

  /// The path to an attribute of the list.
  func path(_ index: Int) -> ModelPath {
    owner.element(holder == .node ? "attributes" : "defaultAttributes", of: attributes, index)
  }
}

extension StructureIndex {
  /// Calls `body` with the attributes of each node that has some, then with the defaults of each block that has some.
  func forEachAttributeList(_ body: (AttributeList) -> Void) {
    for scope in scopes {
      guard let nodes = scope.graph?.nodes else { continue }
      var block: Int?
      if case .block(let index) = scopes[scope.root].role { block = index }
      for index in nodes.indices where !nodes[index].attributes.isEmpty {
        body(
          AttributeList(
            attributes: nodes[index].attributes, holder: .node, owner: scope.path.element("nodes", index),
            body: block))
      }
    }
    for (index, block) in model.blocks.enumerated() where !block.defaultAttributes.isEmpty {
      body(
        AttributeList(
          attributes: block.defaultAttributes, holder: .block, owner: blockPath(index), body: nil))
    }
  }
}
