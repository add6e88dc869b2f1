import Foundation
import Testing

/// `pack`, `unpack`, `sign`, `verify` and `inspect` of packages as a script runs them.
@Suite("Packages on the command line")
struct PackageCommandTests {
  static let policy = Tool.base("test-only/institute.yaml")

  private static func report(_ run: Tool.Run) throws -> [String: Any] {
    let value = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
    return try #require(value as? [String: Any], "\(run.output)")
  }

  private static func keys(_ report: [String: Any]) -> [String] {
    (report["findings"] as? [[String: Any]] ?? []).compactMap { $0["requirement"] as? String }
  }

  private static func identifiers(_ report: [String: Any]) -> [String] {
    (report["units"] as? [[String: Any]] ?? []).compactMap { $0["identifier"] as? String }
  }

  @Test("What each command says for programs")
  func reports() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder["m"], withIntermediateDirectories: false)
    try folder.write("m/config.json", Array("{}".utf8))
    try folder.write("m/a.safetensors", [UInt8](repeating: 7, count: 1_048_577))
    let (package, directory) = (folder["m.pmp"], folder["out"])
    let packed = try Self.report(
      try Tool.run(["pack", folder["m"], package, "--json", "-", "--quiet"]))
    #expect(packed["command"] as? String == "pack" && packed["verdict"] as? String == "pass")
    #expect(packed["path"] as? String == package && packed["suite"] as? String == "none")
    let size = try FileManager.default.attributesOfItem(atPath: package)[.size] as? Int
    #expect(packed["bytes"] as? Int == size)
    #expect(Self.identifiers(packed) == ["", "config.json", "a.safetensors"])
    let unit = try #require((packed["units"] as? [[String: Any]])?.last)
    #expect(unit["length"] as? Int == 1_048_577 && unit["chunks"] as? Int == 2)
    #expect(unit["type"] as? String == "parameters" && unit["flags"] as? [String] == ["critical"])

    let verified = try Self.report(try Tool.run(["verify", package, "--json", "-"]))
    let inspected = try Self.report(try Tool.run(["inspect", package, "--json", "-"]))
    for report in [verified, inspected] {
      for key in ["content_root", "package_root", "profile", "version"] {
        #expect(report[key] as? String != nil, "\(key)")
        if packed[key] != nil { #expect(report[key] as? String == packed[key] as? String) }
      }
      #expect(
        NSArray(array: report["units"] as? [Any] ?? []) == NSArray(array: packed["units"] as? [Any] ?? []))
    }
    #expect(inspected["verdict"] == nil && inspected["findings"] == nil)
    let unpacked = try Self.report(try Tool.run(["unpack", package, directory, "--json", "-"]))
    let output = try #require(unpacked["output"] as? [String: Any])
    #expect(output["files"] as? Int == 2 && output["bytes"] as? Int == 1_048_579)
    // The destination is there now.
    let again = try Tool.run(["unpack", package, directory, "--json", "-"])
    #expect(again.status == 74)
    #expect(try Self.report(again)["verdict"] as? String == "error")
    #expect(try Self.report(again)["reason"] as? [String: String] != nil)
  }

  @Test("What is wrong, and what signatures are worth, for programs")
  func findings() throws {
    let folder = try TemporaryFolder()
    let small = Tool.base("package-small") + "/model.pmp"
    let signed = Tool.base("package-signed") + "/model.pmp"
    let unsigned = try Tool.run([
      "verify", small, "--trust", Self.policy, "--json", "-", "--at", "2026-10-01",
    ])
    #expect(unsigned.status == 1)
    let report = try Self.report(unsigned)
    #expect(report["verdict"] as? String == "fail" && Self.keys(report) == ["P8.2-068"])
    #expect((report["findings"] as? [[String: Any]])?.first?["kind"] as? String == "violation")
    #expect(report["trust"] as? [String: Int] == ["required": 1, "counted": 0])
    let trusted = try Self.report(
      try Tool.run(["verify", signed, "--trust", Self.policy, "--json", "-", "--at", "2026-10-01"]))
    #expect(trusted["trust"] as? [String: Int] == ["required": 1, "counted": 1])
    #expect((trusted["signatures"] as? [[String: Any]])?.compactMap { $0["worth"] as? String } == ["counts"])
    let unknown = try Self.report(try Tool.run(["verify", signed, "--json", "-"]))
    #expect((unknown["signatures"] as? [[String: Any]])?.compactMap { $0["worth"] as? String } == ["unknown"])
    #expect(unknown["trust"] == nil)

    var bytes = try Array(Data(contentsOf: URL(filePath: small)))
    bytes[200] ^= 1
    try folder.write("bad.pmp", bytes)
    for command in [["verify", folder["bad.pmp"]], ["unpack", folder["bad.pmp"], folder["x"]]] {
      let run = try Tool.run(command + ["--json", folder["report.json"], "--quiet"])
      #expect(run.status == 1 && run.output.isEmpty)
      let value = try JSONSerialization.jsonObject(with: Data(folder.bytes("report.json")))
      #expect(Self.keys(try #require(value as? [String: Any])).count == 1)
    }
    let absent = try Tool.run(["verify", folder["none.pmp"], "--json", "-"])
    #expect(absent.status == 74)
    #expect(try Self.report(absent)["verdict"] as? String == "error")
  }

  @Test("A signature, inside and apart")
  func signing() throws {
    let folder = try TemporaryFolder()
    let key = Tool.base("test-only/test-ed25519.pem")
    let package = try folder.copy("package-small/model.pmp", as: "m.pmp")
    let apart = try Self.report(
      try Tool.run(["sign", package, "--key", key, "--detached", folder["sig"], "--json", "-", "--quiet"]))
    #expect(
      (apart["signatures"] as? [[String: Any]])?.compactMap { $0["file"] as? String } == [folder["sig"]])
    for _ in 1...2 {
      let inside = try Self.report(try Tool.run(["sign", package, "--key", key, "--json", "-", "--quiet"]))
      #expect((inside["signatures"] as? [Any])?.count == 1)
      #expect(inside["content_root"] as? String == apart["content_root"] as? String)
      #expect(inside["package_root"] == nil)
    }
  }

  @Test("A package is not written into what it is made of")
  func outputAmongInputs() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder["m"], withIntermediateDirectories: false)
    try folder.write("m/config.json", Array("{}".utf8))
    try folder.link("link", to: folder["m"])
    for output in ["m/out.pmp", "m/config.json", "link/out.pmp", "m/../m/out.pmp"] {
      for input in [folder["m"], folder["link"]] {
        let run = try Tool.run(["pack", input, folder[output], "--lang", "en"])
        #expect(run.status == 64, "\(output)")
        #expect(try folder.bytes("m/config.json") == Array("{}".utf8))
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder["m"]) == ["config.json"])
    #expect(try Tool.run(["pack", folder["m/config.json"], folder["m/config.json"]]).status == 64)
    // Beside a file that is packed alone nothing is in the way.
    #expect(try Tool.run(["pack", folder["m/config.json"], folder["m/out.pmp"]]).status == 0)
    #expect(try Tool.run(["pack", folder["m"], folder["mm.pmp"]]).status == 0)
    #expect(try Tool.run(["pack", folder["m"], "-", "--json", "-"]).status == 64)
  }

  @Test("`--read structure` leaves the files of a package unread")
  func structure() throws {
    let folder = try TemporaryFolder()
    var bytes = try Array(Data(contentsOf: URL(filePath: Tool.base("package-small") + "/model.pmp")))
    let whole = try Tool.run(["inspect", Tool.base("package-small") + "/model.pmp", "--json", "-"])
    let units = try #require(try Self.report(whole)["units"] as? [[String: Any]])
    let last = try #require(units.last)
    // The last byte of the last file, which no header lies in.
    let payload = try #require(last["offset"] as? Int) + 64
    bytes[(payload + 63) / 64 * 64 + (try #require(last["length"] as? Int)) - 1] ^= 1
    try folder.write("bad.pmp", bytes)
    func verdicts(_ arguments: [String]) throws -> [String: String] {
      let run = try Tool.run(["validate", folder["bad.pmp"], "--json", "-"] + arguments)
      let samples = try #require(try Self.report(run)["samples"] as? [[String: Any]])
      let results = try #require(samples.first?["results"] as? [[String: Any]])
      return Dictionary(
        results.compactMap { result in
          guard let id = result["requirement"] as? String, let verdict = result["verdict"] as? String else {
            return nil
          }
          return (id, verdict)
        }, uniquingKeysWith: { first, _ in first })
    }
    #expect(try verdicts([])["P8.2-030"] == "fail")
    let structure = try verdicts(["--read", "structure"])
    #expect(structure["P8.2-030"] == "not_applicable")
    #expect(structure["P8.2-010"] == "pass" && structure["P8.2-048"] == "pass")
    #expect(!structure.values.contains("error"))
  }
}
