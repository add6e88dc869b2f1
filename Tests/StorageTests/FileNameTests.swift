import Testing

@testable import Storage

@Suite("File names")
struct FileNameTests {
  @Test(
    "Safe names",
    arguments: [
      "model.onnx", "a/b/c.safetensors", ".gitattributes", "..a", "a..", "a/...", "weights:0", "权重.bin", "é",
      " ",
      "ab:c", "a b/c d", String(repeating: "n", count: 4096),
    ])
  func safe(_ name: String) {
    #expect(FileName.isSafe(name))
  }

  @Test(
    "Unsafe names",
    arguments: [
      "", "/", "/etc/passwd", "..", ".", "../x", "a/../b", "a/..", "./a", "a/.", "a//b", "a/", "//a", "a\\b",
      "..\\x", "C:x", "c:/x", "Z:", "a\0b", "a\u{1}", "a\n", "\u{7F}", "a\u{85}b", "\u{9F}",
      String(repeating: "n", count: 4097),
    ])
  func unsafe(_ name: String) throws {
    let fault = #expect(throws: Fault.self) { try FileName.check(name) }
    #expect(fault?.code == "file-names-safe")
    #expect(fault?.kind == .unsafe)
  }

  @Test(
    "Letters whose UTF-8 merely looks like a control character's are safe",
    arguments: ["\u{A0}", "Â", "\u{2080}", "\u{4080}"])
  func notControl(_ name: String) {
    #expect(FileName.isSafe(name))
  }

  @Test(
    "Names beside a file",
    arguments: [
      ("w.bin", "model.onnx", "w.bin"), ("w.bin", "onnx/model.onnx", "onnx/w.bin"),
      ("../w.bin", "onnx/model.onnx", "onnx/../w.bin"), ("/etc/passwd", "onnx/model.onnx", "/etc/passwd"),
      // A slash and a combining mark after it are one character, but two bytes apart.
      ("w.bin", "onnx/\u{301}x", "onnx/w.bin"), ("\u{301}w", "onnx/x", "onnx/\u{301}w"),
    ])
  func join(_ relative: String, _ file: String, _ joined: String) {
    #expect(FileName.join(relative, besides: file) == joined)
  }

  @Test(
    "Names that fold to one",
    arguments: [
      ("Model.bin", "model.BIN"), ("\u{E9}", "e\u{301}"), ("\u{C9}", "e\u{301}"), ("straße", "STRASSE"),
      ("\u{1E9E}", "ss"), ("ΣΑΣ", "σας"), ("\u{212A}", "k"), ("\u{FB01}", "FI"),
      ("\u{AC00}", "\u{1100}\u{1161}"),
    ])
  func collide(_ first: String, _ second: String) {
    var faults = FaultLog()
    NameFolding.logCollisions(of: [first, second], &faults)
    #expect(faults.entries.map(\.code) == ["file-names-distinct"])
    #expect(faults.entries.map(\.kind) == [.malformed])
  }

  @Test(
    "Names that stay apart",
    arguments: [("a", "b"), ("i", "\u{131}"), ("ﬁ", "fl"), ("a/b", "a-b"), ("１", "1"), ("权", "權")])
  func distinct(_ first: String, _ second: String) {
    var faults = FaultLog()
    NameFolding.logCollisions(of: [first, second], &faults)
    #expect(faults.isEmpty)
  }
}
