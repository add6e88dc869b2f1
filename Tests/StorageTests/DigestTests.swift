import Testing

@testable import Storage

/// The examples that the algorithms' own specifications print.
@Suite("Digests")
struct DigestTests {
  @Test(
    "Published test vectors",
    arguments: [
      // FIPS 180-4, NIST example values.
      (.sha256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      (.sha256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        .sha256, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (
        .sha512, "abc",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
          + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
      ),
      // GB/T 32905—2016, annex A.
      (.sm3, "abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
      (
        .sm3, String(repeating: "abcd", count: 16),
        "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
      ),
    ] as [(Digest.Algorithm, String, String)])
  func published(_ algorithm: Digest.Algorithm, _ text: String, _ hex: String) throws {
    let digest = try Digest.of(Array(text.utf8), algorithm)
    #expect(digest.hex == hex)
    #expect(digest.bytes.count == algorithm.byteCount)
    #expect(digest.description == "\(algorithm.rawValue):\(hex)")
  }

  @Test("A million letters, read in chunks")
  func chunks() throws {
    let source = MemoryByteSource(name: "a", Array(repeating: 0x61, count: 1_000_000))
    var read = 0
    let digest = try Digest.of(source, .sha256) { read += $0 }
    // FIPS 180-2, example B.3.
    #expect(digest.hex == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    #expect(read == 1_000_000)
    let twice = MemoryByteSource(name: "a", Array(repeating: 0x61, count: (1 << 21) + 5))
    read = 0
    var chunks = 0
    #expect(
      try Digest.of(
        twice, .sm3,
        progress: {
          read += $0; chunks += 1
        })
        == Digest.of(Array(repeating: 0x61, count: (1 << 21) + 5), .sm3))
    #expect(read == (1 << 21) + 5)
    #expect(chunks == 3)
  }

  @Test("A range of a source")
  func range() throws {
    let source = MemoryByteSource(name: "a", Array("xxabcyy".utf8))
    #expect(try Digest.of(source, .sha256, range: 2..<5) == Digest.of(Array("abc".utf8), .sha256))
    #expect(try Digest.of(source, .sha256, range: 3..<3) == Digest.of([], .sha256))
    let fault = #expect(throws: Fault.self) { try Digest.of(source, .sha256, range: 2..<8) }
    #expect(fault?.code == "files-stable-while-read")
    #expect(throws: Fault.self) { try Digest.of(source, .sha256, range: 0 ..< .max) }
  }

  @Test("A stream in pieces, and begun anew")
  func stream() throws {
    let stream = try DigestStream(.sm3)
    for _ in 0..<2 {
      for letter in "abc".utf8 {
        try withUnsafeBytes(of: letter) { bytes throws(Fault) in try stream.update(bytes) }
      }
      #expect(
        try stream.finish().hex == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0")
    }
  }

  @Test(
    "Hexadecimal digits",
    arguments: [
      ("", []), ("00ff", [0, 255]), ("aBCd", [0xAB, 0xCD]), ("0", nil), ("0g", nil), (" 00", nil), ("é", nil),
    ] as [(String, [UInt8]?)])
  func hexadecimal(_ text: String, _ bytes: [UInt8]?) {
    #expect(Hexadecimal.bytes(of: text) == bytes)
    if let bytes { #expect(Hexadecimal.text(of: bytes) == text.lowercased()) }
  }
}
