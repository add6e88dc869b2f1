import Foundation
import Packaging
import Storage
import Testing

/// Writing packages: the bytes of the chapter, and what comes out again.
@Suite("Packing")
struct PackingTests {
  /// Keeps what is written.
  final class MemorySink: PackageSink {
    var bytes: [UInt8] = []
    func append(_ more: UnsafeRawBufferPointer) throws(Fault) { bytes += more }
  }

  static func packed(_ files: [String: [UInt8]], _ packing: Packing = Packing()) throws -> [UInt8] {
    let sink = MemorySink()
    try packing.write(try PackagePlan(names: Array(files.keys)), from: MemoryTree(files), to: sink)
    return sink.bytes
  }

  static func content(_ package: [UInt8], key: RecipientKey? = nil) throws -> [String: [UInt8]] {
    let tree = try PackageTree(MemoryByteSource(name: "x.pmp", package), key: key)
    var faults = FaultLog()
    var files: [String: [UInt8]] = [:]
    for name in try tree.names(&faults) {
      let file = try tree.open(name)
      files[name] = try file.bytes(at: 0, count: Int(file.size))
    }
    return files
  }

  static let folder = Dictionary(uniqueKeysWithValues: OraclePackages.files.map { ($0.name, $0.bytes) })

  @Test("The example of the chapter, byte by byte")
  func example() throws {
    #expect(try Self.packed(["w.safetensors": Array("abc".utf8)]) == OraclePackages.example)
  }

  @Test("The same bytes as the implementation in Python, by any number of jobs", arguments: [1, 2, 5])
  func oracle(jobs: Int) throws {
    var packing = Packing()
    packing.jobs = jobs
    #expect(try Self.packed(Self.folder, packing) == OraclePackages.unsigned)
    let pem = """
      -----BEGIN PRIVATE KEY-----
      MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
      -----END PRIVATE KEY-----

      """
    packing.signer = try PackageSigner(key: SigningKey(pem: Array(pem.utf8)))
    #expect(try Self.packed(Self.folder, packing) == OraclePackages.signed)
  }

  static let edgeSizes = [
    0, 1, 64, 32768, 32769, 65535, 65536, 1 << 20 - 33, 1 << 20 - 32, 1 << 20 - 16, 1 << 20 - 1, 1 << 20,
    1 << 20 + 1, 3 << 20, 5 << 20 + 7,
  ]

  private static func pattern(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 8) }
  }

  @Test("Sizes around chunks and pages come out as they went in", arguments: edgeSizes)
  func sizes(size: Int) throws {
    let files = ["x.bin": Self.pattern(size), "y.bin": Self.pattern(3)]
    var packing = Packing()
    packing.jobs = 3
    let package = try Self.packed(files, packing)
    #expect(try Self.content(package) == files)
    let scan = try PackageScanTests.scan(package, jobs: 3)
    #expect(scan.faults.isEmpty)
    #expect(scan.units[1].payloadOffset % (size >= 65536 ? 4096 : 64) == 0)
    let piped = try PackageScan.scan(PieceStream(package, piece: 99_999), PackageScan.Options(jobs: 2))
    #expect(piped.faults.isEmpty && piped.units == scan.units)
    let file = try PackageTree(MemoryByteSource(name: "x.pmp", package)).open("x.bin")
    for start in [0, size / 3, size - min(size, 5)] {
      let count = min(1 << 20 + 100, size - start)
      #expect(
        try file.bytes(at: UInt64(start), count: count).elementsEqual(files["x.bin"]![start..<start + count]))
    }
  }

  @Test(
    "Encrypted for SM2 and P-256, by both suites", arguments: [ProtectionSuite.aes256GCM, .sm4CTRHMACSM3])
  func encrypted(suite: ProtectionSuite) throws {
    let workshop = try KeyWorkshop.shared.get()
    let files = ["x.bin": Self.pattern(2 << 20), "config.json": Array("{}".utf8), "empty": []]
    var packing = Packing()
    packing.jobs = 2
    packing.suite = suite
    packing.recipients = [
      try Recipient(pem: workshop.bytes("sm2.pub")), try Recipient(pem: workshop.bytes("p256.crt")),
    ]
    let package = try Self.packed(files, packing)
    for name in ["sm2.pem", "p256.pem"] {
      #expect(try Self.content(package, key: RecipientKey(pem: workshop.bytes(name))) == files)
    }
    #expect(throws: Fault.self) {
      try Self.content(package, key: RecipientKey(pem: workshop.bytes("rsa2048.pem")))
    }
    let tree = try PackageTree(MemoryByteSource(name: "x.pmp", package))
    let refusal = #expect(throws: Fault.self) { try tree.open("x.bin") }
    #expect(refusal?.kind == .unsupported)
    let scan = try PackageScanTests.scan(package)
    #expect(scan.faults.isEmpty)
    #expect(scan.files.map { scan.contentLength(of: $0) } == [2, 2 << 20, 0])
    var options = PackageScan.Options(jobs: 2)
    options.receiver = ContentReading(file: "x.pmp", key: try RecipientKey(pem: workshop.bytes("sm2.pem")))
    #expect(try PackageScan.scan(MemoryByteSource(name: "x.pmp", package), options).faults.isEmpty)
  }

  @Test("Names that cannot stand beside each other, and folders without a model, are not packed")
  func refusals() throws {
    for (names, code) in [
      (["a.bin", "A.BIN"], "file-names-distinct"), (["a.bin", "a.bin/b"], "package-names-no-folder"),
      (["../a.bin"], "file-names-safe"), (["README.md"], "package-content-present"),
      ([], "package-content-present"),
    ] {
      let fault = #expect(throws: Fault.self) { try PackagePlan(names: names) }
      #expect(fault?.code == code)
    }
  }

  @Test(
    "The type of a file by its name",
    arguments: [
      ("a.COMPRESSION.json", 4), ("a.pmr", 3), ("a/model.pmr.json", 3), ("m.onnx", 3), ("x/config.json", 3),
      ("adapter_config.json", 3), ("my_config.json", 6), ("model.safetensors.index.json", 3),
      ("w.safetensors", 5), ("pytorch_model.BIN", 5), ("model.onnx_data", 5), ("model.onnx_data_12", 5),
      ("model_onnx_data", 5), ("model.onnx_data_", 6), ("model.onnx_data_1a", 6), ("onnx_data", 6),
      ("w.h5", 5),
      ("tokenizer.json", 6), ("词表.txt", 6), ("config.json/a", 6),
    ])
  func types(name: String, type: UInt16) {
    #expect(UnitIdentifier.type(of: name).rawValue == type)
  }

  @Test("A compression statement marks all parameters as compressed")
  func compressed() throws {
    let package = try Self.packed(["a.compression.json": [1], "w.bin": [2], "notes.md": [3]])
    let scan = try PackageScanTests.scan(package)
    #expect(scan.faults.isEmpty)
    #expect(scan.units.map(\.flags.rawValue) == [1, 1, 5, 0, 1, 1])
  }

  @Test("A hundred thousand files")
  func many() throws {
    var files: [String: [UInt8]] = ["model.safetensors": [1, 2, 3]]
    for number in 0..<100_000 { files["层/\(number).txt"] = Array("\(number)".utf8) }
    let package = try Self.packed(files)
    let scan = try PackageScanTests.scan(package)
    #expect(scan.faults.isEmpty && scan.files.count == 100_001)
    let tree = try PackageTree(MemoryByteSource(name: "x.pmp", package))
    #expect(try tree.open("层/54321.txt").bytes(at: 0, count: 5) == Array("54321".utf8))
  }

  @Test("A file that changes its size while it is packed ends the packing")
  func unstable() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "packing-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "x.bin")
    for change in [1, 3 << 20] {
      try Data(repeating: 7, count: 2 << 20).write(to: path)
      let grows = GrowingSink { try? Data(repeating: 7, count: change).write(to: path) }
      let fault = #expect(throws: Fault.self) {
        try Packing().write(PackagePlan(names: ["x.bin"]), from: DirectoryTree(root: folder.path), to: grows)
      }
      #expect(fault?.code == "files-stable-while-read")
    }
  }

  /// Changes a file in place once the first chunk was written.
  final class GrowingSink: PackageSink {
    private var change: (() -> Void)?
    init(_ change: @escaping () -> Void) { self.change = change }
    func append(_ bytes: UnsafeRawBufferPointer) throws(Fault) {
      guard bytes.count == 1 << 20 else { return }
      change?()
      change = nil
    }
  }
}
