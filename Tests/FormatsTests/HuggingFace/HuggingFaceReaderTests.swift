import Numerics
import Representation
import Storage
import Testing

@testable import Formats

@Suite("Hugging Face directory")
struct HuggingFaceReaderTests {
  /// A small directory in which nothing is wrong.
  static let good: [String: [UInt8]] = [
    "config.json": Array(
      #"{"model_type":"bert","architectures":["BertModel"],"hidden_size":4,"num_hidden_layers":1,"vocab_size":8,"dtype":"float32"}"#
        .utf8),
    "model.safetensors": SafetensorsFixture.vectors(["a", "b"]),
    "tokenizer.json": Array("{}".utf8),
    "README.md": Array(
      "---\nlicense: apache-2.0\npipeline_tag: fill-mask\nmodel_name: tiny\n---\n# Tiny\n".utf8),
  ]

  private func read(_ changes: [String: [UInt8]] = [:], without removed: Set<String> = []) throws -> Reading {
    let files = Self.good.merging(changes) { $1 }.filter { !removed.contains($0.key) }
    return try HuggingFaceReader.read(MemoryTree(files), name: "", limits: Limits())
  }

  private func read(_ name: String, _ text: String) throws -> Reading {
    try read([name: Array(text.utf8)])
  }

  private func codes(_ reading: Reading) -> [String] {
    reading.faults.entries.map { "\($0.code) \($0.kind.rawValue)" }
  }

  @Test func readsAModel() throws {
    let reading = try read()
    #expect(codes(reading) == [])
    #expect(reading.known == Set(Aspect.allCases))
    #expect(reading.carries == [.huggingFace, .safetensors])
    #expect(reading.model.name == "tiny")
    #expect(reading.model.licence == "Apache-2.0")
    #expect(reading.model.documentation == "# Tiny")
    #expect(reading.model.modalities == ["text"])
    #expect(reading.model.architecture?.kind == "encoder-only")
    #expect(reading.model.architecture?.family == "bert")
    #expect(reading.model.architecture?["hidden-size"] == .integer(4))
    #expect(reading.model.parameters.map(\.name) == ["a", "b"])
    #expect(
      reading.model.assets.map { "\($0.kind) \($0.path)" } == [
        "model-card README.md", "configuration config.json", "tokenizer tokenizer.json",
      ])
    #expect(reading.files.count == 4)
  }

  // MARK: Configuration

  @Test(arguments: [
    ("{", "hf-configuration-json malformed"), ("[]", "hf-configuration-json malformed"),
    ("{} x", "hf-configuration-json malformed"),
    (#"{"model_type":"bert","a":1,"a":1}"#, "hf-configuration-keys-unique malformed"),
    (#"{"model_type":"bert","x":[0.0,Infinity]}"#, "hf-configuration-numbers-finite malformed"),
    (#"{"model_type":"bert","hidden_size":"4"}"#, "hf-configuration-value-types malformed"),
    (#"{"model_type":"bert","hidden_size":{}}"#, "hf-configuration-value-types malformed"),
    (#"{"model_type":"bert","hidden_size":4.5}"#, "hf-configuration-value-types malformed"),
    (#"{"model_type":"bert","tie_word_embeddings":"no"}"#, "hf-configuration-value-types malformed"),
    (#"{"model_type":"x","auto_map":{"AutoModel":"modeling_x.X"}}"#, "hf-no-remote-code malformed"),
    (#"{"model_type":"bert","dtype":"bfloat16"}"#, "hf-element-type-agrees malformed"),
    (#"{"model_type":"bert","torch_dtype":"torch.float16"}"#, "hf-element-type-agrees malformed"),
  ])
  func judgesTheConfiguration(_ text: String, _ code: String) throws {
    #expect(codes(try read("config.json", text)) == [code])
  }

  @Test(arguments: [
    "{}", #"{"model_type":null,"architectures":null,"hidden_size":null}"#, #"{"model_type":"new-thing"}"#,
    #"{"model_type":"x","num_key_value_heads":[1,2],"image_size":[224,196],"activation":{"name":"x"}}"#,
    #"{"model_type":"x","hidden_size":4.0,"hidden_dropout":0,"dtype":"auto"}"#,
    #"{"model_type":"bert","dtype":"bfloat16","quantization_config":{"quant_method":"gptq"}}"#,
  ])
  func takesWhatLibrariesWrite(_ text: String) throws {
    #expect(codes(try read("config.json", text)) == [])
  }

  @Test func needsAConfiguration() throws {
    let reading = try read(without: ["config.json"])
    #expect(codes(reading) == ["hf-configuration-present malformed"])
    #expect(!reading.known.contains(.architecture))
  }

  /// A tree in which one file is there and may not be opened.
  private struct BlockingTree: FileTree {
    let whole: MemoryTree
    let blocked: String

    func names(_ faults: inout FaultLog) throws(Fault) -> [String] {
      try whole.names(&faults).filter { $0 != blocked }
    }
    func contains(_ name: String) -> Bool { whole.contains(name) }
    func open(_ name: String) throws(Fault) -> any ByteSource {
      if name == blocked { throw Fault(FileFault.linkInsideRoot, .unsafe, at: Place(name)) }
      return try whole.open(name)
    }
  }

  @Test func doesNotMissAConfigurationThatMayNotBeOpened() throws {
    let files = [
      "config.json": Array("{}".utf8), "adapter_config.json": Array("{}".utf8),
      "model.safetensors": SafetensorsFixture.vectors(["a"]),
    ]
    let tree = BlockingTree(whole: MemoryTree(files), blocked: "config.json")
    let reading = try HuggingFaceReader.read(tree, name: "", limits: Limits())
    #expect(!codes(reading).contains { $0.hasPrefix("hf-configuration") || $0.hasPrefix("hf-adapter") })
    #expect(!reading.known.contains(.architecture))
  }

  // MARK: Weights

  private func index(_ map: [(String, String)], size: Int, more: String = "") -> [UInt8] {
    let entries = map.map { "\"\($0)\":\"\($1)\"" }.joined(separator: ",")
    return Array("{\"metadata\":{\"total_size\":\(size)\(more)},\"weight_map\":{\(entries)}}".utf8)
  }

  private static let first = "model-00001-of-00002.safetensors"
  private static let second = "model-00002-of-00002.safetensors"
  private static let indexName = "model.safetensors.index.json"

  private func sharded(
    _ changes: [String: [UInt8]] = [:], without removed: Set<String> = ["model.safetensors"]
  ) throws -> Reading {
    let files: [String: [UInt8]] = [
      Self.first: SafetensorsFixture.vectors(["a"]), Self.second: SafetensorsFixture.vectors(["b"]),
      Self.indexName: index([("a", Self.first), ("b", Self.second)], size: 16),
    ]
    return try read(files.merging(changes) { $1 }, without: removed)
  }

  private static let single = "model.safetensors"

  @Test func readsShards() throws {
    let reading = try sharded([
      Self.indexName: index(
        [("b", Self.second), ("a", Self.first)], size: 16, more: ",\"total_parameters\":4")
    ])
    #expect(codes(reading) == [])
    #expect(reading.model.files.map(\.path) == [Self.second, Self.first])
    #expect(reading.model.parameters.map(\.name) == ["b", "a"])
    #expect(reading.model.parameterCount == 4)
  }

  /// The index may list tensors in another order than the shards hold them, and not sorted at all.
  @Test func findsTensorsInAnyOrder() throws {
    let first = ["d", "b", "c"]
    let second = ["f", "a", "e"]
    let map = ["f", "c", "a", "b", "e", "d"].map { ($0, first.contains($0) ? Self.first : Self.second) }
    for map in [map, map.sorted { $0.0 < $1.0 }, map.reversed()] {
      let reading = try sharded([
        Self.first: SafetensorsFixture.vectors(first), Self.second: SafetensorsFixture.vectors(second),
        Self.indexName: index(map, size: 48),
      ])
      #expect(codes(reading) == [])
      #expect(Set(reading.model.parameters.map(\.name)) == Set(first + second))
    }
  }

  @Test func missesAShard() throws {
    let reading = try sharded(without: [Self.single, Self.second])
    #expect(codes(reading) == ["referenced-files-present malformed"])
    #expect(reading.faults.entries[0].occurrences.first.place.file == Self.second)
    #expect(reading.faults.entries[0].occurrences.first.expected == Self.second)
    #expect(!reading.known.contains(.parameters))
  }

  @Test func findsATensorThatIsNotInItsShard() throws {
    let reading = try sharded([Self.second: SafetensorsFixture.vectors(["c"])])
    #expect(
      codes(reading) == ["hf-shard-tensors-in-index malformed", "hf-index-tensors-in-shards malformed"])
  }

  @Test func findsATensorInAnotherShard() throws {
    let reading = try sharded([
      Self.indexName: index([("a", Self.second), ("b", Self.first)], size: 16)
    ])
    #expect(codes(reading) == ["hf-index-tensors-in-shards malformed"])
    #expect(reading.faults.entries[0].occurrences.count == 2)
    #expect(reading.faults.entries[0].occurrences.first.actual == Self.first)
  }

  /// Two variables of one name are for the requirement on names; the index is right.
  @Test func keepsATensorOfTwoShards() throws {
    let reading = try sharded([
      Self.second: SafetensorsFixture.vectors(["a", "b"]),
      Self.indexName: index([("a", Self.first), ("b", Self.second)], size: 24),
    ])
    #expect(codes(reading) == [])
    #expect(reading.model.parameters.map(\.name) == ["a", "a", "b"])
  }

  @Test func judgesTheIndex() throws {
    #expect(codes(try sharded([Self.indexName: Array("{".utf8)])) == ["hf-index-json malformed"])
    #expect(codes(try sharded([Self.indexName: Array("[]".utf8)])) == ["hf-index-json malformed"])
    #expect(codes(try sharded([Self.indexName: Array("{}".utf8)])) == ["hf-index-json malformed"])
    #expect(
      codes(try sharded([Self.indexName: Array("{\"weight_map\":[]}".utf8)])) == ["hf-index-json malformed"])
    #expect(
      codes(try sharded([Self.indexName: Array("{\"weight_map\":{\"a\":1}}".utf8)])) == [
        "hf-index-json malformed"
      ])
    let twice = [("a", Self.first), ("b", Self.second), ("a", Self.first)]
    #expect(
      codes(try sharded([Self.indexName: index(twice, size: 16)])) == ["hf-index-tensors-unique malformed"])
    let map = [("a", Self.first), ("b", Self.second)]
    #expect(
      codes(try sharded([Self.indexName: index(map, size: 17)])) == ["hf-index-total-size-agrees malformed"])
    let bare = "{\"weight_map\":{\"a\":\"\(Self.first)\",\"b\":\"\(Self.second)\"}}"
    #expect(
      codes(try sharded([Self.indexName: Array(bare.utf8)])) == ["hf-index-total-size-stated malformed"])
  }

  @Test func findsLeftoversAndNumbers() throws {
    let third = "model-00003-of-00003.safetensors"
    #expect(
      codes(try sharded([third: SafetensorsFixture.vectors(["c"])])) == ["hf-shards-in-index malformed"])
    let renamed = try sharded(
      [
        third: SafetensorsFixture.vectors(["b"]),
        Self.indexName: index([("a", Self.first), ("b", third)], size: 16),
      ], without: [Self.single, Self.second])
    #expect(codes(renamed) == ["hf-shard-names-numbered malformed"])
  }

  @Test func needsAnIndexForShards() throws {
    let reading = try sharded(without: [Self.single, Self.indexName])
    #expect(codes(reading) == ["hf-shards-have-index malformed"])
    #expect(reading.model.parameters.map(\.name) == ["a", "b"])
  }

  @Test func prefersTheSingleFile() throws {
    let reading = try sharded([Self.single: SafetensorsFixture.vectors(["x"])], without: [])
    #expect(codes(reading) == ["hf-one-weight-layout malformed"])
    #expect(reading.model.parameters.map(\.name) == ["x"])
  }

  @Test func readsAVariantWhereThereIsNothingElse() throws {
    let reading = try read(
      ["model.fp16.safetensors": SafetensorsFixture.vectors(["v"])], without: [Self.single])
    #expect(codes(reading) == [])
    #expect(reading.model.parameters.map(\.name) == ["v"])
  }

  @Test func looksAtHeadersOfOtherFiles() throws {
    let reading = try read(["consolidated.safetensors": Array("short".utf8)])
    #expect(codes(reading) == ["safetensors-header-length-present malformed"])
    #expect(reading.model.files.count == 1)
  }

  private static let pickle: [UInt8] = [0x80, 2, 0x7D, 0x71, 0]

  @Test func judgesPickles() throws {
    #expect(
      codes(try read(["training_args.bin": Self.pickle])) == ["hf-no-pickle-beside-safetensors malformed"])
    #expect(codes(try read(["notes.bin": Array("text".utf8)])) == [])
    let only = try read(["pytorch_model.bin": Self.pickle], without: [Self.single])
    #expect(codes(only) == ["hf-weights-not-only-pickle unsafe"])
    #expect(!only.known.contains(.parameters))
  }

  @Test func needsWeights() throws {
    #expect(codes(try read(without: [Self.single])) == ["hf-weights-present malformed"])
    #expect(
      codes(try read(["onnx/model.onnx": [8, 10]], without: [Self.single])) == [
        "hf-weights-present unsupported"
      ])
  }

  @Test func wantsAFramework() throws {
    let bytes = SafetensorsFixture.file("{" + SafetensorsFixture.f32("a", 1, at: 0) + "}", data: 4)
    #expect(codes(try read(["model.safetensors": bytes])) == ["hf-weights-framework-stated malformed"])
  }

  // MARK: Adapters, tokenizer, other files

  @Test func readsAnAdapter() throws {
    let removed: Set = ["config.json", Self.single, "tokenizer.json"]
    let weights = SafetensorsFixture.vectors(["lora_A"])
    let text = #"{"peft_type":"LORA","peft_version":"0.21.2","base_model_name_or_path":"acme/base"}"#
    let reading = try read(
      ["adapter_config.json": Array(text.utf8), "adapter_model.safetensors": weights], without: removed)
    #expect(codes(reading) == ["hf-adapter-base-in-sample unsupported"])
    #expect(reading.model.parameters.map(\.name) == ["lora_A"])
    #expect(reading.model.producer == Producer(name: "peft", version: "0.21.2"))
    #expect(!reading.known.contains(.architecture))
    let unnamed = try read(
      [
        "adapter_config.json": Array(#"{"base_model_name_or_path":null}"#.utf8),
        "adapter_model.safetensors": weights,
      ], without: removed)
    #expect(codes(unnamed) == ["hf-adapter-base-named malformed"])
  }

  @Test func judgesFilesBeside() throws {
    #expect(codes(try read(without: ["tokenizer.json"])) == ["hf-tokenizer-present malformed"])
    #expect(codes(try read("tokenizer.json", "{\"a\":}")) == ["hf-supporting-files-json malformed"])
    #expect(codes(try read("generation_config.json", "")) == ["hf-supporting-files-json malformed"])
  }

  /// Truncated at every byte, each text of a directory gives a reading.
  @Test func survivesTruncation() throws {
    var files = Self.good
    files[Self.indexName] = index([("a", "model.safetensors")], size: 16)
    for (name, bytes) in files {
      for length in 0..<bytes.count {
        var damaged = files
        damaged[name] = Array(bytes[..<length])
        _ = try HuggingFaceReader.read(MemoryTree(damaged), name: "", limits: Limits())
      }
    }
  }
}
