extension ElementType {
  /// The bits of one element of a packed run, in the low-order bits.
  ///
  /// Elements follow each other without gaps, low-order bits first: element `i` starts at bit `i · bits` counted from the
  /// lowest bit of the first byte, so that two 4-bit elements fill a byte, the first in its low half, and four 6-bit
  /// elements fill three bytes. Elements of whole bytes are little-endian.
  ///
  /// - Returns: nil where the element is not inside the bytes, and for types without a fixed size or beyond 64 bits.
  public func code(at index: UInt64, in bytes: UnsafeRawBufferPointer) -> UInt64? {
    guard let bits, bits <= 64 else { return nil }
    // Whole groups of eight elements first: eight elements always fill whole bytes.
    let (group, rest) = index.quotientAndRemainder(dividingBy: 8)
    let (start, overflow) = group.multipliedReportingOverflow(by: UInt64(bits))
    let (position, carried) = start.addingReportingOverflow(rest * UInt64(bits) / 8)
    guard !overflow, !carried, let first = Int(exactly: position) else { return nil }
    let shift = rest * UInt64(bits) % 8
    let length = (Int(shift) + bits + 7) / 8
    guard first < bytes.count, length <= bytes.count - first else { return nil }
    // Elements of 64 bits are never shifted, so eight bytes are always enough.
    var code: UInt64 = 0
    for offset in 0..<length {
      code |= UInt64(bytes[first + offset]) << UInt64(8 * offset)
    }
    return code >> shift & (UInt64.max >> UInt64(64 - bits))
  }

  /// The bits of one element of a packed run; see `code(at:in:)` for raw bytes.
  public func code(at index: UInt64, in bytes: [UInt8]) -> UInt64? {
    bytes.withUnsafeBytes { code(at: index, in: $0) }
  }

  /// How many high-order bits of the last byte belong to no element.
  public func paddingBits(elements count: UInt64) -> Int {
    guard let bits, bits % 8 != 0 else { return 0 }
    return (8 - Int(count % 8) * bits % 8) % 8
  }

  /// Whether the bits of the last byte that belong to no element are zero.
  ///
  /// - Parameter last: the last byte of the packed run.
  public func paddingIsZero(elements count: UInt64, last: UInt8) -> Bool {
    let padding = paddingBits(elements: count)
    return padding == 0 || last >> UInt8(8 - padding) == 0
  }
}
