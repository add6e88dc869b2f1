public import Numerics

/// The type of a value (profile clause 6.1, Type).
public indirect enum ValueType: Sendable, Hashable {
  case tensor(TensorType)
  case sparseTensor(TensorType)
  case sequence(ValueType?)
  case optional(ValueType?)
  case map(key: ElementType, value: ValueType?)
}

/// The type of a tensor: the type of its elements and its dims (profile clause 6.1, Tensor type).
public struct TensorType: Sendable, Hashable {
  /// The type of the elements; nil where the source gives none.
  public var elementType: ElementType?
  /// The dims, outermost first; nil where the rank is unknown.
  public var dims: [Dimension]?

  /// A tensor type.
  public init(_ elementType: ElementType?, dims: [Dimension]?) {
    self.elementType = elementType
    self.dims = dims
  }

  /// A tensor type with fixed dims.
  public init(_ elementType: ElementType?, shape: [Int64]) {
    self.elementType = elementType
    dims = shape.map(Dimension.fixed)
  }

  /// The number of elements: the product of the dims, one for a scalar.
  ///
  /// Nil where a dim is not fixed or negative, or where the product does not fit into 64 bits.
  public var elementCount: UInt64? {
    guard let dims else { return nil }
    var product: UInt64 = 1
    var overflowed = false
    for dim in dims {
      guard case .fixed(let size) = dim, let factor = UInt64(exactly: size) else { return nil }
      if factor == 0 { return allFixed ? 0 : nil }
      let (next, overflow) = product.multipliedReportingOverflow(by: factor)
      overflowed = overflowed || overflow
      product = next
    }
    return overflowed ? nil : product
  }

  private var allFixed: Bool {
    dims?.allSatisfy { if case .fixed(let size) = $0 { size >= 0 } else { false } } ?? false
  }

  /// The number of bytes of all elements, packed; nil where it cannot be told.
  public var byteCount: UInt64? {
    guard let elementType, let elementCount else { return nil }
    return elementType.byteCount(elements: elementCount)
  }
}

/// One size of a tensor (profile clause 6.1, Dims).
public enum Dimension: Sendable, Hashable {
  /// A number; a negative one is kept as found, for the checks to see.
  case fixed(Int64)
  /// A name that stands for a number.
  case symbolic(String)
  /// Nothing is known.
  case unknown
}
