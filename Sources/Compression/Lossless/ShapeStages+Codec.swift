import Numerics
public import Representation
public import Storage

/// Dims in another order (profile clause 7.1, section 4).
extension PermuteStage: StageCodec {
  public var isLossless: Bool { true }

  public func output(of input: ElementsType) throws(Fault) -> ElementsType? {
    guard let order = Self.order(axes, rank: input.dims.count), order != Array(input.dims.indices) else {
      throw .stage(
        .permuteAxes, ".axes", expected: "another order of 0 … \(input.dims.count - 1)",
        actual: "\(axes.prefix(64))")
    }
    return try input.with(input.element, order.map { input.dims[$0] })
  }

  public func decode(
    _ payload: Elements?, as input: ElementsType, in decoding: Decoding
  ) throws(Fault) -> Elements {
    let output = try output(of: input)
    guard let payload, payload.type == output, let order = Self.order(axes, rank: input.dims.count) else {
      throw .payload(output, payload)
    }
    let apart = StridedCopy.rowMajor(payload.type.dims)
    var strides = apart
    for (place, axis) in order.enumerated() { strides[axis] = apart[place] }
    return payload.picked(as: input, strides: strides)
  }

  /// Encodes elements.
  public static func encode(_ x: Elements, axes: [Int]) throws(Fault) -> Encoded<PermuteStage> {
    let descriptor = PermuteStage(axes: axes.map(Int64.init))
    guard let output = try descriptor.output(of: x.type) else { throw .payload(nil, x) }
    let apart = StridedCopy.rowMajor(x.type.dims)
    return Encoded(descriptor, x.picked(as: output, strides: axes.map { apart[$0] }))
  }

  /// Axes as indices; nil unless they are a permutation of all axes of a rank.
  static func order(_ axes: [Int64], rank: Int) -> [Int]? {
    guard axes.count == rank else { return nil }
    var seen = [Bool](repeating: false, count: rank)
    var order: [Int] = []
    for axis in axes {
      guard let axis = Int(exactly: axis), seen.indices.contains(axis), !seen[axis] else { return nil }
      seen[axis] = true
      order.append(axis)
    }
    return order
  }
}

/// Other dims (profile clause 7.1, section 4).
extension ReshapeStage: StageCodec {
  public var isLossless: Bool { true }

  public func output(of input: ElementsType) throws(Fault) -> ElementsType? {
    let dims = sizes.compactMap(Int.init(exactly:))
    guard dims.count == sizes.count, dims != input.dims, let type = ElementsType(input.element, dims),
      type.count == input.count
    else {
      throw .stage(
        .reshapeSizes, ".sizes", expected: "other dims than \(input.dims), of \(input.count) elements",
        actual: "\(sizes.prefix(64))")
    }
    return type
  }

  public func decode(
    _ payload: Elements?, as input: ElementsType, in decoding: Decoding
  ) throws(Fault) -> Elements {
    try .relabelling(payload, of: try output(of: input), as: input)
  }

  /// Encodes elements.
  public static func encode(_ x: Elements, sizes: [Int]) throws(Fault) -> Encoded<ReshapeStage> {
    let descriptor = ReshapeStage(sizes: sizes.map(Int64.init))
    return Encoded(descriptor, try .relabelling(x, of: x.type, as: try descriptor.output(of: x.type)))
  }
}

/// Complex elements as their parts (profile clause 7.1, section 4); the stage has no fields.
public struct PartsStage: StageCodec, Hashable {
  /// The stage.
  public init() {}

  public var isLossless: Bool { true }

  public func output(of input: ElementsType) throws(Fault) -> ElementsType? {
    let (part, count) = input.element.components
    try input.accepted(count == 2, "complex64, complex128")
    return try input.with(part, input.dims + [2])
  }

  public func decode(
    _ payload: Elements?, as input: ElementsType, in decoding: Decoding
  ) throws(Fault) -> Elements {
    try .relabelling(payload, of: try output(of: input), as: input)
  }

  /// Encodes elements.
  public static func encode(_ x: Elements) throws(Fault) -> Encoded<PartsStage> {
    Encoded(PartsStage(), try .relabelling(x, of: x.type, as: try PartsStage().output(of: x.type)))
  }
}

/// Codes as unsigned integers (profile clause 7.1, section 4); the stage has no fields.
public struct CodesStage: StageCodec, Hashable {
  /// The stage.
  public init() {}

  public var isLossless: Bool { true }

  public func output(of input: ElementsType) throws(Fault) -> ElementsType? {
    let isReal = input.element.components.count == 1 && !input.element.isUnsignedInteger
    guard isReal, let bits = input.element.bits, let type = ElementType(unsignedBits: bits) else {
      throw .stage(
        .stageInputType, expected: "2, 4, 8, 16, 32, 64 bits, neither complex nor unsigned",
        actual: input.notation)
    }
    return try input.with(type, input.dims)
  }

  public func decode(
    _ payload: Elements?, as input: ElementsType, in decoding: Decoding
  ) throws(Fault) -> Elements {
    try .relabelling(payload, of: try output(of: input), as: input)
  }

  /// Encodes elements.
  public static func encode(_ x: Elements) throws(Fault) -> Encoded<CodesStage> {
    Encoded(CodesStage(), try .relabelling(x, of: x.type, as: try CodesStage().output(of: x.type)))
  }
}

extension ElementType {
  /// The unsigned integer type of so many bits; nil where there is none.
  init?(unsignedBits bits: Int) {
    switch bits {
    case 2: self = .u2
    case 4: self = .u4
    case 8: self = .u8
    case 16: self = .u16
    case 32: self = .u32
    case 64: self = .u64
    default: return nil
    }
  }
}

extension Elements {
  /// The same bytes as elements of another type, where they are of the type that is expected.
  fileprivate static func relabelling(
    _ elements: Elements?, of expected: ElementsType?, as type: ElementsType?
  ) throws(Fault) -> Elements {
    guard let elements, elements.type == expected, let type, type.byteCount == elements.bytes.count else {
      throw .payload(expected, elements)
    }
    return elements.relabelled(type)
  }
}

extension Fault {
  /// What is left is not of the type that follows from the chain.
  static func payload(_ expected: ElementsType?, _ actual: Elements?) -> Fault {
    .stage(
      .compressionPayloadType, expected: expected?.notation ?? "no payload",
      actual: actual?.type.notation ?? "no payload")
  }
}
