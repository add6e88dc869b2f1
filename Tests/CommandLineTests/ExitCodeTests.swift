import Foundation
import Testing

/// The exit codes that scripts rely on (conformance/command-line.md).
@Suite("Exit codes") struct ExitCodeTests {
  /// Bytes of no supported format.
  private let foreign = Array("no model at all\n".utf8)

  @Test("0: nothing failed")
  func passes() throws {
    let folder = try TemporaryFolder()
    try folder.write("m.yaml", fullMetadata)
    #expect(try Tool.status(Tool.base("bert"), "--metadata", folder["m.yaml"]) == 0)
    #expect(try Tool.status(Tool.base("native-bert/model.pmr")) == 0)
    #expect(try Tool.status(Tool.base("native-bert/model.pmr.json")) == 0)
  }

  @Test("1: a requirement failed")
  func fails() throws {
    #expect(try Tool.status(Tool.base("bert")) == 1)
  }

  @Test("2: something could not be judged, and 0 where that is allowed")
  func inconclusive() throws {
    let folder = try TemporaryFolder()
    // A GGUF file is recognised and not read: its magic, version 3, no tensors, no metadata.
    try folder.write("m.gguf", Array("GGUF".utf8) + [3, 0, 0, 0] + Array(repeating: 0, count: 16))
    let status = try Tool.status(folder["m.gguf"], "--level", "syntax")
    #expect(status == 2)
    #expect(try Tool.status(folder["m.gguf"], "--level", "syntax", "--allow-inconclusive") == 0)
  }

  @Test("3: no supported format, an empty file and an empty directory among them")
  func unrecognised() throws {
    let folder = try TemporaryFolder()
    try folder.write("text", foreign)
    try folder.write("empty.onnx", [])
    try FileManager.default.createDirectory(atPath: folder["folder"], withIntermediateDirectories: false)
    for name in ["text", "empty.onnx", "folder"] {
      #expect(try Tool.status(folder[name]) == 3, "\(name)")
    }
  }

  @Test("3: a file that is refused for its own name, with the finding")
  func unsafeName() throws {
    let folder = try TemporaryFolder()
    try folder.write("a\u{1}b.pmr", "x")
    let run = try Tool.run(["validate", folder["a\u{1}b.pmr"], "--lang", "en"])
    #expect(run.status == 3)
    #expect(run.output.contains("P6.1-003 file-names-safe"))
    #expect(!run.output.contains("\u{1}"))
  }

  @Test(
    "64: wrong usage",
    arguments: [
      ["validate"], ["validate", "x", "--nonsense"], ["validate", "x", "--jobs", "0"],
      ["validate", "x", "--jobs", "many"], ["validate", "x", "--level", "all"],
      ["validate", "x", "--lang", "fr"],
      ["validate", "x", "--format", "word"], ["validate", "x", "--at", "2026-02-30"],
      ["validate", "x", "--json", "-", "--junit", "-"], ["nonsense"], ["explain"], ["explain", "P6.1-999"],
      ["convert", "x"], ["convert", "x", "y.pmr", "--copy", "--hard-link"], ["convert", "x", "y.onnx"],
    ])
  func usage(arguments: [String]) throws {
    let run = try Tool.run(arguments)
    #expect(run.status == 64)
    #expect(!run.error.isEmpty)
    #expect(run.output.isEmpty)
  }

  @Test("64: a faulty metadata or overlay file, with the place, and no report")
  func faultyFiles() throws {
    let folder = try TemporaryFolder()
    try folder.write("m.yaml", "name: a\nlicense-of-mine: b\n")
    for option in ["--metadata", "--profile"] {
      let run = try Tool.run(
        ["validate", Tool.base("bert"), option, folder["m.yaml"], "--json", folder["r.json"]])
      #expect(run.status == 64)
      #expect(run.error.contains("m.yaml"))
    }
    #expect(try folder.entries == ["m.yaml"])
  }

  @Test("74: what is missing, or no file at all")
  func missing() throws {
    let folder = try TemporaryFolder()
    try folder.pipe("pipe")
    for path in [folder["none"], folder["pipe"], "/dev/null", folder["none"] + "/inner"] {
      #expect(try Tool.status(path) == 74, "\(path)")
    }
    let bert = Tool.base("bert")
    #expect(try Tool.run(["validate", bert, "--metadata", folder["none"]]).status == 74)
    #expect(try Tool.run(["inspect", folder["none"]]).status == 74)
    #expect(try Tool.run(["convert", folder["none"], folder["o.pmr"]]).status == 74)
  }

  @Test("74: an output that cannot be written, of which nothing is left")
  func unwritable() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder["taken"], withIntermediateDirectories: false)
    for output in [folder["none/r"], folder["taken"]] {
      for option in ["--json", "--junit"] {
        let run = try Tool.run(["validate", Tool.base("bert"), option, output])
        #expect(run.status == 74, "\(option) \(output)")
        #expect(run.error.contains(output))
      }
    }
    #expect(try folder.entries == ["taken"])
  }

  @Test("The first that applies of 64, 70, 74, 3, 1, 2, 0 over all samples, whatever their order")
  func precedence() throws {
    let folder = try TemporaryFolder()
    try folder.write("text", foreign)
    try folder.write("m.gguf", Array("GGUF".utf8) + [3, 0, 0, 0] + Array(repeating: 0, count: 16))
    let (missing, text, gguf) = (folder["none"], folder["text"], folder["m.gguf"])
    let (fails, passes) = (Tool.base("bert"), Tool.base("native-bert/model.pmr"))
    let level = ["--level", "syntax"]
    for (paths, status) in [
      ([passes, gguf, fails, text, missing], 74), ([passes, gguf, fails, text], 3),
      ([passes, gguf, fails], 1),
      ([passes, gguf], 2), ([passes, passes], 0),
    ] as [([String], Int32)] {
      #expect(try Tool.run(["validate", "--quiet"] + paths + level).status == status)
      #expect(try Tool.run(["validate", "--quiet"] + paths.reversed() + level).status == status)
    }
  }
}
