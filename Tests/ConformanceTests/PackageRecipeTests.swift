import Configuration
import Storage
import Testing

@testable import Conformance

@Suite("Changes of packages compute anew what follows from them, but for what they set")
struct PackageRecipeTests {
  /// The example of profile clause 8.2, section 12: `w.safetensors` with the bytes `abc`.
  private static let example: [UInt8] =
    Hexadecimal.bytes(
      of: """
        89504d500d0a1a0a01000100000000001200000000000000000000000000000000000000000000000000000000000000
        00000000000000000000000000000000010000000000000006000000323032362e3112000000000000008b0a52fb3378
        a5cd8f8373e5a9f1dce1f37c89cdc96475d30a366467aae4032689504d500d0a1a0a0500010001000000030000000000
        00000d00000000000000772e7361666574656e736f727300000000000000000000000000000000000000000000000000
        6162630300000000000000609f6e36d2405585188d5cfd761f407c7cc46a7d3f314c88270469dde315fcd189504d500d
        0a1a0af0ff010002000000a5000000000000000000000000000000000000000000000000000000000000000000000000
        000000000000000000000000000000000000000000000000000000000000000002000000000000000000000000000000
        1200000000000000010001000000000030d618147c89ee1d79baebb53ac5e7d9842de8c731b57413a2160082a9382e1b
        7a000000000000000300000000000000050001000d00000044ccfe3b8ac6960ed99e1b1eb32e18d116fed488069738cd
        84240cbcdd24b0e5772e7361666574656e736f72737be656b88e2c50d16e80a00d29ad918803c9b2c47f3250b2a3d204
        97e73398e1a5000000000000000cb6e2ca8f83a8f8119057565edf32e422465a674f267a27889ce8307bfd529f89504d
        500d0a1a0af2ff0100030000003800000000000000000000000000000000000000000000000000000000000000000000
        eb000000000000000d020000000000000300000000000000d7c6e2ec830910344072868304336bab10720ef06e513c6e
        02f2e19efb778a2338000000000000000e3ab645461809baa91626901c174a1c06441e2c704b287c80b565ed4aed3843
        """.filter { $0.isHexDigit }) ?? []

  private func changed(_ edits: (PartEdit, String)...) throws -> [UInt8] {
    var package = try PackageAssembly(Self.example)
    for (edit, path) in edits { try package.apply(edit, at: path, TestKeys(directory: "/nowhere")) }
    return try package.written().bytes
  }

  @Test("The example of the chapter comes out as it was") func untouched() throws {
    #expect(Self.example.count == 672)
    #expect(try changed() == Self.example)
  }

  /// The digests are those of packages that the second implementation made of the same content.
  @Test("Another content and another unit give the package that the second implementation makes")
  func remade() throws {
    let unit: YAMLValue = .mapping([
      YAMLValue.Pair(key: "type", value: .text("asset")),
      YAMLValue.Pair(key: "identifier", value: .text("notes.txt")),
      YAMLValue.Pair(key: "text", value: .text("hello")),
    ])
    let bytes = try changed(
      (.become(Array("abd".utf8)), "units[w.safetensors].payload"), (.insert(unit, after: true), "units[1]"))
    #expect(bytes.count == 864)
    #expect(
      try Digest.of(bytes, .sha256).hex == "c08699950339fa35f94994605b1f9a95f0882bafdec5f128feae1deb1a9c2370")
    // And back again.
    var package = try PackageAssembly(bytes)
    let keys = TestKeys(directory: "/nowhere")
    try package.apply(.remove, at: "units[notes.txt]", keys)
    try package.apply(.become(Array("abc".utf8)), at: "units[1].payload", keys)
    #expect(try package.written().bytes == Self.example)
  }

  @Test("What is set is not computed anew, and what comes later follows from it") func set() throws {
    let flipped = try changed((.change(.flip(0)), "index.entries[1].digest"))
    // The digest at 0198, and after it the content root, the root of the index, the package root and the root of the end unit.
    #expect(flipped[0x198] == Self.example[0x198] ^ 1)
    #expect(flipped[0x1C5..<0x1E5] != Self.example[0x1C5..<0x1E5])
    #expect(flipped[0x258..<0x278] != Self.example[0x258..<0x278])
    #expect(flipped[..<0x198] == Self.example[..<0x198])
    let root = try changed((.change(.flip(31)), "end.package-root"))
    #expect(
      zip(root, Self.example).enumerated().filter { $0.element.0 != $0.element.1 }.first?.offset == 0x277)
    #expect(try changed((.change(.by(1)), "end.count"))[0x250] == 4)
  }

  @Test(
    "Marks lead to the bytes of members",
    arguments: [
      ("units[1].header.flags", 0x84), ("units[w.safetensors].payload", 0xC0), ("units[1].payload#end", 0xC3),
      ("index.entries[1].digest", 0x198), ("end.package-root", 0x258), ("units[1].trailer.root", 0xCB),
      ("end", 0x2A0), ("start.profile", 0x4C),
    ])
  func marks(_ mark: String, _ offset: Int) throws {
    #expect(try ApartFile(Self.example, .package, "x.pmp").offset(of: mark) == offset)
  }

  @Test("A package that does not keep to its layout is not taken apart") func damaged() {
    var bytes = Self.example
    bytes[0x1C5] ^= 1
    #expect(throws: RecipeError.self) { try PackageAssembly(bytes) }
    #expect(throws: RecipeError.self) { try PackageAssembly(Array(Self.example.dropLast())) }
  }

  @Test("Chunks of several megabytes get their leaf hashes, and one of them can be moved") func chunks()
    throws
  {
    let bytes = try changed((.become(PartEdit.counting(2_500_000)), "units[1].payload"))
    var package = try PackageAssembly(bytes)
    #expect(package.units[1].parts["payload"]?.lists["chunks"]?.count == 3)
    try package.apply(.swap, at: "units[1].payload.chunks[0]", TestKeys(directory: "/nowhere"))
    let writer = try package.written()
    #expect(writer.marks["units[1].trailer.leaves[2].hash"]?.count == 32)
    #expect(writer.bytes.count == bytes.count)
    #expect(writer.bytes != bytes)
  }
}
