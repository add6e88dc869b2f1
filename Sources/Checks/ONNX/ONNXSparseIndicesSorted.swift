import Formats
import Numerics
import Profile
import Representation
import Storage

/// The indices of sparse tensors are in range and ascend (ONNX, SparseTensorProto.indices).
struct ONNXSparseIndicesSorted: Check {
  let key = "onnx-sparse-indices-sorted"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) throws {
    var sources: [Int: any ByteSource] = [:]
    try sample.structure.forEachSparseTensor { index, tensor, _, indices in
      guard indices.type.elementType == .i64, let size = tensor.type.elementCount, let dims = tensor.type.dims
      else { return }
      // One number for a place, or one for each dim of it; other forms are findings of another requirement.
      let isByAxis = indices.type.dims?.count == 2
      let sizes = isByAxis ? dims.map(\.number) : [size]
      guard let indexDims = indices.type.dims, indexDims.count <= 2, !sizes.isEmpty,
        !isByAxis || indexDims.last?.number == UInt64(dims.count)
      else { return }
      let place = Place(sample.fileName(0), path: sample.structure.path(index).description)
      var order = IndexOrder(sizes: sizes)
      var count: UInt64 = 0
      try IntegerElements.forEach(in: indices.content) { (file) throws(Fault) -> (any ByteSource)? in
        if let source = sources[file] { return source }
        do throws(Fault) {
          let source = try sample.tree.open(sample.fileName(file))
          sources[file] = source
          return source
        } catch  where error.kind == .system {
          throw error
        } catch {
          // A file that is not there, or must not be opened, is a finding of another requirement.
          return nil
        }
      } _: { value in
        count += 1
        if let trouble = order.add(value) {
          findings.add(at: place, expected: trouble.expected, actual: trouble.actual)
        }
        return true
      }
      // What was not read is not in order for that.
      if let expected = indices.type.elementCount, count < expected {
        findings.add(.unsupported, at: place, expected: "\(expected)", actual: "\(count)")
      }
    }
  }
}

/// Watches indices go by.
private struct IndexOrder {
  /// The size of each dim; a single one for linear indices.
  let sizes: [UInt64]
  private var axis = 0
  private var count: UInt64 = 0
  private var current: [Int64] = []
  private var previous: [Int64] = []

  init(sizes: [UInt64]) {
    self.sizes = sizes
  }

  /// Takes the next number, and tells what is wrong with it.
  mutating func add(_ value: Int64) -> (expected: String, actual: String)? {
    var trouble: (expected: String, actual: String)?
    if value < 0 || UInt64(value) >= sizes[axis] {
      trouble = ("0…\(sizes[axis]) − 1", "[\(count)] = \(value)")
    }
    current.append(value)
    axis += 1
    guard axis == sizes.count else { return trouble }
    if !previous.isEmpty, !previous.lexicographicallyPrecedes(current), trouble == nil {
      trouble = ("> \(previous)", "[\(count)] = \(current)")
    }
    swap(&previous, &current)
    current.removeAll(keepingCapacity: true)
    axis = 0
    count += 1
    return trouble
  }
}

extension Dimension {
  /// The dim as a number; zero where it is none, so that no index is in its range.
  fileprivate var number: UInt64 {
    if case .fixed(let size) = self { UInt64(exactly: size) ?? 0 } else { 0 }
  }
}
