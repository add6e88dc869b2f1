import Numerics
public import Representation
public import Storage

/// N of each M neighbours.
extension SparseStage {
  /// The dims of what is kept.
  func groupDims(of input: ElementsType) throws(Fault) -> [Int] {
    guard n >= 1, n < m, m <= 256, let kept = Int(exactly: n), let of = Int(exactly: m) else {
      throw .stage(.sparseNMValues, expected: "1 ≤ N < M ≤ 256", actual: "\(n):\(m)")
    }
    guard let last = input.dims.last, last % of == 0 else {
      throw .stage(.sparseNMDivides, expected: "a multiple of \(m)", actual: "\(input.dims.last ?? 1)")
    }
    return input.dims.dropLast() + [last / of * kept]
  }

  func groupsDecoded(
    _ payload: Elements, as input: ElementsType, places: Elements
  ) throws(Fault) -> Elements {
    let n = Int(n)
    let m = Int(m)
    let places = places.type.element == .u8 ? places.bytes : places.unpackedCodes()
    try Self.check(places, n, m)
    guard let bits = input.element.bits, bits % 8 == 0 else {
      var codes = [UInt8](repeating: 0, count: input.count)
      let kept = payload.unpackedCodes()
      codes.withUnsafeMutableBytes { target in
        kept.withUnsafeBytes { Self.put(UInt8.self, $0, places, n, m, target) }
      }
      return .packing(codes, as: input)
    }
    return try Elements(zeroed: input) { target in
      payload.bytes.withUnsafeBytes { source in
        switch bits {
        case 8: Self.put(UInt8.self, source, places, n, m, target)
        case 16: Self.put(UInt16.self, source, places, n, m, target)
        case 32: Self.put(UInt32.self, source, places, n, m, target)
        default: Self.put(UInt64.self, source, places, n, m, target)
        }
      }
    }
  }

  private static func check(_ places: [UInt8], _ n: Int, _ m: Int) throws(Fault) {
    let fails = places.withUnsafeBufferPointer { places in
      var fails = false
      for group in stride(from: 0, to: places.count - places.count % n, by: n) {
        var last = -1
        for place in group..<group &+ n {
          fails = fails || Int(places[place]) <= last || Int(places[place]) >= m
          last = Int(places[place])
        }
      }
      return fails
    }
    guard fails else { return }
    for group in stride(from: 0, to: places.count, by: n) {
      let few = places[group..<min(group + n, places.count)]
      guard zip(few, few.dropFirst()).allSatisfy(<), few.allSatisfy({ Int($0) < m }) else {
        throw .stage(
          .sparseNMPositions, ".pattern", expected: "ascending, < \(m)",
          actual: "\(few.prefix(8).map(String.init).joined(separator: ", ")) in group \(group / n)")
      }
    }
  }

  @inline(__always)
  private static func put<Word: BitwiseCopyable>(
    _: Word.Type, _ source: UnsafeRawBufferPointer, _ places: [UInt8], _ n: Int, _ m: Int,
    _ target: UnsafeMutableRawBufferPointer
  ) {
    let source = source.assumingMemoryBound(to: Word.self)
    let target = target.assumingMemoryBound(to: Word.self)
    places.withUnsafeBufferPointer { places in
      var next = 0
      var first = 0
      while next < source.count {
        for _ in 0..<n {
          target[first &+ Int(places[next])] = source[next]
          next &+= 1
        }
        first &+= m
      }
    }
  }

  /// Keeps what has a code other than 0 of each group, and the first of the others up to N.
  ///
  /// - Throws: `sparse-n-m-pattern-holds` where a group has more than N of them.
  public static func encode(_ x: Elements, keeping n: Int, of m: Int) throws(Fault) -> Encoded<SparseStage> {
    try x.type.accepted(
      x.type.element.components.count == 1 && !x.type.dims.isEmpty, "not complex, one dim or more")
    var descriptor = SparseStage(kind: .nOfM, pattern: nil, n: UInt64(clamping: n), m: UInt64(clamping: m))
    let kept = try x.type.with(x.type.element, try descriptor.groupDims(of: x.type))
    let (bits, _) = try x.nonzeroBits()
    var places: [UInt8] = []
    places.reserveCapacity(kept.count)
    var chosen = [UInt8](repeating: 0, count: SparseStage.bitBytes(x.type.count))
    for group in stride(from: 0, to: x.type.count, by: m) {
      var used = 0
      for place in group..<group + m { used += Int(bits.bytes[place >> 3] >> UInt8(place & 7) & 1) }
      guard used <= n else {
        throw .stage(
          .sparseNMPatternHolds, expected: "≤ \(n) of \(m)", actual: "\(used) in group \(group / m)")
      }
      var more = n - used
      for place in group..<group + m {
        let isUsed = bits.bytes[place >> 3] >> UInt8(place & 7) & 1 == 1
        guard isUsed || more > 0 else { continue }
        if !isUsed { more -= 1 }
        chosen[place >> 3] |= 1 << UInt8(place & 7)
        places.append(UInt8(truncatingIfNeeded: place - group))
      }
    }
    let type = try x.type.with(m <= 4 ? .u2 : m <= 16 ? .u4 : .u8, kept.dims)
    let pattern = type.element == .u8 ? Elements(type, exactly: places) : .packing(places, as: type)
    descriptor.pattern = pattern.inlineTensor
    let choice = Elements(try x.type.with(.u8, [chosen.count]), exactly: chosen)
    return Encoded(descriptor, try x.gathered(by: choice, count: kept.count).relabelled(kept))
  }
}
