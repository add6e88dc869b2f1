public import Numerics
public import Representation

/// The type of elements in memory: every dim is a number, and the product of all of them fits (profile clause 7.1, section 4).
public struct ElementsType: Sendable, Hashable {
  /// The type of an element.
  public let element: ElementType
  /// The dims, outermost first.
  public let dims: [Int]
  /// The number of elements.
  public let count: Int
  /// The number of bytes of all elements, packed.
  public let byteCount: Int

  /// A type; nil for strings, for a negative dim, and where the bits of all elements do not fit into 63 bits.
  public init?(_ element: ElementType, _ dims: [Int]) {
    // The product of all dims but zeros has to fit too, so that no product of some of them ever overflows.
    var product = 1
    for dim in dims where dim != 0 {
      let (next, overflow) = product.multipliedReportingOverflow(by: dim)
      guard dim > 0, !overflow else { return nil }
      product = next
    }
    guard let bits = element.bits, !product.multipliedReportingOverflow(by: bits).overflow else { return nil }
    let count = dims.contains(0) ? 0 : product
    guard let bytes = element.byteCount(elements: UInt64(count)), let byteCount = Int(exactly: bytes) else {
      return nil
    }
    self.element = element
    self.dims = dims
    self.count = count
    self.byteCount = byteCount
  }

  /// The type of a tensor; nil where an element type or a dim is not known, and as above.
  public init?(_ type: TensorType) {
    guard let element = type.elementType, let dims = type.dims else { return nil }
    var sizes: [Int] = []
    for dim in dims {
      guard case .fixed(let size) = dim, let size = Int(exactly: size) else { return nil }
      sizes.append(size)
    }
    self.init(element, sizes)
  }

  /// The same type as a structure states it.
  public var tensorType: TensorType { TensorType(element, shape: dims.map(Int64.init)) }

  /// How findings write it: `f32[2, 3]`.
  public var notation: String {
    "\(element.rawValue)[\(dims.map(String.init).joined(separator: ", "))]"
  }
}

/// Elements in memory: little-endian, packed as in profile clause 6.1, in row-major order.
public struct Elements: Sendable, Hashable {
  /// Their type.
  public let type: ElementsType
  /// Their bytes: `type.byteCount` of them.
  public let bytes: [UInt8]

  /// Elements; nil where the bytes are not as many as the type takes.
  public init?(_ type: ElementsType, _ bytes: [UInt8]) {
    guard bytes.count == type.byteCount else { return nil }
    self.type = type
    self.bytes = bytes
  }

  /// Elements with bytes of which it is known that they are as many as the type takes.
  init(_ type: ElementsType, exactly bytes: [UInt8]) {
    assert(bytes.count == type.byteCount)
    self.type = type
    self.bytes = bytes
  }

  /// The same elements as a tensor that holds them in the structure.
  public var inlineTensor: Tensor { Tensor(type.tensorType, .inline(bytes)) }
}
