import Formats
import Numerics
import Representation
import Storage

/// A model whose description meets every requirement, and what is beside it; the base of every case.
struct DescribedSample: Sendable {
  var model: Model
  var files: [String: [UInt8]]
  var metadata: Metadata?

  /// The base: six parameters, one tokenizer file of five bytes.
  static let base: DescribedSample = {
    var model = Model()
    model.profile = "2026.1"
    model.name = "盘古-7B"
    model.version = "1.2.0"
    model.identifier = "com.example.pangu"
    model.producer = Producer(name: "pytorch", version: "2.4.0")
    model.documentation = "用于测试的模型"
    model.licence = "Apache-2.0"
    model.contributors = [
      Contributor(name: "张三", organisation: "示例研究院", email: "zhang@example.com", role: "author"),
      Contributor(name: "示例研究院", role: "organisation"),
    ]
    model.modalities = ["text"]
    model.architecture = Architecture()
    model.architecture?.kind = "decoder-only"
    model.architecture?.family = "llama"
    model.architecture?.hyperParameters = [
      HyperParameter("layers", .integer(2)), HyperParameter("hidden-size", .integer(8)),
      HyperParameter("attention-heads", .integer(2)), HyperParameter("rotary-base", .integer(10_000)),
      HyperParameter("normalisation", .text("root-mean-square")),
      HyperParameter("normalisation-epsilon", .float(1e-6)),
      HyperParameter("position-encoding", .text("rotary")), HyperParameter("hidden-dropout", .float(0)),
      HyperParameter("tied-embeddings", .boolean(false)), HyperParameter("vendor.flag", .text("x")),
    ]
    var preTraining = PreTraining()
    preTraining.paradigm = "self-supervised"
    preTraining.objective = "causal-language-modelling"
    preTraining.dataVolume = 1_000_000
    preTraining.dataUnit = "tokens"
    preTraining.precision = "bf16"
    model.preTraining = preTraining
    model.parameterCount = 6
    model.parameters = [
      Variable("w", kind: .parameter, tensor: Tensor(TensorType(.f32, shape: [2, 3]), .absent)),
      Variable(
        "lm_head", kind: .parameter, tiedTo: "w", tensor: Tensor(TensorType(.f32, shape: [2, 3]), .absent)),
      Variable("position_ids", kind: .buffer, tensor: Tensor(TensorType(.i64, shape: [1, 512]), .absent)),
    ]
    model.assets = [
      Asset(
        kind: "tokenizer", path: "tokenizer.json", size: 5,
        // printf hello | sha256sum
        digest: DeclaredDigest(
          algorithm: "sha256", value: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"))
    ]
    model.properties = [Property(key: "team", value: "nlp"), Property(key: "Team", value: "nlp")]
    model.extensions = [Extension(name: "com.example.note", critical: false, content: [1])]
    return DescribedSample(model: model, files: ["tokenizer.json": Array("hello".utf8)])
  }()

  /// A copy with a change.
  func with(_ change: (inout DescribedSample) -> Void) -> DescribedSample {
    var copy = self
    change(&copy)
    return copy
  }
}
