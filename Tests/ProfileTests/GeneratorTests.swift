import Foundation
import Profile
import Representation
import Testing

/// The files and the tools of this repository.
enum Repository {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Runs the generator, which is built beside the tests.
  static func generate(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let process = Process()
    process.executableURL = URL(filePath: tests).deletingLastPathComponent().appending(
      path: "generate-catalogue")
    process.arguments = arguments
    let pipe = Pipe()
    process.standardError = pipe
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}

@Suite("Generator") struct GeneratorTests {
  @Test("The generated Swift is that of the YAML")
  func inStep() throws {
    let (status, output) = try Repository.generate(["--check", "--root", Repository.root.path()])
    #expect(status == 0, "\(output)")
  }

  @Test("The schemas list the enumerations of the code")
  func schemas() throws {
    for path in ["conformance/schema/requirement.schema.json", "reports/schema/requirements.schema.json"] {
      let data = try Data(contentsOf: Repository.root.appending(path: path))
      let json = try JSONSerialization.jsonObject(with: data) as? [String: Any]
      let definition = (json?["$defs"] as? [String: [String: Any]])?["requirement"]
      let properties = try #require(definition?["properties"] as? [String: [String: Any]])
      func choices(_ name: String) -> [String]? {
        let property = properties[name]
        return (property?["items"] as? [String: Any] ?? property)?["enum"] as? [String]
      }
      #expect(choices("conditions") == Condition.allCases.map(\.rawValue))
      #expect(choices("aspects") == Aspect.allCases.map(\.rawValue))
      #expect(choices("modality") == Requirement.Modality.allCases.map(\.rawValue))
      #expect(choices("provenance") == Requirement.Provenance.allCases.map(\.rawValue))
      #expect(choices("level") == Requirement.Level.allCases.map(\.rawValue))
      #expect(choices("reads") == Requirement.Depth.allCases.map(\.rawValue))
      #expect(choices("scope") == Requirement.Scope.allCases.map(\.rawValue))
    }
  }

  private static let good = """
    requirements:
      - id: P6.1-060
        key: contributor-list-present
        clause: "6.1"
        modality: shall
        provenance: part1
        level: syntax
        reads: structure
        scope: whole
        aspects: [description]
        conditions: []
        values: []
        title: {zh: "应列出贡献者", en: "list the contributors"}
        message: {zh: "{file} 没有", en: "{file} has none"}
        fix: {zh: "补上", en: "add them"}
        rationale: {zh: "为何", en: "why"}
        example: {passing: "a", failing: "b"}
        interpretations: []

    """

  private func run(_ yaml: String, tombstones: String = "retired: []") throws -> (
    status: Int32, output: String
  ) {
    let root = FileManager.default.temporaryDirectory.appending(path: "catalogue-\(UUID().uuidString)")
    let requirements = root.appending(path: "conformance/requirements")
    try FileManager.default.createDirectory(at: requirements, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: root) }
    for (name, text) in ["profile": "profile: \"t\"", "tombstones": tombstones, "a": yaml] {
      try text.write(to: requirements.appending(path: name + ".yaml"), atomically: true, encoding: .utf8)
    }
    return try Repository.generate(["--root", root.path()])
  }

  @Test("A right file is taken")
  func right() throws {
    let (status, output) = try run(Self.good)
    #expect(status == 0, "\(output)")
  }

  @Test(
    "A wrong one is refused with its line",
    arguments: [
      ("P6.1-060", "P6.1-60", "a.yaml:2: requirements[0].id: an id looks like"),
      ("P6.1-060", "P6.2-060", "a.yaml:4: requirements[0].clause: clause 6.1 does not match the id"),
      ("contributor-list-present", "Contributors", "a.yaml:3: requirements[0].key: must be lower-case words"),
      ("clause: \"6.1\"", "clause: 6.1", "a.yaml:4: requirements[0].clause: must be a text"),
      ("modality: shall", "modality: must", "a.yaml:5: requirements[0].modality: unknown value must"),
      (
        "conditions: []", "conditions: [model.odd]",
        "a.yaml:11: requirements[0].conditions[0]: unknown value model.odd"
      ),
      ("values: []", "valeus: []", "a.yaml:12: unknown key requirements[0].valeus"),
      ("values: []", "valeus: []", "a.yaml:2: requirements[0]: key values is missing"),
      (", en: \"why\"", "", "key en is missing"),
      ("\"为何\"", "\"why\"", "zh holds no Chinese"),
      ("en: \"why\"", "en: \"为何\"", "en holds Chinese"),
      ("\"应列出贡献者\"", "\"应列出 贡献者\"", "a space between Chinese characters"),
      ("{file} has none", "{fiel} has none", "unknown place {fiel}"),
      ("{file} has none", "it has none", "places in one language only: file"),
      ("failing: \"b\"", "failing: \"a\"", "the passing and the failing example are the same"),
      ("interpretations: []", "interpretations: [I-001]", "a.yaml:2: there is no interpretation I-001"),
      ("en: \"add them\"", "en: \"it conforms to GB/T 42382.2\"", "nobody may claim"),
      (
        "values: []", "values: [{name: a, number: 1, texts: [b], reason: {zh: 因, en: r}}]",
        "give either number or texts"
      ),
    ])
  func wrong(_ from: String, _ to: String, _ complaint: String) throws {
    #expect(Self.good.contains(from))
    let (status, output) = try run(Self.good.replacingOccurrences(of: from, with: to))
    #expect(status == 1)
    #expect(output.contains(complaint), "\(output)")
  }

  @Test("An id or key is used once, and not after it was retired")
  func unique() throws {
    let again = Self.good.replacingOccurrences(of: "requirements:\n", with: "")
    let (status, output) = try run(Self.good + again)
    #expect(status == 1)
    #expect(output.contains("a.yaml:19: requirements[1]: id P6.1-060 stands at"))
    #expect(output.contains("key contributor-list-present stands at"))
    let grave = "retired: [{id: P6.1-060, key: old-key, since: \"t\", reason: {zh: 旧, en: old}}]"
    let retired = try run(Self.good, tombstones: grave)
    #expect(retired.status == 1)
    #expect(retired.output.contains("a.yaml:2: P6.1-060 was retired at"))
  }
}
