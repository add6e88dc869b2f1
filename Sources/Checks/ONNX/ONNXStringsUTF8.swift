import Profile
import Representation
import Storage

/// Strings in tensors and attributes are UTF-8 (ONNX, TensorProto.string_data and AttributeProto.s); their fields hold
/// any bytes, so that reading them proves nothing.
struct ONNXStringsUTF8: Check {
  let key = "onnx-strings-utf8"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    let file = sample.fileName(0)
    func look(at strings: [[UInt8]], _ path: @autoclosure () -> ModelPath) {
      for (index, string) in strings.enumerated() where String(validating: string, as: UTF8.self) == nil {
        findings.add(
          at: Place(file, path: path().element("strings", index).description), expected: "UTF-8",
          actual: String(decoding: string.prefix(64), as: UTF8.self))
      }
    }
    let structure = sample.structure
    for index in structure.tensors.indices {
      guard case .strings = structure.tensors[index].place,
        case .strings(let strings)? = structure.tensor(index)?.content
      else { continue }
      look(at: strings, structure.path(index))
    }
    structure.forEachAttributeList { list in
      for (index, attribute) in list.attributes.enumerated() {
        switch attribute.value {
        case .text(let text): look(at: [text], list.path(index))
        case .texts(let texts): look(at: texts, list.path(index))
        default: break
        }
      }
    }
  }
}
