import Storage
import Testing

@testable import Formats

/// What a directory is, by what lies in it.
@Suite struct RecognitionTests {
  private static let weights = SafetensorsFixture.vectors(["a"])
  private static let onnx = ONNXBytes.model().bytes

  private func recognise(_ names: [String], _ others: [String: [UInt8]] = [:]) throws -> Recognition? {
    var files = others
    for name in names { files[name] = name.hasSuffix(".safetensors") ? Self.weights : Array("{}".utf8) }
    return try Recognition.recognise(MemoryTree(files), name: "")
  }

  @Test(
    "One file of weights is that file",
    arguments: [
      ["bert.safetensors"], ["model.safetensors", "README.md"], ["model.safetensors", "LICENSE"],
      ["a.safetensors", "notes/b.safetensors"],
    ])
  func lone(_ names: [String]) throws {
    let found = try #require(try recognise(names))
    #expect(found.format == .safetensors)
    #expect(found.name == names[0])
  }

  @Test(
    "Weights with what belongs to a model are a directory in Hugging Face layout",
    arguments: [
      ["model.safetensors", "config.json"], ["adapter_model.safetensors", "adapter_config.json"],
      ["model.safetensors", "model.safetensors.index.json"], ["model.safetensors", "tokenizer.json"],
      ["model.safetensors", "pytorch_model.bin"], ["a.safetensors", "b.safetensors"],
      ["model-00001-of-00002.safetensors"],
    ])
  func directory(_ names: [String]) throws {
    #expect(try recognise(names) == Recognition(format: .huggingFace, name: ""))
  }

  @Test("Damaged weights are for the reader of directories to report")
  func damaged() throws {
    let found = try recognise([], ["model.safetensors": [1, 2]])
    #expect(found == Recognition(format: .huggingFace, name: ""))
  }

  @Test("Of two models in one directory neither is taken")
  func ambiguous() throws {
    #expect(try recognise(["a.safetensors"], ["m.onnx": Self.onnx]) == nil)
    #expect(try recognise([], ["m.onnx": Self.onnx])?.format == .onnx)
  }
}
