import Profile
import Representation

/// Each operator node names its operator.
struct NodeOperatorTypePresent: Check {
  let key = "node-operator-type-present"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    for scope in sample.structure.scopes {
      guard let nodes = scope.graph?.nodes else { continue }
      for index in nodes.indices where nodes[index].operatorType.isEmpty {
        findings.add(at: scope.path.element("nodes", index).field("operatorType"))
      }
    }
  }
}

/// Each operator node gives at least one value.
struct NodeHasOutput: Check {
  let key = "node-has-output"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    for scope in sample.structure.scopes {
      guard let nodes = scope.graph?.nodes else { continue }
      for index in nodes.indices where nodes[index].outputs.allSatisfy(\.isEmpty) {
        findings.add(
          at: scope.path.element("nodes", index).field("outputs"), expected: "≥ 1",
          actual: "\(nodes[index].operatorType): 0")
      }
    }
  }
}

/// Domains are written in characters that every tool can show and compare.
struct OperatorDomainForm: Check {
  let key = "operator-domain-form"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    let model = sample.model
    for (index, set) in model.operatorSets.enumerated() where !Self.isPlain(set.domain) {
      findings.add(at: .model.element("operatorSets", index).field("domain"), actual: set.domain)
    }
    for (index, block) in model.blocks.enumerated() {
      if !Self.isPlain(block.domain) {
        findings.add(at: sample.structure.blockPath(index).field("domain"), actual: block.domain)
      }
      for (number, set) in block.operatorSets.enumerated() where !Self.isPlain(set.domain) {
        findings.add(
          at: sample.structure.blockPath(index).element("operatorSets", number).field("domain"),
          actual: set.domain)
      }
    }
    for scope in sample.structure.scopes {
      guard let nodes = scope.graph?.nodes else { continue }
      for index in nodes.indices where !Self.isPlain(nodes[index].domain) {
        findings.add(at: scope.path.element("nodes", index).field("domain"), actual: nodes[index].domain)
      }
    }
  }

  /// Letters, digits and the separators that reverse-DNS names and qualified names of programming languages use.
  private static func isPlain(_ domain: String) -> Bool {
    domain.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"),
        UInt8(ascii: ":"), UInt8(ascii: "/"):
        true
      default:
        false
      }
    }
  }
}
