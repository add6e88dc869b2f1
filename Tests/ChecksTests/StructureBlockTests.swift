import Profile
import Representation
import Testing

/// Blocks and the calls of blocks, and whether every requirement of the family was tried both ways.
@Suite struct StructureBlockTests {
  @Test(arguments: blocks)
  func judges(_ example: StructureCase) throws { try example.check() }

  private static func block(_ name: String, calls: String..., domain: String = "my") -> Block {
    var body = Graph.between()
    body.nodes = calls.map { OperatorNode($0, domain: "my", inputs: ["x"], outputs: ["y"]) }
    return Block(name, domain: domain, body: body)
  }

  static let blocks: [StructureCase] = [
    .good("block-name-present", "named") { $0.model.blocks = [block("f")] },
    .bad("block-name-present", "empty", at: "blocks[1].name") { $0.model.blocks = [block("f"), block("")] },
    .good("block-identity-unique", "another domain, another overload") {
      $0.model.blocks = [
        block("f"), block("f", domain: "other"), Block("f", domain: "my", overload: "f16", body: Graph()),
      ]
    },
    .bad("block-identity-unique", "the same", at: "blocks[1]", expected: "≠ blocks[0]", actual: "my::f") {
      $0.model.blocks = [block("f"), block("f")]
    },
    .bad(
      "block-identity-unique", "the default domain in two spellings", at: "blocks[1]",
      expected: "≠ blocks[0]", actual: "ai.onnx::f:o"
    ) {
      $0.model.blocks = ["", "ai.onnx"].map { Block("f", domain: $0, overload: "o", body: Graph()) }
    },
    .good("block-repetitions-positive", "1") { $0.model.blocks = [block("f")] },
    .bad(
      "block-repetitions-positive", "0", at: #"blocks["f"].repetitions"#, expected: "≥ 1", actual: "0"
    ) {
      $0.model.blocks = [block("f")]
      $0.model.blocks[0].repetitions = 0
    },
    .good("block-attributes-distinct", "different") {
      $0.model.blocks = [block("f")]
      $0.model.blocks[0].requiredAttributes = ["a", "b"]
      $0.model.blocks[0].defaultAttributes = [Attribute("c", .integer(1))]
    },
    .bad("block-attributes-distinct", "required, and with a default", at: #"blocks["f"]"#, actual: "a") {
      $0.model.blocks = [block("f")]
      $0.model.blocks[0].requiredAttributes = ["a"]
      $0.model.blocks[0].defaultAttributes = [Attribute("a", .integer(1))]
    },
    .bad("block-attributes-distinct", "required twice", at: #"blocks["f"]"#, actual: "a") {
      $0.model.blocks = [block("f")]
      $0.model.blocks[0].requiredAttributes = ["a", "a"]
    },
    .good("block-calls-acyclic", "two ways to the same block; the same name in another domain") {
      $0.model.blocks = [
        block("a", calls: "b", "c"), block("b", calls: "d"), block("c", calls: "d"), block("d"),
        block("x", calls: "x", domain: "other"),
      ]
    },
    .bad(
      "block-calls-acyclic", "itself", at: #"blocks["a"].body"#, actual: "my::a → my::a"
    ) { $0.model.blocks = [block("a", calls: "a")] },
    .bad(
      "block-calls-acyclic", "through others, entered from outside", at: #"blocks["c"].body"#,
      actual: "my::b → my::c → my::b"
    ) { $0.model.blocks = [block("a", calls: "b"), block("b", calls: "c"), block("c", calls: "b")] },
    .bad(
      "block-calls-acyclic", "from a sub-graph", at: #"blocks["a"].body"#, actual: "my::a → my::a"
    ) {
      let call = Graph.between(OperatorNode("a", domain: "my", outputs: ["y"]))
      $0.model.blocks = [
        Block("a", domain: "my", body: .between(relu(Attribute("body", .graph(call)))))
      ]
    },
    .good("block-call-resolves", "a block; operators of domains that hold both") {
      $0.model.blocks = [
        block("f"), block("Gelu", domain: "com.microsoft"), block("Gelu", domain: ""),
      ]
      $0.model.graphs = [
        .between(
          relu(domain: "my", type: "f"), relu(domain: "com.microsoft", type: "FusedGemm"), relu(),
          relu(domain: "com.example"))
      ]
    },
    .bad(
      "block-call-resolves", "a name that is none", at: "graphs[0].nodes[0].operatorType", actual: "my::g",
      verdict: .warn
    ) {
      $0.model.blocks = [block("f")]
      $0.model.graphs = [.between(relu(domain: "my", type: "g"))]
    },
    .bad(
      "block-call-resolves", "an overload that is none, in a domain that holds both",
      at: "graphs[0].nodes[0].operatorType", actual: "ai.onnx::Gelu:f16", verdict: .warn
    ) {
      $0.model.blocks = [block("Gelu", domain: "")]
      $0.model.graphs = [
        .between(OperatorNode("Gelu", overload: "f16", inputs: ["x"], outputs: ["y"]))
      ]
    },
  ]

  @Test func deepChainOfCalls() throws {
    let chain = StructureCase.good("block-calls-acyclic", "20,000 blocks") { given in
      given.model.blocks = (0..<20_000).map { Self.block("b\($0)", calls: "b\($0 + 1)") }
    }
    try chain.check()
  }

  @Test func everyRequirementIsTriedBothWays() {
    let cases =
      StructureGraphTests.nodes + StructureGraphTests.graphs + StructureGraphTests.operatorSets
      + StructureGraphTests.attributes + StructureTypeTests.values + StructureTypeTests.tensors
      + StructureVariableTests.variables + StructureVariableTests.ties + StructureVariableTests.partitions
      + StructureVariableTests.compression + StructureTensorTests.content + StructureTensorTests.ranges
      + StructureTensorTests.overlaps + StructureTensorTests.files + StructureTensorTests.parts
      + StructureTensorTests.digests + Self.blocks
    let good = Set(cases.filter { $0.verdict == .pass && $0.path == nil }.map(\.key))
    // A remark is all that the sharing of bytes comes to; that of an empty model stands apart, for it has no path.
    let bad = Set(cases.filter { $0.path != nil }.map(\.key)).union(["model-not-empty"])
    let family = Catalogue.published.requirements.filter { ("P6.1-080"..."P6.1-149").contains($0.id) }
    #expect(family.count > 60)
    for requirement in family {
      #expect(good.contains(requirement.key), "\(requirement.key) has no passing case")
      #expect(bad.contains(requirement.key), "\(requirement.key) has no failing case")
    }
  }
}
