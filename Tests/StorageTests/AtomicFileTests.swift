import Glibc
import Testing

@testable import Storage

@Suite("Atomic files")
struct AtomicFileTests {
  let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
  }

  @Test("A file appears when it is committed, and not before", arguments: [true, false])
  func commit(_ mayBeUnnamed: Bool) throws {
    try directory.file("out", "before")
    let file = try AtomicFile(directory["out"], mayBeUnnamed: mayBeUnnamed)
    try file.append("af")
    try file.append(Array("ter".utf8))
    #expect(try directory.text("out") == "before")
    try file.commit()
    #expect(try directory.text("out") == "after")
    #expect(file.byteCount == 5)
    #expect(try directory.entries() == ["out"])
    #expect(throws: Fault.self) { try file.commit() }
    #expect(try directory.text("out") == "after")
  }

  @Test("A file that is let go leaves nothing", arguments: [true, false])
  func letGo(_ mayBeUnnamed: Bool) throws {
    do {
      let file = try AtomicFile(directory["out"], mayBeUnnamed: mayBeUnnamed)
      try file.append(Array(repeating: 1, count: 3 << 20))
    }
    let file = try AtomicFile(directory["out"])
    try file.append("x")
    file.discard()
    #expect(try directory.entries() == [])
    let fault = #expect(throws: Fault.self) { try file.commit() }
    #expect(fault?.code == "output-writable")
    #expect(fault?.kind == .system)
  }

  @Test("Many small and few large pieces give the same bytes in order")
  func pieces() throws {
    let file = try AtomicFile(directory["out"])
    var expected: [UInt8] = []
    for count in [1, 100, 1 << 20, 5, (1 << 20) - 3, 2 << 20, 0, 7] {
      let piece = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ count) }
      try file.append(piece)
      expected += piece
    }
    try file.append(MemoryByteSource(name: "s", expected), range: 3..<1_500_000)
    expected += expected[3..<1_500_000]
    try file.commit()
    let source = try FileByteSource(path: directory["out"], name: "out")
    #expect(try source.bytes(at: 0, count: Int(source.size)) == expected)
    #expect(file.byteCount == UInt64(expected.count))
  }

  @Test("Where a file cannot be written, the system's words say why")
  func refused() throws {
    try directory.folder("folder")
    for (path, number) in [
      (directory["none/out"], ENOENT), (directory["folder"], EISDIR), (directory["folder/"], EISDIR),
      (directory["new/"], EISDIR), ("", ENOENT),
    ] {
      let fault = #expect(throws: Fault.self) { try AtomicFile.write("x", to: path) }
      #expect(fault?.kind == .system)
      #expect(fault?.occurrence.actual?.contains("errno") == true, "\(path) \(number)")
    }
    #expect(try directory.entries() == ["folder"])
  }

  @Test("A full disk leaves what was there", .enabled(if: access("/dev/full", W_OK) == 0))
  func full() throws {
    let fault = #expect(throws: Fault.self) { try AtomicFile.write("x", to: "/dev/full") }
    #expect(fault?.occurrence.actual?.contains("errno \(ENOSPC)") == true)
  }

  @Test("A device is written to, never replaced")
  func device() throws {
    try AtomicFile.write("x", to: "/dev/null")
    var status = stat()
    #expect(stat("/dev/null", &status) == 0)
    #expect(status.st_mode & S_IFMT == S_IFCHR)
  }

  @Test("A link to a file stays one, and the file keeps its permissions")
  func link() throws {
    try directory.file("target", "before")
    try #require(chmod(directory["target"], 0o640) == 0)
    try directory.link("link", to: "target")
    try AtomicFile.write("after", to: directory["link"])
    #expect(try directory.text("target") == "after")
    var status = stat()
    try #require(lstat(directory["link"], &status) == 0)
    #expect(status.st_mode & S_IFMT == S_IFLNK)
    try #require(stat(directory["target"], &status) == 0)
    #expect(status.st_mode & 0o777 == 0o640)
    #expect(try directory.entries() == ["link", "target"])
  }

  @Test("A new file has the permissions that the user's mask leaves")
  func permissions() throws {
    let mask = umask(0o022)
    umask(mask)
    try AtomicFile.write("x", to: directory["out"])
    var status = stat()
    try #require(stat(directory["out"], &status) == 0)
    #expect(status.st_mode & 0o777 == 0o666 & ~mask)
  }
}
