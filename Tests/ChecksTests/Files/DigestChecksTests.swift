import Formats
import Numerics
import Profile
import Representation
import Storage
import Testing

@testable import Checks

@Suite("Digests that a structure declares (6.1)")
struct DigestChecksTests {
  /// SHA-256 of `abc` (FIPS 180-4).
  static let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
  /// SM3 of `abc` (GB/T 32905—2016).
  static let abcSM3 = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"

  private func findings(_ check: any Check, _ model: Model) throws -> [Finding] {
    var reading = Reading(format: .native)
    reading.model = model
    let tree = MemoryTree(["abc": Array("abc".utf8), "xabcx": Array("xabcx".utf8)])
    var findings = Findings()
    let requirement = try #require(Catalogue.published[check.key])
    try check.judge(Sample(reading: reading, tree: tree), by: requirement, &findings)
    return findings.list
  }

  private func tensor(_ content: TensorContent, _ value: String = abc) -> Variable {
    let digest = DeclaredDigest(algorithm: "sha256", value: value)
    return Variable("w", tensor: Tensor(TensorType(.u8, shape: [3]), content, digest: digest))
  }

  @Test("Files of the table and assets")
  func files() throws {
    var model = Model()
    model.files = [
      ParameterFile(path: "abc", size: 3, digest: DeclaredDigest(algorithm: "sha256", value: Self.abc)),
      ParameterFile(path: "xabcx", size: 5),
    ]
    model.assets = [
      Asset(
        kind: "other", path: "abc", digest: DeclaredDigest(algorithm: "sm3", value: Self.abcSM3.uppercased()))
    ]
    #expect(try findings(FileDigestsMatch(), model).isEmpty)
    model.assets += [
      Asset(kind: "other", path: "xabcx", digest: DeclaredDigest(algorithm: "sm3", value: Self.abcSM3))
    ]
    let findings = try findings(FileDigestsMatch(), model)
    #expect(findings.map(\.kind) == [.violation])
    #expect(findings.first?.occurrences.first.place == Place("xabcx", path: "assets[1].digest"))
    #expect(findings.first?.occurrences.first.expected == "sm3:" + Self.abcSM3)
  }

  @Test(
    "What other requirements speak of is passed over",
    arguments: [
      ("abc", "md5", abc), ("abc", "sha256", "12"), ("none", "sha256", abc), ("../abc", "sha256", abc),
    ])
  func passedOver(_ path: String, _ algorithm: String, _ value: String) throws {
    var model = Model()
    model.assets = [
      Asset(kind: "other", path: path, digest: DeclaredDigest(algorithm: algorithm, value: value))
    ]
    #expect(try findings(FileDigestsMatch(), model).isEmpty)
  }

  @Test("Tensors in files and in the structure")
  func tensors() throws {
    var model = Model()
    model.files = [ParameterFile(path: "xabcx", size: 5)]
    model.parameters = [
      tensor(.stored(ByteRange(file: 0, offset: 1, length: 3))), tensor(.inline(Array("abc".utf8))),
      // Ranges that leave the file, or the table, are another requirement's.
      tensor(.stored(ByteRange(file: 0, offset: 3, length: 3))),
      tensor(.stored(ByteRange(file: 0, offset: .max, length: 3))),
      tensor(.stored(ByteRange(file: 7, offset: 1, length: 3))),
    ]
    #expect(try findings(TensorDigestsMatch(), model).isEmpty)
    model.parameters.append(tensor(.stored(ByteRange(file: 0, offset: 0, length: 3))))
    model.parameters.append(tensor(.inline(Array("abd".utf8))))
    let findings = try findings(TensorDigestsMatch(), model)
    #expect(findings.map(\.kind) == [.violation])
    #expect(findings.first?.occurrences.count == 2)
    #expect(
      findings.first?.occurrences.first.place == Place("xabcx", offset: 0, path: "parameters[5].digest"))
  }

  @Test("Tensors that lie over each other do not make the work grow without end")
  func bounded() throws {
    var model = Model()
    model.files = [ParameterFile(path: "abc", size: 3)]
    let variable = tensor(.stored(ByteRange(file: 0, offset: 0, length: 3)))
    model.parameters = [variable, variable]
    #expect(try findings(TensorDigestsMatch(), model).isEmpty)
    model.parameters.append(variable)
    #expect(try findings(TensorDigestsMatch(), model).map(\.kind) == [.unsupported])
  }
}

@Suite("Faults of files (6.1)")
struct FileFaultRequirementTests {
  @Test("Every fault of files violates a requirement of clause 6.1", arguments: FileFault.allCases)
  func requirement(_ fault: FileFault) throws {
    let requirement = try #require(Catalogue.published[fault.rawValue])
    #expect(requirement.clause == "6.1")
    #expect(requirement.modality == .shall)
  }
}
