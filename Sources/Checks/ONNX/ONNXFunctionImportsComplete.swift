import Profile
import Representation
import Storage

/// A function imports the operator sets of its body (ONNX, FunctionProto.opset_import).
struct ONNXFunctionImportsComplete: Check {
  let key = "onnx-function-imports-complete"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    for block in sample.model.blocks {
      let imported = Set(block.operatorSets.map { ExactString($0.domain) })
      // A domain is reported once for a function: mending it is one line.
      var reported: Set<ExactString> = []
      for (index, node) in block.body.nodes.enumerated() {
        let domain = ExactString(node.domain)
        guard !imported.contains(domain), reported.insert(domain).inserted else { continue }
        let path = ModelPath.model.named("blocks", block.name).field("body").element("nodes", index)
        findings.add(
          at: Place(sample.fileName(0), path: path.description),
          expected: node.domain.isEmpty ? "ai.onnx" : node.domain, actual: node.operatorType)
      }
    }
  }
}
