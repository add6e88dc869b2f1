import CLibCrypto

/// Encrypts the payload of a unit under a known content key (profile clause 8.2, section 10), for recipes alone.
struct UnitSeal {
  private let suite: UInt64
  private let key: [UInt8]
  private let bound: [UInt8]

  /// - Parameters:
  ///   - suite: the one that the start unit names.
  ///   - contentKey: 32 bytes.
  ///   - number: of the unit.
  ///   - header: its 32 bytes.
  init(suite: UInt64, contentKey: [UInt8], number: Int, header: [UInt8], identifier: [UInt8])
    throws(RecipeError)
  {
    guard (1...2).contains(suite), contentKey.count == 32, header.count == 32 else {
      throw RecipeError(zh: "起始单元未指明套件", en: "the start unit names no suite")
    }
    self.suite = suite
    let info = Array("unit".utf8) + UInt64(number).littleEndianBytes.prefix(4)
    key = Self.derived(suite, contentKey, info, suite == 1 ? 32 : 48)
    bound = header[..<16] + [UInt8](repeating: 0, count: 8) + header[24...] + identifier
  }

  /// The stored chunks of a content.
  func chunks(of content: [UInt8]) throws(RecipeError) -> [[UInt8]] {
    let pieces = Part.runs(of: PackageAssembly.chunk - (suite == 1 ? 16 : 32), in: content[...], "content")
    var chunks: [[UInt8]] = []
    for (number, piece) in pieces.enumerated() {
      let isFinal: UInt8 = number + 1 == pieces.count ? 1 : 0
      let nonce = [isFinal, 0, 0, 0] + UInt64(number).littleEndianBytes
      chunks.append(try sealed(piece.values["content"] ?? [], nonce))
    }
    return chunks
  }

  private func sealed(_ content: [UInt8], _ nonce: [UInt8]) throws(RecipeError) -> [UInt8] {
    guard suite == 2 else {
      return try Self.encrypted(EVP_aes_256_gcm(), key, nonce, content, bound: bound, tagBytes: 16)
    }
    let text = try Self.encrypted(
      EVP_sm4_ctr(), Array(key[..<16]), nonce + [0, 0, 0, 0], content, bound: [], tagBytes: 0)
    return text + Self.mac("SM3", Array(key[16...]), bound + nonce + text)
  }

  private static func encrypted(
    _ cipher: OpaquePointer?, _ key: [UInt8], _ nonce: [UInt8], _ content: [UInt8], bound: [UInt8],
    tagBytes: Int
  ) throws(RecipeError) -> [UInt8] {
    let refused = RecipeError(zh: "libcrypto 未能加密", en: "libcrypto did not encrypt")
    guard let context = EVP_CIPHER_CTX_new() else { throw refused }
    defer { EVP_CIPHER_CTX_free(context) }
    var result = [UInt8](repeating: 0, count: content.count)
    var count: Int32 = 0
    guard EVP_EncryptInit_ex(context, cipher, nil, key, nonce) == 1,
      bound.isEmpty || EVP_EncryptUpdate(context, nil, &count, bound, Int32(bound.count)) == 1,
      content.isEmpty || EVP_EncryptUpdate(context, &result, &count, content, Int32(content.count)) == 1
    else { throw refused }
    var rest = [UInt8](repeating: 0, count: 16)
    guard EVP_EncryptFinal_ex(context, &rest, &count) == 1 else { throw refused }
    guard tagBytes > 0 else { return result }
    var tag = [UInt8](repeating: 0, count: tagBytes)
    guard EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(tagBytes), &tag) == 1 else {
      throw refused
    }
    return result + tag
  }

  /// HKDF (RFC 5869) with the salt of section 10.2.
  private static func derived(_ suite: UInt64, _ secret: [UInt8], _ info: [UInt8], _ count: Int) -> [UInt8] {
    let hash = suite == 1 ? "SHA256" : "SM3"
    let key = mac(hash, Array("GB42382-PMP".utf8), secret)
    var result: [UInt8] = []
    var block: [UInt8] = []
    while result.count < count {
      block = mac(hash, key, block + info + [UInt8(result.count / 32 + 1)])
      result += block
    }
    return Array(result.prefix(count))
  }

  private static func mac(_ hash: String, _ key: [UInt8], _ message: [UInt8]) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var count = 0
    _ = EVP_Q_mac(
      nil, "HMAC", nil, hash, nil, key, key.count, message, message.count, &result, result.count, &count)
    return Array(result.prefix(count))
  }
}

extension PackageAssembly {
  /// Encrypts what a unit holds at this moment; later changes of it, its number or its name are changes of the cipher text's surroundings.
  mutating func seal(_ place: Int, _ name: String, _ keys: TestKeys) throws(RecipeError) {
    var unit = units[place]
    unit.parts["header"]?.values["number"] = UInt64(place).littleEndianBytes.prefix(4).map(\.self)
    let identifier = try unit.written("identifier")
    unit.parts["header"]?.values["identifier-length"] =
      UInt64(identifier.count).littleEndianBytes.prefix(2).map(\.self)
    let suite = Part.number(try units.first?.parts["payload"]?.written("suite") ?? [])
    let seal = try UnitSeal(
      suite: suite, contentKey: try keys.contentKey(name), number: place, header: try unit.written("header"),
      identifier: identifier)
    let chunks = try seal.chunks(of: try unit.written("payload"))
    var payload = Part(.content)
    payload.lists["chunks"] = chunks.map { chunk in
      var part = Part(PartLayout([.bytes("content", .rest)]))
      part.values["content"] = chunk
      return part
    }
    units[place].parts["payload"] = payload
  }
}
