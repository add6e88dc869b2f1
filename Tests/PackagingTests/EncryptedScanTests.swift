import Packaging
import Storage
import Testing

/// Reading an encrypted package with a key: one cause has one finding, with and without it.
@Suite("Encrypted package scan")
struct EncryptedScanTests {
  /// A package of two files, and the key of its recipient.
  private static func package(_ suite: ProtectionSuite) throws -> (bytes: [UInt8], key: RecipientKey) {
    let workshop = try KeyWorkshop.shared.get()
    var packing = Packing()
    packing.suite = suite
    packing.recipients = [try Recipient(pem: workshop.bytes("sm2.pub"))]
    let files: [String: [UInt8]] = ["config.json": Array("{}".utf8), "w.safetensors": [1, 2, 3]]
    return (try PackingTests.packed(files, packing), try RecipientKey(pem: workshop.bytes("sm2.pem")))
  }

  private static func scan(_ bytes: [UInt8], _ key: RecipientKey?) throws -> PackageScan {
    var options = PackageScan.Options()
    if let key { options.receiver = ContentReading(file: "x.pmp", key: key) }
    return try PackageScan.scan(MemoryByteSource(name: "x.pmp", bytes), options)
  }

  @Test(
    "A bit of any byte that is turned over is found once, and the same with a key and without",
    arguments: [ProtectionSuite.aes256GCM, .sm4CTRHMACSM3])
  func everyByte(_ suite: ProtectionSuite) throws {
    let (package, key) = try Self.package(suite)
    #expect(try PackageScanTests.findings(Self.scan(package, key)) == [])
    var odd: [String] = []
    for position in package.indices {
      var damaged = package
      damaged[position] ^= 1 << UInt8(position % 8)
      let found = try PackageScanTests.findings(Self.scan(damaged, key))
      let without = try PackageScanTests.findings(Self.scan(damaged, nil))
      if found.count != 1 || found != without { odd.append("\(position): \(found), \(without)") }
    }
    #expect(odd.count == 0, "\(odd.prefix(10).joined(separator: "\n"))")
  }

  @Test("What damage keeps from being decrypted stays open, and what was decrypted does not")
  func open() throws {
    let (package, key) = try Self.package(.aes256GCM)
    let tags: Set<PackageFault> = [.chunkAuthentic, .chunkInPlace, .finalChunkInPlace]
    #expect(try Self.scan(package, key).open.isDisjoint(with: tags))
    let sound = try Self.scan(package, nil)
    guard let unit = sound.units.first(where: { $0.type == .parameters }) else {
      Issue.record("no unit of parameters")
      return
    }
    var damaged = package
    damaged[Int(unit.payloadOffset)] ^= 1
    #expect(try Self.scan(damaged, key).open.isSuperset(of: tags))
    #expect(try !Self.scan(damaged, key).open.contains(.contentKeyUnwrapped))
    // The trailer's leaf is damaged, and the chunk is what was packed.
    damaged = package
    damaged[Int(unit.end) - 1] ^= 1
    #expect(try Self.scan(damaged, key).open.isDisjoint(with: tags))
    // Before the first encrypted unit nothing needed the key.
    let cut = try Self.scan(Array(package.prefix(Int(sound.units[1].offset))), key)
    #expect(cut.open.isSuperset(of: tags.union([.contentKeyUnwrapped, .contentKeyCommitted])))
  }

  @Test("Without the files, what lies around them is judged alone")
  func structure() throws {
    var options = PackageScan.Options()
    options.skipsContent = true
    func findings(_ bytes: [UInt8]) throws -> [String] {
      let source = MemoryByteSource(name: "x.pmp", bytes)
      return try PackageScanTests.findings(PackageScan.scan(source, options))
    }
    for package in [OraclePackages.unsigned, OraclePackages.signed] {
      let whole = try PackageScanTests.scan(package)
      let source = MemoryByteSource(name: "x.pmp", package)
      let scan = try PackageScan.scan(source, options)
      #expect(scan.faults.isEmpty && scan.isComplete)
      #expect(scan.units == whole.units)
      #expect(scan.contentRoot == whole.contentRoot)
      #expect(scan.signatures.map(\.isValid) == whole.signatures.map(\.isValid))
      for unit in whole.units where unit.length > 0 {
        var damaged = package
        damaged[Int(unit.payloadOffset)] ^= 1
        #expect(try findings(damaged).isEmpty == unit.type.isContent, "\(unit.name)")
        damaged = package
        damaged[Int(unit.offset) + 12] ^= 1
        #expect(try findings(damaged).count == 1, "\(unit.name)")
      }
    }
  }
}
