import Formats
import Numerics
import Profile
import Representation
import Storage

/// A tensor has elements, its own or those of the variable to which it is tied.
struct TensorContentPresent: Check {
  let key = "tensor-content-present"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    let tensors = sample.structure.tensors
    for index in tensors.indices {
      let kind: Finding.Kind
      switch tensors[index].place {
      case .absent: kind = .violation
      // What keeps from the content has a finding of its own, and nobody knows what there is.
      case .withheld: kind = .unsupported
      default: continue
      }
      guard !tensors[index].isTied, tensors[index].extent != .elements(0) else { continue }
      findings.add(
        kind, at: sample.place(ofTensor: index),
        expected: sample.structure.tensor(index)?.type.formula, actual: "0 B")
    }
  }
}

/// The number of bytes is what the type makes it.
struct TensorLengthMatches: Check {
  let key = "tensor-length-matches"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    let tensors = sample.structure.tensors
    for index in tensors.indices {
      let length: UInt64
      switch tensors[index].place {
      case .stored(let range): length = range.length
      case .inline(let count): length = count
      default: continue
      }
      guard let expected = tensors[index].byteCount, expected != length else { continue }
      let formula = sample.structure.tensor(index)?.type.formula ?? ""
      findings.add(
        at: sample.place(ofTensor: index), expected: "\(formula) = \(expected) B", actual: "\(length) B")
    }
  }
}

/// Where elements are counted one by one, there are as many as the dims say.
struct TensorElementCountMatches: Check {
  let key = "tensor-element-count-matches"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    let tensors = sample.structure.tensors
    for index in tensors.indices {
      let count: UInt64
      switch tensors[index].place {
      case .encoded(let number): count = number
      case .strings(let number): count = number
      default: continue
      }
      guard case .elements(let expected) = tensors[index].extent, expected != count else { continue }
      let dims = sample.structure.tensor(index)?.type.dims?.shown ?? ""
      findings.add(at: sample.place(ofTensor: index), expected: "\(dims) = \(expected)", actual: "\(count)")
    }
  }
}

/// Strings are written as strings, and nothing else is.
struct TensorContentFitsType: Check {
  let key = "tensor-content-fits-type"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    let tensors = sample.structure.tensors
    for index in tensors.indices {
      guard let type = tensors[index].elementType else { continue }
      let isString = type == .string
      let fits =
        switch tensors[index].place {
        case .strings(let count): isString || count == 0
        case .stored(let range): !isString || range.length == 0
        case .inline(let count): !isString || count == 0
        case .encoded(let count): !isString || count == 0
        case .sparse, .compressed, .absent, .withheld: true
        }
      if !fits {
        findings.add(
          at: sample.place(ofTensor: index), expected: type.rawValue,
          actual: sample.structure.tensor(index)?.content.shown)
      }
    }
  }
}

/// The values of a sparse tensor are a list of elements of its type.
struct SparseValuesMatch: Check {
  let key = "sparse-values-match"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    sample.structure.forEachSparseTensor { index, tensor, values, _ in
      let isList = values.type.dims?.count == 1
      let fits = values.type.fixedDims?.first.map { $0 <= tensor.type.elementCount ?? .max } ?? true
      if values.type.elementType != tensor.type.elementType || !isList || !fits || values.isSparse {
        findings.add(
          at: sample.place(ofTensor: index),
          expected: "\(tensor.type.elementType?.rawValue ?? "?") [n], n ≤ \(tensor.type.dims?.shown ?? "?")",
          actual: values.isSparse ? values.content.shown : values.type.shown)
      }
    }
  }
}

/// The indices of a sparse tensor are a place for each of its values.
struct SparseIndicesMatch: Check {
  let key = "sparse-indices-match"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    sample.structure.forEachSparseTensor { index, tensor, values, indices in
      guard let rank = tensor.type.dims?.count, let count = values.type.fixedDims, count.count == 1,
        let dims = indices.type.fixedDims
      else { return }
      let isLinear = dims == [count[0]]
      let isByAxis = dims == [count[0], UInt64(rank)]
      if indices.type.elementType != .i64 || !isLinear && !isByAxis || indices.isSparse {
        findings.add(
          at: sample.place(ofTensor: index), expected: "i64 [\(count[0])] / i64 [\(count[0])×\(rank)]",
          actual: indices.isSparse ? indices.content.shown : indices.type.shown)
      }
    }
  }
}

extension Tensor {
  fileprivate var isSparse: Bool { if case .sparse = content { true } else { false } }
}

extension TensorType {
  /// The dims as numbers; nil where one is none, or negative.
  fileprivate var fixedDims: [UInt64]? {
    guard let dims else { return nil }
    var sizes: [UInt64] = []
    for dim in dims {
      guard case .fixed(let size) = dim, let size = UInt64(exactly: size) else { return nil }
      sizes.append(size)
    }
    return sizes
  }
}

extension StructureIndex {
  /// Calls `body` with each sparse tensor, its index and its parts.
  func forEachSparseTensor(
    _ body: (Int, Tensor, _ values: Tensor, _ indices: Tensor) throws -> Void
  ) rethrows {
    guard hasSparseTensors else { return }
    for index in tensors.indices where tensors[index].origin.part == .whole {
      guard case .sparse = tensors[index].place, let tensor = tensor(index),
        case .sparse(let values, let indices) = tensor.content
      else { continue }
      try body(index, tensor, values, indices)
    }
  }
}
