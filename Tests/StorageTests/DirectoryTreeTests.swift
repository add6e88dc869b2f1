import Glibc
import Testing

@testable import Storage

@Suite("Directory trees")
struct DirectoryTreeTests {
  let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
    try directory.folder("root/sub")
    try directory.file("root/a.bin", "inside")
    try directory.file("outside.bin", "outside")
  }

  private var tree: DirectoryTree { DirectoryTree(root: directory["root"]) }

  private func fault(_ name: String, in tree: DirectoryTree) -> Fault? {
    do throws(Fault) {
      _ = try tree.open(name)
      return nil
    } catch {
      return error
    }
  }

  private func content(_ name: String, in tree: DirectoryTree) throws -> String {
    let source = try tree.open(name)
    return String(decoding: try source.bytes(at: 0, count: Int(source.size)), as: UTF8.self)
  }

  @Test("Files are listed sorted by their bytes, without the dot-directories at the top")
  func listing() throws {
    try directory.folder("root/.git")
    try directory.file("root/.git/config")
    try directory.file("root/.gitattributes")
    try directory.folder("root/sub/.inner")
    try directory.file("root/sub/.inner/x")
    try directory.file("root/sub/b.bin")
    try directory.file("root/sub.bin")
    try directory.file("root/Z.bin")
    var faults = FaultLog()
    #expect(
      try tree.names(&faults) == [
        ".gitattributes", "Z.bin", "a.bin", "sub.bin", "sub/.inner/x", "sub/b.bin",
      ])
    #expect(faults.isEmpty)
  }

  @Test("A link to a file inside the root is a file")
  func linkInside() throws {
    try directory.link("root/sub/link.bin", to: "../a.bin")
    try directory.link("root/absolute.bin", to: directory["root/a.bin"])
    var faults = FaultLog()
    #expect(try tree.names(&faults) == ["a.bin", "absolute.bin", "sub/link.bin"])
    #expect(try content("sub/link.bin", in: tree) == "inside")
    #expect(try content("absolute.bin", in: tree) == "inside")
    #expect(faults.isEmpty)
  }

  @Test("A link out of the root is unsafe, unless the user widens the bounds")
  func linkOutside() throws {
    try directory.link("root/link.bin", to: "../outside.bin")
    try directory.link("root/over", to: "..")
    for name in ["link.bin", "over/outside.bin"] {
      let fault = fault(name, in: tree)
      #expect(fault?.code == "file-links-inside-root")
      #expect(fault?.kind == .unsafe)
    }
    #expect(fault("link.bin", in: tree)?.occurrence.actual == "→ ../outside.bin")
    #expect(tree.contains("link.bin"))
    #expect(!tree.contains("over/outside.bin"))
    var faults = FaultLog()
    #expect(try tree.names(&faults) == ["a.bin"])
    #expect(faults.entries.map(\.code) == ["file-links-inside-root"])
    #expect(faults.entries.first?.occurrences.count == 2)

    let following = DirectoryTree(root: directory["root"], followLinks: true)
    #expect(try content("link.bin", in: following) == "outside")
    let contained = DirectoryTree(root: directory["root"], containment: directory.path)
    #expect(try content("over/outside.bin", in: contained) == "outside")
  }

  @Test("A folder whose name merely begins like the root's is outside")
  func similarName() throws {
    try directory.folder("root-2")
    try directory.file("root-2/x.bin")
    try directory.link("root/x.bin", to: "../root-2/x.bin")
    #expect(fault("x.bin", in: tree)?.code == "file-links-inside-root")
  }

  @Test("Links that lead in a circle end")
  func circles() throws {
    try directory.link("root/sub/up", to: "..")
    try directory.link("root/self", to: "self")
    try directory.link("beside", to: "root")
    try directory.link("root/out", to: "..")
    var faults = FaultLog()
    #expect(try tree.names(&faults) == ["a.bin"])
    #expect(fault("self", in: tree)?.code == "file-links-inside-root")
    faults = FaultLog()
    let following = DirectoryTree(root: directory["root"], followLinks: true)
    #expect(try following.names(&faults) == ["a.bin", "out/outside.bin"])
  }

  @Test("What is not there")
  func absent() throws {
    try directory.link("root/dangling", to: "nothing")
    try directory.link("root/dangling-out", to: "/nothing/at/all")
    for name in [
      "none", "sub/none", "a.bin/none", "dangling", "dangling-out", String(repeating: "n", count: 300),
    ] {
      #expect(fault(name, in: tree)?.code == "referenced-files-present", "\(name)")
      #expect(fault(name, in: tree)?.kind == .malformed)
    }
    #expect(!tree.contains("none"))
    #expect(tree.contains("dangling"))
    #expect(tree.contains("sub"))
    var faults = FaultLog()
    #expect(try tree.names(&faults) == ["a.bin"])
    #expect(faults.entries.map(\.code) == ["referenced-files-present"])
  }

  @Test("Pipes, sockets, devices and directories are no files", .timeLimit(.minutes(1)))
  func irregular() throws {
    try directory.pipe("root/pipe")
    try directory.link("root/null", to: "/dev/null")
    #expect(fault("pipe", in: tree)?.code == "files-regular")
    #expect(fault("pipe", in: tree)?.kind == .unsafe)
    #expect(fault("pipe", in: tree)?.occurrence.actual == "FIFO")
    #expect(fault("sub", in: tree)?.code == "files-regular")
    #expect(fault("sub", in: tree)?.kind == .malformed)
    let following = DirectoryTree(root: directory["root"], followLinks: true)
    #expect(fault("null", in: following)?.occurrence.actual == "device")
    var faults = FaultLog()
    #expect(try following.names(&faults) == ["a.bin"])
    #expect(faults.entries.map(\.code) == ["files-regular"])
  }

  @Test(
    "Unsafe names are refused before the system sees them",
    arguments: ["../outside.bin", "/etc/passwd", "a.bin\0"])
  func names(_ name: String) {
    #expect(fault(name, in: tree)?.code == "file-names-safe")
    #expect(!tree.contains(name))
  }

  @Test("Names on disk that no portable name may be are left out")
  func namesOnDisk() throws {
    try directory.file("root/back\\slash")
    try directory.file("root/line\nbreak")
    let bytes: [UInt8] = Array(directory["root"].utf8) + [0x2F, 0x66, 0xFF]
    let descriptor = creat(bytes.map(CChar.init(bitPattern:)) + [0], 0o600)
    try #require(descriptor >= 0)
    close(descriptor)
    var faults = FaultLog()
    #expect(try tree.names(&faults) == ["a.bin"])
    #expect(faults.entries.map(\.code) == ["file-names-safe"])
    #expect(faults.entries.first?.occurrences.count == 3)
  }

  @Test("A name that begins with a combining mark is a name like any other")
  func combiningMark() throws {
    try directory.file("root/\u{301}x", "top")
    try directory.file("root/sub/\u{301}x", "inner")
    var faults = FaultLog()
    #expect(
      try tree.names(&faults).map { Array($0.utf8) }
        == ["a.bin", "sub/\u{301}x", "\u{301}x"].map { Array($0.utf8) })
    #expect(faults.isEmpty)
    #expect(try content("sub/\u{301}x", in: tree) == "inner")
    let sample = try SampleLocation.resolve(path: directory["root/sub/\u{301}x"], root: directory["root"])
    #expect(Array(sample.name.utf8) == Array("sub/\u{301}x".utf8))
    #expect(
      try content("\u{301}x", in: try SampleLocation.resolve(path: directory["root/\u{301}x"]).tree) == "top")
  }

  @Test("Names on disk that fold to one are logged and listed")
  func collisions() throws {
    try directory.file("root/A.bin")
    try directory.file("root/\u{E9}")
    try directory.file("root/e\u{301}")
    var faults = FaultLog()
    #expect(try tree.names(&faults).count == 4)
    #expect(faults.entries.map(\.code) == ["file-names-distinct"])
    #expect(faults.entries.first?.occurrences.count == 2)
  }

  @Test("A listing stops at its limits")
  func limits() throws {
    try directory.folder("root/sub/1/2/3")
    try directory.file("root/sub/1/2/3/deep.bin")
    try directory.file("root/sub/1/shallow.bin")
    var faults = FaultLog()
    let shallow = DirectoryTree(root: directory["root"], limits: bounds(folders: 2))
    #expect(try shallow.names(&faults) == ["a.bin", "sub/1/shallow.bin"])
    #expect(faults.entries.map(\.code) == ["file-count-within-limit"])
    #expect(faults.entries.map(\.kind) == [.unsupported])
    faults = FaultLog()
    let exact = DirectoryTree(root: directory["root"], limits: bounds(files: 7))
    #expect(try exact.names(&faults).count == 3)
    #expect(faults.isEmpty)
    let few = DirectoryTree(root: directory["root"], limits: bounds(files: 6))
    #expect(try few.names(&faults).count < 4)
    #expect(faults.entries.map(\.code) == ["file-count-within-limit"])
  }

  @Test("A root that is not there is a fault of the system")
  func noRoot() {
    let tree = DirectoryTree(root: directory["none"])
    #expect(fault("a.bin", in: tree)?.kind == .system)
    #expect(!tree.contains("a.bin"))
    var faults = FaultLog()
    #expect(throws: Fault.self) { try tree.names(&faults) }
  }
}

@Suite("Hugging Face cache")
struct HuggingFaceCacheTests {
  let directory: TemporaryDirectory
  let snapshot: String

  init() throws {
    directory = try TemporaryDirectory()
    try directory.folder("hub/models--acme--bert/snapshots/0a1b/onnx")
    try directory.folder("hub/models--acme--bert/blobs/inner")
    try directory.folder("hub/models--acme--gpt/blobs")
    try directory.file("hub/models--acme--bert/blobs/1111", "{}")
    try directory.file("hub/models--acme--bert/blobs/inner/2222")
    try directory.file("hub/models--acme--gpt/blobs/3333")
    snapshot = "hub/models--acme--bert/snapshots/0a1b"
  }

  @Test("Links of a snapshot lead to the model's own blobs")
  func ownBlobs() throws {
    try directory.link("\(snapshot)/config.json", to: "../../blobs/1111")
    try directory.link("\(snapshot)/onnx/model.onnx", to: "../../../blobs/1111")
    let tree = DirectoryTree(root: directory[snapshot])
    var faults = FaultLog()
    #expect(try tree.names(&faults) == ["config.json", "onnx/model.onnx"])
    #expect(faults.isEmpty)
    #expect(try tree.open("config.json").size == 2)
    let inner = DirectoryTree(root: directory["\(snapshot)/onnx"])
    #expect(try inner.open("model.onnx").size == 2)
  }

  @Test(
    "Links of a snapshot lead nowhere else",
    arguments: [
      "../../blobs/inner/2222", "../../../models--acme--gpt/blobs/3333", "../../../../outside",
      "../../blobs/../x",
    ])
  func elsewhere(_ target: String) throws {
    try directory.file("outside")
    try directory.file("hub/models--acme--bert/x")
    try directory.link("\(snapshot)/weights", to: target)
    var faults = FaultLog()
    #expect(try DirectoryTree(root: directory[snapshot]).names(&faults) == [])
    #expect(faults.entries.map(\.code) == ["file-links-inside-root"])
  }

  @Test(
    "Only the layout of the cache counts as one",
    arguments: [
      ("/x/models--a--b/snapshots/1", "/x/models--a--b/blobs" as String?),
      ("/x/models--a--b/snapshots/1/onnx", "/x/models--a--b/blobs"), ("/x/models--a--b/snapshots", nil),
      ("/x/models--a--b", nil), ("/x/models-a/snapshots/1", nil), ("/x/models--a--b/refs/1", nil), ("/", nil),
    ])
  func layout(_ path: String, _ blobs: String?) {
    #expect(HuggingFaceCache.blobs(ofSnapshot: path) == blobs)
  }
}

/// Limits of a listing, the rest as they are.
private func bounds(files: Int = 100_000, folders: Int = 32) -> DirectoryTree.Limits {
  var limits = DirectoryTree.Limits()
  limits.files = files
  limits.folders = folders
  return limits
}
