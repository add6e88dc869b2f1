import Synchronization

/// The ciphers of a unit: each thread borrows one, and as many are made as threads ask at once.
final class ChunkCipherPool: Sendable {
  private let suite: ProtectionSuite
  private let key: Secret
  private let idle: Mutex<[any ChunkCipher]>

  /// - Throws: `refused` where libcrypto lacks the suite, or there is nothing to encrypt with.
  init(_ suite: ProtectionSuite, _ key: Secret) throws(ProtectionError) {
    self.suite = suite
    self.key = key
    idle = Mutex([try ChunkCipherPool.make(suite, key)])
  }

  func with<Result>(_ body: (any ChunkCipher) -> Result) throws(ProtectionError) -> Result {
    let borrowed = idle.withLock { $0.popLast() }
    let cipher = if let borrowed { borrowed } else { try ChunkCipherPool.make(suite, key) }
    let result = body(cipher)
    idle.withLock { $0.append(cipher) }
    return result
  }

  private static func make(_ suite: ProtectionSuite, _ key: Secret) throws(ProtectionError) -> any ChunkCipher
  {
    switch suite {
    case .none: throw .refused(operation: "UnitCipher", reason: "suite 0")
    case .aes256GCM: try GCMChunkCipher(key)
    case .sm4CTRHMACSM3: try SM4ChunkCipher(key)
    }
  }
}
