import Storage
import Testing

@testable import Packaging

@Suite("Trust policies")
struct TrustPolicyTests {
  private let workshop: KeyWorkshop
  private let authorities: Authorities
  private let now: JudgingTime
  private let statement = Array("GB42382-PMP statement 1\n".utf8)

  init() throws {
    workshop = try KeyWorkshop.shared.get()
    authorities = try Authorities.shared.get()
    now = try Authorities.now
  }

  private func key(_ name: String) throws -> PublicKey {
    try PublicKey(pem: try workshop.bytes("\(name).pub"))
  }

  private func listed(_ name: String, rights: Bool = false) throws -> TrustPolicy.Signer {
    TrustPolicy.Signer(name: name, key: try key(name), mayIssueRights: rights)
  }

  private func authority(_ name: String, rights: Bool = false) throws -> TrustPolicy.Signer {
    TrustPolicy.Signer(name: name, authority: try authorities.chain(name), mayIssueRights: rights)
  }

  private func bare(_ name: String, isValid: Bool = true) throws -> SignedContent.Signature {
    SignedContent.Signature(place: Place("m.pmp", offset: 64), key: try key(name), isValid: isValid)
  }

  private func certified() throws -> SignedContent.Signature {
    SignedContent.Signature(
      place: Place("m.pmp", offset: 128), key: try key("ed25519"),
      certificates: try authorities.chain("leaf", "middle"), isValid: true)
  }

  private func judge(
    _ signatures: [SignedContent.Signature], by policy: TrustPolicy?, at time: JudgingTime? = nil,
    detached: [[UInt8]] = [], rights: RightsPayload? = nil
  ) throws -> TrustJudgement {
    let content = SignedContent(
      place: Place("m.pmp"), statement: statement, signatures: signatures,
      detached: detached.map { SignedContent.DetachedSignature(place: Place("m.sig"), bytes: $0) },
      rights: rights,
      rightsPlace: Place("m.pmp", offset: 40))
    return try TrustPolicy.judge(content, by: policy, at: time ?? now)
  }

  private func codes(_ judgement: TrustJudgement) -> [String] { judgement.faults.entries.map(\.code) }

  @Test("A listed key counts, another does not")
  func keys() throws {
    let policy = TrustPolicy(signers: [try listed("ed25519")])
    let good = try judge([bare("ed25519")], by: policy)
    #expect(good.faults.isEmpty)
    #expect(good.counted == 1)
    #expect(good.signatures.map(\.names) == [["ed25519"]])
    let other = try judge([bare("other")], by: policy)
    #expect(codes(other) == ["package-signature-trusted"])
    #expect(
      other.faults.entries[0].occurrences.first == Occurrence(Place("m.pmp"), expected: "1", actual: "0"))
    #expect(other.signatures.map(\.worth) == [.notListed])
    #expect(try codes(judge([bare("other"), bare("ed25519")], by: policy)) == [])
    #expect(try codes(judge([], by: policy)) == ["package-signature-present"])
    #expect(try codes(judge([], by: TrustPolicy(required: 0, signers: []))) == [])
    #expect(try codes(judge([bare("other")], by: TrustPolicy(required: 0, signers: []))) == [])
    // Whoever requires a signature and lists nobody trusts nobody.
    #expect(try codes(judge([bare("other")], by: TrustPolicy(signers: []))) == ["package-signature-trusted"])
  }

  @Test("Without a policy a signature is of unknown worth")
  func noPolicy() throws {
    let judgement = try judge([bare("ed25519"), certified()], by: nil)
    #expect(judgement.faults.isEmpty)
    #expect(judgement.signatures.map(\.worth) == [.unknown, .unknown])
    #expect(judgement.signatures.map(\.subject) == [nil, "CN=leaf"])
    #expect(judgement.counted == 0)
    #expect(try codes(judge([], by: nil)) == [])
  }

  @Test("As many different keys as are required")
  func number() throws {
    let policy = TrustPolicy(
      required: 2, signers: [try listed("ed25519"), try listed("sm2"), try authority("root")])
    #expect(try codes(judge([bare("ed25519"), bare("sm2")], by: policy)) == [])
    // The same key twice, by itself and by its certificate.
    let same = try judge([bare("ed25519"), certified()], by: policy)
    #expect(codes(same) == ["package-signature-trusted"])
    #expect(same.counted == 1)
    #expect(same.signatures.map(\.names) == [["ed25519"], ["ed25519", "root"]])
    // One that does not verify was said to; two that are unknown are too few all the same.
    #expect(try codes(judge([bare("ed25519"), bare("sm2", isValid: false)], by: policy)) == [])
    #expect(
      try codes(judge([bare("other"), bare("sm2", isValid: false)], by: policy)) == [
        "package-signature-trusted"
      ])
  }

  @Test("Certificates lead to an authority, elsewhere, or nowhere any more")
  func certificates() throws {
    let policy = TrustPolicy(signers: [try listed("sm2"), try authority("root")])
    #expect(try judge([certified()], by: policy).signatures.map(\.names) == [["root"]])
    let elsewhere = try judge(
      [certified()], by: TrustPolicy(signers: [try listed("sm2"), try authority("forged")]))
    #expect(codes(elsewhere) == ["package-certificate-chain"])
    #expect(elsewhere.faults.entries[0].occurrences.first.place == Place("m.pmp", offset: 128))
    // Without authorities it is a key like any other.
    #expect(
      try codes(judge([certified()], by: TrustPolicy(signers: [try listed("sm2")]))) == [
        "package-signature-trusted"
      ])
    #expect(
      try codes(
        judge([certified()], by: TrustPolicy(signers: [try listed("ed25519"), try authority("forged")])))
        == [])
    let late = try judge(
      [certified()], by: policy, at: JudgingTime(startOf: try #require(CalendarDay(number: 20_900_101))))
    #expect(codes(late) == ["package-certificate-in-force"])
    #expect(late.faults.entries[0].occurrences.first.expected == "2090-01-01")
    #expect(late.counted == 0)
    // Beside enough signatures that count, one more harms nobody.
    let enough = try judge(
      [certified(), bare("sm2")], by: TrustPolicy(signers: [try listed("sm2"), try authority("forged")]))
    #expect(codes(enough) == [])
    #expect(enough.counted == 1)
    // Two signers, one fault that explains itself, and one too few besides.
    let two = TrustPolicy(required: 2, signers: [try listed("sm2"), try authority("forged")])
    #expect(try codes(judge([certified(), bare("sm2")], by: two)) == ["package-certificate-chain"])
    #expect(
      try codes(judge([certified(), bare("other")], by: two))
        == ["package-certificate-chain", "package-signature-trusted"])
  }

  @Test("Only algorithms that the policy allows")
  func algorithms() throws {
    let policy = TrustPolicy(
      algorithms: [.sm2, .ecdsaP256], signers: [try listed("sm2"), try listed("ed25519")])
    #expect(try codes(judge([bare("sm2")], by: policy)) == [])
    let refused = try judge([bare("ed25519")], by: policy)
    #expect(codes(refused) == ["package-signature-algorithm-allowed"])
    let occurrence = refused.faults.entries[0].occurrences.first
    #expect(occurrence.actual == "ed25519")
    #expect(occurrence.expected == "ecdsa-p256, sm2-sm3")
    #expect(refused.signatures.map(\.worth) == [.algorithmNotAllowed])
  }

  @Test("A detached signature counts like one in the package, by a listed key")
  func detached() throws {
    let policy = TrustPolicy(signers: [try listed("p256"), try listed("ed25519")])
    for name in ["p256", "ed25519"] {
      let signature = try SigningKey(pem: try workshop.bytes("\(name).pem")).signature(over: statement)
      let judgement = try judge([], by: policy, detached: [signature])
      #expect(judgement.faults.isEmpty)
      #expect(judgement.signatures.map(\.names) == [[name]])
    }
    let text = try workshop.file(statement)
    for _ in 0..<6 {
      let signature = try workshop.openssl(
        ["pkeyutl", "-sign", "-rawin", "-digest", "sha256", "-inkey", workshop.path("p256.pem"), "-in", text])
      #expect(try codes(judge([], by: policy, detached: [signature])) == [])
    }
    let strange = try SigningKey(pem: try workshop.bytes("other.pem")).signature(over: statement)
    let refused = try judge([], by: policy, detached: [strange])
    #expect(codes(refused) == ["package-detached-signature-valid"])
    #expect(refused.faults.entries[0].occurrences.first.place == Place("m.sig"))
    #expect(
      try codes(judge([bare("ed25519")], by: policy, detached: [strange])) == [
        "package-detached-signature-valid"
      ])
    #expect(try codes(judge([], by: nil, detached: [strange])) == ["package-detached-signature-valid"])
    let two = TrustPolicy(required: 2, signers: [try listed("p256"), try listed("ed25519")])
    let own = try SigningKey(pem: try workshop.bytes("ed25519.pem")).signature(over: statement)
    #expect(try codes(judge([bare("ed25519")], by: two, detached: [own])) == ["package-signature-trusted"])
    #expect(try codes(judge([bare("p256")], by: two, detached: [own])) == [])
  }

  @Test("Rights are worth something where their issuer signed them, for as long as they last")
  func rights() throws {
    func rights(_ issuer: String, from: UInt32 = 0, until: UInt32 = 0) -> RightsPayload {
      RightsPayload(issuer: issuer, grants: [.init(subject: "*", actions: .run, from: from, until: until)])
    }
    let policy = TrustPolicy(signers: [
      try listed("sm2", rights: true), try listed("ed25519"), try authority("root", rights: true),
    ])
    #expect(try codes(judge([bare("sm2")], by: policy, rights: rights("sm2"))) == [])
    #expect(try codes(judge([bare("ed25519"), bare("sm2")], by: policy, rights: rights("sm2"))) == [])
    #expect(try codes(judge([certified()], by: policy, rights: rights("root"))) == [])
    let forged = try judge([bare("ed25519")], by: policy, rights: rights("sm2"))
    #expect(codes(forged) == ["package-rights-issuer-trusted"])
    #expect(
      forged.faults.entries[0].occurrences.first == Occurrence(Place("m.pmp", offset: 40), actual: "sm2"))
    // A signer who may grant nothing, a name that is only canonically the same.
    #expect(
      try codes(judge([bare("ed25519")], by: policy, rights: rights("ed25519"))) == [
        "package-rights-issuer-trusted"
      ])
    let accented = TrustPolicy(signers: [.init(name: "\u{E9}", key: try key("sm2"), mayIssueRights: true)])
    #expect(try codes(judge([bare("sm2")], by: accented, rights: rights("\u{E9}"))) == [])
    #expect(
      try codes(judge([bare("sm2")], by: accented, rights: rights("e\u{301}"))) == [
        "package-rights-issuer-trusted"
      ])
    // A policy that says nothing of rights.
    #expect(
      try codes(
        judge([bare("ed25519")], by: TrustPolicy(signers: [try listed("ed25519")]), rights: rights("x")))
        == [])
    // What a fault of the signer's follows from is said once.
    let narrow = TrustPolicy(algorithms: [.ed25519], signers: policy.signers)
    #expect(
      try codes(judge([bare("sm2")], by: narrow, rights: rights("sm2"))) == [
        "package-signature-algorithm-allowed"
      ])
    #expect(try codes(judge([bare("sm2", isValid: false)], by: policy, rights: rights("sm2"))) == [])
    // Unsigned.
    #expect(try codes(judge([], by: nil, rights: rights("sm2"))) == ["package-rights-signed"])
    #expect(
      try codes(judge([], by: TrustPolicy(required: 0, signers: []), rights: rights("sm2"))) == [
        "package-rights-signed"
      ])
    #expect(try codes(judge([], by: policy, rights: rights("sm2"))) == ["package-signature-present"])
    // Days, both included.
    for (from, until, day, isInForce) in [
      (20_260_101, 20_261_231, 20_260_101, true), (20_260_101, 20_261_231, 20_261_231, true),
      (20_260_101, 20_261_231, 20_251_231, false), (20_260_101, 20_261_231, 20_270_101, false),
      (0, 20_261_231, 19_700_101, true), (20_260_101, 0, 99_991_231, true),
    ] as [(UInt32, UInt32, UInt32, Bool)] {
      let time = JudgingTime(startOf: try #require(CalendarDay(number: day)))
      let found = try codes(
        judge([bare("sm2")], by: nil, at: time, rights: rights("sm2", from: from, until: until)))
      #expect(found == (isInForce ? [] : ["package-rights-in-force"]))
    }
  }
}
