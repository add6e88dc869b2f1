import Profile
import Representation
import Storage

/// Strings in tensors and attributes are UTF-8 (ONNX, TensorProto.string_data and AttributeProto.s); their fields hold
/// any bytes, so that reading them proves nothing.
struct ONNXStringsUTF8: Check {
  let key = "onnx-strings-utf8"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    let file = sample.fileName(0)
    func look(at strings: [[UInt8]], _ path: ModelPath) {
      for (index, string) in strings.enumerated() where String(validating: string, as: UTF8.self) == nil {
        findings.add(
          at: Place(file, path: path.element("strings", index).description), expected: "UTF-8",
          actual: String(decoding: string.prefix(64), as: UTF8.self))
      }
    }
    sample.model.forEachTensor { tensor, path in
      switch tensor.content {
      case .strings(let strings): look(at: strings, path)
      case .sparse(let values, _):
        if case .strings(let strings) = values.content { look(at: strings, path) }
      default: break
      }
    }
    sample.model.forEachGraph { graph, path in
      for (index, node) in graph.nodes.enumerated() {
        for attribute in node.attributes {
          switch attribute.value {
          case .text(let text):
            look(at: [text], path.element("nodes", index).named("attributes", attribute.name))
          case .texts(let texts):
            look(at: texts, path.element("nodes", index).named("attributes", attribute.name))
          default: break
          }
        }
      }
    }
  }
}
