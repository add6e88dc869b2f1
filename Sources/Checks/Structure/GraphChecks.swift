import Profile
import Representation
import Storage

/// Inputs and outputs of graphs have names.
struct GraphValueNamesPresent: Check {
  let key = "graph-value-names-present"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    for scope in sample.structure.scopes {
      guard let graph = scope.graph else { continue }
      for (index, value) in graph.inputs.enumerated() where value.name.isEmpty {
        findings.add(at: scope.path.element("inputs", index).field("name"))
      }
      for (index, value) in graph.outputs.enumerated() where value.name.isEmpty {
        findings.add(at: scope.path.element("outputs", index).field("name"))
      }
    }
  }
}

/// A graph gives something; so do the bodies of blocks and the graphs in attributes.
struct GraphHasOutputs: Check {
  let key = "graph-has-outputs"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    for scope in sample.structure.scopes {
      guard let graph = scope.graph, graph.outputs.isEmpty else { continue }
      findings.add(at: scope.path.field("outputs"), expected: "≥ 1", actual: "0")
    }
  }
}

/// The graphs of the model have names; a body is named by its block, a graph in an attribute by the attribute.
struct GraphNamePresent: Check {
  let key = "graph-name-present"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    for (index, graph) in sample.model.graphs.enumerated() where graph.name?.isEmpty ?? true {
      findings.add(at: .model.element("graphs", index).field("name"))
    }
  }
}

/// No two inputs of a graph have the same name.
struct GraphInputNamesUnique: Check {
  let key = "graph-input-names-unique"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    for scope in sample.structure.scopes {
      guard let inputs = scope.graph?.inputs, inputs.count > 1 else { continue }
      var first: [ExactString: Int] = [:]
      first.reserveCapacity(inputs.count)
      for (index, input) in inputs.enumerated() where !input.name.isEmpty {
        let name = ExactString(input.name)
        if let earlier = first[name] {
          findings.add(
            at: scope.path.element("inputs", index).field("name"), expected: "≠ inputs[\(earlier)]",
            actual: input.name)
        } else {
          first[name] = index
        }
      }
    }
  }
}

/// The inputs and outputs of the model's graphs have types.
struct GraphValueTypesPresent: Check {
  let key = "graph-value-types-present"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    for scope in sample.structure.scopes where scope.role == .main {
      guard let graph = scope.graph else { continue }
      for (index, value) in graph.inputs.enumerated() where value.type == nil {
        findings.add(at: scope.path.element("inputs", of: graph.inputs, index).field("type"))
      }
      for (index, value) in graph.outputs.enumerated() where value.type == nil {
        findings.add(at: scope.path.element("outputs", of: graph.outputs, index).field("type"))
      }
    }
  }
}
