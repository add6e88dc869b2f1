import Foundation
import Packaging
import Storage
import Testing

/// Folders that appear whole or not at all, and signatures that are added later.
@Suite("Unpacking and signing")
struct UnpackingTests {
  /// A folder for a test.
  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "unpacking-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private func unpacking() throws -> Unpacking {
    Unpacking(at: JudgingTime(startOf: try #require(CalendarDay(year: 2026, month: 12, day: 1))))
  }

  private func source(_ bytes: [UInt8]) -> MemoryByteSource { MemoryByteSource(name: "x.pmp", bytes) }

  private func signer() throws -> PackageSigner {
    let pem = """
      -----BEGIN PRIVATE KEY-----
      MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
      -----END PRIVATE KEY-----

      """
    return try PackageSigner(key: SigningKey(pem: Array(pem.utf8)))
  }

  @Test("From a file and from a pipe", arguments: [false, true])
  func roundTrip(pipe: Bool) throws {
    try withFolder { (folder: URL) throws in
      let target = folder.appending(path: "模型").path
      let unpacking = try unpacking()
      let outcome =
        pipe
        ? try unpacking.unpack(PieceStream(OraclePackages.signed, piece: 100), to: target)
        : try unpacking.unpack(source(OraclePackages.signed), to: target)
      #expect(outcome.faults.isEmpty)
      #expect(outcome.fileCount == 4 && outcome.byteCount == 286)
      #expect(outcome.judgement?.signatures.map(\.worth) == [.unknown])
      for (name, bytes) in OraclePackages.files {
        #expect(try Array(Data(contentsOf: URL(filePath: target + "/" + name))) == bytes)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["模型"])
    }
  }

  @Test("Nothing appears of a damaged, cut-off or distrusted package", arguments: [false, true])
  func nothing(pipe: Bool) throws {
    try withFolder { (folder: URL) throws in
      let target = folder.appending(path: "out").path
      var damaged = OraclePackages.unsigned
      damaged[damaged.count - 1] ^= 1
      var demanding = try unpacking()
      demanding.policy = TrustPolicy(signers: [])
      let cases: [(Unpacking, [UInt8], String)] = [
        (try unpacking(), damaged, "package-chunk-digest"),
        (try unpacking(), Array(OraclePackages.unsigned.prefix(1000)), "package-complete"),
        (demanding, OraclePackages.unsigned, "package-signature-present"),
        (demanding, OraclePackages.signed, "package-signature-trusted"),
      ]
      for (unpacking, bytes, code) in cases {
        let outcome =
          pipe
          ? try unpacking.unpack(PieceStream(bytes, piece: 64), to: target)
          : try unpacking.unpack(source(bytes), to: target)
        #expect(outcome.faults.entries.map(\.code) == [code])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
      }
    }
  }

  @Test("An existing destination is left alone")
  func existing() throws {
    try withFolder { (folder: URL) throws in
      let fault = #expect(throws: Fault.self) {
        try unpacking().unpack(source(OraclePackages.unsigned), to: folder.path)
      }
      #expect(fault?.kind == .system)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    }
  }

  @Test("Encrypted files need a key, and come out with it")
  func encrypted() throws {
    let workshop = try KeyWorkshop.shared.get()
    var packing = Packing()
    packing.recipients = [try Recipient(pem: workshop.bytes("sm2.pub"))]
    let package = try PackingTests.packed(PackingTests.folder, packing)
    try withFolder { (folder: URL) throws in
      let target = folder.appending(path: "out").path
      let refused = try unpacking().unpack(source(package), to: target)
      #expect(refused.faults.entries.map(\.code) == ["package-recipient-found"])
      #expect(refused.faults.entries.map(\.kind) == [.unsupported])
      var wrong = try unpacking()
      wrong.key = try RecipientKey(pem: workshop.bytes("p256.pem"))
      #expect(try wrong.unpack(source(package), to: target).faults.entries.map(\.kind) == [.malformed])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
      var right = try unpacking()
      right.key = try RecipientKey(pem: workshop.bytes("sm2.pem"))
      #expect(try right.unpack(source(package), to: target).faults.isEmpty)
      #expect(try Array(Data(contentsOf: URL(filePath: target + "/词表/词.txt"))) == Array("中\n文\n".utf8))
    }
  }

  @Test("Signing gives what packing with the key gives, and the same once more")
  func signing() throws {
    try withFolder { (folder: URL) throws in
      let path = folder.appending(path: "x.pmp").path
      try Data(OraclePackages.unsigned).write(to: URL(filePath: path))
      for _ in 0..<2 {
        let source = try FileByteSource(path: path, name: "x.pmp")
        let scan = try PackageScan.scan(source)
        let output = try AtomicFile(path)
        try PackageSigning.write(scan, of: source, signedBy: signer(), to: output)
        try output.commit()
        #expect(try Array(Data(contentsOf: URL(filePath: path))) == OraclePackages.signed)
      }
      let scan = try PackageScan.scan(source(OraclePackages.unsigned))
      let detached = try PackageSigning.detached(scan, signedBy: signer())
      let signed = try PackageScan.scan(source(OraclePackages.signed))
      #expect(detached == signed.signatures.first?.payload.signature)
    }
  }

  @Test("Signatures by keys of each kind stand beside each other, with certificates or bare")
  func severalSignatures() throws {
    let workshop = try KeyWorkshop.shared.get()
    try withFolder { (folder: URL) throws in
      let path = folder.appending(path: "x.pmp").path
      try Data(OraclePackages.signed).write(to: URL(filePath: path))
      for name in ["p256", "sm2", "other"] {
        let source = try FileByteSource(path: path, name: "x.pmp")
        let chain = name == "other" ? nil : try CertificateChain(pem: workshop.bytes("\(name).crt"))
        let signer = try PackageSigner(
          key: SigningKey(pem: workshop.bytes("\(name).pem")), certificates: chain)
        let output = try AtomicFile(path)
        try PackageSigning.write(try PackageScan.scan(source), of: source, signedBy: signer, to: output)
        try output.commit()
      }
      let bytes = try Array(Data(contentsOf: URL(filePath: path)))
      let scan = try PackageScan.scan(source(bytes))
      #expect(PackageScanTests.findings(scan) == [])
      #expect(scan.signatures.map(\.isValid) == [true, true, true, true])
      #expect(Set(scan.signatures.compactMap { $0.signer?.algorithm }).count == 3)
      let unsigned = try PackageScan.scan(source(OraclePackages.unsigned))
      #expect(scan.contentRoot == unsigned.contentRoot)
    }
  }

  @Test("A file of more than four gibibytes")
  func large() throws {
    let size: UInt64 = 4 << 30 + 7
    let sink = SparseSink()
    var packing = Packing()
    packing.jobs = 2
    try packing.write(PackagePlan(names: ["x.bin"]), from: ZeroTree(size: size), to: sink)
    let package = SparseSource(sink)
    #expect(package.size > size)
    let scan = try PackageScan.scan(package, PackageScan.Options(jobs: 2))
    #expect(scan.faults.isEmpty)
    #expect(scan.files.map(\.length) == [size])
    let file = try PackageTree(package).open("x.bin")
    #expect(try file.bytes(at: size - 7, count: 7) == Array(repeating: 0, count: 7))
  }
}

/// A tree whose files are zeros.
private struct ZeroTree: FileTree {
  let size: UInt64

  func names(_ faults: inout FaultLog) throws(Fault) -> [String] { ["x.bin"] }
  func contains(_ name: String) -> Bool { name == "x.bin" }
  func open(_ name: String) throws(Fault) -> any ByteSource { Zeros(name: name, size: size) }

  private struct Zeros: ByteSource {
    let name: String
    let size: UInt64

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(Fault) {
      _ = buffer.initializeMemory(as: UInt8.self, repeating: 0)
    }
  }
}

/// Keeps what is written, but for chunks that are zero.
private final class SparseSink: PackageSink {
  fileprivate var parts: [(offset: UInt64, bytes: [UInt8])] = []
  fileprivate var size: UInt64 = 0

  func append(_ bytes: UnsafeRawBufferPointer) throws(Fault) {
    if bytes.count < 1 << 20 { parts.append((size, Array(bytes))) }
    size += UInt64(bytes.count)
  }
}

private struct SparseSource: ByteSource {
  let name = "x.pmp"
  let size: UInt64
  private let parts: [(offset: UInt64, bytes: [UInt8])]

  init(_ sink: SparseSink) {
    size = sink.size
    parts = sink.parts
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(Fault) {
    _ = buffer.initializeMemory(as: UInt8.self, repeating: 0)
    let end = offset + UInt64(buffer.count)
    for part in parts where part.offset < end && part.offset + UInt64(part.bytes.count) > offset {
      let first = max(offset, part.offset)
      let last = min(end, part.offset + UInt64(part.bytes.count))
      let bytes = part.bytes[Int(first - part.offset)..<Int(last - part.offset)]
      UnsafeMutableRawBufferPointer(rebasing: buffer[Int(first - offset)...]).copyBytes(from: bytes)
    }
  }
}
