import Formats
import Numerics
import Representation
import Testing

/// A variant of the base that meets a requirement at its edge.
struct DescriptionSuccess: Sendable, CustomTestStringConvertible {
  let key: String
  /// Whether a remark is made all the same.
  let remarks: Bool
  private(set) var sample: DescribedSample

  init(_ key: String, remarks: Bool = false, _ change: (inout Model) -> Void) {
    self.key = key
    self.remarks = remarks
    sample = DescribedSample.base.with { change(&$0.model) }
  }

  /// The base, with metadata beside it.
  static func supplying(_ change: (inout Model) -> Void) -> DescriptionSuccess {
    var metadata = Metadata(file: "m.yaml")
    change(&metadata.fields)
    var success = DescriptionSuccess("metadata-agrees-with-model") { _ in }
    success.sample.metadata = metadata
    return success
  }

  var testDescription: String { key }

  private static func set(_ name: String, _ value: HyperParameter.Value) -> (inout Model) -> Void {
    { model in
      model.architecture?.hyperParameters.removeAll { $0.name == name }
      model.architecture?.hyperParameters.append(HyperParameter(name, value))
    }
  }

  static let all: [DescriptionSuccess] = [
    .init("model-name-form") { $0.name = String(repeating: "模", count: 256) },
    .init("model-version-semantic") { $0.version = "0.0.0-alpha.1+001" },
    .init("model-identifier-form") { $0.identifier = "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6" },
    .init("model-identifier-form") { $0.identifier = "https://example.com/models/%E6%A8%A1" },
    .init("profile-known", remarks: true) { $0.profile = "2026.7" },
    .init("licence-present") { $0.licence = "NONE" },
    .init("licence-expression-valid") { $0.licence = "(MIT or Apache-2.0) AND LicenseRef-x" },
    .init("licence-identifiers-listed") { $0.licence = "aPACHE-2.0 OR LicenseRef-llama3" },
    .init("licence-exceptions-listed") { $0.licence = "GPL-2.0-or-later WITH Classpath-exception-2.0" },
    .init("licence-identifiers-current") { $0.licence = "GPL-2.0-only" },
    .init("contributor-emails-form") { $0.contributors[0].email = "o'neil+ml@sub.example.co" },
    .init("contributor-emails-form") { $0.contributors[0].email = "张三@例子.公司" },
    .init("contributors-distinct") { model in
      var second = model.contributors[0]
      second.role = "trainer"
      model.contributors.append(second)
    },
    .init("modalities-known") { $0.modalities = ["image", "point-cloud", "other"] },
    .init("architecture-kind-known") { $0.architecture?.kind = "other" },
    .init("layer-count-present") { model in
      model.architecture?.kind = "encoder-decoder"
      model.architecture?.hyperParameters = [
        HyperParameter("encoder-layers", .integer(6)), HyperParameter("decoder-layers", .integer(6)),
      ]
    },
    .init("attention-heads-present") { model in
      model.architecture?.kind = "encoder-decoder"
      model.architecture?.hyperParameters = [
        HyperParameter("encoder-attention-heads", .integer(6)),
        HyperParameter("decoder-attention-heads", .integer(6)),
      ]
    },
    .init("hidden-size-present") { model in
      model.architecture?.kind = "other"
      model.architecture?.hyperParameters = []
    },
    .init("hyper-parameter-types", set("rotary-base", .float(1e6))),
    .init("hyper-parameter-counts", set("token-type-count", .integer(0))),
    .init("hyper-parameter-counts", set("sliding-window", .integer(0))),
    .init("normalisation-epsilon-range", set("normalisation-epsilon", .float(1e-12))),
    .init("dropout-range", set("hidden-dropout", .integer(0))),
    .init("position-encoding-known", set("position-encoding", .text("alibi"))),
    .init("normalisation-known", set("normalisation", .text("layer"))),
    .init("pre-training-paradigm-known") { $0.preTraining?.paradigm = "mixed" },
    .init("pre-training-paradigm-of-term") { $0.preTraining?.paradigm = "unsupervised" },
    .init("pre-training-precision-known") { $0.preTraining?.precision = "mixed" },
    .init("pre-training-data-unit-present") { model in
      model.preTraining?.dataVolume = nil
      model.preTraining?.dataUnit = nil
    },
    .init("parameter-count-agrees") { model in
      model.parameters.append(
        Variable("b", kind: .parameter, tensor: Tensor(TensorType(.f16, shape: []), .absent)))
      model.parameterCount = 7
    },
    .init("large-model-size-note") { model in
      model.parameters[0].tensor.type.dims = [.fixed(100_000), .fixed(1000)]
    },
    .init("asset-sizes-agree") { $0.assets[0].size = nil },
    .supplying { _ in },
    .supplying { $0.licence = "apache-2.0" },
    .supplying { given in
      given.name = "盘古-7B"
      given.documentation = "another text"
      given.contributors = [Contributor(name: "张三", role: "author")]
      given.modalities = ["text"]
      given.properties = [Property(key: "team", value: "nlp"), Property(key: "new", value: "1")]
      given.parameterCount = 6
    },
  ]
}
