import Storage
import Testing

@testable import Packaging

@Suite("Content keys wrapped for recipients")
struct WrappingTests {
  private static let options: [String: [String]] = [
    "rsa": [
      "-keyopt", "rsa_padding_mode:oaep", "-keyopt", "rsa_oaep_md:sha256", "-keyopt", "rsa_mgf1_md:sha256",
    ],
    "p256": ["-keyopt", "ecdh_kdf_md:sha256"],
  ]

  /// The commands of section 10.1.
  private func wrapped(
    _ key: [UInt8], for name: String, _ workshop: KeyWorkshop, _ cipher: String = "-aes-256-gcm"
  ) throws -> [UInt8] {
    let options = try #require(WrappingTests.options[name.hasPrefix("rsa") ? "rsa" : name])
    return try workshop.openssl(
      ["cms", "-encrypt", "-binary", cipher, "-outform", "DER", "-recip", workshop.path("\(name).crt")]
        + options,
      input: key)
  }

  @Test(
    "openssl opens what is wrapped, and what it wraps is opened", arguments: ["rsa2048", "rsa3072", "p256"])
  func cms(_ name: String) throws {
    let workshop = try KeyWorkshop.shared.get()
    let key = try ContentKey.random()
    let recipient = try Recipient(pem: try workshop.bytes("\(name).crt"))
    let owner = try RecipientKey(pem: try workshop.bytes("\(name).pem"))
    #expect(recipient.scheme == .cms)
    #expect(recipient.keyIdentifier == owner.keyIdentifier)
    let info = try workshop.openssl([
      "pkey", "-in", workshop.path("\(name).pem"), "-pubout", "-outform", "DER",
    ])
    #expect(owner.keyIdentifier == (try Digest.of(info, .sha256)).bytes)
    let ours = try recipient.wrap(key)
    #expect(ours != (try recipient.wrap(key)))
    #expect(RecipientKey.isSound(ours, scheme: .cms))
    #expect(try owner.unwrap(ours, scheme: .cms)?.bytes == key.bytes)
    let opened = try workshop.openssl(
      [
        "cms", "-decrypt", "-binary", "-inform", "DER", "-inkey", workshop.path("\(name).pem"), "-in",
        try workshop.file(ours),
      ])
    #expect(opened == key.bytes)
    let theirs = try wrapped(key.bytes, for: name, workshop)
    #expect(RecipientKey.isSound(theirs, scheme: .cms))
    #expect(try owner.unwrap(theirs, scheme: .cms)?.bytes == key.bytes)
    // Not 32 bytes, another's key, another scheme, something after.
    #expect(try owner.unwrap(wrapped(Array(key.bytes.dropLast()), for: name, workshop), scheme: .cms) == nil)
    let other = try RecipientKey(pem: try workshop.bytes(name == "p256" ? "rsa2048.pem" : "p256.pem"))
    #expect(try other.unwrap(theirs, scheme: .cms) == nil)
    #expect(try owner.unwrap(theirs, scheme: .sm2) == nil)
    #expect(!RecipientKey.isSound(theirs + [0], scheme: .cms))
  }

  @Test("SM2 wraps for a public key and for a certificate", arguments: ["sm2.pub", "sm2.crt"])
  func sm2(_ file: String) throws {
    let workshop = try KeyWorkshop.shared.get()
    let key = try ContentKey.random()
    let recipient = try Recipient(pem: try workshop.bytes(file))
    let owner = try RecipientKey(pem: try workshop.bytes("sm2.pem"))
    #expect(recipient.scheme == .sm2)
    #expect(recipient.keyIdentifier == owner.keyIdentifier)
    let ours = try recipient.wrap(key)
    #expect(RecipientKey.isSound(ours, scheme: .sm2))
    #expect(try owner.unwrap(ours, scheme: .sm2)?.bytes == key.bytes)
    #expect(
      try workshop.openssl([
        "pkeyutl", "-decrypt", "-inkey", workshop.path("sm2.pem"), "-in", try workshop.file(ours),
      ])
        == key.bytes)
    for content in [key.bytes, key.bytes + [0]] {
      let theirs = try workshop.openssl(
        [
          "pkeyutl", "-encrypt", "-pubin", "-inkey", workshop.path("sm2.pub"), "-in",
          try workshop.file(content),
        ])
      #expect(RecipientKey.isSound(theirs, scheme: .sm2))
      #expect(try owner.unwrap(theirs, scheme: .sm2)?.bytes == (content.count == 32 ? content : nil))
    }
    for index in ours.indices {
      var changed = ours
      changed[index] ^= 0x10
      #expect(try owner.unwrap(changed, scheme: .sm2) == nil)
    }
    #expect(try owner.unwrap(Array("nonsense".utf8), scheme: .sm2) == nil)
    #expect(!RecipientKey.isSound(Array("nonsense".utf8), scheme: .sm2))
    #expect(!RecipientKey.isSound(ours + [0], scheme: .sm2))
  }

  @Test("A construction that can be opened by trial is not sound, and not tried")
  func unsound() throws {
    let workshop = try KeyWorkshop.shared.get()
    let key = try ContentKey.random().bytes
    let owner = try RecipientKey(pem: try workshop.bytes("rsa2048.pem"))
    let commands: [[String]] = [
      // PKCS #1 v1.5, without and with authentication; OAEP with SHA-1; no authentication; a shorter key; BER.
      ["-aes-256-cbc", "-recip", workshop.path("rsa2048.crt")],
      ["-aes-256-gcm", "-recip", workshop.path("rsa2048.crt")],
      ["-aes-256-gcm", "-recip", workshop.path("rsa2048.crt"), "-keyopt", "rsa_padding_mode:oaep"],
      [
        "-aes-256-gcm", "-recip", workshop.path("rsa2048.crt"), "-keyopt", "rsa_padding_mode:oaep", "-keyopt",
        "rsa_oaep_md:sha256", "-keyopt", "rsa_mgf1_md:sha1",
      ],
      ["-aes-256-cbc", "-recip", workshop.path("rsa2048.crt")] + (WrappingTests.options["rsa"] ?? []),
      ["-aes-128-gcm", "-recip", workshop.path("rsa2048.crt")] + (WrappingTests.options["rsa"] ?? []),
      ["-stream", "-aes-256-gcm", "-recip", workshop.path("rsa2048.crt")]
        + (WrappingTests.options["rsa"] ?? []),
      // The KDF with SHA-1, which openssl takes unless told; a key from a passphrase or from elsewhere.
      ["-aes-256-gcm", "-recip", workshop.path("p256.crt")],
      ["-aes-256-cbc", "-pwri_password", "password"],
      ["-aes-256-gcm", "-secretkey", String(repeating: "00", count: 32), "-secretkeyid", "01"],
    ]
    for options in commands {
      let wrapped = try workshop.openssl(
        ["cms", "-encrypt", "-binary", "-outform", "DER"] + options, input: key)
      #expect(!wrapped.isEmpty)
      #expect(!RecipientKey.isSound(wrapped, scheme: .cms), "\(options)")
      #expect(try owner.unwrap(wrapped, scheme: .cms) == nil)
    }
  }

  @Test(
    "An envelope that was cut or changed does not open, and harms nobody", arguments: ["rsa2048", "p256"])
  func damaged(_ name: String) throws {
    let workshop = try KeyWorkshop.shared.get()
    let key = try ContentKey.random()
    let owner = try RecipientKey(pem: try workshop.bytes("\(name).pem"))
    let good = try Recipient(pem: try workshop.bytes("\(name).crt")).wrap(key)
    for count in good.indices { #expect(!RecipientKey.isSound(Array(good.prefix(count)), scheme: .cms)) }
    for index in good.indices {
      var changed = good
      changed[index] ^= 1
      // Who the recipient is, and the type of the content, the opening does not depend on.
      if let opened = try owner.unwrap(changed, scheme: .cms) { #expect(opened.bytes == key.bytes) }
    }
    for index in good.count - 48..<good.count {
      var changed = good
      changed[index] ^= 1
      #expect(try owner.unwrap(changed, scheme: .cms) == nil)
    }
  }

  @Test("Keys that nothing is wrapped for are told")
  func unsuitable() throws {
    let workshop = try KeyWorkshop.shared.get()
    let needed = "RSA ≥ 2048, P-256, SM2"
    for (file, found) in [
      ("ed25519.crt", "ED25519 256"), ("rsa1024.crt", "RSA 1024"), ("p384.pub", "EC secp384r1"),
    ] {
      #expect(throws: ProtectionError.unsuitable(found: found, needed: needed)) {
        try Recipient(pem: try workshop.bytes(file))
      }
    }
    #expect(throws: ProtectionError.certificateNeeded(found: "RSA 2048")) {
      try Recipient(pem: try workshop.bytes("rsa2048.pub"))
    }
    #expect(throws: ProtectionError.certificateNeeded(found: "EC prime256v1")) {
      try Recipient(pem: try workshop.bytes("p256.pub"))
    }
    #expect(throws: ProtectionError.unsuitable(found: "ED25519 256", needed: needed)) {
      try RecipientKey(pem: try workshop.bytes("ed25519.pem"))
    }
    #expect(throws: ProtectionError.absent(labels: ["CERTIFICATE", "PUBLIC KEY"])) {
      try Recipient(pem: try workshop.bytes("sm2.pem"))
    }
  }
}
