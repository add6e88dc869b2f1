import Numerics
import Profile
import Representation
import Storage

/// A tensor says what its elements are.
struct TensorElementTypePresent: Check {
  let key = "tensor-element-type-present"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    let tensors = sample.structure.tensors
    for index in tensors.indices where tensors[index].elementType == nil {
      findings.add(at: sample.place(ofTensor: index))
    }
  }
}

/// The dims of a tensor are given, and each of them is a number.
struct TensorDimsFixed: Check {
  let key = "tensor-dims-fixed"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    let tensors = sample.structure.tensors
    for index in tensors.indices {
      guard case .unsized(isOpen: true, _) = tensors[index].extent else { continue }
      findings.add(
        at: sample.place(ofTensor: index), actual: sample.structure.tensor(index)?.type.dims?.shown)
    }
  }
}

/// A dim of a tensor is not negative.
struct TensorDimsNotNegative: Check {
  let key = "tensor-dims-not-negative"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    let tensors = sample.structure.tensors
    for index in tensors.indices {
      guard case .unsized(_, isNegative: true) = tensors[index].extent else { continue }
      findings.add(
        at: sample.place(ofTensor: index), expected: "≥ 0",
        actual: sample.structure.tensor(index)?.type.dims?.shown)
    }
  }
}

/// The number of elements, and that of their bytes, fits into 64 bits.
struct TensorSizeRepresentable: Check {
  let key = "tensor-size-representable"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    let tensors = sample.structure.tensors
    for index in tensors.indices where tensors[index].extent == .tooLarge {
      findings.add(
        at: sample.place(ofTensor: index), expected: "< 2^64 B",
        actual: sample.structure.tensor(index)?.type.formula)
    }
  }
}

extension [Dimension] {
  /// The dims as they are shown: `4×8`, `n×?`; `1` for a scalar.
  var shown: String {
    if isEmpty { return "1" }
    return map { dim in
      switch dim {
      case .fixed(let size): "\(size)"
      case .symbolic(let name): name
      case .unknown: "?"
      }
    }.joined(separator: "×")
  }
}

extension TensorType {
  /// How the number of bytes follows from the type: `4×8×2 B`, or `3×5×4 bit` for elements of less than a byte.
  var formula: String {
    let dims = self.dims?.shown ?? "?"
    guard let bits = elementType?.bits else { return dims }
    return bits % 8 == 0 ? "\(dims)×\(bits / 8) B" : "\(dims)×\(bits) bit"
  }
}
