import Numerics
import Profile
import Representation

/// A tensor type of an input or output of the model's graphs says what its elements are.
struct ValueElementTypePresent: Check {
  let key = "value-element-type-present"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    sample.structure.forEachValueType { type, path, role in
      guard role == .main else { return }
      type.forEachTensorType { tensor in
        if tensor.elementType == nil { findings.add(at: path.field("elementType")) }
      }
    }
  }
}

/// A dim of a value's type is not negative.
struct ValueDimsNotNegative: Check {
  let key = "value-dims-not-negative"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    sample.structure.forEachValueType(betweenNodes: true) { type, path, _ in
      type.forEachTensorType { tensor in
        for (index, dim) in (tensor.dims ?? []).enumerated() {
          guard case .fixed(let size) = dim, size < 0 else { continue }
          findings.add(at: path.element("dims", index), expected: "≥ 0", actual: "\(size)")
        }
      }
    }
  }
}

/// A dim that is a name has one.
struct SymbolicDimNamePresent: Check {
  let key = "symbolic-dim-name-present"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    sample.structure.forEachValueType(betweenNodes: true) { type, path, _ in
      type.forEachTensorType { tensor in
        for (index, dim) in (tensor.dims ?? []).enumerated() {
          guard case .symbolic(let name) = dim, name.isEmpty else { continue }
          findings.add(at: path.element("dims", index))
        }
      }
    }
  }
}

/// A sequence, optional or map says what it holds.
struct ContainerTypeComplete: Check {
  let key = "container-type-complete"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    sample.structure.forEachValueType { type, path, _ in
      if let container = Self.incomplete(type) { findings.add(at: path, actual: container) }
    }
  }

  private static func incomplete(_ type: ValueType) -> String? {
    switch type {
    case .tensor, .sparseTensor: nil
    case .sequence(nil): "sequence"
    case .optional(nil): "optional"
    case .map(_, nil): "map"
    case .sequence(let inner?), .optional(let inner?), .map(_, let inner?): incomplete(inner)
    }
  }
}

/// The key of a map is an integer or a string.
struct MapKeyTypeAllowed: Check {
  let key = "map-key-type-allowed"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) throws {
    let allowed = try requirement.texts("key-types")
    sample.structure.forEachValueType { type, path, _ in
      type.forEachMapKey { key in
        if !allowed.contains(key.rawValue) {
          findings.add(at: path, expected: allowed.joined(separator: ", "), actual: key.rawValue)
        }
      }
    }
  }
}

extension ValueType {
  /// Calls `body` with each tensor type that the type is or holds; readers limit the depth.
  fileprivate func forEachTensorType(_ body: (TensorType) -> Void) {
    switch self {
    case .tensor(let type), .sparseTensor(let type): body(type)
    case .sequence(let inner), .optional(let inner), .map(_, let inner): inner?.forEachTensorType(body)
    }
  }

  fileprivate func forEachMapKey(_ body: (ElementType) -> Void) {
    switch self {
    case .tensor, .sparseTensor: break
    case .sequence(let inner), .optional(let inner): inner?.forEachMapKey(body)
    case .map(let key, let value):
      body(key)
      value?.forEachMapKey(body)
    }
  }
}

extension StructureIndex {
  /// Calls `body` with the type of each input and output of each graph, as far as it is given.
  ///
  /// - Parameter betweenNodes: whether the types that a graph declares for values between nodes are looked at too.
  fileprivate func forEachValueType(
    betweenNodes: Bool = false, _ body: (ValueType, ModelPath, Scope.Role) -> Void
  ) {
    for scope in scopes {
      guard let graph = scope.graph else { continue }
      var lists = [("inputs", graph.inputs), ("outputs", graph.outputs)]
      if betweenNodes { lists.append(("valueTypes", graph.valueTypes)) }
      for (list, values) in lists {
        for (index, value) in values.enumerated() {
          guard let type = value.type else { continue }
          body(type, scope.path.element(list, of: values, index).field("type"), scope.role)
        }
      }
    }
  }
}
