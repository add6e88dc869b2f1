import Numerics
import Testing

@testable import Compression

/// Elements of a type from numbers, each rounded to nearest; packed by hand so that nothing under test takes part.
func elements(_ type: ElementType, _ values: [Double], dims: [Int]? = nil) throws -> Elements {
  let bits = try #require(type.bits)
  var bytes: [UInt8] = []
  var pending: UInt64 = 0
  var count = 0
  for value in values {
    let code = try #require(type.code(nearestTo: value))
    if bits == 64 {
      for byte in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: code >> UInt64(8 * byte))) }
      continue
    }
    pending |= code << UInt64(count)
    count += bits
    while count >= 8 {
      bytes.append(UInt8(truncatingIfNeeded: pending))
      pending >>= 8
      count -= 8
    }
  }
  if count > 0 { bytes.append(UInt8(truncatingIfNeeded: pending)) }
  let shape = try #require(ElementsType(type, dims ?? [values.count]))
  return try #require(Elements(shape, bytes))
}
