import Configuration
import Testing

@testable import Conformance

@Suite("Changes of Protocol Buffers files set the lengths around them anew")
struct FieldEditTests {
  /// `Outer {1: text name, 2: Inner inner repeated, 3: packed integers, 4: zigzag, 5: double}`, `Inner {1: integer, 2: Outer}`
  private static let layout: Layout? = Layout.read(
    """
    root: Outer
    messages:
      Outer:
        name: {number: 1, type: string}
        inner: {number: 2, type: Inner, repeated: true}
        list: {number: 3, type: int64, repeated: true, packed: true}
        signed: {number: 4, type: sint64}
        real: {number: 5, type: double}
        last: {number: 16, type: bool}
      Inner:
        value: {number: 1, type: int64}
        outer: {number: 2, type: Outer}
    """, YAMLFaults(file: "layout"))

  /// name "ab", inner {value 5}, inner {outer {name "c"}}, list [1, 300], last true
  private static let bytes: [UInt8] = [
    0x0A, 2, 0x61, 0x62, 0x12, 2, 8, 5, 0x12, 5, 0x12, 3, 0x0A, 1, 0x63, 0x1A, 3, 1, 0xAC, 2, 0x80, 1, 1,
  ]

  @Test(
    "Each kind of change",
    arguments: [
      (FieldEdit.set(.text("xyz")), "name", "0A03 78797A 12020805 12051203 0A0163 1A0301AC02 800101"),
      // The length of both messages around the name grows.
      (.set(.text("cd")), "inner[1].outer.name", "0A026162 12020805 1206 1204 0A026364 1A0301AC02 800101"),
      (.text("c", times: 2), "inner[1].outer.name", "0A026162 12020805 1206 1204 0A026363 1A0301AC02 800101"),
      (.set(.number("-1")), "signed", "0A026162 12020805 120512030A0163 1A0301AC02 2001 800101"),
      (.set(.number("1.5")), "real", "0A026162 12020805 120512030A0163 1A0301AC02 29000000000000F83F 800101"),
      (.set(.list([.number("7")])), "list", "0A026162 12020805 120512030A0163 1A0107 800101"),
      (
        .add(.mapping([.init(key: "value", value: .number("9"))])), "inner",
        "0A026162 12020805 120512030A0163 12020809 1A0301AC02 800101"
      ),
      (.remove, "inner", "0A026162 1A0301AC02 800101"),
      (.remove, "inner[0]", "0A026162 120512030A0163 1A0301AC02 800101"),
      (.repeat(3), "last", "0A026162 12020805 120512030A0163 1A0301AC02 800101 800101 800101"),
      (.swap, "name", "12020805 0A026162 120512030A0163 1A0301AC02 800101"),
      (.raw([0x0A, 0]), "name", "0A00 12020805 120512030A0163 1A0301AC02 800101"),
      (
        .rawAfter([0x78, 1]), "inner[1].outer.name", "0A026162 12020805 120712050A01637801 1A0301AC02 800101"
      ),
      (.claim(200), "name", "0AC8016162 12020805 120512030A0163 1A0301AC02 800101"),
      (.widen(3), "name", "0A8280006162 12020805 120512030A0163 1A0301AC02 800101"),
      (.widen(2), "inner[0].value", "0A026162 1203088500 120512030A0163 1A0301AC02 800101"),
      (.unpack, "list", "0A026162 12020805 120512030A0163 1801 18AC02 800101"),
      (
        .nest(2, through: "outer.inner"), "inner[0]",
        "0A026162 120A 1208 1206 1204 1202 0805 120512030A0163 1A0301AC02 800101"
      ),
    ])
  func changes(edit: FieldEdit, path: String, hexadecimal: String) throws {
    let layout = try #require(Self.layout)
    let changed = try edit.applied(to: Self.bytes, at: path, layout)
    #expect(try changed == [UInt8](hexadecimal: hexadecimal))
  }

  @Test("A list that is not packed becomes a packed one")
  func packs() throws {
    let layout = try #require(Self.layout)
    let unpacked: [UInt8] = [0x0A, 0, 0x18, 1, 0x18, 0xAC, 2, 0x20, 1]
    #expect(
      try FieldEdit.pack.applied(to: unpacked, at: "list", layout) == [0x0A, 0, 0x1A, 3, 1, 0xAC, 2, 0x20, 1])
  }

  @Test("A deep nest is built in one pass")
  func deepNest() throws {
    let layout = try #require(Self.layout)
    let changed = try FieldEdit.nest(100_000, through: "outer.inner").applied(
      to: Self.bytes, at: "inner[0]", layout)
    #expect(changed.count == 794_480)
  }

  @Test("Marks name the tag, the length and the value")
  func marks() throws {
    let layout = try #require(Self.layout)
    let format = FileLayout.fields(layout)
    #expect(try BytePlace.mark("inner[1].outer.name").offset(in: Self.bytes, format) == 12)
    #expect(try BytePlace.mark("inner[1]#length").offset(in: Self.bytes, format) == 9)
    #expect(try BytePlace.mark("list#value").offset(in: Self.bytes, format) == 17)
    #expect(try BytePlace.mark("end").offset(in: Self.bytes, format) == 23)
    #expect(try BytePlace.offset(-1).offset(in: Self.bytes, format) == 22)
  }

  @Test(
    "A path that leads nowhere is a complaint", arguments: ["none", "inner[2].value", "name.x", "inner[x]"])
  func unreachable(path: String) throws {
    let layout = try #require(Self.layout)
    #expect(throws: RecipeError.self) { try FieldEdit.remove.applied(to: Self.bytes, at: path, layout) }
  }
}
