import Foundation
import Testing

/// What a run of `validate` writes, and where to.
@Suite("Reports of a run") struct ReportTests {
  private func verdicts(_ path: String, _ options: String...) throws -> [String: String] {
    let run = try Tool.run(["validate", path, "--json", "-"] + options)
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let samples = try #require(report["samples"] as? [[String: Any]])
    let results = try #require(samples.first?["results"] as? [[String: Any]])
    return Dictionary(
      uniqueKeysWithValues: results.compactMap { result in
        guard let key = result["key"] as? String, let verdict = result["verdict"] as? String else {
          return nil
        }
        return (key, verdict)
      })
  }

  @Test("Reports are written on failure, and where nothing could be opened")
  func writtenOnFailure() throws {
    let folder = try TemporaryFolder()
    for path in [Tool.base("bert"), folder["none"]] {
      let run = try Tool.run(
        ["validate", path, "--json", folder["r.json"], "--junit", folder["r.xml"], "--quiet"])
      #expect(run.status != 0)
      #expect(try folder.text("r.json").hasPrefix("{"))
      #expect(try folder.text("r.xml").hasSuffix("</testsuites>\n"))
      #expect(try folder.entries == ["r.json", "r.xml"])
      for name in ["r.json", "r.xml"] { try FileManager.default.removeItem(atPath: folder[name]) }
    }
  }

  @Test("A report on standard output stands there alone; what people read goes to standard error")
  func standardOutput() throws {
    let json = try Tool.run(["validate", Tool.base("bert"), "--json", "-"])
    #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(json.output.utf8)) }
    #expect(json.error.contains("FAIL"))
    let junit = try Tool.run(["validate", Tool.base("bert"), "--junit", "-"])
    #expect(junit.output.hasPrefix("<?xml"))
    #expect(junit.output.hasSuffix("</testsuites>\n"))
    #expect(junit.error.contains("FAIL"))
  }

  @Test("Neither the number of jobs nor the language changes a byte of the machine reports")
  func sameBytes() throws {
    let folder = try TemporaryFolder()
    let paths = ["bert", "onnx-vit/model.onnx", "llama-sharded", "bare-t5/t5.safetensors", "none"].map(
      Tool.base)
    var reports: Set<[UInt8]> = []
    for options in [["--jobs", "1", "--lang", "en"], ["--jobs", "2", "--lang", "zh"], ["--jobs", "7"]] {
      _ = try Tool.run(
        ["validate", "--json", folder["r.json"], "--junit", folder["r.xml"]] + options + paths)
      reports.insert(try folder.bytes("r.json") + folder.bytes("r.xml"))
    }
    #expect(reports.count == 1)
  }

  @Test("The language is that of --lang, else of the locale")
  func language() throws {
    let bert = Tool.base("bert")
    #expect(try Tool.run(["validate", bert, "--lang", "zh"]).output.contains("不通过"))
    #expect(try Tool.run(["validate", bert], environment: ["LC_ALL": "zh_CN.UTF-8"]).output.contains("不通过"))
    #expect(try Tool.run(["validate", bert]).output.contains("Failed"))
    let missing = try Tool.run(["inspect", bert + "/none"], environment: ["LC_ALL": "zh_CN.UTF-8"])
    #expect(missing.error.contains("无法读取"))
  }

  @Test("No escape sequences in a pipe, with and without NO_COLOR", arguments: [[:], ["NO_COLOR": "1"]])
  func noEscapes(environment: [String: String]) throws {
    let variables = environment.merging(["TERM": "xterm-256color"]) { given, _ in given }
    let run = try Tool.run(["validate", Tool.base("bert")], environment: variables)
    #expect(!run.output.utf8.contains(0x1B))
    #expect(!run.error.utf8.contains(0x1B))
  }

  @Test("--quiet is one line for each sample")
  func quiet() throws {
    let run = try Tool.run(["validate", "--quiet", Tool.base("bert"), Tool.base("bare-t5/t5.safetensors")])
    #expect(run.output.split(separator: "\n").count == 2)
  }

  @Test("--level leaves requirements out and says so; --fail-on should makes failures of warnings")
  func judging() throws {
    let all = try verdicts(Tool.base("bert"))
    let syntax = try verdicts(Tool.base("bert"), "--level", "syntax")
    #expect(all.keys.sorted() == syntax.keys.sorted())
    #expect(all.contains { syntax[$0.key] == "not_applicable" && $0.value != "not_applicable" })
    #expect(all["model-version-present"] == "warn")
    #expect(try verdicts(Tool.base("bert"), "--fail-on", "should")["model-version-present"] == "fail")
  }

  @Test("--format overrides what the content says")
  func format() throws {
    let run = try Tool.run(
      ["validate", Tool.base("bare-bert/bert.safetensors"), "--format", "onnx", "--json", "-"])
    #expect(run.status == 1)
    #expect(run.output.contains(#""format": "onnx""#) || run.output.contains(#""format":"onnx""#))
  }
}
