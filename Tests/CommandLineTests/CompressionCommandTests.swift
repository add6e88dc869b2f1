import Foundation
import Testing

@Suite("compress, decompress, compare") struct CompressionCommandTests {
  private static let eightBits = """
    steps:
      - method: uniform-quantization
        targets: {include: ["*.weight"], least-dims: 2}
        settings: {bits: 8}
      - method: entropy-coding
        targets: {include: ["*.weight"], least-dims: 2}
    """

  private func compressed(_ folder: TemporaryFolder, _ recipe: String, _ more: String...) throws -> Tool.Run {
    try folder.write("r.yaml", recipe)
    return try Tool.run(
      ["compress", Tool.base("bert"), folder["out"], "--recipe", folder["r.yaml"], "--lang", "en"] + more)
  }

  @Test("What is compressed is judged, decoded and compared")
  func wholeWay() throws {
    let folder = try TemporaryFolder()
    try folder.write("m.yaml", fullMetadata)
    let run = try compressed(folder, Self.eightBits, "--metadata", folder["m.yaml"])
    #expect(run.status == 0, "\(run.error)")
    #expect(try Tool.status(folder["out"] + "/model.pmr") == 0)
    let decoded = try Tool.run(["decompress", folder["out"] + "/model.pmr", folder["d.safetensors"]])
    #expect(decoded.status == 0, "\(decoded.error)")
    #expect(try folder.entries.contains("d.safetensors"))
    let compared = try Tool.run(["compare", Tool.base("bert"), folder["out"] + "/model.pmr", "--json", "-"])
    #expect(compared.status == 0, "\(compared.output) \(compared.error)")
    #expect(compared.output.contains("\"comparison\""))
  }

  @Test("The bytes do not depend on the number of jobs")
  func sameBytes() throws {
    let (one, other) = (try TemporaryFolder(), try TemporaryFolder())
    #expect(try compressed(one, Self.eightBits, "--jobs", "1").status == 0)
    #expect(try compressed(other, Self.eightBits, "--jobs", "3").status == 0)
    for name in ["model.pmr", "model.parameters.bin", "model.compression.json"] {
      #expect(try one.bytes("out/\(name)") == other.bytes("out/\(name)"), "\(name)")
    }
  }

  @Test("A changed level is found, with the tensor's name")
  func damage() throws {
    let folder = try TemporaryFolder()
    let plain =
      "steps:\n  - method: uniform-quantization\n    targets: {least-dims: 2}\n    settings: {bits: 8}\n"
    #expect(try compressed(folder, plain).status == 0)
    // The matrices take almost all of the file: one level in the middle becomes another.
    var bytes = try folder.bytes("out/model.parameters.bin")
    bytes[bytes.count / 2] ^= 0x7F
    try folder.write("out/model.parameters.bin", bytes)
    let compared = try Tool.run(["compare", Tool.base("bert"), folder["out"] + "/model.pmr", "--lang", "en"])
    #expect(compared.status == 1, "\(compared.output) \(compared.error)")
  }

  @Test("An output that exists, a faulty recipe, a missing file: said, and nothing is written")
  func refusals() throws {
    let folder = try TemporaryFolder()
    #expect(try compressed(folder, "steps: [{method: magic}]").status == 64)
    #expect(try folder.entries == ["r.yaml"])
    try FileManager.default.createDirectory(atPath: folder["out"], withIntermediateDirectories: false)
    #expect(try compressed(folder, Self.eightBits).status == 74)
    let run = try Tool.run(["decompress", folder["absent"], folder["d.safetensors"]])
    #expect(run.status == 74)
    #expect(try folder.entries == ["out", "r.yaml"])
  }
}
