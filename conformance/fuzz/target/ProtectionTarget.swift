import Glibc
import Packaging

/// What reads keys, signatures, certificates and wrapped keys of a package, all over the same bytes.
enum ProtectionTarget {
  /// The private key that opens wrapped keys; `FUZZ_KEY` names its PEM file.
  private static let owner: RecipientKey? = {
    guard let path = getenv("FUZZ_KEY"), let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&bytes, 1, bytes.count, file)
    return try? RecipientKey(pem: Array(bytes.prefix(count)))
  }()

  static func read(_ bytes: [UInt8]) {
    for algorithm in SignatureAlgorithm.allCases where PublicKey.isStrictSignature(bytes, algorithm) {
      // Strict DER of two numbers of 32 bytes has no more than 72.
      if bytes.count > 72 { fatalError("a signature of \(bytes.count) bytes is taken for strict") }
    }
    for scheme in WrappingScheme.allCases {
      let isSound = RecipientKey.isSound(bytes, scheme: scheme)
      if let owner, let opened = try? owner.unwrap(bytes, scheme: scheme),
        !isSound || opened.bytes.count != 32
      {
        fatalError("what is not sound was opened")
      }
    }
    // Without a passphrase, so that nothing is derived from one: whoever gives a key file chose its number of rounds.
    _ = try? SigningKey(pem: bytes)
    _ = try? RecipientKey(pem: bytes)
    _ = try? Recipient(pem: bytes)
    if let key = try? PublicKey(pem: bytes) { _ = try? key.verifies(detached: bytes, over: []) }
    if let key = try? PublicKey(subjectPublicKeyInfo: bytes) { _ = try? key.verifies(bytes, over: []) }
    for chain in [try? CertificateChain(concatenatedDER: bytes), try? CertificateChain(pem: bytes)] {
      guard let chain, let day = CalendarDay(number: 20_270_101) else { continue }
      _ = try? chain.signer
      _ = try? chain.leads(to: [chain], at: day)
      _ = try? chain.leads(to: [], at: day)
    }
  }
}
