/// Authenticated encryption of chunks under one key, for one thread at a time.
///
/// A conforming class is made of contexts of libcrypto's that are set up once and used for each chunk.
protocol ChunkCipher: AnyObject, Sendable {
  /// Writes cipher text and tag: as many bytes as the piece and the tag have.
  ///
  /// - Returns: false where libcrypto refuses.
  func seal(
    _ piece: UnsafeRawBufferPointer, nonce: [UInt8], associatedData: [UInt8],
    into stored: UnsafeMutablePointer<UInt8>
  ) -> Bool

  /// Writes the content of a chunk.
  ///
  /// What was written is to be wiped unless the tag verified.
  /// - Parameter stored: at least a tag.
  /// - Returns: whether the tag verified.
  func open(
    _ stored: UnsafeRawBufferPointer, nonce: [UInt8], associatedData: [UInt8],
    into piece: UnsafeMutablePointer<UInt8>
  ) -> Bool

  /// Tries nonces on a chunk, without its content.
  ///
  /// - Parameter stored: at least a tag.
  /// - Returns: the place of the first one under which the tag verifies; nil where none does.
  func search(
    _ nonces: [[UInt8]], for stored: UnsafeRawBufferPointer, associatedData: [UInt8]
  ) -> Int?
}
