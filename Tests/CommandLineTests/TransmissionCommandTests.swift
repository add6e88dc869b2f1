import Foundation
import Testing

/// `split`, `join` and `fetch` as a script runs them, on packages of the corpus.
@Suite("Transmission on the command line")
struct TransmissionCommandTests {
  static let package = Tool.base("package-small") + "/model.pmp"
  static let segments = Tool.base("segments-several")

  @Test("A package as segments, and back")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let split = try Tool.run(["split", Self.package, folder["s"], "--segment-size", "1"])
    #expect(split.status == 0 && split.output.isEmpty)
    #expect(
      try Set(FileManager.default.contentsOfDirectory(atPath: folder["s"])) == [
        "00000000.pms", "manifest.pmm",
      ])
    #expect(try Tool.run(["join", folder["s"], folder["out.pmp"], "--quiet"]).error.isEmpty)
    #expect(FileManager.default.contentsEqual(atPath: folder["out.pmp"], andPath: Self.package))
    #expect(try folder.entries == ["out.pmp", "s"])
    for arguments in [["split", Self.package, folder["s"]], ["join", folder["s"], folder["out.pmp"]]] {
      #expect(try Tool.run(arguments).status == 74)
    }
  }

  @Test("What the second implementation wrote, whole and by selection")
  func ofTheOracle() throws {
    let folder = try TemporaryFolder()
    #expect(try Tool.run(["join", Self.segments, folder["out.pmp"]]).status == 0)
    let again = try Tool.run(["split", folder["out.pmp"], folder["s"], "--segment-size", "1"])
    #expect(again.status == 0)
    for name in try FileManager.default.contentsOfDirectory(atPath: Self.segments) {
      #expect(
        FileManager.default.contentsEqual(atPath: Self.segments + "/" + name, andPath: folder["s/" + name]))
    }
    #expect(try Tool.run(["fetch", Self.segments, folder["part"], "--select", "*.json"]).status == 0)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder["part"]).allSatisfy { $0.hasSuffix(".json") }
    )
  }

  @Test("A damaged segment keeps no others, and OUT does not appear")
  func damaged() throws {
    let folder = try TemporaryFolder()
    let sent = try folder.copy("segments-several", as: "s")
    var bytes = try folder.bytes("s/00000001.pms")
    bytes[500_000] ^= 1
    try folder.write("s/00000001.pms", bytes)
    let refused = try Tool.run(["join", sent, folder["out.pmp"], "--lang", "en"])
    #expect(refused.status == 1)
    #expect(refused.error.contains("00000001.pms"))
    #expect(!FileManager.default.fileExists(atPath: folder["out.pmp"]))
    bytes[500_000] ^= 1
    try folder.write("s/00000001.pms", bytes)
    try FileManager.default.removeItem(atPath: folder["s/00000000.pms"])
    // The first is held already, so that nobody misses it.
    #expect(try Tool.run(["join", sent, folder["out.pmp"]]).status == 0)
    #expect(!FileManager.default.fileExists(atPath: folder["out.pmp.fetch"]))
  }

  @Test("Signatures that are required")
  func trust() throws {
    let folder = try TemporaryFolder()
    for (base, status) in [("package-small", 1), ("package-signed", 0)] as [(String, Int32)] {
      #expect(try Tool.run(["split", Tool.base(base) + "/model.pmp", folder["s-" + base]]).status == 0)
      let run = try Tool.run([
        "join", folder["s-" + base], folder[base + ".pmp"], "--trust", Tool.base("test-only/institute.yaml"),
      ])
      #expect(run.status == status, "\(run.error)")
      #expect(FileManager.default.fileExists(atPath: folder[base + ".pmp"]) == (status == 0))
    }
  }

  @Test(
    "Wrong usage, and what is not there",
    arguments: [
      (["split", package, "x", "--segment-size", "3"], 64), (["split", package, "x", "--jobs", "0"], 64),
      (["split", "/none", "x"], 74), (["join", "/none", "x"], 74), (["join", base, "x"], 74),
      (["fetch", segments, "/none/x"], 74), (["fetch", segments, "/tmp/x", "--select", "partition:0/2"], 2),
      (["fetch", "http://127.0.0.1:9/none.pmp", "/tmp"], 74),
    ] as [([String], Int32)])
  func usage(arguments: [String], status: Int32) throws {
    #expect(try Tool.run(arguments).status == status)
  }

  static let base = Tool.base("package-small")

  @Test("Killed again and again, it goes on where it was", .timeLimit(.minutes(2)))
  func killed() throws {
    let folder = try TemporaryFolder()
    let source = try folder.copy("segments-several", as: "s")
    for delay in [0, 500, 1000, 2000, 4000, 8000, 16000, 32000] {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: Tool.path)
      process.arguments = ["join", source, folder["out.pmp"], "--quiet"]
      process.standardError = FileHandle.nullDevice
      try process.run()
      usleep(useconds_t(delay))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      let isThere = FileManager.default.fileExists(atPath: folder["out.pmp"])
      if isThere { break }
    }
    if !FileManager.default.fileExists(atPath: folder["out.pmp"]) {
      #expect(try Tool.run(["join", source, folder["out.pmp"]]).status == 0)
    }
    #expect(try Tool.run(["join", Self.segments, folder["whole.pmp"]]).status == 0)
    #expect(FileManager.default.contentsEqual(atPath: folder["out.pmp"], andPath: folder["whole.pmp"]))
  }
}
