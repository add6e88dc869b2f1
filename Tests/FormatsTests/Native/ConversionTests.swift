import Formats
import Glibc
import Numerics
import Representation
import Storage
import Testing

/// A conversion leaves parameters where they are and loses nothing.
@Suite struct ConversionTests {
  /// A folder that is removed with its content when the test ends.
  private final class Folder {
    let path: String

    init() throws {
      var template = Array("/tmp/gbt42382-conversion-XXXXXX".utf8CString)
      let made = mkdtemp(&template) != nil
      path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
      try #require(made)
    }

    deinit {
      Self.remove(path)
    }

    func write(_ bytes: [UInt8], to name: String) throws {
      for folder in name.split(separator: "/").dropLast().reduce(
        into: [path], { $0.append($0[$0.count - 1] + "/" + $1) })
      {
        mkdir(folder, 0o700)
      }
      try AtomicFile.write(bytes, to: path + "/" + name)
    }

    func bytes(_ name: String) throws -> [UInt8] {
      let source = try FileByteSource(path: path + "/" + name, name: name)
      return try source.bytes(at: 0, count: Int(source.size))
    }

    func exists(_ name: String) -> Bool { access(path + "/" + name, F_OK) == 0 }

    func tree(_ name: String = "") -> DirectoryTree {
      DirectoryTree(root: name.isEmpty ? path : path + "/" + name)
    }

    private static func remove(_ path: String) {
      if let directory = opendir(path) {
        while let entry = readdir(directory) {
          let name = withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
          }
          if name != ".", name != ".." { remove(path + "/" + name) }
        }
        closedir(directory)
      }
      unlink(path)
      rmdir(path)
    }
  }

  /// A reading of a model with one parameter in `in/w.bin` and an asset in `in/tokenizer.json`, relative to `in`.
  private func reading(_ folder: Folder) throws -> Reading {
    try folder.write([1, 2, 3, 4, 5, 6, 7, 8], to: "in/w.bin")
    try folder.write(Array("{}".utf8), to: "in/tokenizer.json")
    var reading = Reading(format: .safetensors)
    reading.model.name = "m"
    reading.model.files = [ParameterFile(path: "w.bin", size: 8)]
    reading.model.assets = [Asset(kind: "tokenizer", path: "tokenizer.json")]
    reading.model.parameters = [
      Variable(
        "w", kind: .parameter,
        tensor: Tensor(TensorType(.f32, shape: [2]), .stored(ByteRange(file: 0, offset: 0, length: 8)))),
      Variable(
        "tied", kind: .parameter, tiedTo: "w",
        tensor: Tensor(TensorType(.f32, shape: [2]), .stored(ByteRange(file: 0, offset: 0, length: 8)))),
    ]
    return reading
  }

  private func read(_ folder: Folder, _ name: String) throws -> Reading {
    try NativeReader.read(folder.tree(), name: name, limits: Limits())
  }

  @Test(arguments: ["in/m.pmr", "m.pmr"])
  func parametersStayWhereTheyAre(_ output: String) throws {
    let folder = try Folder()
    let outcome = try Conversion(.native).convert(
      reading(folder), in: folder.tree("in"), to: folder.path + "/" + output)
    let below = output == "m.pmr" ? "in/" : ""
    #expect(outcome.model.files.map(\.path) == [below + "w.bin"])
    #expect(outcome.model.profile == "2026.1")
    #expect(outcome.model.parameterCount == 2)
    #expect(outcome.model.assets == [Asset(kind: "tokenizer", path: below + "tokenizer.json", size: 2)])
    let converted = try read(folder, output)
    #expect(converted.faults.isEmpty)
    #expect(converted.model.files.map(\.path) == ["in/w.bin"])
    #expect(try NativeWriter.bytes(outcome.model) == folder.bytes(output))
    #expect(UInt64(try folder.bytes(output).count) == outcome.structureBytes)
  }

  @Test func referencesLeadDownwardsOnly() throws {
    let folder = try Folder()
    let source = try reading(folder)
    try folder.write([], to: "out/x")
    do {
      _ = try Conversion(.native).convert(source, in: folder.tree("in"), to: folder.path + "/out/m.pmr")
      Issue.record("converted")
    } catch {
      guard case .filesElsewhere = error else {
        Issue.record("\(error)")
        return
      }
      #expect(error.en.contains("--copy"))
      #expect(error.zh.contains("--copy"))
    }
    #expect(!folder.exists("out/m.pmr"))
  }

  @Test(arguments: [Conversion.Placement.copied, .hardLinked])
  func filesAreBroughtAlong(_ placement: Conversion.Placement) throws {
    let folder = try Folder()
    let source = try reading(folder)
    try folder.write([], to: "out/x")
    var conversion = Conversion(.nativeJSON)
    conversion.placement = placement
    // Twice, since what is there already must be replaced.
    for _ in 0..<2 {
      let outcome = try conversion.convert(source, in: folder.tree("in"), to: folder.path + "/out/m.pmr.json")
      #expect(outcome.model.files.map(\.path) == ["m.files/w.bin"])
    }
    #expect(try folder.bytes("out/m.files/w.bin") == [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(try folder.bytes("out/m.files/tokenizer.json") == Array("{}".utf8))
    #expect(!folder.exists("out/m.files/w.bin.new"))
    #expect(try read(folder, "out/m.pmr.json").faults.isEmpty)
  }

  @Test func digests() throws {
    let folder = try Folder()
    var source = try reading(folder)
    let declared = DeclaredDigest(algorithm: "sm3", value: "00")
    source.model.assets[0].digest = declared
    var conversion = Conversion(.native)
    conversion.computesDigests = true
    let outcome = try conversion.convert(source, in: folder.tree("in"), to: folder.path + "/in/m.pmr")
    // printf '\1\2\3\4\5\6\7\10' | sha256sum
    #expect(
      outcome.model.files[0].digest
        == DeclaredDigest(
          algorithm: "sha256", value: "66840dda154e8a113c31dd0ad32f7f3a366a80e8136979d8f5a101d3d29d6f72"))
    #expect(outcome.model.assets[0].digest == declared)
  }

  @Test func aFileOfTheInputIsNotOverwritten() throws {
    let folder = try Folder()
    let source = try reading(folder)
    #expect(throws: ConversionFailure.outputIsInput("w.bin")) {
      try Conversion(.native).convert(source, in: folder.tree("in"), to: folder.path + "/in/w.bin")
    }
    #expect(try folder.bytes("in/w.bin").count == 8)
  }

  @Test func whatCouldNotBeReadIsNotConverted() throws {
    let folder = try Folder()
    var source = try reading(folder)
    source.known.remove(.graphs)
    #expect(throws: ConversionFailure.incomplete(aspects: ["graphs"])) {
      try Conversion(.native).convert(source, in: folder.tree("in"), to: folder.path + "/in/m.pmr")
    }
  }

  @Test func shortEncodedElementsGoIntoTheStructure() throws {
    let folder = try Folder()
    var source = try reading(folder)
    // −1 as ten bytes, 300, and the half-precision pattern 3c00; then two words.
    let varints: [UInt8] = Array(repeating: 0xff, count: 9) + [0x01, 0xac, 0x02, 0x80, 0x78]
    try folder.write(varints + [0x05, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff], to: "in/w.bin")
    func variable(
      _ name: String, _ type: ElementType, _ encoding: EncodedContent.Encoding, _ range: Range<UInt64>,
      _ count: UInt64
    )
      -> Variable
    {
      let range = ByteRange(file: 0, offset: range.lowerBound, length: UInt64(range.count))
      return Variable(
        name,
        tensor: Tensor(
          TensorType(type, shape: [Int64(count)]),
          .encoded(EncodedContent(encoding, ranges: [range], count: count))))
    }
    source.model.parameters = [
      variable("i", .i64, .variableLengthIntegers, 0..<12, 2),
      variable("s", .i16, .variableLengthIntegers, 0..<12, 2),
      variable("h", .f16, .variableLengthBitPatterns, 12..<14, 1), variable("w", .i8, .words32, 14..<22, 2),
    ]
    let outcome = try Conversion(.native).convert(
      source, in: folder.tree("in"), to: folder.path + "/in/m.pmr")
    let contents = outcome.model.parameters.map(\.tensor.content)
    #expect(
      contents == [
        .inline(Array(repeating: 0xff, count: 8) + [0x2c, 0x01, 0, 0, 0, 0, 0, 0]),
        .inline([0xff, 0xff, 0x2c, 0x01]), .inline([0x00, 0x3c]), .inline([0x05, 0xfe]),
      ])
    #expect(outcome.valuesFile == nil)
    // No tensor lies in the file any more.
    #expect(outcome.model.files == [])
  }

  @Test func longEncodedElementsGoIntoAFileBesideTheStructure() throws {
    let folder = try Folder()
    var source = try reading(folder)
    // 70,000 integers of one byte each, then as many of two: 70,000 B and 560,000 B once decoded.
    let count: UInt64 = 70_000
    let short = (0..<Int(count)).map { UInt8($0 % 128) }
    let long = (0..<Int(count)).flatMap { _ -> [UInt8] in [0x81, 0x01] }
    try folder.write(short + long, to: "in/w.bin")
    func content(_ offset: UInt64, _ length: UInt64) -> TensorContent {
      .encoded(
        EncodedContent(
          .variableLengthIntegers, ranges: [ByteRange(file: 0, offset: offset, length: length)], count: count)
      )
    }
    source.model.parameters = [
      Variable("short", tensor: Tensor(TensorType(.u8, shape: [7, 10_000]), content(0, count))),
      Variable("long", tensor: Tensor(TensorType(.i64, shape: [70_000]), content(count, 2 * count))),
    ]
    let outcome = try Conversion(.native).convert(source, in: folder.tree("in"), to: folder.path + "/m.pmr")
    #expect(outcome.valuesFile == "m.values.safetensors")
    #expect(outcome.model.files.map(\.path) == ["m.values.safetensors"])
    let converted = try read(folder, "m.pmr")
    #expect(converted.faults.isEmpty)
    #expect(converted.carries == [.native, .safetensors])
    let bytes = try folder.bytes("m.values.safetensors")
    for (index, expected) in [
      short, (0..<Int(count)).flatMap { _ -> [UInt8] in [0x81, 0, 0, 0, 0, 0, 0, 0] },
    ].enumerated() {
      guard case .stored(let range) = converted.model.parameters[index].tensor.content else {
        Issue.record("not stored")
        continue
      }
      #expect(range.offset % 8 == 0)
      #expect(Array(bytes[Int(range.offset)..<Int(range.offset + range.length)]) == expected)
    }
    // The header that safetensors readers see.
    let header = try SafetensorsHeader.read(
      try FileByteSource(path: folder.path + "/m.values.safetensors", name: "v"), limits: Limits())
    #expect(header.faults.isEmpty)
    #expect(
      header.header?.tensors.map(\.type) == [
        TensorType(.i64, shape: [70_000]), TensorType(.u8, shape: [7, 10_000]),
      ])
  }

  @Test func aHeaderThatSaysSomethingElseIsFound() throws {
    let json = Array(#"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} "#.utf8)
    let header = [UInt8(json.count), 0, 0, 0, 0, 0, 0, 0] + json
    let start = UInt64(header.count)
    func codes(_ type: TensorType, _ offset: UInt64, _ length: UInt64) throws -> [String] {
      var model = Model()
      model.files = [ParameterFile(path: "w.safetensors", size: start + 8)]
      model.parameters = [
        Variable("v", tensor: Tensor(type, .stored(ByteRange(file: 0, offset: offset, length: length))))
      ]
      let files = [
        "m": try NativeWriter.bytes(model), "w.safetensors": header + Array(repeating: 0, count: 8),
      ]
      return try NativeReader.read(MemoryTree(files), name: "m", limits: Limits()).faults.entries.map(\.code)
    }
    let wrong = ["native-safetensors-header-agrees"]
    #expect(try codes(TensorType(.f32, shape: [2]), start, 8) == [])
    #expect(try codes(TensorType(.f32, shape: [1, 2]), start, 8) == wrong)
    #expect(try codes(TensorType(.i32, shape: [2]), start, 8) == wrong)
    #expect(try codes(TensorType(.f32, shape: [1]), start, 4) == wrong)
    #expect(try codes(TensorType(.i4, shape: [16]), start, 8) == wrong)
  }

  @Test func suffixes() {
    #expect(Conversion.Target(suffixOf: "a/b.pmr") == .native)
    #expect(Conversion.Target(suffixOf: "b.pmr.json") == .nativeJSON)
    #expect(Conversion.Target(suffixOf: "b.onnx") == nil)
  }
}
