public import Representation
public import Storage

/// The elements of a tensor of 64-bit integers, one after the other, however they are written; none is held.
public enum IntegerElements {
  /// Calls `body` with each element until it gives false.
  ///
  /// - Parameters:
  ///   - content: where the elements lie.
  ///   - open: opens the file at that place in the model's file table; nil where it cannot be had, and then nothing more is read.
  /// - Throws: what the files throw; `ONNXFault.wire` where variable-length integers are damaged.
  public static func forEach(
    in content: TensorContent, open: (Int) throws(Fault) -> (any ByteSource)?,
    _ body: (Int64) -> Bool
  ) throws(Fault) {
    switch content {
    case .inline(let bytes):
      _ = bytes.withUnsafeBytes { each(of: $0, body) }
    case .stored(let range):
      guard let source = try open(range.file) else { return }
      try forEach(in: range, of: source, body)
    case .encoded(let encoded):
      for range in encoded.ranges {
        guard let source = try open(range.file), let end = range.end, end <= source.size else { return }
        var wire = WireReader(source, limits: WireLimits(Limits())) { _, place, expected, actual in
          Fault(ONNXFault.wire, at: place, expected: expected, actual: actual)
        }
        var packed = WireMessage(position: range.offset, end: end, depth: 0)
        while !packed.isAtEnd {
          guard body(Int64(bitPattern: try wire.varint(&packed))) else { return }
        }
      }
    case .strings, .sparse, .compressed, .absent, .withheld: return
    }
  }

  private static func forEach(
    in range: ByteRange, of source: any ByteSource, _ body: (Int64) -> Bool
  ) throws(Fault) {
    guard let end = range.end, end <= source.size else { return }
    var offset = range.offset
    // Whole elements in each chunk, so that none lies across two.
    while end - offset >= 8 {
      let count = Int(min(64 << 10, (end - offset) / 8 * 8))
      let bytes = try source.bytes(at: offset, count: count)
      guard bytes.withUnsafeBytes({ each(of: $0, body) }) else { return }
      offset += UInt64(count)
    }
  }

  private static func each(of bytes: UnsafeRawBufferPointer, _ body: (Int64) -> Bool) -> Bool {
    var offset = 0
    while offset + 8 <= bytes.count {
      guard body(Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int64.self))) else {
        return false
      }
      offset += 8
    }
    return true
  }
}
