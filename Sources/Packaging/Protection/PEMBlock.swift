import CLibCrypto

/// A block of a PEM file (RFC 7468): its label and its content.
struct PEMBlock {
  let label: String
  let content: [UInt8]

  static let publicKey = "PUBLIC KEY"
  static let certificate = "CERTIFICATE"

  /// The blocks of a file, in its order; text around them is passed over.
  ///
  /// - Throws: `damaged` for a block whose Base64 or end is broken.
  static func blocks(in text: [UInt8]) throws(ProtectionError) -> [PEMBlock] {
    let source = try Owned.memory(holding: text)
    var blocks: [PEMBlock] = []
    while let block = try next(source.pointer, after: blocks.count) { blocks.append(block) }
    return blocks
  }

  private static func next(_ source: OpaquePointer, after count: Int) throws(ProtectionError) -> PEMBlock? {
    var label: UnsafeMutablePointer<CChar>?
    var header: UnsafeMutablePointer<CChar>?
    var content: UnsafeMutablePointer<UInt8>?
    var length = 0
    guard PEM_read_bio(source, &label, &header, &content, &length) == 1 else {
      let isAtEnd = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE
      ERR_clear_error()
      guard isAtEnd else { throw .damaged(item: "PEM \(count + 1)") }
      return nil
    }
    defer {
      clibcrypto_free(label)
      clibcrypto_free(header)
      OPENSSL_cleanse(content, length)
      clibcrypto_free(content)
    }
    return PEMBlock(
      label: label.map { String(cString: $0) } ?? "",
      content: Array(UnsafeBufferPointer(start: content, count: length)))
  }
}
