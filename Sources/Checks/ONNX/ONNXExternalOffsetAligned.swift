import Profile
import Representation
import Storage

/// Large tensors in other files begin at a page (ONNX, TensorProto.external_data: offsets SHOULD be multiples of 4096).
struct ONNXExternalOffsetAligned: Check {
  let key = "onnx-external-offset-aligned"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) throws {
    let alignment = try requirement.limit("alignment")
    let smallest = try requirement.limit("from-bytes")
    // An overlay that asks for no alignment sets it to zero or one.
    guard alignment > 1 else { return }
    for (index, tensor) in sample.structure.tensors.enumerated() {
      // The first file of the table is the model itself, where nobody can choose an offset.
      guard case .stored(let range) = tensor.place, range.file != 0, range.length >= smallest,
        range.offset % alignment != 0
      else { continue }
      findings.add(
        at: sample.place(ofTensor: index),
        expected: "\(alignment) B", actual: "\(range.offset) mod \(alignment) = \(range.offset % alignment)")
    }
  }
}
