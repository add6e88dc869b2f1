import Formats
import Profile
import Representation
import Storage
import Testing

/// A change to the base, and all that may be said of the result: one requirement, its verdict and its first finding.
struct DescriptionFailure: Sendable, CustomTestStringConvertible {
  let key: String
  let verdict: Verdict
  let count: UInt64
  let expected: String?
  let actual: String?
  let sample: DescribedSample
  /// Another requirement that says something of the same change.
  private(set) var companion: String?

  init(
    _ key: String, _ verdict: Verdict, count: UInt64 = 1, expected: String? = nil, actual: String? = nil,
    _ change: (inout Model) -> Void
  ) {
    self.init(key, verdict, count: count, expected: expected, actual: actual, sample: { change(&$0.model) })
  }

  init(
    _ key: String, _ verdict: Verdict, count: UInt64 = 1, expected: String? = nil, actual: String? = nil,
    sample change: (inout DescribedSample) -> Void
  ) {
    self.key = key
    self.verdict = verdict
    self.count = count
    self.expected = expected
    self.actual = actual
    sample = DescribedSample.base.with(change)
  }

  func also(_ key: String) -> DescriptionFailure {
    var copy = self
    copy.companion = key
    return copy
  }

  var testDescription: String { key + (actual.map { " " + $0 } ?? "") }

  private static func set(_ name: String, _ value: HyperParameter.Value) -> (inout Model) -> Void {
    { model in
      model.architecture?.hyperParameters.removeAll { $0.name == name }
      model.architecture?.hyperParameters.append(HyperParameter(name, value))
    }
  }

  private static func drop(_ name: String) -> (inout Model) -> Void {
    { $0.architecture?.hyperParameters.removeAll { $0.name == name } }
  }

  private static func supply(_ change: (inout Model) -> Void) -> (inout DescribedSample) -> Void {
    var metadata = Metadata(file: "m.yaml")
    change(&metadata.fields)
    let supplied = metadata
    return { $0.metadata = supplied }
  }

  static let identity: [DescriptionFailure] = [
    .init("model-name-present", .fail) { $0.name = nil },
    .init("model-name-present", .fail) { $0.name = " \t" },
    .init("model-name-form", .fail, expected: "≠ Cc, Zl, Zp", actual: "U+000A") { $0.name = "a\nb" },
    .init("model-name-form", .fail, expected: "≠ Cc, Zl, Zp", actual: "U+2028") { $0.name = "a\u{2028}b" },
    .init("model-name-form", .fail, expected: "≤ 256", actual: "257") {
      $0.name = String(repeating: "模", count: 257)
    },
    .init("model-version-present", .warn) { $0.version = nil },
    .init("model-version-semantic", .warn, expected: "MAJOR.MINOR.PATCH (SemVer 2.0.0)", actual: "1.0") {
      $0.version = "1.0"
    },
    .init("model-identifier-form", .fail, expected: "URI | URN | com.example.model", actual: "my model") {
      $0.identifier = "my model"
    },
    .init("producer-present", .warn) { $0.producer = nil },
    .init("producer-version-present", .warn) { $0.producer?.version = nil },
    .init("documentation-present", .warn) { $0.documentation = "" },
    .init("profile-known", .fail, expected: "2026.1", actual: "latest") { $0.profile = "latest" },
    .init("profile-known", .inconclusive, expected: "2026.1", actual: "2027.1") { $0.profile = "2027.1" },
  ]

  static let licence: [DescriptionFailure] = [
    .init("licence-present", .fail) { $0.licence = nil },
    .init("licence-present", .fail) { $0.licence = "NOASSERTION" },
    .init("licence-expression-valid", .fail, expected: "licence-expected @7", actual: "MIT AND") {
      $0.licence = "MIT AND"
    },
    .init(
      "licence-expression-valid", .fail, expected: "operator-expected @7 \"2.0\"", actual: "Apache 2.0"
    ) { $0.licence = "Apache 2.0" },
    .init(
      "licence-identifiers-listed", .warn, expected: "SPDX License List 3.27.0 | LicenseRef-…",
      actual: "llama3"
    ) { $0.licence = "llama3" },
    .init(
      "licence-exceptions-listed", .warn, expected: "SPDX License List 3.27.0 | AdditionRef-…",
      actual: "classpath"
    ) { $0.licence = "GPL-2.0-or-later WITH classpath" },
    .init("licence-identifiers-current", .warn, actual: "GPL-2.0") { $0.licence = "GPL-2.0" },
    .init("licence-identifiers-current", .warn, actual: "LGPL-2.1+") { $0.licence = "MIT OR LGPL-2.1+" },
  ]

  static let contributors: [DescriptionFailure] = [
    .init("contributor-list-present", .fail) { $0.contributors = [] },
    .init("contributor-names-present", .fail) { $0.contributors[0].name = nil },
    .init("contributor-emails-form", .fail, expected: "local@example.com", actual: "zhang(at)example.com") {
      $0.contributors[0].email = "zhang(at)example.com"
    },
    .init("contributor-organisations-present", .warn, actual: "张三") { $0.contributors[0].organisation = nil },
    .init(
      "contributor-roles-known", .fail,
      expected:
        "author | organisation | maintainer | data-provider | trainer | converter | compressor | evaluator | other",
      actual: "guru"
    ) { $0.contributors[0].role = "guru" },
    .init("contributors-distinct", .warn, actual: "张三") { $0.contributors.append($0.contributors[0]) },
    .init("modalities-present", .fail) { $0.modalities = [] },
    .init(
      "modalities-known", .fail,
      expected: "text | image | audio | video | speech | point-cloud | tabular | graph | other",
      actual: "Text"
    ) { $0.modalities = ["Text"] },
    .init("modalities-distinct", .warn, count: 2, actual: "text") {
      $0.modalities = ["text", "text", "text"]
    },
  ]

  static let architecture: [DescriptionFailure] = [
    .init("architecture-present", .fail) { $0.architecture = nil },
    .init("architecture-kind-present", .fail) { $0.architecture?.kind = nil },
    .init(
      "architecture-kind-known", .fail, expected: "encoder-only | decoder-only | encoder-decoder | other",
      actual: "seq2seq"
    ) { $0.architecture?.kind = "seq2seq" },
    .init("architecture-family-present", .fail) { $0.architecture?.family = nil },
    .init("layer-count-present", .warn, expected: "layers", drop("layers")),
    .init("layer-count-present", .warn, expected: "decoder-layers") { model in
      drop("layers")(&model)
      set("encoder-layers", .integer(2))(&model)
      model.architecture?.kind = "encoder-decoder"
    },
    .init("hidden-size-present", .warn, expected: "hidden-size", drop("hidden-size")),
    .init("attention-heads-present", .warn, expected: "attention-heads", drop("attention-heads")),
    .init("hyper-parameters-distinct", .fail, actual: "layers") {
      $0.architecture?.hyperParameters.append(HyperParameter("layers", .integer(2)))
    },
    .init(
      "hyper-parameter-types", .fail, expected: "integer", actual: "text \"2\"", set("layers", .text("2"))),
    .init(
      "hyper-parameter-types", .fail, expected: "boolean", actual: "integer 1",
      set("tied-embeddings", .integer(1))),
    .init(
      "hyper-parameter-types", .fail, expected: "integer", actual: "real 8.0", set("hidden-size", .float(8))),
    .init("hyper-parameter-counts", .fail, expected: "≥ 1", actual: "0", set("layers", .integer(0))),
    .init("hyper-parameter-counts", .fail, expected: "≥ 0", actual: "-1", set("experts", .integer(-1))),
    .init(
      "normalisation-epsilon-range", .fail, expected: "0 < x < 1", actual: "0.0",
      set("normalisation-epsilon", .float(0))),
    .init(
      "normalisation-epsilon-range", .fail, expected: "0 < x < 1", actual: "nan",
      set("normalisation-epsilon", .float(.nan))),
    .init(
      "normalisation-epsilon-range", .fail, expected: "0 < x < 1", actual: "1",
      set("normalisation-epsilon", .integer(1))),
    .init("dropout-range", .fail, expected: "0 ≤ x < 1", actual: "10", set("hidden-dropout", .integer(10))),
    .init(
      "dropout-range", .fail, expected: "0 ≤ x < 1", actual: "-0.5", set("attention-dropout", .float(-0.5))),
    .init(
      "position-encoding-known", .fail, expected: "learned | sinusoidal | rotary | relative | alibi | none",
      actual: "rope", set("position-encoding", .text("rope"))),
    .init(
      "normalisation-known", .fail, expected: "layer | root-mean-square", actual: "rms",
      set("normalisation", .text("rms"))),
  ]

  static let preTraining: [DescriptionFailure] = [
    .init("pre-training-present", .fail) { $0.preTraining = nil },
    .init("pre-training-paradigm-present", .fail) { $0.preTraining?.paradigm = nil },
    .init(
      "pre-training-paradigm-known", .fail,
      expected: "self-supervised | unsupervised | supervised | mixed | other", actual: "ssl"
    ) { $0.preTraining?.paradigm = "ssl" }.also("pre-training-paradigm-of-term"),
    .init(
      "pre-training-paradigm-of-term", .pass, expected: "self-supervised | unsupervised", actual: "supervised"
    ) { $0.preTraining?.paradigm = "supervised" },
    .init("pre-training-objective-present", .warn) { $0.preTraining?.objective = nil },
    .init("pre-training-data-volume-positive", .fail, expected: "≥ 1", actual: "0") {
      $0.preTraining?.dataVolume = 0
    },
    .init("pre-training-data-unit-present", .fail) { $0.preTraining?.dataUnit = nil },
    .init(
      "pre-training-data-unit-known", .fail, expected: "tokens | samples | images | hours | bytes",
      actual: "words"
    ) { $0.preTraining?.dataUnit = "words" },
    .init("pre-training-precision-known", .fail, expected: "f32 | f16 | bf16 | … | mixed", actual: "half") {
      $0.preTraining?.precision = "half"
    },
  ]

  static let parameters: [DescriptionFailure] = [
    .init("parameter-count-present", .warn) { $0.parameterCount = nil },
    .init("parameter-count-agrees", .fail, expected: "6", actual: "7") { $0.parameterCount = 7 },
    .init("parameter-count-agrees", .inconclusive, expected: "?", actual: "6") {
      $0.parameters[0].kind = nil
    },
    .init("parameter-count-agrees", .inconclusive, expected: "?", actual: "6") {
      $0.compressionStatement = "compression.yaml"
    },
    .init("parameter-count-agrees", .inconclusive, expected: "?", actual: "6") {
      $0.properties.append(Property(key: "quantization_config", value: #"{"bits":4}"#))
    },
    .init("parameter-count-agrees", .inconclusive, expected: "?", actual: "6") {
      $0.parameters[0].tensor.type.dims = nil
    },
  ]

  static let assets: [DescriptionFailure] = [
    .init(
      "asset-kinds-known", .fail,
      expected:
        "tokenizer | preprocessing | configuration | generation | model-card | licence | evaluation | other",
      actual: "vocab"
    ) { $0.assets[0].kind = "vocab" },
    .init("asset-paths-safe", .fail, expected: "a/b.json", actual: "../secret") {
      $0.assets.append(Asset(kind: "other", path: "../secret"))
    },
    .init("asset-files-present", .fail, expected: "vocab.txt") {
      $0.assets.append(Asset(kind: "tokenizer", path: "vocab.txt"))
    },
    .init("asset-sizes-agree", .fail, expected: "6 B", actual: "5 B") { $0.assets[0].size = 6 },
    .init("asset-digest-algorithms-known", .fail, expected: "sha256 | sha512 | sm3", actual: "md5") {
      $0.assets[0].digest = DeclaredDigest(algorithm: "md5", value: "5d41402abc4b2a76b9719d911017c592")
    },
    .init("asset-digest-values-form", .fail, expected: "64 × [0-9a-f]", actual: "0x12") {
      $0.assets[0].digest = DeclaredDigest(algorithm: "sm3", value: "0x12")
    },
    .init("property-keys-distinct", .fail, actual: "team") {
      $0.properties.append(Property(key: "team", value: "vision"))
    },
    .init("extension-names-form", .fail, expected: "com.example.layout", actual: "layout") {
      $0.extensions[0].name = "layout"
    },
    .init("extension-names-distinct", .fail, actual: "com.example.note") {
      $0.extensions.append($0.extensions[0])
    },
    .init("critical-extensions-known", .inconclusive, actual: "com.example.note") {
      $0.extensions[0].critical = true
    },
    .init(
      "metadata-agrees-with-model", .fail, expected: "Apache-2.0", actual: "MIT",
      sample: supply { $0.licence = "MIT" }),
    .init(
      "metadata-agrees-with-model", .fail, count: 2, expected: "text", actual: "image",
      sample: supply {
        $0.modalities = ["text", "image"]
        $0.contributors = [Contributor(name: "李四")]
      }),
    .init(
      "metadata-agrees-with-model", .fail, expected: "2", actual: "3",
      sample: supply {
        $0.architecture = Architecture()
        $0.architecture?.hyperParameters = [
          HyperParameter("layers", .integer(3)), HyperParameter("rotary-base", .float(10_000)),
          HyperParameter("label-count", .integer(2)),
        ]
      }),
    .init(
      "metadata-agrees-with-model", .fail, expected: "2.4.0", actual: "2.5.0",
      sample: supply { $0.producer = Producer(name: "pytorch", version: "2.5.0") }),
  ]

  static let all = identity + licence + contributors + architecture + preTraining + parameters + assets
}
