import Foundation
import Testing

@testable import Packaging

/// Certificates that small authorities made by `openssl`, once for all tests.
struct Authorities: Sendable {
  static let shared = Result { try Authorities(workshop: KeyWorkshop.shared.get()) }

  private let workshop: KeyWorkshop

  private init(workshop: KeyWorkshop) throws {
    self.workshop = workshop
    try root("root", "rsa3072")
    try issue("middle", "p256", by: "root", "rsa3072", isAuthority: true)
    try issue("leaf", "ed25519", by: "middle", "p256")
    try issue("below-leaf", "other", by: "leaf", "ed25519")
    try issue("sha1", "p256", by: "root", "rsa3072", digest: "-sha1")
    try root("weak-root", "rsa1024")
    try issue("weak", "p256", by: "weak-root", "rsa1024")
    try root("sm-root", "sm2")
    try issue("sm-middle", "sm2", by: "sm-root", "sm2", isAuthority: true)
    try issue("sm-leaf", "sm2", by: "sm-middle", "sm2")
    // Another authority of the same name.
    try workshop.openssl(
      [
        "req", "-x509", "-new", "-key", workshop.path("rsa2048.pem"), "-subj", "/CN=root", "-days", "30",
        "-out",
      ]
        + [workshop.path("forged.crt")])
  }

  private func root(_ name: String, _ key: String) throws {
    try workshop.openssl(
      ["req", "-x509", "-new", "-key", workshop.path("\(key).pem"), "-subj", "/CN=\(name)", "-days", "30"]
        + ["-out", workshop.path("\(name).crt")] + options(key, nil))
  }

  private func issue(
    _ name: String, _ key: String, by issuer: String, _ issuerKey: String, isAuthority: Bool = false,
    digest: String? = nil
  ) throws {
    let request = workshop.path("\(name).csr")
    try workshop.openssl(
      ["req", "-new", "-key", workshop.path("\(key).pem"), "-subj", "/CN=\(name)", "-out", request]
        + options(key, nil))
    let extensions = try workshop.file("basicConstraints=critical,CA:\(isAuthority ? "TRUE" : "FALSE")\n")
    try workshop.openssl(
      ["x509", "-req", "-in", request, "-CA", workshop.path("\(issuer).crt"), "-CAkey"]
        + [workshop.path("\(issuerKey).pem"), "-days", "30", "-extfile", extensions, "-out"]
        + [workshop.path("\(name).crt")] + options(issuerKey, digest)
        + (key == "sm2" ? ["-vfyopt", "distid:1234567812345678"] : []))
  }

  private func options(_ key: String, _ digest: String?) -> [String] {
    key == "sm2" ? ["-sm3", "-sigopt", "distid:1234567812345678"] : digest.map { [$0] } ?? []
  }

  func chain(_ names: String...) throws -> CertificateChain {
    try CertificateChain(pem: try names.flatMap { try workshop.bytes("\($0).crt") })
  }

  static var now: JudgingTime {
    get throws { try #require(JudgingTime(secondsSince1970: time(nil))) }
  }
}

@Suite("Certificates of signers")
struct CertificateTests {
  private let authorities: Authorities
  private let now: JudgingTime

  init() throws {
    authorities = try Authorities.shared.get()
    now = try Authorities.now
  }

  @Test("A path leads from the signer to the authority")
  func paths() throws {
    let root = try authorities.chain("root")
    let signer = try authorities.chain("leaf", "middle")
    #expect(try signer.leads(to: [root], at: now) == .trusted)
    #expect(try authorities.chain("leaf", "middle", "root").leads(to: [root], at: now) == .trusted)
    #expect(try authorities.chain("leaf", "root", "middle").leads(to: [root], at: now) == .trusted)
    #expect(try signer.leads(to: [authorities.chain("forged"), root], at: now) == .trusted)
    #expect(try signer.leads(to: [authorities.chain("forged", "root")], at: now) == .trusted)
    // An intermediate authority, which need not be sent; the signer's own certificate; a self-signed one.
    #expect(try authorities.chain("leaf").leads(to: [authorities.chain("middle")], at: now) == .trusted)
    #expect(try authorities.chain("leaf").leads(to: [authorities.chain("leaf")], at: now) == .trusted)
    #expect(try authorities.chain("ed25519").leads(to: [authorities.chain("ed25519")], at: now) == .trusted)
    // The whole of it by SM2 with SM3.
    let national = try authorities.chain("sm-leaf", "sm-middle")
    #expect(try national.leads(to: [authorities.chain("sm-root")], at: now) == .trusted)
    #expect(try national.leads(to: [root], at: now) == .noPath("CN=sm-leaf ← CN=sm-middle ← CN=sm-root"))
    #expect(try national.signer.algorithm == .sm2)
  }

  @Test("No path leads past a missing or forged certificate, or through one that is no authority's")
  func noPaths() throws {
    let root = try authorities.chain("root")
    #expect(try authorities.chain("leaf").leads(to: [root], at: now) == .noPath("CN=leaf ← CN=middle"))
    #expect(
      try authorities.chain("leaf", "middle").leads(to: [], at: now)
        == .noPath("CN=leaf ← CN=middle ← CN=root"))
    #expect(try authorities.chain("other").leads(to: [root], at: now) == .noPath("CN=other"))
    func isNoPath(_ chain: CertificateChain, _ authority: CertificateChain) throws -> Bool {
      if case .noPath = try chain.leads(to: [authority], at: now) { true } else { false }
    }
    #expect(try isNoPath(authorities.chain("leaf", "middle"), authorities.chain("forged")))
    #expect(try isNoPath(authorities.chain("below-leaf", "leaf", "middle"), root))
    #expect(try isNoPath(authorities.chain("sha1"), root))
    #expect(try isNoPath(authorities.chain("weak"), authorities.chain("weak-root")))
    // A root that the signer sends along is not thereby trusted.
    #expect(try isNoPath(authorities.chain("leaf", "middle", "root"), authorities.chain("sm-root")))
  }

  @Test(
    "Not in force is something else than without a path", arguments: [20_010_101, 20_900_101] as [UInt32])
  func inForce(_ number: UInt32) throws {
    let day = try #require(CalendarDay(number: number))
    let root = try authorities.chain("root")
    let outcome = try authorities.chain("leaf", "middle").leads(to: [root], at: day)
    guard case .notInForce(let which) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    // The path is looked at from its end, and each certificate was made on one of two days for 30.
    #expect(which.wholeMatch(of: /CN=(root|middle|leaf), 20\d\d-\d\d-\d\d – 20\d\d-\d\d-\d\d/) != nil)
    #expect(try authorities.chain("leaf").leads(to: [root], at: day) == .noPath("CN=leaf ← CN=middle"))
    let national = try authorities.chain("sm-leaf", "sm-middle").leads(
      to: [authorities.chain("sm-root")], at: day)
    guard case .notInForce = national else {
      Issue.record("\(national)")
      return
    }
  }

  @Test("Certificates are read from PEM and DER, and nothing else")
  func reading() throws {
    let chain = try authorities.chain("leaf", "middle", "root")
    #expect(chain.certificates.count == 3)
    #expect(try CertificateChain(concatenatedDER: chain.concatenatedDER) == chain)
    #expect(try CertificateChain(der: chain.certificates) == chain)
    let workshop = try KeyWorkshop.shared.get()
    #expect(try chain.signer == PublicKey(pem: try workshop.bytes("ed25519.pub")))
    #expect(try chain.subject == "CN=leaf")
    #expect(throws: ProtectionError.absent(labels: ["CERTIFICATE"])) {
      try CertificateChain(concatenatedDER: [])
    }
    #expect(throws: ProtectionError.absent(labels: ["CERTIFICATE"])) {
      try CertificateChain(pem: try workshop.bytes("ed25519.pub"))
    }
    #expect(throws: ProtectionError.damaged(item: "CERTIFICATE 4")) {
      try CertificateChain(concatenatedDER: chain.concatenatedDER + [0])
    }
    #expect(throws: ProtectionError.damaged(item: "CERTIFICATE 1")) {
      try CertificateChain(der: [chain.certificates[0] + [0]])
    }
    #expect(throws: ProtectionError.damaged(item: "CERTIFICATE 1")) {
      try CertificateChain(concatenatedDER: [0x30, 0x03, 0x02, 0x01, 0x00])
    }
    #expect(throws: ProtectionError.unsuitable(found: "RSA 3072", needed: "Ed25519, P-256, SM2")) {
      try authorities.chain("root").signer
    }
  }

  @Test(
    "Moments and their days",
    arguments: [
      (0, 19_700_101), (-1, 19_691_231), (951_868_799, 20_000_229), (951_868_800, 20_000_301),
      (253_402_300_799, 99_991_231), (-62_135_596_800, 10_101),
    ] as [(Int, UInt32)])
  func moments(_ seconds: Int, _ number: UInt32) {
    #expect(JudgingTime(secondsSince1970: seconds)?.day.number == number)
  }

  @Test("Moments outside of the calendar", arguments: [.min, .max, 253_402_300_800, -62_135_596_801])
  func noMoments(_ seconds: Int) {
    #expect(JudgingTime(secondsSince1970: seconds) == nil)
  }
}
