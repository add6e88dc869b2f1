import Formats
import Numerics
import Profile
import Representation
import Storage
import Testing

@testable import Checks

/// Whole directories, read and judged by the published catalogue: what is said of them is true, and said once.
@Suite struct DirectoryVerdictTests {
  /// A safetensors file with one tensor of four bytes.
  private static let weights: [UInt8] = {
    let header = #"{"__metadata__":{"format":"pt"},"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#
    return [UInt8(header.utf8.count), 0, 0, 0, 0, 0, 0, 0] + Array(header.utf8) + [0, 0, 128, 63]
  }()
  private static let pickle: [UInt8] = [0x80, 2, 0x7D, 0x71, 0]
  private static let configuration = #"{"model_type":"bert","hidden_size":4}"#

  private func judge(_ files: [String: [UInt8]]) throws -> [RequirementResult] {
    let tree = MemoryTree(files)
    return Judge(Catalogue.published).results(
      for: Sample(reading: SampleReader.read(tree, name: ""), tree: tree))
  }

  private func ids(_ results: [RequirementResult], _ verdict: Verdict, _ prefix: String = "") -> [String] {
    results.filter { $0.verdict == verdict && $0.requirement.id.hasPrefix(prefix) }.map(\.requirement.key)
  }

  @Test func anAdapterIsInconclusiveOnlyForItsArchitecture() throws {
    let results = try judge([
      "adapter_model.safetensors": Self.weights,
      "adapter_config.json": Array(
        #"{"peft_type":"LORA","peft_version":"1.0.0","base_model_name_or_path":"acme/base"}"#.utf8),
    ])
    #expect(ids(results, .inconclusive) == ["hf-adapter-base-in-sample", "architecture-present"])
    #expect(ids(results, .fail, "HF") == [])
  }

  @Test func aPickleAloneFailsOnce() throws {
    let results = try judge([
      "pytorch_model.bin": Self.pickle, "config.json": Array(Self.configuration.utf8),
    ])
    #expect(ids(results, .fail, "HF") == ["hf-weights-not-only-pickle"])
    #expect(ids(results, .inconclusive) == ["hf-element-type-agrees", "model-not-empty"])
  }

  @Test func loneWeightsLackNoConfiguration() throws {
    let results = try judge(["bert.safetensors": Self.weights])
    #expect(ids(results, .fail, "HF") == [])
    #expect(ids(results, .inconclusive) == [])
    #expect(ids(results, .fail, "ST") == [])
  }

  @Test func aConfigurationOfAnotherLibraryLacksItsArchitectureOnce() throws {
    let results = try judge([
      "model.safetensors": Self.weights,
      "config.json": Array(#"{"architecture":"resnet18","num_classes":1000}"#.utf8),
    ])
    let said = ids(results, .fail).filter { $0.hasPrefix("architecture") }
    #expect(said == ["architecture-present"])
  }

  @Test func contentThatTheReaderWasKeptFromIsNotMissing() throws {
    let requirement = try #require(Catalogue.published["tensor-content-present"])
    var reading = Reading(format: .onnx)
    reading.model.parameters = [
      Variable("w", tensor: Tensor(TensorType(.f32, shape: [4]), .absent))
    ]
    func verdict() throws -> Verdict {
      let judge = Judge(Catalogue(profile: "test", requirements: [requirement]))
      return try #require(
        judge.results(for: Sample(reading: reading, tree: MemoryTree([:]))).first
      ).verdict
    }
    #expect(try verdict() == .fail)
    reading.model.parameters[0].tensor.content = .withheld
    #expect(try verdict() == .inconclusive)
  }
}
