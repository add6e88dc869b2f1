import Numerics

extension ElementType {
  /// The number of bytes at a multiple of which an element begins in memory: its size, or that of one part of a complex number.
  var alignment: UInt64 {
    switch self {
    case .complex64: 4
    case .complex128: 8
    default: UInt64(max((bits ?? 8) / 8, 1))
    }
  }

  /// The padding bits of the last byte of a run of elements, from the highest one down; zero where there are none.
  func paddingBits(elements count: UInt64) -> Int {
    guard let bits, bits % 8 != 0 else { return 0 }
    // Eight elements of any size fill whole bytes, so that only what is over counts.
    return (8 - Int(count % 8) * bits % 8) % 8
  }
}
