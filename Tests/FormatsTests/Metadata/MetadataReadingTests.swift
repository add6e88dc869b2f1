import Formats
import Representation
import Storage
import Testing

/// Metadata files: what they give, and what is refused with a place.
struct MetadataReadingTests {
  static func metadata(_ yaml: String) throws(MetadataError) -> Metadata {
    try Metadata(yaml: Array(yaml.utf8), file: "m.yaml")
  }

  @Test func everyFieldIsRead() throws {
    let fields = try Self.metadata(
      """
      name: MiniLM
      version: 1.0
      identifier: com.example.minilm
      producer: {name: pytorch, version: "2.4"}
      documentation: |
        两行
        文字
      licence: Apache-2.0
      contributors:
        - {name: 张三, organisation: 示例研究院, email: a@b.cn, role: author}
        - name: no
      modalities: [text, image]
      architecture:
        kind: encoder-only
        family: bert
        hyper-parameters: {layers: 6, normalisation-epsilon: 1e-12, activation: gelu, tied-embeddings: true, x: "6"}
      pre-training: {paradigm: self-supervised, objective: o, data-volume: 18446744073709551615, data-unit: bytes, precision: bf16}
      parameter-count: 0
      properties: {a: 1, b: yes}
      """
    ).fields
    #expect(fields.name == "MiniLM")
    #expect(fields.version == "1.0")
    #expect(fields.identifier == "com.example.minilm")
    #expect(fields.producer == Producer(name: "pytorch", version: "2.4"))
    #expect(fields.documentation == "两行\n文字\n")
    #expect(fields.licence == "Apache-2.0")
    #expect(
      fields.contributors == [
        Contributor(name: "张三", organisation: "示例研究院", email: "a@b.cn", role: "author"),
        Contributor(name: "no"),
      ])
    #expect(fields.modalities == ["text", "image"])
    #expect(fields.architecture?.kind == "encoder-only")
    #expect(fields.architecture?.family == "bert")
    #expect(
      fields.architecture?.hyperParameters == [
        HyperParameter("layers", .integer(6)), HyperParameter("normalisation-epsilon", .float(1e-12)),
        HyperParameter("activation", .text("gelu")), HyperParameter("tied-embeddings", .boolean(true)),
        HyperParameter("x", .text("6")),
      ])
    #expect(fields.preTraining?.paradigm == "self-supervised")
    #expect(fields.preTraining?.dataVolume == .max)
    #expect(fields.preTraining?.dataUnit == "bytes")
    #expect(fields.parameterCount == 0)
    #expect(fields.properties == [Property(key: "a", value: "1"), Property(key: "b", value: "yes")])
  }

  @Test func byteOrderMarkAndSmallAliasesAreRead() throws {
    let yaml = "\u{FEFF}name: &n MiniLM\nproperties: {a: *n, b: R&D, c: '* not an alias'}\n"
    let metadata = try Self.metadata(yaml)
    #expect(metadata.fields.properties.map(\.value) == ["MiniLM", "R&D", "* not an alias"])
    #expect(metadata.file == "m.yaml")
  }

  /// A file, what is wrong with it and where.
  struct Refusal: Sendable, CustomTestStringConvertible {
    let yaml: String
    let reason: MetadataError.Reason
    let line: Int
    let column: Int
    /// A part of the message in each language.
    let says: String

    init(_ yaml: String, _ reason: MetadataError.Reason, _ line: Int, _ column: Int, says: String = "") {
      self.yaml = yaml
      self.reason = reason
      self.line = line
      self.column = column
      self.says = says
    }

    var testDescription: String { String(yaml.prefix(40)) }
  }

  static let refusals: [Refusal] = [
    .init("", .empty, 1, 1),
    .init("# only a comment\n", .empty, 1, 1),
    .init("- name: x\n", .wrongType, 1, 1),
    .init("just text", .wrongType, 1, 1),
    .init("name: x\nlicense: MIT\n", .unknownKey, 2, 1, says: "“licence”"),
    .init("parameter_count: 1\n", .unknownKey, 1, 1, says: "“parameter-count”"),
    .init("name: x\nname: y\n", .duplicateKey, 1, 1, says: "name"),
    .init(
      "architecture:\n  kind: other\n  hyper-parameters: {layers: 1, layers: 2}\n", .duplicateKey, 3, 22,
      says: "layers"),
    .init("name: [x]\n", .wrongType, 1, 7, says: "name"),
    .init("name:\n", .missingValue, 1, 6, says: "name"),
    .init("licence: ~\n", .missingValue, 1, 10),
    .init("licence: '  '\n", .missingValue, 1, 10),
    .init("contributors: 张三\n", .wrongType, 1, 15, says: "contributors"),
    .init("contributors:\n  - 张三\n", .wrongType, 2, 5, says: "contributors[0]"),
    .init("contributors:\n  - nmae: 张三\n", .unknownKey, 2, 5, says: "“name”"),
    .init("parameter-count: 22M\n", .wrongType, 1, 18),
    .init("parameter-count: -1\n", .wrongType, 1, 18),
    .init("parameter-count: \"5\"\n", .wrongType, 1, 18),
    .init("parameter-count: 18446744073709551616\n", .wrongType, 1, 18),
    .init("producer: {version: 1}\n", .missingKey, 1, 11),
    .init("architecture: {hyper-parameters: {tied-embeddings: yes}}\n", .wrongType, 1, 52, says: "true"),
    .init("architecture: {hyper-parameters: {layers: }}\n", .missingValue, 1, 43),
    .init("architecture: {hyper-parameters: {rotary-base: 1e999}}\n", .wrongType, 1, 48),
    .init("name: !!binary aGVsbG8=\n", .wrongType, 1, 7, says: "binary"),
    .init("name: \"x\n", .syntax, 2, 1),
    .init("name: *unknown\n", .syntax, 1, 7),
    .init("name: a\n---\nname: b\n", .syntax, 2, 1),
    .init("name: \u{1}\n", .syntax, 1, 7),
  ]

  @Test(arguments: refusals)
  func isRefusedWithItsPlace(_ refusal: Refusal) throws {
    let error = try #require(throws: MetadataError.self) { try Self.metadata(refusal.yaml) }
    #expect(error.reason == refusal.reason)
    #expect((error.line, error.column) == (refusal.line, refusal.column))
    #expect(error.zh.contains(refusal.says) && error.en.contains(refusal.says), "\(error.zh) \(error.en)")
    #expect(error.description == "m.yaml:\(error.line):\(error.column): \(error.en)")
  }

  @Test func bytesThatAreNotUTF8AreRefused() throws {
    let error = try #require(throws: MetadataError.self) {
      try Metadata(yaml: Array("name: x\nlicence: ".utf8) + [0xB0, 0xA1, 0x0A], file: "m.yaml")
    }
    #expect(error.reason == .encoding)
    #expect(error.line == 2)
  }

  @Test func hugeFilesAreRefused() throws {
    let error = try #require(throws: MetadataError.self) {
      try Metadata(yaml: [UInt8](repeating: 0x20, count: Metadata.byteLimit + 1), file: "m.yaml")
    }
    #expect(error.reason == .tooLarge)
  }

  @Test(arguments: ["x", "[x]", "{x: 1}", "? "])
  func multiplyingAliasesAreRefused(_ seed: String) throws {
    var yaml = "a0: &a0 \(seed)\n"
    for level in 1..<40 { yaml += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
    yaml += "? *a39\n: x\n"
    let error = try #require(throws: MetadataError.self) { try Self.metadata(yaml) }
    #expect(error.reason == .aliases)
  }

  @Test func deepNestingIsRefused() throws {
    let yaml = "name: " + String(repeating: "[", count: 100_000)
    let error = try #require(throws: MetadataError.self) { try Self.metadata(yaml) }
    #expect(error.reason == .syntax)
  }
}
