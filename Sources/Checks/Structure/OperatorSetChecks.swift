import Formats
import Profile
import Representation
import Storage

/// A domain as a key: the default domain has two spellings (interpretation I-030).
struct OperatorDomain: Hashable {
  private let name: ExactString

  init(_ domain: String) {
    name = ExactString(domain == "ai.onnx" ? "" : domain)
  }

  /// The domain as it is shown: the default one by its long name, which is no empty string.
  var shown: String { name.value.isEmpty ? "ai.onnx" : name.value }
}

/// What a node calls: a block, by domain, name and overload.
struct BlockIdentity: Hashable {
  let domain: OperatorDomain
  let name: ExactString
  let overload: ExactString

  init(_ node: OperatorNode) {
    domain = OperatorDomain(node.domain)
    name = ExactString(node.operatorType)
    overload = ExactString(node.overload)
  }

  init(_ block: Block) {
    domain = OperatorDomain(block.domain)
    name = ExactString(block.name)
    overload = ExactString(block.overload)
  }

  /// The identity as it is shown.
  var shown: String {
    let base = "\(domain.shown)::\(name.value)"
    return overload.value.isEmpty ? base : "\(base):\(overload.value)"
  }
}

/// Each domain from which operators are used is imported in a version.
struct OperatorSetImported: Check {
  let key = "operator-set-imported"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    let model = sample.model
    // That an ONNX file has no imports at all is said once, of the file (onnx-operator-sets-present).
    let isSaidOfFile = sample.reading.carries.contains(.onnx) && model.operatorSets.isEmpty
    let blocks = Set(model.blocks.map { BlockIdentity($0) })
    let ofModel = Set(model.operatorSets.map { OperatorDomain($0.domain) })
    // A domain is reported once for a graph with everything in it: the mending is one line, however many nodes there are.
    var reported: [Int: Set<OperatorDomain>] = [:]
    for scope in sample.structure.scopes {
      guard let nodes = scope.graph?.nodes else { continue }
      var imported = ofModel
      // A block may import what the model does not (interpretation I-031).
      if let index = sample.structure.scopes[scope.root].role.block {
        imported.formUnion(model.blocks[index].operatorSets.map { OperatorDomain($0.domain) })
      } else if isSaidOfFile {
        continue
      }
      for index in nodes.indices {
        let domain = OperatorDomain(nodes[index].domain)
        guard !imported.contains(domain), !blocks.contains(BlockIdentity(nodes[index])) else { continue }
        guard reported[scope.root, default: []].insert(domain).inserted else { continue }
        findings.add(
          at: scope.path.element("nodes", index).field("domain"), expected: domain.shown,
          actual: nodes[index].operatorType)
      }
    }
  }
}

/// A list of imports gives one version for a domain.
struct OperatorSetVersionUnambiguous: Check {
  let key = "operator-set-version-unambiguous"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    forEachOperatorSetList(of: sample) { sets, path in
      var versions: [OperatorDomain: Int64] = [:]
      for (index, set) in sets.enumerated() {
        let domain = OperatorDomain(set.domain)
        if let version = versions[domain], version != set.version {
          findings.add(
            at: path.element("operatorSets", index), expected: "\(domain.shown) \(version)",
            actual: "\(domain.shown) \(set.version)")
        } else {
          versions[domain] = set.version
        }
      }
    }
  }
}

/// The versions of operator sets count from one.
struct OperatorSetVersionPositive: Check {
  let key = "operator-set-version-positive"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    forEachOperatorSetList(of: sample) { sets, path in
      for (index, set) in sets.enumerated() where set.version < 1 {
        findings.add(
          at: path.element("operatorSets", index).field("version"), expected: "≥ 1", actual: "\(set.version)")
      }
    }
  }
}

/// Calls `body` with the model's list of imports and those of its blocks.
private func forEachOperatorSetList(of sample: Sample, _ body: ([OperatorSet], ModelPath) -> Void) {
  body(sample.model.operatorSets, .model)
  for (index, block) in sample.model.blocks.enumerated() {
    body(block.operatorSets, sample.structure.blockPath(index))
  }
}
