import Foundation
import Testing

/// Input that means harm, or that somebody broke, through the whole tool: an answer, no crash, nothing that reaches a terminal.
@Suite("Hostile input") struct HostileInputTests {
  @Test("A link out of the sample is refused, unless its goal lies below --root or links are to be followed")
  func links() throws {
    let folder = try TemporaryFolder()
    let bert = try folder.copy("bert", as: "bert")
    try FileManager.default.moveItem(atPath: bert + "/model.safetensors", toPath: folder["weights"])
    try FileManager.default.createSymbolicLink(
      atPath: bert + "/model.safetensors", withDestinationPath: "../weights")
    try folder.write("m.yaml", fullMetadata)
    let metadata = ["--metadata", folder["m.yaml"]]
    let refused = try Tool.run(["validate", bert] + metadata)
    #expect(refused.status == 1)
    #expect(refused.output.contains("file-links-inside-root"))
    // What is there and may not be opened is not missing.
    #expect(!refused.output.contains("no model.safetensors"))
    #expect(try Tool.run(["validate", bert, "--follow-links"] + metadata).status == 0)
    #expect(try Tool.run(["validate", bert, "--root", folder.path] + metadata).status == 0)
  }

  @Test("Links in a circle, and a pipe inside a directory, neither hang nor pass")
  func circles() throws {
    let folder = try TemporaryFolder()
    let bert = try folder.copy("bert", as: "bert")
    try folder.link("bert/round", to: "round")
    try folder.link("bert/up", to: "..")
    try folder.pipe("bert/pipe")
    let run = try Tool.run(["validate", bert])
    #expect(run.status == 1)
    #expect(run.output.contains("file-links-inside-root"))
    #expect(run.output.contains("files-regular"))
  }

  @Test(
    "A directory, a pipe or nothing in the place of each file is a finding",
    arguments: ["bert", "llama-sharded"])
  func places(base: String) throws {
    let folder = try TemporaryFolder()
    var samples: [String] = []
    for (number, name) in try FileManager.default.contentsOfDirectory(atPath: Tool.base(base)).enumerated() {
      for (kind, make) in [
        ("directory", { mkdir($0, 0o755) }), ("pipe", { mkfifo($0, 0o644) }), ("nothing", { _ in 0 }),
      ] as [(String, (String) -> Int32)] {
        let sample = try folder.copy(base, as: "\(kind)-\(number)")
        try FileManager.default.removeItem(atPath: sample + "/" + name)
        try #require(make(sample + "/" + name) == 0)
        samples.append(sample)
      }
    }
    let run = try Tool.run(["validate", "--quiet"] + samples)
    #expect(run.status == 1)
    let lines = run.output.split(separator: "\n")
    #expect(lines.count == samples.count)
    #expect(lines.allSatisfy { $0.hasPrefix("FAIL") })
  }

  @Test("No permission to read is an input error, told in both languages", arguments: ["en", "zh"])
  func permission(language: String) throws {
    guard getuid() == 0, FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv") else { return }
    let folder = try TemporaryFolder()
    let bert = try folder.copy("bert", as: "bert")
    chmod(bert + "/model.safetensors", 0)
    let arguments = ["validate", bert, "--lang", language]
    // Where the build itself is out of that user's reach, there is nothing to see.
    guard try Tool.run(["--version"], unprivileged: true).status == 0 else { return }
    let run = try Tool.run(arguments, unprivileged: true)
    #expect(run.status == 74)
    #expect(run.output.contains("sample-files-readable"))
    #expect(run.output.contains("model.safetensors"))
    chmod(bert + "/model.safetensors", 0o644)
    chmod(bert, 0)
    #expect(try Tool.run(arguments, unprivileged: true).status == 74)
    chmod(bert, 0o755)
  }

  @Test("Control characters of names are made visible in every report")
  func controlCharacters() throws {
    let folder = try TemporaryFolder()
    let name = #"a\n\u001b[31mred\u0007\u0000\u009b\u202e\u2028"#
    let header = #"{"\#(name)":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}"#
    let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
    let evil = "evil\n\u{1B}[31m.safetensors"
    for name in [evil, "a.safetensors"] {
      try folder.write(name, length + Array(header.utf8) + Array(repeating: 0, count: 8))
    }
    for (file, language) in [(evil, "en"), (evil, "zh"), ("a.safetensors", "en"), ("a.safetensors", "zh")] {
      let run = try Tool.run(
        [
          "validate", folder[file], "--lang", language, "--json", folder["r.json"], "--junit",
          folder["r.xml"],
        ])
      // A file under such a name is not opened at all.
      #expect(run.status == (file == evil ? 3 : 1))
      for text in [run.output, run.error, try folder.text("r.json"), try folder.text("r.xml")] {
        let hidden = text.unicodeScalars.filter {
          $0 != "\n"
            && ($0.properties.generalCategory == .control || "\u{202E}\u{2028}".unicodeScalars.contains($0))
        }
        #expect(hidden.isEmpty)
      }
    }
    let missing = try Tool.run(["inspect", folder["no\u{1B}[31m"]])
    #expect(!missing.error.utf8.contains(0x1B))
    let explained = try Tool.run(["explain", "\u{1B}[31m"])
    #expect(!explained.error.utf8.contains(0x1B))
    let inspected = try Tool.run(["inspect", folder[evil]])
    #expect(!inspected.output.utf8.contains(0x1B))
    let converted = try Tool.run(["convert", folder[evil], folder["none/\u{1B}[31m.pmr"]])
    #expect(!converted.error.utf8.contains(0x1B))
  }

  @Test("A directory that is not recognised says what in it could not be opened")
  func unrecognisedReason() throws {
    let folder = try TemporaryFolder()
    try folder.link("model.onnx", to: "/etc/passwd")
    let run = try Tool.run(["validate", folder.path])
    #expect(run.status == 3)
    #expect(run.output.contains("file-links-inside-root"))
  }
}
