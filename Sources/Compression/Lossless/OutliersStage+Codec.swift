import Numerics
public import Representation
public import Storage

/// Elements that a later stage must not touch (profile clause 7.3, section 8).
extension OutliersStage: StageCodec {
  public var isLossless: Bool { true }

  public var sides: [(path: String, tensor: Tensor)] {
    [(".positions", positions), (".values", values)].compactMap { path, tensor in tensor.map { (path, $0) } }
  }

  public func output(of input: ElementsType) throws(Fault) -> ElementsType? {
    try input.accepted(input.element.components.count == 1, "not complex")
    let type = try sideType(positions, ".positions")
    guard type.dims.count == 1, type.element == Self.place(count: input.count) else {
      throw .stage(
        .stageSideTensorType, ".positions", expected: "\(Self.place(count: input.count).rawValue)[k]",
        actual: type.notation)
    }
    try expectSide(values, ".values", ElementsType(input.element, type.dims))
    guard type.count <= input.count else {
      throw .stage(
        .outliersPositions, ".positions", expected: "≤ \(input.count) places", actual: "\(type.count)")
    }
    return input
  }

  public func decode(
    _ payload: Elements?, as input: ElementsType, in decoding: Decoding
  ) throws(Fault) -> Elements {
    guard let payload, payload.type == input else { throw .payload(input, payload) }
    guard let positions, let values else {
      throw .stage(.stageSideTensorType, expected: "positions, values", actual: "none")
    }
    let places = try decoding.side(positions, ".positions")
    let kept = try decoding.side(values, ".values")
    let wide = places.type.element == .u64
    var ascending = kept.type.count == places.type.count
    var last = -1
    let order = [Int](unsafeUninitializedCapacity: places.type.count) { order, count in
      places.bytes.withUnsafeBytes { bytes in
        for i in 0..<places.type.count {
          let place =
            wide
            ? Int(exactly: bytes.loadUnaligned(fromByteOffset: 8 &* i, as: UInt64.self)) ?? Int.max
            : Int(bytes.loadUnaligned(fromByteOffset: 4 &* i, as: UInt32.self))
          ascending = ascending && place > last
          last = place
          order[i] = place
        }
      }
      count = places.type.count
    }
    // Where they ascend, the last is the greatest.
    guard ascending, last < input.count else {
      throw .stage(
        .outliersPositions, ".positions", expected: "ascending, < \(input.count)",
        actual: ascending ? "\(last)" : "not ascending")
    }
    guard let bits = input.element.bits, bits % 8 == 0 else {
      var codes = payload.unpackedCodes()
      for (place, code) in zip(order, kept.unpackedCodes()) { codes[place] = code }
      return .packing(codes, as: input)
    }
    var bytes = payload.bytes
    let size = bits / 8
    bytes.withUnsafeMutableBytes { target in
      kept.bytes.withUnsafeBytes { source in
        for (index, place) in order.enumerated() {
          for byte in 0..<size { target[place &* size &+ byte] = source[index &* size &+ byte] }
        }
      }
    }
    return Elements(input, exactly: bytes)
  }

  /// Puts aside what is not finite or of at least a magnitude, and +0 in its place.
  ///
  /// - Parameter magnitude: 2^100 in the reference encoder.
  public static func encode(_ x: Elements, beyond magnitude: Double = 0x1p100) throws(Fault) -> Encoded<
    OutliersStage
  > {
    try x.type.accepted(x.type.element.components.count == 1, "not complex")
    var aside: [Int] = []
    for place in 0..<x.type.count {
      let code = x.type.element.code(at: UInt64(place), in: x.bytes) ?? 0
      // A code that stands for no number, as of a `bool` beyond 1, is put aside too.
      let value = x.type.element.value(ofCode: code) ?? .nan
      if !(abs(value) < magnitude) { aside.append(place) }
    }
    return try encode(x, places: aside)
  }

  /// Puts elements aside, and +0 in their places.
  ///
  /// - Parameter places: in ascending order, inside.
  public static func encode(_ x: Elements, places: [Int]) throws(Fault) -> Encoded<OutliersStage> {
    try x.type.accepted(x.type.element.components.count == 1, "not complex")
    let type = Self.place(count: x.type.count)
    let positions: Elements
    if type == .u64 {
      positions = .list(try x.type.with(type, [places.count]), places.map(UInt64.init))
    } else {
      positions = .list(try x.type.with(type, [places.count]), places.map(UInt32.init(truncatingIfNeeded:)))
    }
    let kept = try x.type.with(x.type.element, [places.count])
    guard let bits = x.type.element.bits, bits % 8 == 0 else {
      var codes = x.unpackedCodes()
      let values = Elements.packing(places.map { codes[$0] }, as: kept)
      for place in places { codes[place] = 0 }
      return Encoded(
        OutliersStage(positions: positions.inlineTensor, values: values.inlineTensor),
        .packing(codes, as: x.type))
    }
    let size = bits / 8
    var bytes = x.bytes
    var values: [UInt8] = []
    values.reserveCapacity(kept.byteCount)
    for place in places {
      for byte in place * size..<(place + 1) * size {
        values.append(bytes[byte])
        bytes[byte] = 0
      }
    }
    return Encoded(
      OutliersStage(positions: positions.inlineTensor, values: Elements(kept, exactly: values).inlineTensor),
      Elements(x.type, exactly: bytes))
  }

  /// The type of a place among so many elements.
  static func place(count: Int) -> ElementType { count > 1 << 32 ? .u64 : .u32 }
}
