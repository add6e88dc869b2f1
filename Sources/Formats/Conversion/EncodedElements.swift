import Numerics
import Representation
import Storage

/// The elements of a tensor in the encoding of its source format, on the way to little-endian elements.
struct EncodedElements {
  /// Where and how they are written.
  let content: EncodedContent
  /// The number of bytes of an element once it is decoded.
  let width: Int

  private static let chunkBytes = 1 << 20

  /// The elements of a tensor; nil where its element type has no fixed size of whole bytes, and for blocks, which are decoded
  /// elsewhere.
  init?(_ content: EncodedContent, _ type: TensorType) {
    if case .blocks = content.encoding { return nil }
    guard let bits = type.elementType?.bits, bits % 8 == 0, bits <= 64 else { return nil }
    self.content = content
    width = bits / 8
  }

  /// The number of bytes that the decoded elements take; nil where it does not fit into 64 bits.
  var byteCount: UInt64? {
    let (bytes, overflow) = content.count.multipliedReportingOverflow(by: UInt64(width))
    return overflow ? nil : bytes
  }

  /// Gives the decoded elements in chunks.
  ///
  /// - Parameter open: opens the file with an index in the file table.
  /// - Returns: the number of elements that were found.
  func decode(
    from open: (Int) throws(Fault) -> any ByteSource, _ body: ([UInt8]) throws(Fault) -> Void
  ) throws(Fault) -> UInt64 {
    var state = State(width: width, encoding: content.encoding)
    for range in content.ranges {
      let source = try open(range.file)
      guard let end = range.end else { continue }
      try source.forEachChunk(in: range.offset..<end, of: Self.chunkBytes) { chunk throws(Fault) in
        var decoded: [UInt8] = []
        decoded.reserveCapacity(chunk.count)
        state.decode(chunk, into: &decoded)
        try body(decoded)
      }
    }
    return state.count
  }

  /// What is carried over from one chunk to the next.
  private struct State {
    let width: Int
    let encoding: EncodedContent.Encoding
    var count: UInt64 = 0
    private var value: UInt64 = 0
    private var shift: UInt64 = 0

    init(width: Int, encoding: EncodedContent.Encoding) {
      self.width = width
      self.encoding = encoding
    }

    /// Integers are in two's complement and bit patterns in the low-order bits, so that either way the lowest bytes of the value
    /// are the element.
    mutating func decode(_ chunk: UnsafeRawBufferPointer, into decoded: inout [UInt8]) {
      for byte in chunk {
        switch encoding {
        case .words32:
          value |= UInt64(byte) << shift
          shift += 8
          if shift == 32 { finish(&decoded) }
        case .bigEndian:
          value = value << 8 | UInt64(byte)
          shift += 8
          if shift == UInt64(8 * width) { finish(&decoded) }
        case .variableLengthIntegers, .variableLengthBitPatterns, .blocks:
          // A reader has counted the integers, and refused those that are longer than ten bytes.
          if shift < 64 { value |= UInt64(byte & 0x7f) << shift }
          shift += 7
          if byte < 0x80 { finish(&decoded) }
        }
      }
    }

    private mutating func finish(_ decoded: inout [UInt8]) {
      for index in 0..<width { decoded.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
      count += 1
      value = 0
      shift = 0
    }
  }
}
