import Foundation
import Testing

/// The commands beside `validate`.
@Suite("Other commands") struct OtherCommandTests {
  @Test("The catalogue, for people and for machines")
  func requirements() throws {
    let folder = try TemporaryFolder()
    let list = try Tool.run(["requirements", "list"])
    #expect(list.status == 0)
    #expect(list.output.contains("P6.1-020"))
    let json = try Tool.run(["requirements", "list", "--json", folder["c.json"]])
    #expect(json.status == 0)
    let bytes = Data(try folder.bytes("c.json"))
    let catalogue = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
    let requirements = try #require(catalogue["requirements"] as? [[String: Any]])
    #expect(requirements.count >= 80)
  }

  @Test("A requirement is explained by its id and by its key, the same")
  func explain() throws {
    let byID = try Tool.run(["explain", "P6.1-020"])
    #expect(byID.status == 0)
    #expect(byID.output.contains("model-name-present"))
    #expect(try Tool.run(["explain", "model-name-present"]).output == byID.output)
    #expect(try Tool.run(["explain", "P6.1-020", "--lang", "zh"]).output != byID.output)
  }

  @Test(
    "Help in both languages",
    arguments: [
      [], ["validate"], ["inspect"], ["convert"], ["requirements", "list"], ["explain"], ["serve"],
    ])
  func help(command: [String]) throws {
    let english = try Tool.run(command + ["--help"])
    let chinese = try Tool.run(command + ["--help"], environment: ["LC_ALL": "zh_CN.UTF-8"])
    #expect(english.status == 0)
    #expect(chinese.status == 0)
    #expect(!english.output.isEmpty)
    #expect(english.output != chinese.output)
  }

  @Test("What a file is, for people and for machines")
  func inspect() throws {
    let run = try Tool.run(["inspect", Tool.base("bert")])
    #expect(run.status == 0)
    #expect(run.output.contains("bert"))
    let json = try Tool.run(["inspect", Tool.base("bert"), "--json", "-"])
    #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(json.output.utf8)) }
  }

  @Test("A conversion refuses what would not be found again, and writes nothing then")
  func convert() throws {
    let folder = try TemporaryFolder()
    let bert = try folder.copy("bert", as: "bert")
    try FileManager.default.createDirectory(atPath: folder["out"], withIntermediateDirectories: false)
    let refused = try Tool.run(["convert", bert, folder["out/m.pmr"]])
    #expect(refused.status == 64)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder["out"]).isEmpty)
    #expect(try Tool.run(["convert", bert, folder["out/m.pmr"], "--copy"]).status == 0)
    #expect(try Tool.run(["convert", bert, folder["m.pmr"]]).status == 0)
    #expect(try Tool.run(["convert", bert, folder["m.pmr.json"]]).status == 0)
    #expect(try Tool.run(["convert", folder["m.pmr.json"], folder["again.pmr"]]).status == 0)
    #expect(try folder.bytes("again.pmr") == folder.bytes("m.pmr"))
    #expect(try Tool.run(["convert", bert, folder["none/m.pmr"], "--copy"]).status == 74)
  }
}
