import Numerics
import Representation
import Storage
import Testing

@testable import Formats

@Suite("safetensors header")
struct SafetensorsHeaderTests {
  private func read(_ bytes: [UInt8], limits: Limits = Limits()) throws -> (SafetensorsHeader?, FaultLog) {
    try SafetensorsHeader.read(MemoryByteSource(name: "m.safetensors", bytes), limits: limits)
  }

  private func codes(_ header: String, data: Int = 4) throws -> [String] {
    try read(SafetensorsFixture.file(header, data: data)).1.entries.map { "\($0.code) \($0.kind.rawValue)" }
  }

  @Test func readsTensorsAndMetadata() throws {
    let header =
      #"{"__metadata__":{"format":"pt","é":"ü"},"a.weight":{"dtype":"BF16","shape":[2,3],"data_offsets":[0,12]},"#
      + #""\u0062":{"data_offsets":[12,20],"shape":[],"dtype":"I64"}}  "#
    let (found, faults) = try read(SafetensorsFixture.file(header, data: 20))
    let result = try #require(found)
    let start = UInt64(8 + header.utf8.count)
    #expect(faults.isEmpty)
    #expect(result.isComplete)
    #expect(result.payload == start..<start + 20)
    #expect(result.metadata == [Property(key: "format", value: "pt"), Property(key: "é", value: "ü")])
    #expect(result.tensors.map(\.name) == ["a.weight", "b"])
    #expect(result.tensors[0].type == TensorType(.bf16, shape: [2, 3]))
    #expect(result.tensors[0].range == start..<start + 12)
    #expect(result.tensors[1].type == TensorType(.i64, shape: []))
    #expect(result.tensors[1].range == start + 12..<start + 20)
  }

  /// What the safetensors package 0.8 was seen to write or read.
  @Test(arguments: [
    ("{}      ", 0), (#"{"__metadata__":null,"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4),
    (#"{"":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4),
    (#"{"a":{"dtype":"F32","shape":[0,9223372036854775807],"data_offsets":[0,0]}}"#, 0),
    (#"{"a":{"dtype":"F4","shape":[4],"data_offsets":[0,2]}}"#, 2),
    (#"{"a":{"dtype":"F6_E2M3","shape":[4],"data_offsets":[0,3]}}"#, 3),
    (#"{"a":{"dtype":"C64","shape":[1],"data_offsets":[0,8]}}"#, 8),
    (#"{"a":{"dtype":"F8_E8M0","shape":[1],"data_offsets":[0,1]}}"#, 1),
  ])
  func takesWhatTheLibraryTakes(_ header: String, _ data: Int) throws {
    #expect(try codes(header, data: data) == [])
  }

  @Test(arguments: [
    ("F64", ElementType.f64), ("F32", .f32), ("F16", .f16), ("BF16", .bf16), ("I64", .i64), ("I32", .i32),
    ("I16", .i16), ("I8", .i8), ("U64", .u64), ("U32", .u32), ("U16", .u16), ("U8", .u8), ("BOOL", .bool),
    ("F8_E4M3", .f8e4m3fn), ("F8_E5M2", .f8e5m2), ("F8_E4M3FNUZ", .f8e4m3fnuz), ("F8_E5M2FNUZ", .f8e5m2fnuz),
    ("F8_E8M0", .f8e8m0), ("F6_E2M3", .f6e2m3), ("F6_E3M2", .f6e3m2), ("F4", .f4e2m1), ("C64", .complex64),
  ])
  func knowsEveryElementType(_ name: String, _ type: ElementType) throws {
    let header = "{\"a\":{\"dtype\":\"\(name)\",\"shape\":[8],\"data_offsets\":[0,64]}}"
    let tensors = try #require(try read(SafetensorsFixture.file(header, data: 64)).0).tensors
    #expect(tensors.map(\.type.elementType) == [type])
  }

  @Test(arguments: [
    (" {}", "safetensors-header-starts-with-brace malformed"),
    ("[]", "safetensors-header-json malformed"), ("{", "safetensors-header-json malformed"),
    ("", "safetensors-header-json malformed"), ("{}x", "safetensors-header-json malformed"),
    ("{}\u{0}", "safetensors-header-json malformed"),
    ("{\"\u{1}\":0}", "safetensors-header-json malformed"),
    ("{}\n", "safetensors-header-padded-with-spaces malformed"),
    (#"{"__metadata__":[]}"#, "safetensors-metadata-strings malformed"),
    (#"{"__metadata__":{"a":1}}"#, "safetensors-metadata-strings malformed"),
    (#"{"__metadata__":{"a":"1","\u0061":"1"}}"#, "safetensors-header-keys-unique malformed"),
    (#"{"a":1}"#, "safetensors-tensor-entry-complete malformed"),
    (#"{"a":["F32",[1],[0,4]]}"#, "safetensors-tensor-entry-complete malformed"),
    (#"{"a":{"dtype":"F32","shape":[1]}}"#, "safetensors-tensor-entry-complete malformed"),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":{"y":[]}}}"#,
      "safetensors-tensor-entry-keys-known malformed"
    ),
    (
      #"{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
      "safetensors-header-keys-unique malformed"
    ),
    (#"{"a":{"dtype":"f32","shape":[1],"data_offsets":[0,4]}}"#, "safetensors-dtype-known malformed"),
    (#"{"a":{"dtype":"float32","shape":[1],"data_offsets":[0,4]}}"#, "safetensors-dtype-known malformed"),
    (#"{"a":{"dtype":7,"shape":[1],"data_offsets":[0,4]}}"#, "safetensors-dtype-known malformed"),
    (#"{"a":{"dtype":"C128","shape":[1],"data_offsets":[0,16]}}"#, "safetensors-dtype-known unsupported"),
    (#"{"a":{"dtype":"I4","shape":[8],"data_offsets":[0,4]}}"#, "safetensors-dtype-known unsupported"),
    (#"{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}"#, "safetensors-shape-valid malformed"),
    (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, "safetensors-shape-valid malformed"),
    (#"{"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}}"#, "safetensors-shape-valid malformed"),
    (
      #"{"a":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,4]}}"#,
      "safetensors-shape-valid malformed"
    ),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, "safetensors-data-offsets-valid malformed"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, "safetensors-data-offsets-valid malformed"),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}}"#, "safetensors-data-offsets-valid malformed"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4e0]}}"#, "safetensors-data-offsets-valid malformed"
    ),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":"0"}}"#, "safetensors-data-offsets-valid malformed"),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,18446744073709551615]}}"#,
      "safetensors-data-offsets-valid malformed"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,18446744073709551616]}}"#,
      "safetensors-data-offsets-valid malformed"
    ),
    (
      #"{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}}"#,
      "safetensors-sub-byte-tensors-fill-bytes malformed"
    ),
  ])
  func namesWhatIsWrong(_ header: String, _ code: String) throws {
    #expect(try codes(header) == [code])
  }

  @Test func refusesBytesThatAreNoUTF8() throws {
    let (_, faults) = try read(
      SafetensorsFixture.file(Array("{\"".utf8) + [0xFF] + Array("\":{}}".utf8), data: 0))
    #expect(faults.entries.map(\.code) == ["safetensors-header-json"])
    #expect(faults.entries[0].occurrences.first.place.offset == 10)
  }

  @Test func givesThePlace() throws {
    let header = #"{"a/b":{"dtype":"X","shape":[1],"data_offsets":[0,4]}}"#
    let (_, faults) = try read(SafetensorsFixture.file(header, data: 4))
    let place = try #require(faults.entries.first).occurrences.first.place
    #expect(place.file == "m.safetensors")
    #expect(place.path == "/a~1b/dtype")
    #expect(place.offset == 8 + 16)
  }

  @Test(arguments: [
    ([UInt8](), "safetensors-header-length-present"),
    ([UInt8](repeating: 0, count: 7), "safetensors-header-length-present"),
    (SafetensorsFixture.file("{}", data: 0, length: 3), "safetensors-header-in-file"),
    (SafetensorsFixture.file("{}", data: 0, length: 100_000_000), "safetensors-header-in-file"),
    (SafetensorsFixture.file("{}", data: 0, length: 100_000_001), "safetensors-header-within-limit"),
    (SafetensorsFixture.file("{}", data: 0, length: 1 << 31), "safetensors-header-within-limit"),
    (SafetensorsFixture.file("{}", data: 0, length: 1 << 63), "safetensors-header-within-limit"),
    (SafetensorsFixture.file("{}", data: 0, length: .max), "safetensors-header-within-limit"),
  ])
  func judgesTheLength(_ bytes: [UInt8], _ code: String) throws {
    let (header, faults) = try read(bytes)
    #expect(header == nil)
    #expect(faults.entries.map(\.code) == [code])
  }

  @Test func takesNothingFromAHeaderThatBreaksOff() throws {
    let text = "{" + SafetensorsFixture.f32("a", 1, at: 0) + "," + SafetensorsFixture.f32("b", 1, at: 4) + "}"
    let header = try #require(try read(SafetensorsFixture.file(String(text.dropLast(10)), data: 8)).0)
    #expect(!header.isComplete)
    #expect(header.tensors.isEmpty)
    #expect(header.payload == nil)
  }

  @Test func keepsTheFirstOfTwoTensorsOfAName() throws {
    let text = "{" + SafetensorsFixture.f32("a", 1, at: 0) + "," + SafetensorsFixture.f32("a", 1, at: 4) + "}"
    let (header, faults) = try read(SafetensorsFixture.file(text, data: 8))
    #expect(header?.tensors.count == 1)
    #expect(header?.isComplete == false)
    #expect(faults.entries.map(\.code) == ["safetensors-header-keys-unique"])
  }

  /// Every prefix, and every byte of the header changed in every bit, gives a header or faults; nothing traps.
  @Test func survivesDamage() throws {
    let bytes = SafetensorsFixture.vectors(["a", "b.running_mean"])
    let tree = MemoryTree(["m": bytes])
    for length in 0..<bytes.count {
      let reading = try SafetensorsReader.read(
        MemoryTree(["m": Array(bytes[..<length])]), name: "m", limits: Limits())
      // Beyond the header the generic rules on byte ranges see the loss.
      #expect(!reading.faults.isEmpty || length >= bytes.count - 16)
    }
    for index in bytes.indices {
      for bit in 0..<8 {
        var damaged = bytes
        damaged[index] ^= 1 << UInt8(bit)
        _ = try SafetensorsReader.read(MemoryTree(["m": damaged]), name: "m", limits: Limits())
      }
    }
    #expect(try SafetensorsReader.read(tree, name: "m", limits: Limits()).faults.isEmpty)
  }

  @Test func becomesAModel() throws {
    let header =
      #"{"__metadata__":{"format":"pt","modelspec.title":"T","modelspec.author":"A","modelspec.license":"mit","x":"y"},"#
      + SafetensorsFixture.f32("bn.running_mean", 1, at: 0) + ","
      + #""ids":{"dtype":"I64","shape":[1],"data_offsets":[4,12]},"# + SafetensorsFixture.f32("w", 1, at: 12)
      + "}"
    let bytes = SafetensorsFixture.file(header, data: 16)
    let reading = try SafetensorsReader.read(MemoryTree(["d/m": bytes]), name: "d/m", limits: Limits())
    let model = reading.model
    #expect(reading.faults.isEmpty)
    #expect(reading.carries == [.safetensors])
    #expect(reading.files == [SampleFile(path: "d/m", bytes: UInt64(bytes.count))])
    #expect(model.name == "T")
    #expect(model.licence == "MIT")
    #expect(model.contributors == [Contributor(name: "A", role: "author")])
    #expect(model.producer == Producer(name: "PyTorch"))
    #expect(model.properties == [Property(key: "x", value: "y")])
    #expect(model.parameters.map(\.kind) == [.buffer, .buffer, .parameter])
    #expect(model.files[0].payload == UInt64(bytes.count - 16)..<UInt64(bytes.count))
  }
}
