import Configuration
import Foundation
import Packaging
import Profile
import Testing

@Suite("Trust policy file") struct TrustPolicyFileTests {
  private static let folder = Repository.root.appending(path: "conformance/schema")

  private static func load(_ name: String) -> [UInt8]? {
    (try? Data(contentsOf: folder.appending(path: "examples/\(name)"))).map(Array.init)
  }

  @Test("The example of the repository is right, with the files beside it")
  func example() throws {
    let path = TrustPolicyFileTests.folder.appending(path: "trust-policy.example.yaml").path
    let policy = try TrustPolicyFile.read(path: path)
    #expect(policy.required == 1)
    #expect(policy.algorithms == [.ed25519, .ecdsaP256, .sm2])
    #expect(policy.signers.map(\.name) == ["示例研究院", "Example Ltd"])
    #expect(policy.signers.map(\.mayIssueRights) == [true, false])
    #expect(policy.signers[0].key?.algorithm == .ed25519)
    #expect(policy.signers[0].authority == nil)
    #expect(policy.signers[1].key == nil)
    #expect(try policy.signers[1].authority?.subject == "CN=Example CA,O=Example Ltd")
  }

  @Test("What is not told has its default")
  func defaults() throws {
    let policy = try TrustPolicyFile.read("signers: []", file: "t.yaml", load: TrustPolicyFileTests.load)
    #expect(policy == TrustPolicy(required: 1, signers: []))
    let other = try TrustPolicyFile.read(
      "{required: 0, algorithms: [sm2-sm3], signers: [{name: a, key: institute.pem, authority: example-ca.pem}]}",
      file: "t.yaml", load: TrustPolicyFileTests.load)
    #expect(other.required == 0)
    #expect(other.algorithms == [.sm2])
    #expect(other.signers.count == 1)
    #expect(other.signers[0].key != nil && other.signers[0].authority != nil)
  }

  @Test(
    "What is not as it has to be is told with its line",
    arguments: [
      ("", ["t.yaml:1: the file is empty"]),
      ("required: 1", ["t.yaml:1: key signers is missing"]),
      ("signers: []\nauthorities: []", ["t.yaml:2: unknown key authorities;"]),
      (
        "signers:\n  - name: a\n    keys: institute.pem",
        ["t.yaml:3: unknown key signers[0].keys;", "give a key or an authority"]
      ),
      ("signers:\n  - key: institute.pem", ["t.yaml:2: signers[0]: key name is missing"]),
      ("signers: []\nrequired: 1.5", ["t.yaml:2: required: must be a whole number"]),
      ("signers: []\nrequired: -1", ["t.yaml:2: required: must be a whole number"]),
      ("signers: []\nrequired: \"1\"", ["t.yaml:2: required: must be a finite number"]),
      ("signers: []\nalgorithms: []", ["t.yaml:2: algorithms: must not be empty"]),
      ("signers: []\nalgorithms: [rsa]", ["t.yaml:2: algorithms: unknown algorithm rsa"]),
      ("signers: []\nalgorithms: [sm2-sm3, sm2-sm3]", ["sm2-sm3 is given twice"]),
      (
        "signers:\n  - {name: a, key: institute.pem, rights: \"yes\"}",
        ["t.yaml:2: signers[0].rights: must be true or false"]
      ),
      ("signers:\n  - {name: a, key: nowhere.pem}", ["t.yaml:2: signers[0].key: nowhere.pem cannot be read"]),
      (
        "signers:\n  - {name: a, authority: institute.pem}",
        ["signers[0].authority: institute.pem: there is no PEM block"]
      ),
      (
        "signers:\n  - {name: a, key: metadata.yaml}",
        ["signers[0].key: metadata.yaml: there is no PEM block"]
      ),
      ("signers: [", ["t.yaml:"]),
    ])
  func complains(_ text: String, _ complaints: [String]) {
    let error = #expect(throws: TrustPolicyFileError.self) {
      try TrustPolicyFile.read(text, file: "t.yaml", load: TrustPolicyFileTests.load)
    }
    let lines = error?.faults.map { $0[.en] } ?? []
    for complaint in complaints {
      #expect(lines.contains { $0.contains(complaint) }, "\(complaint) in \(lines)")
    }
  }

  @Test("A policy that is not there is told")
  func absent() {
    let error = #expect(throws: TrustPolicyFileError.self) {
      try TrustPolicyFile.read(path: "/nowhere/trust.yaml")
    }
    #expect(error?.faults.map { $0[.en] }.first?.hasPrefix("/nowhere/trust.yaml:1: cannot be read") == true)
  }
}
