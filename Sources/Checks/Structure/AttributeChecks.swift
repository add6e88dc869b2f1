import Profile
import Representation
import Storage

/// Attributes have names.
struct AttributeNamePresent: Check {
  let key = "attribute-name-present"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    sample.structure.forEachAttributeList { attributes, path, _ in
      for (index, attribute) in attributes.enumerated() where attribute.name.isEmpty {
        findings.add(at: path.element("attributes", index).field("name"))
      }
    }
  }
}

/// A node gives an attribute once.
struct AttributeNamesUnique: Check {
  let key = "attribute-names-unique"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    sample.structure.forEachAttributeList { attributes, path, _ in
      guard attributes.count > 1 else { return }
      var seen: Set<ExactString> = []
      for (index, attribute) in attributes.enumerated() where !attribute.name.isEmpty {
        if !seen.insert(ExactString(attribute.name)).inserted {
          findings.add(at: path.element("attributes", index).field("name"), actual: attribute.name)
        }
      }
    }
  }
}

/// An attribute has a value.
struct AttributeValuePresent: Check {
  let key = "attribute-value-present"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    sample.structure.forEachAttributeList { attributes, path, _ in
      for index in attributes.indices {
        guard case .absent = attributes[index].value else { continue }
        findings.add(at: path.element("attributes", of: attributes, index).field("value"))
      }
    }
  }
}

/// Only in the body of a block is there a call whose attributes a reference could mean.
struct AttributeReferenceInBlock: Check {
  let key = "attribute-reference-in-block"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    sample.structure.forEachAttributeList { attributes, path, block in
      guard block == nil else { return }
      for index in attributes.indices {
        guard case .reference(let name) = attributes[index].value else { continue }
        findings.add(at: path.element("attributes", of: attributes, index).field("value"), actual: name)
      }
    }
  }
}

/// A reference in a body means an attribute that the block declares.
struct AttributeReferenceDeclared: Check {
  let key = "attribute-reference-declared"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    let declared = sample.model.blocks.map { block in
      Set((block.requiredAttributes + block.defaultAttributes.map(\.name)).map { ExactString($0) })
    }
    sample.structure.forEachAttributeList { attributes, path, block in
      guard let block else { return }
      for index in attributes.indices {
        guard case .reference(let name) = attributes[index].value,
          !declared[block].contains(ExactString(name))
        else { continue }
        findings.add(
          at: path.element("attributes", of: attributes, index).field("value"),
          expected: declared[block].sorted().map(\.value).joined(separator: ", "), actual: name)
      }
    }
  }
}

extension StructureIndex {
  /// Calls `body` with the attributes of each node that has some, the path to the node and the block in whose body it lies.
  fileprivate func forEachAttributeList(_ body: ([Attribute], ModelPath, _ block: Int?) -> Void) {
    for scope in scopes {
      guard let nodes = scope.graph?.nodes else { continue }
      var block: Int?
      if case .block(let index) = scopes[scope.root].role { block = index }
      for index in nodes.indices where !nodes[index].attributes.isEmpty {
        body(nodes[index].attributes, scope.path.element("nodes", index), block)
      }
    }
  }
}
