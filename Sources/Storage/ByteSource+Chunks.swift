extension ByteSource {
  /// Reads a range in chunks, one after the other, into one buffer that is used again.
  ///
  /// - Parameters:
  ///   - range: the bytes.
  ///   - count: the greatest number of bytes of a chunk, at least one.
  ///   - body: is given each chunk; it must not keep the buffer.
  /// - Throws: what reading throws, `FileFault.stableWhileRead` where the range leaves the source, and what `body` throws.
  public func forEachChunk(
    in range: Range<UInt64>, of count: Int, _ body: (UnsafeRawBufferPointer) throws(Fault) -> Void
  ) throws(Fault) {
    guard range.upperBound <= size else {
      throw Fault(
        FileFault.stableWhileRead, at: Place(name, offset: range.lowerBound),
        expected: "\(range.upperBound) B", actual: "\(size) B")
    }
    let length = min(UInt64(max(count, 1)), UInt64(range.count))
    guard length > 0 else { return }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Int(length), alignment: 64)
    defer { buffer.deallocate() }
    var offset = range.lowerBound
    while offset < range.upperBound {
      let chunk = UnsafeMutableRawBufferPointer(
        rebasing: buffer[..<Int(min(length, range.upperBound - offset))])
      try read(into: chunk, at: offset)
      try body(UnsafeRawBufferPointer(chunk))
      offset += UInt64(chunk.count)
    }
  }
}
