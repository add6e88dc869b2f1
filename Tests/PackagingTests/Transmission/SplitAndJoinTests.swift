import Glibc
import Storage
import Synchronization
import Testing

@testable import Packaging

@Suite("Splitting, receiving and joining")
struct SplitAndJoinTests {
  static func split(_ chunks: UInt32, into folder: TransferFolder) throws -> Manifest {
    var splitting = Splitting()
    splitting.chunks = chunks
    splitting.jobs = 3
    return try splitting.split(
      MemoryByteSource(name: "package", SentPackage.usual), packageRoot: SentPackage.root,
      into: folder["sent"])
  }

  static func accept(_: String) throws(Fault) {}

  @Test("A folder of segments, and the package again")
  func roundTrip() throws {
    let folder = try TransferFolder()
    let manifest = try Self.split(2, into: folder)
    let sent = try Sent(SentPackage.usual, chunks: 2)
    #expect(manifest == sent.manifest)
    for (name, bytes) in sent.files { #expect(try folder.bytes("sent/" + name) == bytes) }
    #expect(code { _ = try Self.split(2, into: folder) } == "transfer-destination-free")
    var faults = FaultLog()
    let tree = DirectoryTree(root: folder["sent"])
    let package = try SegmentFolder.check(tree, &faults)
    #expect(faults.isEmpty)
    #expect(try #require(package).bytes(at: 0, count: SentPackage.usual.count) == SentPackage.usual)
    let joined = try Joining().join(tree, to: folder["out.pmp"], &faults, verify: Self.accept)
    #expect(joined && faults.isEmpty)
    #expect(try folder.bytes("out.pmp") == SentPackage.usual)
    #expect(!folder.exists("out.pmp.fetch"))
    #expect(
      code { _ = try Joining().join(tree, to: folder["out.pmp"], &faults, verify: Self.accept) }
        == "transfer-destination-free")
  }

  @Test(
    "One damaged byte, one finding",
    arguments: [
      ("manifest.pmm", 3, "manifest-format-first", 0), ("manifest.pmm", 30, "manifest-digest", 184),
      ("00000001.pms", 0, "segment-format-first", 0), ("00000001.pms", 9, "segment-version-of-manifest", 8),
      ("00000001.pms", 13, "segment-proof", 12), ("00000001.pms", 20, "segment-identity", 16),
      ("00000002.pms", 50, "segment-sequence-in-range", 48), ("00000000.pms", 57, "segment-offset", 56),
      ("00000000.pms", 65, "segment-length", 64), ("00000000.pms", 80, "segment-proof", 72),
      ("00000000.pms", 120, "segment-proof", 104), ("00000000.pms", 168, "segment-digest", 168),
      ("00000002.pms", 1_061_056, "segment-digest", 136),
    ] as [(String, Int, String, UInt64)])
  func damagedByte(file: String, at: Int, code: String, offset: UInt64) throws {
    var files = try Sent(SentPackage.usual, chunks: 2).files
    files[file]?[at] ^= 0x10
    var faults = FaultLog()
    #expect(try SegmentFolder.check(MemoryTree(files), &faults) == nil)
    #expect(faults.entries.map(\.code) == [code])
    let occurrences = faults.entries.first?.occurrences
    #expect(occurrences?.count == 1)
    #expect(occurrences?.first.place == Place(file, offset: offset))
  }

  @Test("Missing, misnamed, foreign and other files")
  func files() throws {
    let sent = try Sent(SentPackage.usual, chunks: 1)
    var files = sent.files
    files["00000001.pms"] = nil
    files["00000002.pms"] = sent.segments[3]
    files["00000004.pms"] = try Sent(Array(SentPackage.usual.reversed()), chunks: 1).segments[4]
    files["00000005.pms"]?.append(0)
    files["00000006.pms"] = sent.segments[0]
    files["read.me"] = []
    var faults = FaultLog()
    #expect(try SegmentFolder.check(MemoryTree(files), &faults) == nil)
    let found = faults.entries.flatMap { entry in
      ([entry.occurrences.first] + entry.occurrences.others).map {
        [entry.code, $0.place.file, $0.actual ?? ""]
      }
    }
    #expect(
      found == [
        ["segments-alone", "00000006.pms", "00000006.pms"], ["segments-alone", "read.me", "read.me"],
        ["segments-all-present", "00000001.pms", "00000001.pms"], ["segment-file-name", "00000002.pms", "3"],
        ["segment-identity", "00000004.pms", ""],
        ["segment-nothing-after", "00000005.pms", "\(sent.segments[5].count + 1)"],
      ])
  }

  @Test("A package root that the package does not have, and a later minor version")
  func packageRoot() throws {
    let sent = try Sent(SentPackage.usual, chunks: 4)
    var bytes = Array(sent.offer.dropLast(32))
    bytes[24] ^= 1
    var files = sent.files
    files["manifest.pmm"] = bytes + (try HashTree.manifest(bytes)).bytes
    var faults = FaultLog()
    _ = try SegmentFolder.check(MemoryTree(files), &faults)
    #expect(faults.entries.map(\.code) == ["manifest-package-root"])
    let folder = try TransferFolder()
    #expect(
      code { _ = try Joining().join(MemoryTree(files), to: folder["out"], &faults, verify: Self.accept) }
        == "manifest-package-root")
    #expect(!folder.exists("out") && !folder.exists("out.fetch"))
    bytes[24] ^= 1
    bytes[10] = 1
    files["manifest.pmm"] = bytes + (try HashTree.manifest(bytes)).bytes
    for sequence in sent.segments.indices { files[SegmentName.file(UInt64(sequence))]?[10] = 1 }
    faults = FaultLog()
    #expect(try SegmentFolder.check(MemoryTree(files), &faults) != nil)
    #expect(faults.entries.map(\.code) == ["manifest-minor-version-known"])
  }

  @Test("Any order, twice, damaged, foreign, and a new process after each", arguments: 0..<4 as Range<UInt64>)
  func anyOrder(seed: UInt64) throws {
    let folder = try TransferFolder()
    let sent = try Sent(SentPackage.usual, chunks: 1)
    let foreign = try Sent(Array(SentPackage.usual.reversed()), chunks: 1)
    var random = Randomness(seed)
    let order = (sent.segments.indices.flatMap { [$0, $0, $0] }).shuffled(using: &random)
    var held: Set<Int> = []
    for number in order {
      let receiver = try SegmentReceiver(sent.offer, to: folder["out"])
      #expect(receiver.missing == sent.segments.indices.filter { !held.contains($0) }.map(UInt64.init))
      #expect(
        code { try receiver.finish(Self.accept) } == (held.count == 6 ? nil : "transfer-segments-all-held"))
      if held.count == 6 { break }
      var damaged = sent.segments[number]
      damaged[damaged.count - 1 - Int.random(in: 0..<1000, using: &random)] ^= 4
      let source = MemoryByteSource(name: "damaged", damaged)
      // What is held is not looked at again, so that its damaged repetition is dropped like any other.
      #expect(code { _ = try receiver.receive(source) } == (held.contains(number) ? nil : "segment-digest"))
      #expect(
        code { _ = try receiver.receive(MemoryByteSource(name: "foreign", foreign.segments[number])) }
          == "segment-identity")
      let again = held.contains(number)
      #expect(try receiver.receive(MemoryByteSource(name: "good", sent.segments[number])) == !again)
      held.insert(number)
      #expect(!folder.exists("out"))
      #expect(receiver.state == .transferring)
    }
    if !folder.exists("out") { try SegmentReceiver(sent.offer, to: folder["out"]).finish(Self.accept) }
    #expect(try folder.bytes("out") == sent.package)
    #expect(!folder.exists("out.fetch"))
  }

  @Test("A page that the disk lost is fetched again, and another offer is refused")
  func lostPage() throws {
    let folder = try TransferFolder()
    let sent = try Sent(SentPackage.usual, chunks: 1)
    do {
      let receiver = try SegmentReceiver(sent.offer, to: folder["out"])
      for segment in sent.segments { _ = try receiver.receive(MemoryByteSource(name: "s", segment)) }
      #expect(
        code { _ = try SegmentReceiver(sent.offer, to: folder["out"]) } == "transfer-destination-unlocked")
    }
    try OpenFile(folder["out.fetch/package"], O_WRONLY).write(Array("torn".utf8), at: 3 * 1_048_576 + 5)
    #expect(try SegmentReceiver(sent.offer, to: folder["out"]).missing == [3])
    let other = try Sent(Array(SentPackage.usual.reversed()), chunks: 1)
    #expect(code { _ = try SegmentReceiver(other.offer, to: folder["out"]) } == "transfer-offer-unchanged")
    // Another cut of the same package is the same offer.
    let cut = try SegmentReceiver(Sent(SentPackage.usual, chunks: 2).offer, to: folder["out"])
    #expect(cut.missing == [1])
  }

  @Test("A package that is refused leaves nothing, one that cannot be read stays")
  func refused() throws {
    let folder = try TransferFolder()
    let tree = MemoryTree(try Sent(SentPackage.usual, chunks: 2).files)
    var faults = FaultLog()
    let system = code {
      _ = try Joining().join(tree, to: folder["out"], &faults) { path throws(Fault) in
        throw Fault(FileFault.readable, .system, at: Place(path))
      }
    }
    #expect(system == "sample-files-readable")
    #expect(!folder.exists("out") && folder.exists("out.fetch/package"))
    let refusal = code {
      _ = try Joining().join(tree, to: folder["out"], &faults) { path throws(Fault) in
        throw Fault(PackageFault.endRoot, at: Place(path))
      }
    }
    #expect(refusal == "package-end-root")
    #expect(!folder.exists("out") && !folder.exists("out.fetch"))
  }

  @Test("Segments that do not verify keep no others from being held")
  func mended() throws {
    let folder = try TransferFolder()
    let sent = try Sent(SentPackage.usual, chunks: 1)
    var files = sent.files
    files["00000002.pms"]?[5000] ^= 1
    files["00000004.pms"] = nil
    var faults = FaultLog()
    #expect(try !Joining().join(MemoryTree(files), to: folder["out"], &faults, verify: Self.accept))
    #expect(faults.entries.map(\.code) == ["segment-digest", "segments-all-present"])
    #expect(!folder.exists("out"))
    let written = Mutex(0)
    var joining = Joining()
    joining.progress = { count in written.withLock { $0 += count } }
    var none = FaultLog()
    #expect(try joining.join(MemoryTree(sent.files), to: folder["out"], &none, verify: Self.accept))
    #expect(written.withLock { $0 } <= 2 * (HashTree.chunkBytes + 1000))
    #expect(try folder.bytes("out") == sent.package)
  }

  @Test("A kill before any change of the disk, and another one after it, leave nothing that looks complete")
  func kills() throws {
    let package = try SentPackage.bytes(2 * HashTree.chunkBytes + 100)
    let sent = try Sent(package, chunks: 1)
    let tree = MemoryTree(sent.files)
    var ended = false
    var step = 0
    while !ended {
      let folder = try TransferFolder()
      var runs = 0
      // Each run is killed a number of steps after its beginning, until one comes through.
      while !folder.exists("out") {
        let allowance = Mutex(runs == 0 ? step : step + runs)
        runs += 1
        try #require(runs < 40)
        let killed = code {
          let store = try TransferStore(folder["out"]) { () throws(Fault) in
            let goesOn = allowance.withLock { left in
              left -= 1
              return left >= 0
            }
            if !goesOn { throw Fault(OutputFault.writable, .system, at: Place(), actual: "killed") }
          }
          let receiver = try SegmentReceiver(sent.offer, sent.manifest, store, jobs: 1)
          var faults = FaultLog()
          _ = try Joining().join(tree, into: receiver, &faults, verify: Self.accept)
          #expect(faults.isEmpty)
        }
        if killed == nil, runs == 1 { ended = true }
        if folder.exists("out") { #expect(try folder.bytes("out") == package) }
      }
      step += 1
    }
    #expect(step > 8)
  }
}

/// Random numbers that are the same for the same seed (SplitMix64).
struct Randomness: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
