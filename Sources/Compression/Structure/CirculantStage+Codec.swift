import Numerics
public import Representation
public import Storage

/// A matrix of blocks whose rows are turned by one place each (profile clause 7.2, section 5).
extension CirculantStage: StageCodec {
  public var isLossless: Bool { false }

  public func output(of input: ElementsType) throws(Fault) -> ElementsType? {
    try form(input).output
  }

  private func form(_ input: ElementsType) throws(Fault) -> (block: Int, output: ElementsType) {
    let isComplex = input.element.components.count > 1
    try input.accepted(!isComplex && input.dims.count == 2, "[2 dims], not complex")
    let most = max(input.dims[0], input.dims[1], 2)
    guard let block = Int(exactly: block), 2...most ~= block,
      let output = ElementsType(
        input.element, input.dims.map { $0 == 0 ? 0 : ($0 - 1) / block + 1 } + [block])
    else { throw .stage(.circulantBlock, ".block", expected: "2 … \(most)", actual: "\(block)") }
    return (block, output)
  }

  public func decode(
    _ payload: Elements?, as input: ElementsType, in decoding: Decoding
  ) throws(Fault) -> Elements {
    let (block, output) = try form(input)
    let payload = try payload.payload(of: output)
    let turning = Turning(input.dims, block)
    let codes: [UInt8]
    switch input.element.bits {
    case 64: codes = try turning.undo(payload.bytes, as: UInt64.self)
    case 32: codes = try turning.undo(payload.bytes, as: UInt32.self)
    case 16: codes = try turning.undo(payload.bytes, as: UInt16.self)
    case 8: codes = try turning.undo(payload.bytes, as: UInt8.self)
    default:
      let unpacked = try turning.undo(payload.codes, as: UInt8.self)
      return try Elements(input, codes: unpacked).payload(of: input)
    }
    return try Elements(input, codes).payload(of: input)
  }

  /// The reference encoder: the mean of all elements that share a place.
  /// - Throws: what `output(of:)` throws.
  public static func encode(_ x: Elements, block: Int) throws(Fault) -> Encoded<CirculantStage> {
    let stage = CirculantStage(block: UInt64(max(block, 0)))
    let (block, output) = try stage.form(x.type)
    let turning = Turning(x.type.dims, block)
    var sums = [Double](repeating: 0, count: output.count)
    var members = sums
    let values = x.doubles
    turning.forEachElement { element, place in
      sums[place] += values[element]
      members[place] += 1
    }
    // What no element takes is code 0, which f8e8m0 does not have for a value of 0.
    let type = x.type.element
    let codes = sums.indices.map { place -> UInt64 in
      members[place] == 0 ? 0 : type.code(nearestTo: canonical(sums[place] / members[place])) ?? 0
    }
    let bits = type.bits ?? 8
    let bytes: [UInt8]
    if bits < 8 {
      return Encoded(
        stage,
        try Elements(output, codes: codes.map { UInt8(truncatingIfNeeded: $0) }).payload(of: output))
    }
    bytes = codes.flatMap { code in (0..<bits / 8).map { UInt8(truncatingIfNeeded: code >> UInt64(8 * $0)) } }
    return Encoded(stage, try Elements(output, bytes).payload(of: output))
  }

  /// NaN without its sign, which differs between processors.
  private static func canonical(_ value: Double) -> Double { value.isNaN ? .nan : value }
}

extension Elements {
  /// Codes of less than 8 bits, a byte each.
  fileprivate var codes: [UInt8] {
    let bits = type.element.bits ?? 8
    let unsigned: ElementType = bits == 2 ? .u2 : bits == 4 ? .u4 : .f6e2m3
    return bytes.span.withUnsafeBytes { raw in
      filled(type.count) { out in
        ElementReader(unsigned, raw).withBytes(from: 0, count: type.count) { codes, part, done in
          (out + done).update(from: codes, count: part)
        }
      }
    }
  }
}

/// Which place of the kept rows each element takes.
private struct Turning {
  let rows: Int
  let columns: Int
  let block: Int
  let across: Int

  init(_ dims: [Int], _ block: Int) {
    rows = dims[0]
    columns = dims[1]
    self.block = block
    across = columns == 0 ? 0 : (columns - 1) / block + 1
  }

  /// Calls a function with each element and its place, in row-major order.
  func forEachElement(_ body: (_ element: Int, _ place: Int) -> Void) {
    var element = 0
    for row in 0..<rows {
      var start = row / block * across * block
      // (row − column) mod block, going down by one with each column.
      var turn = row % block
      var left = block
      for _ in 0..<columns {
        body(element, start + turn)
        element += 1
        turn = turn == 0 ? block - 1 : turn - 1
        left -= 1
        if left == 0 {
          start += block
          left = block
        }
      }
    }
  }

  /// Codes in their places; those that no element takes are 0.
  func undo<Code: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: [UInt8], as type: Code.Type
  ) throws(Fault) -> [UInt8] {
    let size = MemoryLayout<Code>.size
    try checkUnused(bytes, size)
    return try filledBytes(rows * columns * size) { out in
      bytes.span.withUnsafeBytes { raw in
        forEachElement { element, place in
          let code = raw.loadUnaligned(fromByteOffset: place * size, as: Code.self)
          out.storeBytes(of: code, toByteOffset: element * size, as: Code.self)
        }
      }
    }
  }

  private func checkUnused(_ bytes: [UInt8], _ size: Int) throws(Fault) {
    // A block takes all of its places but where it is short on both sides: that is the last one.
    guard rows % block != 0, columns % block != 0 else { return }
    let (down, right) = (rows / block, columns / block)
    let start = (down * across + right) * block
    var used = [Bool](repeating: false, count: block)
    for row in 0..<rows % block {
      for column in 0..<columns % block { used[(row - column + block) % block] = true }
    }
    for turn in 0..<block where !used[turn] {
      let place = (start + turn) * size
      if bytes[place..<place + size].contains(where: { $0 != 0 }) {
        throw .stage(.circulantUnusedZero, expected: "0", actual: "[\(down), \(right), \(turn)] ≠ 0")
      }
    }
  }
}
