import Numerics
import Representation
public import Storage

extension Elements {
  /// Elements whose bytes are written by a closure; all of them are zero before.
  public init(
    zeroed type: ElementsType, _ fill: (UnsafeMutableRawBufferPointer) throws(Fault) -> Void
  ) throws(Fault) {
    var bytes = [UInt8](repeating: 0, count: type.byteCount)
    try bytes.withUnsafeMutableBufferPointer { buffer throws(Fault) in
      try fill(UnsafeMutableRawBufferPointer(buffer))
    }
    self.init(type, exactly: bytes)
  }

  /// Elements all of whose bytes are written by a closure, which finds anything in them.
  public init(
    writing type: ElementsType, _ fill: (UnsafeMutableRawBufferPointer) throws(Fault) -> Void
  ) throws(Fault) {
    var failure: Fault?
    let bytes = [UInt8](unsafeUninitializedCapacity: type.byteCount) { buffer, count in
      do throws(Fault) {
        try fill(UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: type.byteCount))
        count = type.byteCount
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    self.init(type, exactly: bytes)
  }

  /// The same bytes as elements of another type, which takes as many.
  func relabelled(_ type: ElementsType) -> Elements { Elements(type, exactly: bytes) }

  /// Without elements, for what can only be empty.
  static func zeros(_ type: ElementsType) -> Elements {
    Elements(type, exactly: [UInt8](repeating: 0, count: type.byteCount))
  }

  /// The bytes of a list of numbers, little-endian, as elements of one dim.
  static func list<Number: FixedWidthInteger & BitwiseCopyable>(
    _ type: ElementsType, _ numbers: [Number]
  ) -> Elements {
    // Every platform that Swift's Linux toolchains serve is little-endian.
    Elements(type, exactly: numbers.withUnsafeBytes(Array.init))
  }
}

/// The type of a side tensor that a descriptor has to have.
///
/// - Throws: `stage-side-tensor-type` where there is none, or its type is not one that elements in memory can have.
func sideType(_ tensor: Tensor?, _ path: String) throws(Fault) -> ElementsType {
  guard let tensor else {
    throw .stage(.stageSideTensorType, path, expected: "a tensor", actual: "none")
  }
  guard let type = ElementsType(tensor.type) else {
    throw .stage(.stageSideTensorType, path, expected: "fixed dims", actual: tensor.type.notation)
  }
  return type
}

/// Asks for a side tensor of a type.
///
/// - Throws: `stage-side-tensor-type`.
func expectSide(_ tensor: Tensor?, _ path: String, _ expected: ElementsType?) throws(Fault) {
  let type = try sideType(tensor, path)
  guard type == expected else {
    throw .stage(.stageSideTensorType, path, expected: expected?.notation, actual: type.notation)
  }
}

extension TensorType {
  /// How findings write it, whatever is known of it.
  var notation: String {
    let sizes = dims.map { dims in
      dims.prefix(16).map { dim in
        switch dim {
        case .fixed(let size): "\(size)"
        case .symbolic(let name): name
        case .unknown: "?"
        }
      }.joined(separator: ", ") + (dims.count > 16 ? ", …" : "")
    }
    return "\(elementType?.rawValue ?? "?")[\(sizes ?? "…")]"
  }
}

extension ElementsType {
  /// Throws `stage-input-type` unless a stage takes elements of this type.
  func accepted(_ holds: Bool, _ expected: String) throws(Fault) {
    guard holds else { throw .stage(.stageInputType, expected: expected, actual: notation) }
  }

  /// A type with other dims of which the chain has found that they fit; `stage-input-type` where they do not.
  func with(_ element: ElementType, _ dims: [Int]) throws(Fault) -> ElementsType {
    guard let type = ElementsType(element, dims) else {
      throw .stage(.stageInputType, expected: "< 2^63 bits", actual: "\(element.rawValue)\(dims)")
    }
    return type
  }
}
