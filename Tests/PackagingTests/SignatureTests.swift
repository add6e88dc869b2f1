import Storage
import Testing

@testable import Packaging

/// Bytes from hexadecimal digits, of which a test is sure.
func bytes(_ hex: String) throws -> [UInt8] {
  try #require(Hexadecimal.bytes(of: hex.filter { !$0.isWhitespace }))
}

@Suite("Keys and signatures of packages")
struct SignatureTests {
  private static let prefixes: [SignatureAlgorithm: String] = [
    .ed25519: "302a300506032b6570032100",
    .ecdsaP256: "3059301306072a8648ce3d020106082a8648ce3d03010703420004",
    .sm2: "3059301306072a8648ce3d020106082a811ccf5501822d03420004",
  ]

  /// RFC 8032, section 7.1, test 2.
  @Test("Ed25519 signs and verifies as RFC 8032 prints it")
  func ed25519() throws {
    let seed = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"
    let signature = try bytes(
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")
    let key = try SigningKey(pem: pem("PRIVATE KEY", try bytes("302e020100300506032b657004220420" + seed)))
    #expect(
      Hexadecimal.text(of: key.publicKey.subjectPublicKeyInfo)
        == "302a300506032b6570032100" + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    #expect(try key.signature(over: [0x72]) == signature)
    #expect(try key.publicKey.verifies(signature, over: [0x72]))
    #expect(try !key.publicKey.verifies(signature, over: [0x73]))
    #expect(try !key.publicKey.verifies(signature + [0], over: [0x72]))
    #expect(try !key.publicKey.verifies([], over: [0x72]))
  }

  /// GB/T 32918.5—2017, annex A: the message `message digest` and the default user id.
  @Test("SM2 verifies the signature that the standard prints")
  func sm2() throws {
    let key = try PublicKey(
      subjectPublicKeyInfo: try bytes(
        "3059301306072a8648ce3d020106082a811ccf5501822d03420004"
          + "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
          + "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"))
    let signature = try bytes(
      "3046022100F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
        + "022100B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA")
    #expect(key.algorithm == .sm2)
    #expect(try key.verifies(signature, over: Array("message digest".utf8)))
    #expect(try !key.verifies(signature, over: Array("message digesT".utf8)))
  }

  /// RFC 6979, section A.2.5, SHA-256, `sample`: its s is the greater of the two.
  @Test("ECDSA has one encoding in a package, and either of two beside it")
  func ecdsa() throws {
    let key = try PublicKey(
      subjectPublicKeyInfo: try bytes(
        "3059301306072a8648ce3d020106082a8648ce3d03010703420004"
          + "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"
          + "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299"))
    let r = "022100EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716"
    let high = try bytes(
      "3046" + r + "022100F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8")
    // n − s, by hand.
    let low = try bytes(
      "3045" + r + "0220" + "0834E36AD29A83BF2BC9385E491D6099C8FDF9D1ED67AA7EA5F51F93782857A9")
    let message = Array("sample".utf8)
    #expect(try !key.verifies(high, over: message))
    #expect(!PublicKey.isStrictSignature(high, .ecdsaP256))
    #expect(PublicKey.isStrictSignature(low, .ecdsaP256))
    #expect(try key.verifies(low, over: message))
    #expect(try key.verifies(detached: high, over: message))
    #expect(try key.verifies(detached: low, over: message))
    #expect(try !key.verifies(detached: high, over: Array("Sample".utf8)))
  }

  @Test(
    "Only strict DER with numbers of the group is a signature",
    arguments: [
      // s at (n − 1) / 2 and one above; r and s at n − 1 and n.
      ("30260202 0102 0220 7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8", true, true),
      ("30260202 0102 0220 7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a9", false, true),
      ("3026 0221 00ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550 020101", true, false),
      ("3026 0221 00ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551 020101", false, false),
      ("3026 020101 0221 00fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54122", false, true),
      ("3026 020101 0221 00fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123", false, false),
      ("3006 020101 020101", true, true), ("3006 020100 020101", false, false),
      ("3006 020101 020100", false, false), ("3006 0201ff 020101", false, false),
      // A longer length, a longer integer, something after, something missing, another tag.
      ("308106 020101 020101", false, false), ("3007 02020001 020101", false, false),
      ("3006 020101 020101 00", false, false), ("3007 020101 020101 00", false, false),
      ("3006 020101 0201", false, false), ("3003 020101", false, false),
      ("3009 020101 020101 020101", false, false),
      ("3106 020101 020101", false, false), ("3006 030101 020101", false, false),
      ("3080 020101 020101 0000", false, false),
      ("3005 0200 020101", false, false), ("", false, false), ("30", false, false), ("3000", false, false),
      ("3007 02020080 020101", true, true),
    ])
  func strictness(_ hex: String, _ isECDSA: Bool, _ isSM2: Bool) throws {
    let signature = try bytes(hex)
    #expect(PublicKey.isStrictSignature(signature, .ecdsaP256) == isECDSA)
    #expect(PublicKey.isStrictSignature(signature, .sm2) == isSM2)
    #expect(!PublicKey.isStrictSignature(signature, .ed25519))
  }

  @Test("A key is byte for byte one of three kinds", arguments: SignatureAlgorithm.allCases)
  func kinds(_ algorithm: SignatureAlgorithm) throws {
    let prefix = try bytes(try #require(SignatureTests.prefixes[algorithm]))
    let key = prefix + [UInt8](repeating: 7, count: algorithm == .ed25519 ? 32 : 64)
    #expect(try PublicKey(subjectPublicKeyInfo: key).algorithm == algorithm)
    #expect(SignatureAlgorithm(name: algorithm.name) == algorithm)
    for other in [Array(key.dropLast()), key + [0], [0x31] + key.dropFirst(), [], prefix] {
      #expect(throws: ProtectionError.self) { try PublicKey(subjectPublicKeyInfo: other) }
    }
    // No point of its curve: no signature verifies, and whoever gives it as a trusted key is told.
    if algorithm != .ed25519 {
      let signature: [UInt8] = [0x30, 6, 2, 1, 1, 2, 1, 1]
      #expect(try !PublicKey(subjectPublicKeyInfo: key).verifies(signature, over: [1]))
      #expect(throws: ProtectionError.damaged(item: "PUBLIC KEY")) {
        try PublicKey(pem: pem("PUBLIC KEY", key))
      }
    }
  }

  @Test(
    "What openssl signs is verified, and openssl verifies what is signed",
    arguments: ["ed25519", "p256", "sm2"])
  func interoperates(_ name: String) throws {
    let workshop = try KeyWorkshop.shared.get()
    let options = [
      "p256": ["-digest", "sha256"], "sm2": ["-digest", "sm3", "-pkeyopt", "distid:1234567812345678"],
    ]
    let key = try SigningKey(pem: try workshop.bytes("\(name).pem"))
    let publicKey = try PublicKey(pem: try workshop.bytes("\(name).pub"))
    #expect(publicKey == key.publicKey)
    #expect(try PublicKey(pem: try workshop.bytes("\(name).crt")) == publicKey)
    #expect(publicKey != (try PublicKey(pem: try workshop.bytes("other.pub"))))
    for round in 0..<8 {
      let message = Array("GB42382-PMP statement \(round)\n".utf8)
      let text = try workshop.file(message)
      let ours = try key.signature(over: message)
      #expect(PublicKey.isStrictSignature(ours, key.publicKey.algorithm))
      #expect(try publicKey.verifies(ours, over: message))
      let arguments =
        ["-rawin", "-in", text] + (options[name] ?? []) + ["-inkey"]
      #expect(
        try workshop.succeeds(
          ["pkeyutl", "-verify", "-pubin", "-sigfile", try workshop.file(ours)] + arguments + [
            workshop.path("\(name).pub")
          ]))
      let theirs = try workshop.openssl(["pkeyutl", "-sign"] + arguments + [workshop.path("\(name).pem")])
      #expect(try publicKey.verifies(detached: theirs, over: message))
      #expect(try !publicKey.verifies(detached: theirs, over: message + [0]))
      #expect(try !PublicKey(pem: try workshop.bytes("other.pub")).verifies(detached: theirs, over: message))
    }
  }

  @Test("An encrypted private key asks nobody for its passphrase")
  func passphrases() throws {
    let workshop = try KeyWorkshop.shared.get()
    for name in ["ed25519", "sm2"] {
      let encrypted = try workshop.openssl(
        [
          "pkcs8", "-topk8", "-in", workshop.path("\(name).pem"), "-passout", "pass:口令 1", "-v2", "aes256",
          "-iter", "1000",
        ])
      #expect(
        try SigningKey(pem: encrypted, passphrase: Array("口令 1".utf8)).publicKey
          == PublicKey(pem: try workshop.bytes("\(name).pub")))
      #expect(throws: ProtectionError.passphraseNeeded) { try SigningKey(pem: encrypted) }
      for wrong in [[], Array("other".utf8), [UInt8](repeating: 0x61, count: 5000)] as [[UInt8]] {
        #expect(throws: ProtectionError.passphraseWrong) { try SigningKey(pem: encrypted, passphrase: wrong) }
      }
    }
  }

  @Test("A key of another kind, or none, is told")
  func unsuitable() throws {
    let workshop = try KeyWorkshop.shared.get()
    #expect(throws: ProtectionError.unsuitable(found: "RSA 2048", needed: "Ed25519, P-256, SM2")) {
      try PublicKey(pem: try workshop.bytes("rsa2048.pub"))
    }
    #expect(throws: ProtectionError.unsuitable(found: "EC secp384r1", needed: "Ed25519, P-256, SM2")) {
      try SigningKey(pem: try workshop.bytes("p384.pem"))
    }
    #expect(throws: ProtectionError.absent(labels: ["PUBLIC KEY", "CERTIFICATE"])) {
      try PublicKey(pem: try workshop.bytes("ed25519.pem"))
    }
    for nothing in [[], Array("hello".utf8), try workshop.bytes("ed25519.pub")] {
      #expect(throws: ProtectionError.absent(labels: ["PRIVATE KEY"])) { try SigningKey(pem: nothing) }
    }
    #expect(throws: ProtectionError.damaged(item: "PRIVATE KEY")) {
      try SigningKey(pem: pem("PRIVATE KEY", [0x30, 0x03, 0x02, 0x01, 0x00]))
    }
    let cut = try workshop.bytes("p256.pub").dropLast(30)
    #expect(throws: ProtectionError.damaged(item: "PEM 1")) { try PublicKey(pem: Array(cut)) }
    #expect(throws: ProtectionError.damaged(item: "CERTIFICATE")) {
      try PublicKey(pem: pem("CERTIFICATE", [0x30, 0x03, 0x02, 0x01, 0x00]))
    }
  }

  @Test(
    "Days that exist, and when they begin",
    arguments: [
      (19_700_101, 0), (20_000_229, 951_782_400), (20_260_731, 1_785_456_000), (20_380_119, 2_147_472_000),
      (99_991_231, 253_402_214_400), (10_101, -62_135_596_800),
    ] as [(UInt32, Int)])
  func days(_ number: UInt32, _ seconds: Int) throws {
    let day = try #require(CalendarDay(number: number))
    #expect(day.number == number)
    #expect(day.secondsSince1970 == seconds)
  }

  @Test(
    "Days that do not exist",
    arguments: [0, 20_260_230, 20_250_229, 19_000_229, 20_261_301, 20_260_001, 101, .max])
  func noDays(_ number: UInt32) {
    #expect(CalendarDay(number: number) == nil)
  }
}
