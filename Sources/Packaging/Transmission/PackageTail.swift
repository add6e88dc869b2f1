import Storage

/// The last 96 bytes of a package: the payload of the end unit and its trailer (profile clause 8.2, section 7).
enum PackageTail {
  /// What they say; nil where they are not the end of a package of that length.
  ///
  /// - Throws: as `HashTree.leaf`.
  static func read(_ bytes: [UInt8], packageLength: UInt64) throws(Fault) -> EndPayload? {
    guard bytes.count == EndPayload.tailByteCount else { return nil }
    let payload = Array(bytes.prefix(EndPayload.byteCount))
    var trailer = FieldReader(bytes.dropFirst(EndPayload.byteCount))
    guard trailer.integer(UInt64.self) == UInt64(EndPayload.byteCount),
      try HashTree.leaf(payload).bytes.elementsEqual(bytes.suffix(HashList.hashBytes)),
      let end = try? EndPayload(parsing: payload, at: Place()),
      end.indexOffset < end.endOffset, end.endOffset < packageLength
    else { return nil }
    return end
  }

  /// What the end of a source says.
  ///
  /// - Throws: what the source throws.
  static func read(_ package: any ByteSource) throws(Fault) -> EndPayload? {
    let count = UInt64(EndPayload.tailByteCount)
    guard package.size >= count else { return nil }
    return try read(
      try package.bytes(at: package.size - count, count: EndPayload.tailByteCount),
      packageLength: package.size)
  }
}
