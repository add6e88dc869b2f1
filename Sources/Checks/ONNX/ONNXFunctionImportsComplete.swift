import Profile
import Representation
import Storage

/// A function imports the operator sets of its body (ONNX, FunctionProto.opset_import).
struct ONNXFunctionImportsComplete: Check {
  let key = "onnx-function-imports-complete"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    let structure = sample.structure
    let imported = sample.model.blocks.map { Set($0.operatorSets.map { ExactString($0.domain) }) }
    // A domain is reported once for a function: mending it is one line.
    var reported: [Set<ExactString>] = Array(repeating: [], count: imported.count)
    for scope in structure.scopes {
      guard let block = structure.scopes[scope.root].role.block, let nodes = scope.graph?.nodes else {
        continue
      }
      for (index, node) in nodes.enumerated() {
        let domain = ExactString(node.domain)
        guard !imported[block].contains(domain), reported[block].insert(domain).inserted else { continue }
        findings.add(
          at: Place(sample.fileName(0), path: scope.path.element("nodes", index).description),
          expected: node.domain.isEmpty ? "ai.onnx" : node.domain, actual: node.operatorType)
      }
    }
  }
}
