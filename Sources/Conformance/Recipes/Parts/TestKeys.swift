import CLibCrypto

/// The private keys of the corpus, which are public and sign test packages alone.
struct TestKeys: Sendable {
  /// The folder of a corpus for keys, certificates and policies.
  static let folder = "bases/test-only"

  /// The folder in which they lie.
  let directory: String

  /// The key in a file of that folder.
  func key(_ name: String) throws(RecipeError) -> TestKey {
    guard !name.contains("/"), let pem = Disk.bytes("\(directory)/\(name)") else {
      throw RecipeError(zh: "没有测试密钥 \(name)", en: "there is no test key \(name)")
    }
    return try TestKey(pem: pem)
  }

  /// The content key in a file of that folder: 64 hexadecimal digits.
  func contentKey(_ name: String) throws(RecipeError) -> [UInt8] {
    guard !name.contains("/"), let text = Disk.text("\(directory)/\(name)") else {
      throw RecipeError(zh: "没有内容密钥 \(name)", en: "there is no content key \(name)")
    }
    return try [UInt8](hexadecimal: String(text.prefix { $0 != "\n" }))
  }
}

/// An Ed25519 key (RFC 8032): the one algorithm whose signatures follow from key and message alone.
final class TestKey {
  private let key: OpaquePointer

  init(pem: [UInt8]) throws(RecipeError) {
    let key = pem.withUnsafeBytes { bytes -> OpaquePointer? in
      guard let source = BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count)) else { return nil }
      defer { BIO_free(source) }
      return PEM_read_bio_PrivateKey(source, nil, nil, nil)
    }
    guard let key else { throw RecipeError(zh: "不是 PEM 私钥", en: "this is no private key in PEM") }
    self.key = key
    guard EVP_PKEY_get_id(key) == EVP_PKEY_ED25519 else {
      throw RecipeError(zh: "测试签名只能用 Ed25519 密钥", en: "recipes sign with Ed25519 keys alone")
    }
  }

  deinit { EVP_PKEY_free(key) }

  /// SubjectPublicKeyInfo, DER.
  var publicKey: [UInt8] {
    var content = [UInt8](repeating: 0, count: 32)
    var count = content.count
    EVP_PKEY_get_raw_public_key(key, &content, &count)
    return [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00] + content
  }

  /// The identifier of a unit that the key signs: SHA-256 of the public key, hexadecimal.
  func identifier() throws(RecipeError) -> String {
    try PackageAssembly.digest(publicKey).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// The signature over a message.
  func signature(over message: [UInt8]) throws(RecipeError) -> [UInt8] {
    var signature = [UInt8](repeating: 0, count: 64)
    var count = signature.count
    guard let context = EVP_MD_CTX_new() else { throw Self.refused }
    defer { EVP_MD_CTX_free(context) }
    guard EVP_DigestSignInit(context, nil, nil, nil, key) == 1,
      EVP_DigestSign(context, &signature, &count, message, message.count) == 1
    else { throw Self.refused }
    return signature
  }

  private static let refused = RecipeError(zh: "libcrypto 未能签名", en: "libcrypto did not sign")
}
