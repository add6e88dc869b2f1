import Glibc
import Storage
import Synchronization
import Testing

@testable import Packaging

@Suite("Fetching")
struct FetchingTests {
  static let url = "http://example.test/m.pmp"
  static let folderURL = "http://example.test/m/"

  static let handling = PackageHandling(
    verify: { path throws(Fault) in
      let scan = try PackageScan.scan(try FileByteSource(path: path, name: "package"))
      guard let entry = scan.faults.entries.first else { return }
      var fault = Fault(PackageFault.complete, at: entry.occurrences.first.place)
      fault.code = entry.code
      throw fault
    },
    approve: { path throws(Fault) in
      _ = try PackageTree(try FileByteSource(path: path, name: "package"))
    },
    open: { path throws(Fault) in
      try PackageTree(try FileByteSource(path: path, name: "package"))
    })

  static func fetching(_ jobs: Int = 3) -> Fetching {
    var fetching = Fetching(handling)
    fetching.jobs = jobs
    fetching.retry.pause = { _ in }
    return fetching
  }

  static func segments(_ package: [UInt8], _ root: Digest) throws -> [String: [UInt8]] {
    let folder = try TransferFolder()
    var splitting = Splitting()
    splitting.chunks = 1
    let source = MemoryByteSource(name: "package", package)
    _ = try splitting.split(source, packageRoot: root, into: folder["s"])
    var files: [String: [UInt8]] = [:]
    var faults = FaultLog()
    for name in try DirectoryTree(root: folder["s"]).names(&faults) {
      files[folderURL + name] = try folder.bytes("s/" + name)
    }
    return files
  }

  struct Source {
    let package: [UInt8]
    let files: [String: [UInt8]]

    init() throws {
      package = try #require(SmallPackage.usual).bytes
      let end = try #require(try PackageTail.read(MemoryByteSource(name: "p", package)))
      files = try FetchingTests.segments(package, end.packageRoot).merging([FetchingTests.url: package]) {
        $1
      }
    }
  }

  static let source: Source? = try? Source()

  @Test("A whole package, each byte once", arguments: [url, folderURL])
  func whole(url: String) throws {
    let source = try #require(Self.source)
    let folder = try TransferFolder()
    let transport = TroubledTransport(source.files)
    let progress = Mutex(0)
    var fetching = Self.fetching()
    fetching.progress = { count in progress.withLock { $0 += count } }
    try fetching.fetch(try #require(RemoteLocation(url)), over: transport, to: folder["out"])
    #expect(try folder.bytes("out") == source.package)
    #expect(!folder.exists("out.fetch"))
    #expect(transport.bytesSent < source.package.count + 4096)
    #expect(progress.withLock { $0 } >= source.package.count - 4096)
    #expect(
      code { try fetching.fetch(try #require(RemoteLocation(url)), over: transport, to: folder["out"]) }
        == "transfer-destination-free")
  }

  @Test("Whatever goes wrong on the way: the same bytes, or nothing", arguments: 0..<20 as Range<UInt64>)
  func troubles(seed: UInt64) throws {
    let source = try #require(Self.source)
    let folder = try TransferFolder()
    var random = Randomness(seed &* 77)
    var troubles = TroubledTransport.Troubles()
    troubles.refused = Int.random(in: 0...40, using: &random)
    troubles.broken = Int.random(in: 0...60, using: &random)
    troubles.damaged = Int.random(in: 0...25, using: &random)
    if Int.random(in: 0..<6, using: &random) == 0 {
      troubles.forgetsRangesAfter = Int.random(in: 1...20, using: &random)
    }
    if Int.random(in: 0..<6, using: &random) == 0 {
      troubles.changesAfter = Int.random(in: 1...20, using: &random)
    }
    let transport = TroubledTransport(source.files, troubles, seed: seed)
    let url = seed % 2 == 0 ? Self.url : Self.folderURL
    let ending = code {
      try Self.fetching().fetch(try #require(RemoteLocation(url)), over: transport, to: folder["out"])
    }
    if let ending {
      let expected = ["client-source-unchanged", "transfer-source-reachable"]
      // What comes in one pass is verified in the end only.
      let isWhole = troubles.forgetsRangesAfter < Int.max
      #expect(expected.contains(ending) || isWhole && ending.hasPrefix("package-"), "\(ending)")
      #expect(!folder.exists("out"))
      // What was held is of use to the next try.
      let calm = TroubledTransport(source.files)
      if folder.exists("out.fetch/package") {
        try Self.fetching().fetch(try #require(RemoteLocation(url)), over: calm, to: folder["out"])
        #expect(try folder.bytes("out") == source.package)
      }
    } else {
      #expect(try folder.bytes("out") == source.package)
      #expect(!folder.exists("out.fetch"))
    }
  }

  @Test(
    "Breaks alone cost nothing that was brought",
    arguments: [(url, 1), (folderURL, 2), (url, 3), (folderURL, 4)] as [(String, UInt64)])
  func breaks(url: String, seed: UInt64) throws {
    let source = try #require(Self.source)
    let folder = try TransferFolder()
    var troubles = TroubledTransport.Troubles()
    troubles.broken = 70
    let transport = TroubledTransport(source.files, troubles, seed: seed)
    try Self.fetching().fetch(try #require(RemoteLocation(url)), over: transport, to: folder["out"])
    #expect(try folder.bytes("out") == source.package)
    // The manifest, the end and the index are asked for as a whole, and are small.
    #expect(transport.bytesSent < source.package.count * 105 / 100)
  }

  @Test(
    "A kill at any change of the disk: only what was not written is fetched again",
    arguments: [url, folderURL])
  func kills(url: String) throws {
    let source = try #require(Self.source)
    let location = try #require(RemoteLocation(url))
    var step = 0
    var isDone = false
    while !isDone {
      let folder = try TransferFolder()
      let allowance = Mutex(step)
      let first = TroubledTransport(source.files)
      var killed = Self.fetching(1)
      killed.willChange = { () throws(Fault) in
        let goesOn = allowance.withLock { left in
          left -= 1
          return left >= 0
        }
        if !goesOn { throw Fault(OutputFault.writable, .system, at: Place(), actual: "killed") }
      }
      isDone = code { try killed.fetch(location, over: first, to: folder["out"]) } == nil
      let second = TroubledTransport(source.files)
      if !folder.exists("out") {
        try Self.fetching(1).fetch(location, over: second, to: folder["out"])
        // Lost: what came and was not written, a part and its run at most.
        #expect(
          first.bytesSent + second.bytesSent < source.package.count + 3 * HashTree.chunkBytes, "\(step)")
      }
      #expect(try folder.bytes("out") == source.package)
      step += step < 12 ? 1 : 7
    }
    #expect(step > 12)
  }

  @Test("Sources that end a transfer")
  func endings() throws {
    let source = try #require(Self.source)
    let folder = try TransferFolder()
    func ending(_ url: String, _ change: (inout TroubledTransport.Troubles) -> Void) -> String? {
      var troubles = TroubledTransport.Troubles()
      change(&troubles)
      let transport = TroubledTransport(source.files, troubles)
      return code {
        try Self.fetching().fetch(try #require(RemoteLocation(url)), over: transport, to: folder["out"])
      }
    }
    #expect(ending(Self.url) { $0.isDown = true } == "transfer-source-reachable")
    #expect(ending(Self.folderURL) { $0.isDown = true } == "transfer-source-reachable")
    #expect(ending("http://example.test/none.pmp") { _ in } == "transfer-source-reachable")
    #expect(ending(Self.url) { $0.isEndless = true } == "transfer-answer-understood")
    #expect(!folder.exists("out") && !folder.exists("out.fetch"))
    #expect(ending(Self.url) { $0.changesAfter = 6 } == "client-source-unchanged")
    #expect(ending(Self.url) { $0.damaged = 100 } != nil)
    #expect(ending(Self.url) { $0.goneAfter = 6 } == "transfer-source-reachable")
    #expect(!folder.exists("out") && folder.exists("out.fetch/package"))
    #expect(ending(Self.url) { _ in } == nil)
    #expect(try folder.bytes("out") == source.package)
  }

  @Test("Pauses of 1, 2, 4 … 32 seconds, and eight tries without a byte")
  func pauses() throws {
    let pauses = Mutex<[UInt32]>([])
    var fetching = Self.fetching()
    fetching.retry.pause = { seconds in pauses.withLock { $0.append(seconds) } }
    var troubles = TroubledTransport.Troubles()
    troubles.isDown = true
    let transport = TroubledTransport([:], troubles)
    let folder = try TransferFolder()
    #expect(
      code { try fetching.fetch(try #require(RemoteLocation(Self.url)), over: transport, to: folder["out"]) }
        == "transfer-source-reachable")
    #expect(pauses.withLock { $0 } == [1, 2, 4, 8, 16, 32, 32])
    #expect(transport.requests == 8)
    #expect(RetryPolicy().seconds(after: 1, asked: 600) == 60)
    #expect(RetryPolicy().seconds(after: 4, asked: 5) == 5)
  }

  @Test("A server without ranges gives the whole, and no part of it", arguments: [1, 2, 4, 9])
  func withoutRanges(request: Int) throws {
    let source = try #require(Self.source)
    let folder = try TransferFolder()
    var troubles = TroubledTransport.Troubles()
    troubles.forgetsRangesAfter = request
    let location = try #require(RemoteLocation(Self.url))
    try Self.fetching().fetch(location, over: TroubledTransport(source.files, troubles), to: folder["out"])
    #expect(try folder.bytes("out") == source.package)
    var selecting = Self.fetching()
    selecting.selection = try Selection(["b.bin"])
    #expect(
      code {
        try selecting.fetch(location, over: TroubledTransport(source.files, troubles), to: folder["part"])
      }
        == "client-without-range")
    #expect(!folder.exists("part"))
  }

  @Test("Selected files and tensors, and little besides")
  func selection() throws {
    let source = try #require(Self.source)
    let folder = try TransferFolder()
    let location = try #require(RemoteLocation(Self.url))
    var fetching = Self.fetching()
    fetching.selection = try Selection(["tokenizer/*", "tensors:second", "*.json"])
    let transport = TroubledTransport(source.files)
    try fetching.fetch(location, over: transport, to: folder["out"])
    var faults = FaultLog()
    #expect(
      try DirectoryTree(root: folder["out"]).names(&faults)
        == ["a.safetensors", "config.json", "tokenizer/merges.txt", "tokenizer/vocab.txt"])
    #expect(try folder.bytes("out/tokenizer/merges.txt") == SmallPackage.noise(70_000, 4))
    let cut = try folder.bytes("out/a.safetensors")
    let header =
      #"{"__metadata__":{"format":"pt"},"second":{"dtype":"F16","shape":[2,1048576],"data_offsets":[0,4194304]}}"#
    #expect(cut.count == 8 + (header.utf8.count + 7) / 8 * 8 + 4_194_304)
    #expect(Array(cut.dropFirst(8).prefix(header.utf8.count)) == Array(header.utf8))
    #expect(cut.suffix(4_194_304) == SmallPackage.noise(5_242_888, 1)[1_048_576..<5_242_880])
    // The tensor lies across six chunks at most; the chunk of the header is the first of them.
    #expect(transport.bytesSent < 6 * HashTree.chunkBytes + 100_000)
    #expect(!folder.exists("out.fetch"))
    fetching.selection = try Selection(["nothing-*", "tensors:fourth"])
    #expect(
      code { try fetching.fetch(location, over: transport, to: folder["none"]) } == "transfer-selection-found"
    )
    #expect(code { _ = try Selection(["partition:0/4"]) } == "transfer-selection-supported")
  }

  @Test("Untrusted signatures end a selection before its files are asked for")
  func approval() throws {
    let source = try #require(Self.source)
    let folder = try TransferFolder()
    var fetching = Self.fetching()
    fetching.selection = try Selection(["*.bin"])
    fetching.handling.approve = { path throws(Fault) in
      throw Fault(PackageFault.signatureTrusted, at: Place(path))
    }
    let transport = TroubledTransport(source.files)
    #expect(
      code { try fetching.fetch(try #require(RemoteLocation(Self.url)), over: transport, to: folder["out"]) }
        == "package-signature-trusted")
    #expect(transport.bytesSent < 10_000)
  }

  @Test("From a folder of segments at hand, whole and a part")
  func folderAtHand() throws {
    let source = try #require(Self.source)
    let folder = try TransferFolder()
    let prefix = Self.folderURL.utf8.count
    let files = source.files.filter { $0.key.hasPrefix(Self.folderURL) }
    let tree = MemoryTree(
      Dictionary(uniqueKeysWithValues: files.map { (String($0.key.dropFirst(prefix)), $0.value) }))
    var faults = FaultLog()
    #expect(try Self.fetching().fetch(tree, to: folder["out"], &faults))
    #expect(try folder.bytes("out") == source.package)
    var fetching = Self.fetching()
    fetching.selection = try Selection(["c.bin"])
    #expect(try fetching.fetch(tree, to: folder["part"], &faults))
    #expect(try folder.bytes("part/c.bin") == SmallPackage.noise(HashTree.chunkBytes, 3))
  }

  @Test("A base spares what it has, and a wrong one spoils nothing")
  func base() throws {
    let source = try #require(Self.source)
    let folder = try TransferFolder()
    try #require(mkdir(folder["base"], 0o755) == 0)
    var b = SmallPackage.noise(3 * HashTree.chunkBytes + 17, 2)
    b[1_500_000] ^= 1
    try folder.write("base/other-name.bin", b)
    try folder.write("old.pmp", try SmallPackage([(.parameters, "x.safetensors", SmallPackage.shard)]).bytes)
    let location = try #require(RemoteLocation(Self.url))
    for (name, most) in [
      ("base", source.package.count - 2 * HashTree.chunkBytes),
      ("old.pmp", source.package.count - 5 * HashTree.chunkBytes),
    ] {
      var fetching = Self.fetching()
      fetching.base = try BaseFiles(path: folder[name])
      let transport = TroubledTransport(source.files)
      try fetching.fetch(location, over: transport, to: folder["out-" + name])
      #expect(try folder.bytes("out-" + name) == source.package)
      // The end is asked for twice: alone, and with the index.
      #expect(transport.bytesSent < most + EndPayload.tailByteCount)
    }
  }

  @Test(
    "Patterns",
    arguments: [
      ("*", "a", true), ("*", "a/b", false), ("**", "a/b", true), ("a/*", "a/b", true),
      ("a/*", "a/b/c", false),
      ("**/c", "a/b/c", true), ("**/c", "c", true), ("?.bin", "b.bin", true), ("?.bin", "bb.bin", false),
      ("model.layers.1?.*", "model.layers.12.weight", true), ("*.json", "x.jsonl", false), ("", "", true),
      ("a**********b", "aaaaaaaaaaaaaaaaaaaaac", false), ("?", "/", false),
    ])
  func patterns(pattern: String, name: String, matches: Bool) {
    #expect(NameGlob(pattern).matches(name) == matches)
  }

  @Test("Which URLs are folders")
  func locations() throws {
    #expect(RemoteLocation("ftp://a/b") == nil)
    #expect(RemoteLocation("folder") == nil)
    #expect(try #require(RemoteLocation("HTTPS://a/b/?key=1#x")).isFolder)
    #expect(try #require(RemoteLocation("HTTPS://a/b/?key=1#x")).file("n.pms") == "HTTPS://a/b/n.pms?key=1")
    #expect(try !#require(RemoteLocation("http://a/b.pmp?x=/")).isFolder)
  }
}
