import Numerics
public import Storage

/// A weight that a vendor's tool stored in its own way: what its tensors say of it before the large ones are read.
public protocol VendorWeight: Sendable {
  /// The type after decoding: f32, dims as the model uses them, such as [out, in].
  var type: ElementsType { get }
  /// Its stages in terms of clause 7, in the order of an encoder.
  var stages: [StageDescription] { get }
  /// The elements.
  ///
  /// - Throws: a fault of `VendorFault` or `CompressionFault` with the name of a part as its path, and what the files throw.
  func decode(_ tensors: VendorTensors) throws(Fault) -> Elements
}

/// The tensors that hold one weight, by the names that the format gives to the parts, such as `qweight` and `scales`.
public struct VendorTensors: Sendable {
  /// The types of the parts that are there.
  public let types: [String: ElementsType]
  private let read: @Sendable (String) throws(Fault) -> Elements

  /// Tensors of those types.
  ///
  /// - Parameter read: gives the elements of a part that is there, of that type.
  public init(
    _ types: [String: ElementsType], read: @escaping @Sendable (_ part: String) throws(Fault) -> Elements
  ) {
    self.types = types
    self.read = read
  }

  /// Tensors in memory.
  public init(_ elements: [String: Elements]) {
    self.init(elements.mapValues(\.type)) { (part: String) throws(Fault) -> Elements in
      guard let elements = elements[part] else { throw .vendor(.tensorsPresent, part, expected: part) }
      return elements
    }
  }

  /// The type of a part.
  ///
  /// - Throws: `tensorsPresent`; `tensorTypes` where it is none of `elements`; `dimsAgree` where it has another rank.
  func type(
    _ part: String, _ elements: Set<ElementType>, rank: ClosedRange<Int>? = nil
  ) throws(Fault) -> ElementsType {
    guard let type = types[part] else { throw .vendor(.tensorsPresent, part, expected: part) }
    guard elements.contains(type.element) else {
      throw .vendor(
        .tensorTypes, part, expected: elements.map(\.rawValue).sorted().joined(separator: ", "),
        actual: type.element.rawValue)
    }
    if let rank, !rank.contains(type.dims.count) {
      throw .vendor(.dimsAgree, part, expected: "rank \(rank.lowerBound)", actual: type.notation)
    }
    return type
  }

  /// The elements of a part.
  func elements(_ part: String) throws(Fault) -> Elements {
    guard types[part] != nil else { throw .vendor(.tensorsPresent, part, expected: part) }
    return try read(part)
  }

  /// The integers of a small part, such as a shape.
  ///
  /// - Parameter limit: how many there may be.
  func integers(_ part: String, limit: Int) throws(Fault) -> [Int64] {
    let type = try type(part, [.i64, .i32, .i16, .i8, .u8, .u16, .u32, .u64])
    guard type.count <= limit else {
      throw .vendor(.dimsAgree, part, expected: "≤ \(limit)", actual: type.notation)
    }
    return IntegerElements.values(try elements(part))
  }

  /// Dims that a part holds as integers.
  func dims(_ part: String, limit: Int = 8) throws(Fault) -> [Int] {
    var dims: [Int] = []
    for value in try integers(part, limit: limit) {
      guard value >= 0, let dim = Int(exactly: value) else {
        throw .vendor(.dimsAgree, part, expected: "≥ 0", actual: "\(value)")
      }
      dims.append(dim)
    }
    return dims
  }

  /// The values of a part as f32; exact for f32 and narrower.
  func floats(_ part: String) throws(Fault) -> [Float] {
    FloatElements.values(try elements(part))
  }

  /// The values of scales: all finite.
  func scales(_ part: String) throws(Fault) -> [Float] {
    let values = try floats(part)
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw .stage(.quantizerScaleFinite, part, expected: "finite", actual: "[\(index)] \(values[index])")
    }
    return values
  }
}

/// The element types that scales have.
let scaleTypes: Set<ElementType> = [.f32, .f16, .bf16]

extension ElementsType {
  /// A type after decoding; a fault at a part where its size does not fit.
  static func decoded(_ dims: [Int], at part: String) throws(Fault) -> ElementsType {
    guard let type = ElementsType(.f32, dims) else {
      throw .vendor(.dimsAgree, part, expected: "< 2^63 b", actual: "\(dims)")
    }
    return type
  }
}

/// The quotient rounded up.
func ceiling(_ count: Int, _ size: Int) -> Int { count / size + (count % size == 0 ? 0 : 1) }
