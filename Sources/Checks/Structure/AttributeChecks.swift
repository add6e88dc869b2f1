import Profile
import Representation
import Storage

/// Attributes have names.
struct AttributeNamePresent: Check {
  let key = "attribute-name-present"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    sample.structure.forEachAttributeList { list in
      for (index, attribute) in list.attributes.enumerated() where attribute.name.isEmpty {
        findings.add(at: list.path(index).field("name"))
      }
    }
  }
}

/// A node gives an attribute once.
struct AttributeNamesUnique: Check {
  let key = "attribute-names-unique"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    sample.structure.forEachAttributeList { list in
      // What a block declares twice, with a default or without, is a finding of its own (block-attributes-distinct).
      guard list.holder == .node, list.attributes.count > 1 else { return }
      var seen: Set<ExactString> = []
      for (index, attribute) in list.attributes.enumerated() where !attribute.name.isEmpty {
        if !seen.insert(ExactString(attribute.name)).inserted {
          findings.add(
            at: list.owner.element("attributes", index).field("name"), actual: attribute.name)
        }
      }
    }
  }
}

/// An attribute has a value.
struct AttributeValuePresent: Check {
  let key = "attribute-value-present"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    sample.structure.forEachAttributeList { list in
      for (index, attribute) in list.attributes.enumerated() {
        guard case .absent = attribute.value else { continue }
        findings.add(at: list.path(index).field("value"))
      }
    }
  }
}

/// Only in the body of a block is there a call whose attributes a reference could mean.
struct AttributeReferenceInBlock: Check {
  let key = "attribute-reference-in-block"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    sample.structure.forEachAttributeList { list in
      guard list.body == nil else { return }
      for (index, attribute) in list.attributes.enumerated() {
        guard case .reference(let name) = attribute.value else { continue }
        findings.add(at: list.path(index).field("value"), actual: name)
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
    sample.structure.forEachAttributeList { list in
      guard let block = list.body else { return }
      for (index, attribute) in list.attributes.enumerated() {
        guard case .reference(let name) = attribute.value, !declared[block].contains(ExactString(name))
        else { continue }
        findings.add(
          at: list.path(index).field("value"),
          expected: declared[block].sorted().map(\.value).joined(separator: ", "), actual: name)
      }
    }
  }
}
