import Glibc
import Testing

@testable import Storage

@Suite("File sources")
struct FileByteSourceTests {
  let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
    try directory.file("ten", "0123456789")
  }

  private func open(_ name: String) throws -> FileByteSource {
    try FileByteSource(path: directory[name], name: name)
  }

  @Test(
    "Ranges inside the file", arguments: [(0, 10, "0123456789"), (3, 4, "3456"), (9, 1, "9"), (10, 0, "")])
  func inside(_ offset: UInt64, _ count: Int, _ text: String) throws {
    #expect(try open("ten").bytes(at: offset, count: count) == Array(text.utf8))
  }

  @Test(
    "Ranges that leave the file",
    arguments: [
      (0, 11), (10, 1), (11, 0), (1 << 31, 1), (1 << 32, 1), (1 << 63, 1), (1 << 63 - 1, 1), (UInt64.max, 1),
      (UInt64.max, 0), (0, -1), (0, Int.max), (UInt64.max - 2, 10),
    ] as [(UInt64, Int)])
  func outside(_ offset: UInt64, _ count: Int) throws {
    let source = try open("ten")
    let fault = #expect(throws: Fault.self) { try source.bytes(at: offset, count: count) }
    #expect(fault?.code == "files-stable-while-read")
  }

  @Test("A file that shrinks while it is read")
  func shrinking() throws {
    let source = try open("ten")
    try #require(truncate(directory["ten"], 4) == 0)
    #expect(try source.bytes(at: 0, count: 4) == Array("0123".utf8))
    let fault = #expect(throws: Fault.self) { try source.bytes(at: 0, count: 10) }
    #expect(fault?.code == "files-stable-while-read")
    #expect(fault?.occurrence.place == Place("ten", offset: 4))
    #expect(fault?.occurrence.expected == "10 B")
    #expect(fault?.occurrence.actual == "4 B")
  }

  @Test("A file beyond four gigabytes is read where it has bytes")
  func sparse() throws {
    try #require(truncate(directory["ten"], 5 << 30) == 0)
    let source = try open("ten")
    #expect(source.size == 5 << 30)
    #expect(try source.bytes(at: 5 << 30 - 2, count: 2) == [0, 0])
  }

  @Test("Descriptors are given back")
  func descriptors() throws {
    for _ in 0..<5000 { _ = try open("ten") }
  }

  @Test("A link is not opened in place of a file")
  func link() throws {
    try directory.link("link", to: "ten")
    let fault = #expect(throws: Fault.self) { try open("link") }
    #expect(fault?.code == "files-regular")
  }

  @Test("A file without permission is a fault of the system", .enabled(if: geteuid() != 0))
  func permission() throws {
    try #require(chmod(directory["ten"], 0) == 0)
    let fault = #expect(throws: Fault.self) { try open("ten") }
    #expect(fault?.code == "sample-files-readable")
    #expect(fault?.kind == .system)
    #expect(fault?.occurrence.actual?.contains("errno \(EACCES)") == true)
  }
}

@Suite("Sample locations")
struct SampleLocationTests {
  let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
    try directory.folder("model/onnx")
    try directory.file("model/onnx/model.onnx")
    try directory.file("model/weights.bin")
  }

  private func fault(_ path: String, root: String? = nil) -> Fault? {
    do throws(Fault) {
      _ = try SampleLocation.resolve(path: path, root: root)
      return nil
    } catch {
      return error
    }
  }

  @Test("A file stands in its folder")
  func file() throws {
    let sample = try SampleLocation.resolve(path: directory["model/onnx/model.onnx"])
    #expect(sample.name == "model.onnx")
    #expect(!sample.isDirectory)
    #expect(sample.tree.contains("model.onnx"))
  }

  @Test("A file below a given root is named from there")
  func root() throws {
    let sample = try SampleLocation.resolve(
      path: directory["model/onnx/../onnx/model.onnx"], root: directory["model"])
    #expect(sample.name == "onnx/model.onnx")
    #expect(try sample.tree.open("weights.bin").size == 1)
    #expect(
      try SampleLocation.resolve(path: directory["model/weights.bin"], root: directory["model/"]).name
        == "weights.bin")
    let top = try SampleLocation.resolve(path: directory["model/weights.bin"], root: "/")
    #expect(try top.tree.open(top.name).size == 1)
  }

  @Test("A directory is its own root, and a given root widens the bounds of links")
  func folder() throws {
    try directory.link("model/onnx/weights.bin", to: "../weights.bin")
    let alone = try SampleLocation.resolve(path: directory["model/onnx"])
    #expect(alone.isDirectory)
    #expect(throws: Fault.self) { try alone.tree.open("weights.bin") }
    let widened = try SampleLocation.resolve(path: directory["model/onnx/"], root: directory["model"])
    #expect(try widened.tree.open("weights.bin").size == 1)
  }

  @Test("What cannot be found is a fault of the system")
  func missing() throws {
    try directory.link("dangling", to: "nothing")
    for name in ["none", "dangling", "model/weights.bin/", "model/none/x"] {
      #expect(fault(directory[name])?.kind == .system, "\(name)")
      #expect(fault(directory[name])?.code == "sample-files-readable")
    }
    #expect(fault("")?.kind == .system)
    #expect(fault(directory["model"], root: directory["none"])?.kind == .system)
    #expect(fault(directory["model"], root: directory["model/weights.bin"])?.kind == .system)
  }

  @Test("A pipe or a device is no sample", .timeLimit(.minutes(1)))
  func irregular() throws {
    try directory.pipe("pipe")
    for path in [directory["pipe"], "/dev/null"] {
      #expect(fault(path)?.code == "files-regular")
      #expect(fault(path)?.kind == .system)
    }
  }

  @Test("A file outside the given root is unsafe")
  func outsideRoot() {
    #expect(
      fault(directory["model/weights.bin"], root: directory["model/onnx"])?.code == "file-links-inside-root")
  }
}
