import Numerics
import Representation
import Storage

extension ElementType {
  /// What quantizers accept.
  static let quantized: Set<ElementType> = [.f64, .f32, .f16, .bf16]
  /// What scales may be.
  static let scales: [ElementType] = [.f32, .f16, .bf16, .f8e8m0, .f8e4m3fn]
  /// What offsets, codebooks and factors may be.
  static let offsets: [ElementType] = [.f32, .f16, .bf16]
}

extension ElementsType {
  /// Checks that a quantizer accepts elements of this type.
  func acceptedByQuantizer() throws(Fault) {
    try accepted(ElementType.quantized.contains(element), "f64 | f32 | f16 | bf16")
  }
}

/// Checks the type of a side tensor, which follows from the descriptor.
///
/// - Returns: the type.
/// - Throws: `stage-side-tensor-type`, or another code where the profile has one.
@discardableResult
func expectSide(
  _ tensor: Tensor?, _ elements: [ElementType], _ dims: [Int], _ path: String,
  _ code: CompressionFault = .stageSideTensorType
) throws(Fault) -> ElementsType {
  let type = tensor.flatMap { ElementsType($0.type) }
  guard let type, elements.contains(type.element), type.dims == dims else {
    let names = elements.map(\.rawValue).joined(separator: " | ")
    throw .stage(
      code, path, expected: "(\(names))[\(dims.map(String.init).joined(separator: ", "))]",
      actual: type?.notation ?? (tensor == nil ? "–" : tensor?.type.elementType?.rawValue ?? "?"))
  }
  return type
}

extension Decoding {
  /// The values of a side tensor that are all finite.
  ///
  /// - Parameter count: how many there are, which `output(of:)` has checked.
  /// - Throws: the code, with the first place.
  func finiteFloats(
    _ tensor: Tensor?, _ path: String, count: Int, _ code: CompressionFault
  ) throws(Fault) -> [Float] {
    let values = try elements(tensor, path, count: count).floats
    if let place = values.firstIndex(where: { !$0.isFinite }) {
      throw .stage(code, path, expected: "|x| < ∞", actual: "[\(place)] = \(values[place])")
    }
    return values
  }

  /// The values of a side tensor as f64, all of them finite.
  func finiteDoubles(
    _ tensor: Tensor?, _ path: String, count: Int, _ code: CompressionFault
  ) throws(Fault) -> [Double] {
    let values = try elements(tensor, path, count: count).doubles
    if let place = values.firstIndex(where: { !$0.isFinite }) {
      throw .stage(code, path, expected: "|x| < ∞", actual: "[\(place)] = \(values[place])")
    }
    return values
  }

  /// The elements of a side tensor, as many as the descriptor asks for.
  func elements(_ tensor: Tensor?, _ path: String, count: Int) throws(Fault) -> Elements {
    guard let tensor else { throw .stage(.stageSideTensorType, path, expected: "\(count)", actual: "–") }
    let elements = try side(tensor, path)
    guard elements.type.count == count else {
      throw .stage(.stageSideTensorType, path, expected: "\(count)", actual: "\(elements.type.count)")
    }
    return elements
  }
}

extension Optional where Wrapped == Elements {
  /// What a stage left, of the type that follows from it.
  /// - Throws: `compression-payload-type`.
  func payload(of type: ElementsType?) throws(Fault) -> Elements {
    guard let self, self.type == type else {
      throw .stage(
        .compressionPayloadType, expected: type?.notation, actual: self?.type.notation ?? "–")
    }
    return self
  }
}
