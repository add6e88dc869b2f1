import Storage
import Testing

@testable import Packaging

/// Values without a source of their own come from `conformance/oracle/package_protection.py`.
@Suite("Encryption of packages")
struct EncryptionTests {
  private let key = ContentKey(bytes: Array(0..<32))

  private func cipher(
    _ suite: ProtectionSuite, number: UInt32 = 0x0102_0304, length: UInt8 = 0, identifier: String = "w.bin"
  ) throws -> UnitCipher {
    var header = Array(UInt8(64)..<96)
    header.replaceSubrange(16..<24, with: repeatElement(length, count: 8))
    return try UnitCipher(
      suite, try #require(key), unitNumber: number, header: header, identifier: Array(identifier.utf8))
  }

  /// RFC 5869, section A.1.
  @Test("HKDF gives what its specification prints")
  func derivation() throws {
    let derived = try KeyDerivation.derive(
      .sha256, from: Secret(repeatElement(0x0B, count: 22)), salt: try bytes("000102030405060708090a0b0c"),
      info: try bytes("f0f1f2f3f4f5f6f7f8f9"), count: 42)
    #expect(
      try derived.withBytes { Array($0) }
        == bytes("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"))
  }

  @Test(
    "What is derived from a content key",
    arguments: [
      (
        .aes256GCM, "47656a4ae034aab8235f52e261d3620479a493d04b6911ff24f4d3044e09e673",
        "5307751938572dc019e1ec2dc6a268a183b87e995a7f647d65cf9e5d668c3c25"
      ),
      (
        .sm4CTRHMACSM3, "2caf9177a30c1fd1b012170224335d75b01076fdbb84f9c14bff2db5ad27e3b8",
        "99bcf5ccd7f4c1722c1847d10d41b71620be8b078dfed67f404d8455d0b599ed7526c1aec2f4e51726899a8e1fbb4bc8"
      ),
    ] as [(ProtectionSuite, String, String)])
  func derived(_ suite: ProtectionSuite, _ commitment: String, _ unitKey: String) throws {
    let key = try #require(key)
    #expect(try key.commitment(suite) == bytes(commitment))
    #expect(try key.unitKey(suite, unitNumber: 0x0102_0304).withBytes { Array($0) } == bytes(unitKey))
  }

  /// The Galois/Counter Mode of Operation (McGrew, Viega), test case 16.
  @Test("AES-256-GCM gives what its specification prints")
  func gcm() throws {
    let half = "feffe9928665731c6d6a8f9467308308"
    let cipher = try GCMChunkCipher(Secret(try bytes(half + half)))
    let content = try bytes(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525"
        + "b16aedf5aa0de657ba637b39")
    let nonce = try bytes("cafebabefacedbaddecaf888")
    let associated = try bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    let expected = try bytes(
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838"
        + "c5f61e6393ba7a0abcc9f662" + "76fc6ece0f4e1768cddf8853bb2d551b")
    var sealed = [UInt8](repeating: 0, count: content.count + 16)
    #expect(
      content.withUnsafeBytes { cipher.seal($0, nonce: nonce, associatedData: associated, into: &sealed) })
    #expect(sealed == expected)
    var opened = [UInt8](repeating: 0, count: content.count)
    #expect(
      expected.withUnsafeBytes { cipher.open($0, nonce: nonce, associatedData: associated, into: &opened) })
    #expect(opened == content)
  }

  @Test("SM4 in counter mode and HMAC-SM3 are those of openssl")
  func sm4() throws {
    let workshop = try KeyWorkshop.shared.get()
    let cipherKey = "0123456789abcdeffedcba9876543210"
    let macKey = String(repeating: "5a", count: 32)
    let cipher = try SM4ChunkCipher(Secret(try bytes(cipherKey + macKey)))
    let (content, associated) = (
      Array("模型参数 ".utf8) + (0..<1000).map { UInt8(truncatingIfNeeded: $0) }, Array("aad".utf8)
    )
    let nonce = "000102030405060708090a0b"
    var sealed = [UInt8](repeating: 0, count: content.count + 32)
    let nonceBytes = try bytes(nonce)
    #expect(
      content.withUnsafeBytes {
        cipher.seal($0, nonce: nonceBytes, associatedData: associated, into: &sealed)
      })
    let cipherText = try workshop.openssl(
      ["enc", "-sm4-ctr", "-K", cipherKey, "-iv", nonce + "00000000"], input: content)
    #expect(Array(sealed.dropLast(32)) == cipherText)
    let tag = try workshop.openssl(
      ["mac", "-digest", "SM3", "-macopt", "hexkey:\(macKey)", "-binary", "HMAC"],
      input: associated + nonceBytes + cipherText)
    #expect(Array(sealed.suffix(32)) == tag)
  }

  @Test(
    "Chunks as the second implementation seals them, whatever length the header gives",
    arguments: [
      (
        .aes256GCM, "8745d22c10c236fb4072ecc846d809c62727ed74200aee60571a", "5a2d1967347308c7eefa686b869284e3"
      ),
      (
        .sm4CTRHMACSM3,
        "fbb5608d973f9ec988032776ae981435766f7377fdf7f2480d77454778166efc3502a16e0b82a2408def",
        "e353ee63a2bf59d2ab13a93b8aba29190a99f87cf690cfb02016f4ca32676bfa"
      ),
    ] as [(ProtectionSuite, String, String)])
  func sealed(_ suite: ProtectionSuite, _ text: String, _ empty: String) throws {
    let cipher = try cipher(suite, length: 9)
    let content = Array("GB/T 42382".utf8)
    #expect(try content.withUnsafeBytes { try cipher.seal($0, chunk: 3, isFinal: true) } == bytes(text))
    let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
    #expect(try cipher.seal(nothing, chunk: 0, isFinal: false) == bytes(empty))
    #expect(try bytes(text).withUnsafeBytes { try cipher.open($0, chunk: 3, isFinal: true) } == content)
    #expect(try bytes(empty).withUnsafeBytes { try cipher.open($0, chunk: 0, isFinal: false) } == [])
  }

  @Test(
    "Any change of a chunk or of what it is bound to closes it",
    arguments: [ProtectionSuite.aes256GCM, .sm4CTRHMACSM3])
  func authentic(_ suite: ProtectionSuite) throws {
    let unit = try cipher(suite)
    let stored = try Array("weights".utf8).withUnsafeBytes { try unit.seal($0, chunk: 1, isFinal: true) }
    func opens(_ cipher: UnitCipher, _ stored: [UInt8], _ chunk: UInt64 = 1, _ isFinal: Bool = true) throws
      -> Bool
    {
      try stored.withUnsafeBytes { try cipher.open($0, chunk: chunk, isFinal: isFinal) } != nil
    }
    #expect(try opens(unit, stored))
    for index in stored.indices {
      var changed = stored
      changed[index] ^= 1
      #expect(try !opens(unit, changed))
    }
    for count in stored.indices { #expect(try !opens(unit, Array(stored.prefix(count)))) }
    #expect(try !opens(unit, stored + [0]))
    #expect(try !opens(unit, [UInt8](repeating: 0, count: HashTree.chunkBytes + 1)))
    #expect(try !opens(unit, stored, 0))
    #expect(try !opens(unit, stored, 1, false))
    #expect(try !opens(cipher(suite, number: 5), stored))
    #expect(try !opens(cipher(suite, identifier: "v.bin"), stored))
    #expect(try opens(unit, stored), "and it opens after all these failures")
  }

  @Test("What happened to a chunk is told", arguments: [ProtectionSuite.aes256GCM, .sm4CTRHMACSM3])
  func diagnosis(_ suite: ProtectionSuite) throws {
    let unit = try cipher(suite)
    func diagnose(sealed chunk: UInt64, _ isFinal: Bool, at place: UInt64, _ flag: Bool) throws -> (
      PackageFault, UInt64
    ) {
      let stored = try [1, 2, 3].withUnsafeBytes { try unit.seal($0, chunk: chunk, isFinal: isFinal) }
      return try stored.withUnsafeBytes {
        #expect(
          try unit.diagnosis($0, chunk: place, isFinal: flag)
            == unit.diagnose($0, chunk: place, isFinal: flag).fault)
        return try unit.diagnose($0, chunk: place, isFinal: flag)
      }
    }
    #expect(try diagnose(sealed: 2, false, at: 2, true) == (.finalChunkInPlace, 2))
    #expect(try diagnose(sealed: 2, true, at: 2, false) == (.finalChunkInPlace, 2))
    #expect(try diagnose(sealed: 0, false, at: 64, false) == (.chunkInPlace, 0))
    #expect(try diagnose(sealed: 66, true, at: 2, false) == (.chunkInPlace, 66))
    #expect(try diagnose(sealed: 67, false, at: 2, false) == (.chunkAuthentic, 2))
    #expect(try diagnose(sealed: .max, false, at: .max - 1, true) == (.chunkInPlace, .max))
    #expect(try diagnose(sealed: 0, false, at: .max, true) == (.chunkAuthentic, .max))
  }

  @Test(
    "Full chunks, and threads that share a cipher", arguments: [ProtectionSuite.aes256GCM, .sm4CTRHMACSM3])
  func fullChunks(_ suite: ProtectionSuite) throws {
    let unit = try cipher(suite)
    let piece = [UInt8](unsafeUninitializedCapacity: suite.pieceBytes) { buffer, count in
      for index in 0..<suite.pieceBytes {
        buffer.initializeElement(at: index, to: UInt8(truncatingIfNeeded: index))
      }
      count = suite.pieceBytes
    }
    let results = ConcurrentMap.results(count: 6) { number -> Bool in
      let chunk = UInt64(number)
      guard let stored = try? piece.withUnsafeBytes({ try unit.seal($0, chunk: chunk, isFinal: false) }),
        stored.count == HashTree.chunkBytes
      else { return false }
      return (try? stored.withUnsafeBytes { try unit.open($0, chunk: chunk, isFinal: false) }) == piece
    }
    #expect(results == Array(repeating: true, count: 6))
    #expect(throws: ProtectionError.self) {
      try (piece + [0]).withUnsafeBytes { try unit.seal($0, chunk: 0, isFinal: true) }
    }
  }

  @Test(
    "Stored lengths that content gives",
    arguments: [
      (.aes256GCM, 0, nil), (.aes256GCM, 15, nil), (.aes256GCM, 16, 0), (.aes256GCM, 17, 1),
      (.aes256GCM, 1_048_576, 1_048_560), (.aes256GCM, 1_048_577, nil), (.aes256GCM, 1_048_592, nil),
      (.aes256GCM, 1_048_593, 1_048_561), (.aes256GCM, 5_242_880, 5_242_800), (.sm4CTRHMACSM3, 31, nil),
      (.sm4CTRHMACSM3, 32, 0), (.sm4CTRHMACSM3, 33, 1), (.sm4CTRHMACSM3, 1_048_576, 1_048_544),
      (.sm4CTRHMACSM3, 1_048_608, nil), (.sm4CTRHMACSM3, 1_048_609, 1_048_545),
      (.sm4CTRHMACSM3, 5_242_880, 5_242_720), (.none, 7, 7), (.aes256GCM, 1 << 63, nil),
      (.aes256GCM, .max, nil),
    ] as [(ProtectionSuite, UInt64, UInt64?)])
  func lengths(_ suite: ProtectionSuite, _ stored: UInt64, _ content: UInt64?) {
    #expect(UnitCipher.contentLength(stored: stored, suite) == content)
    if let content { #expect(UnitCipher.storedLength(content: content, suite) == stored) }
  }

  @Test("Content that no payload holds", arguments: ProtectionSuite.allCases)
  func tooLong(_ suite: ProtectionSuite) {
    #expect(UnitCipher.storedLength(content: 1 << 63, suite) == nil)
    #expect(UnitCipher.storedLength(content: .max, suite) == nil)
  }

  @Test("A content key is new each time, has 32 bytes, and shows them to nobody")
  func contentKeys() throws {
    let (one, other) = (try ContentKey.random(), try ContentKey.random())
    #expect(one.bytes.count == 32)
    #expect(one.bytes != other.bytes)
    #expect(ContentKey(bytes: Array(repeating: 0, count: 31)) == nil)
    #expect(ContentKey(bytes: Array(repeating: 0, count: 33)) == nil)
    #expect(!String(reflecting: key).contains("17"))
    #expect(throws: ProtectionError.self) { try cipher(.none) }
  }
}
