import CLibCrypto

/// Secret bytes, which are wiped when their last holder lets go of them, and which no description shows.
final class Secret: @unchecked Sendable {
  // Written only while it is made.
  private let storage: UnsafeMutableBufferPointer<UInt8>

  /// So many bytes, which `fill` writes; nil where it returns false.
  init?(count: Int, _ fill: (UnsafeMutablePointer<UInt8>) -> Bool) {
    storage = .allocate(capacity: count)
    storage.initialize(repeating: 0)
    guard let base = storage.baseAddress, fill(base) else { return nil }
  }

  /// A copy of bytes.
  init(_ bytes: some Collection<UInt8>) {
    storage = .allocate(capacity: bytes.count)
    _ = storage.initialize(from: bytes)
  }

  deinit {
    OPENSSL_cleanse(storage.baseAddress, storage.count)
    storage.deallocate()
  }

  var count: Int { storage.count }

  /// The bytes, for as long as the call of `body`.
  func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    withExtendedLifetime(self) { body(UnsafeBufferPointer(storage)) }
  }
}
