import Formats
import Numerics
import Profile
import Representation
import Testing

/// Graphs, operator nodes, attributes and operator sets.
@Suite struct StructureGraphTests {
  @Test(arguments: nodes + graphs + operatorSets + attributes)
  func judges(_ example: StructureCase) throws { try example.check() }

  static let nodes: [StructureCase] = [
    .good("node-operator-type-present", "named") { $0.model.graphs = [.between(relu())] },
    .bad("node-operator-type-present", "empty", at: "graphs[0].nodes[1].operatorType") {
      $0.model.graphs = [.between(relu(), relu(type: ""))]
    },
    .bad(
      "node-operator-type-present", "in a sub-graph",
      at: #"graphs[0].nodes[0].attributes["then_branch"].nodes[0].operatorType"#
    ) { $0.model.graphs = [.between(relu(Attribute("then_branch", .graph(.between(relu(type: ""))))))] },
    .bad(
      "node-operator-type-present", "in one of several sub-graphs",
      at: #"graphs[0].nodes[0].attributes["bodies"].graphs[1].nodes[0].operatorType"#
    ) {
      $0.model.graphs = [
        .between(relu(Attribute("bodies", .graphs([.between(relu()), .between(relu(type: ""))]))))
      ]
    },
    .bad("node-operator-type-present", "in a block", at: #"blocks["f"].body.nodes[0].operatorType"#) {
      $0.model.blocks = [Block("f", body: .between(relu(type: "")))]
    },
    .good("operator-domain-form", "reverse-DNS, package and default names") {
      $0.model.graphs = [
        .between(
          relu(), relu(domain: "com.example"), relu(domain: "pkg.torch.2.1.0"), relu(domain: "pkg::a_b/c-D"))
      ]
    },
    .bad(
      "operator-domain-form", "a space", at: "graphs[0].nodes[0].domain", actual: "com.example ",
      verdict: .warn
    ) { $0.model.graphs = [.between(relu(domain: "com.example "))] },
    .bad(
      "operator-domain-form", "a Cyrillic letter, in imports", at: "operatorSets[0].domain",
      actual: "соm.example", verdict: .warn
    ) {
      $0.model.graphs = [.between(relu())]
      $0.model.operatorSets = [OperatorSet(domain: "соm.example", version: 1)]
    },
    .good("node-has-output", "one, and one not wanted") {
      $0.model.graphs = [.between(OperatorNode("Split", inputs: ["x"], outputs: ["", "y"]))]
    },
    .bad(
      "node-has-output", "none", at: "graphs[0].nodes[0].outputs", expected: "≥ 1", actual: "Relu: 0",
      verdict: .warn
    ) { $0.model.graphs = [.between(OperatorNode("Relu", inputs: ["x"]))] },
    .bad(
      "node-has-output", "not wanted only", at: "graphs[0].nodes[0].outputs", expected: "≥ 1",
      actual: "Relu: 0", verdict: .warn
    ) { $0.model.graphs = [.between(OperatorNode("Relu", inputs: ["x"], outputs: [""]))] },
  ]

  static let graphs: [StructureCase] = [
    .good("graph-value-names-present", "named") { $0.model.graphs = [.between(relu())] },
    .bad("graph-value-names-present", "an input", at: "graphs[0].inputs[0].name") {
      $0.model.graphs = [.between(relu())]
      $0.model.graphs[0].inputs[0].name = ""
    },
    .bad("graph-value-names-present", "an output", at: "graphs[0].outputs[0].name") {
      $0.model.graphs = [.between(relu())]
      $0.model.graphs[0].outputs[0].name = ""
    },
    .good("graph-has-outputs", "one") { $0.model.graphs = [.between(relu())] },
    .bad("graph-has-outputs", "none", at: "graphs[1].outputs", expected: "≥ 1", actual: "0") {
      $0.model.graphs = [.between(relu()), .between(relu())]
      $0.model.graphs[1].outputs = []
    },
    .bad(
      "graph-has-outputs", "none in the body of a block", at: #"blocks["f"].body.outputs"#, expected: "≥ 1",
      actual: "0"
    ) { $0.model.blocks = [Block("f", body: Graph())] },
    .good("graph-name-present", "named; a sub-graph and a body need no name") {
      $0.model.graphs = [.between(relu(Attribute("body", .graph(.between(relu(), name: nil)))))]
      $0.model.blocks = [Block("f", body: .between(relu(), name: nil))]
    },
    .bad("graph-name-present", "missing", at: "graphs[0].name", verdict: .warn) {
      $0.model.graphs = [.between(relu(), name: nil)]
    },
    .bad("graph-name-present", "empty", at: "graphs[0].name", verdict: .warn) {
      $0.model.graphs = [.between(relu(), name: "")]
    },
    .good("graph-input-names-unique", "forms of a letter are different bytes") {
      $0.model.graphs = [.between(relu())]
      $0.model.graphs[0].inputs = [Value("\u{E9}"), Value("e\u{301}"), Value("E")]
    },
    .bad(
      "graph-input-names-unique", "twice", at: "graphs[0].inputs[2].name", expected: "≠ inputs[0]",
      actual: "ids"
    ) {
      $0.model.graphs = [.between(relu())]
      $0.model.graphs[0].inputs = [Value("ids"), Value("mask"), Value("ids")]
    },
    .good("graph-value-types-present", "typed; sub-graphs and bodies need no types") {
      var untyped = Graph.between(relu())
      untyped.inputs = [Value("x")]
      untyped.outputs = [Value("y")]
      $0.model.graphs = [.between(relu(Attribute("body", .graph(untyped))))]
      $0.model.blocks = [Block("f", body: untyped)]
    },
    .bad("graph-value-types-present", "an input", at: #"graphs[0].inputs["x"].type"#) {
      $0.model.graphs = [.between(relu())]
      $0.model.graphs[0].inputs = [Value("x")]
    },
    .bad("graph-value-types-present", "an output", at: #"graphs[0].outputs["y"].type"#) {
      $0.model.graphs = [.between(relu())]
      $0.model.graphs[0].outputs = [Value("y")]
    },
  ]

  static let operatorSets: [StructureCase] = [
    .good("operator-set-imported", "under its long name") {
      $0.model.graphs = [.between(relu(domain: ""))]
      $0.model.operatorSets = [OperatorSet(domain: "ai.onnx", version: 17)]
    },
    .good("operator-set-imported", "a call of a block needs no import") {
      $0.model.graphs = [.between(relu(domain: "my", type: "f"))]
      $0.model.blocks = [Block("f", domain: "my", body: Graph())]
    },
    .good("operator-set-imported", "by the block itself") {
      $0.model.blocks = [
        Block(
          "f", domain: "my", operatorSets: [OperatorSet(domain: "", version: 17)], body: .between(relu()))
      ]
    },
    .good("operator-set-imported", "none in an ONNX file is said of the file") {
      $0.model.graphs = [.between(relu())]
      $0.carries = [.onnx]
    },
    .bad(
      "operator-set-imported", "not; reported once for the graph", at: "graphs[0].nodes[0].domain",
      expected: "ai.onnx", actual: "Relu"
    ) { $0.model.graphs = [.between(relu(), relu(), relu(Attribute("body", .graph(.between(relu())))))] },
    .bad(
      "operator-set-imported", "only by another block", at: #"blocks["g"].body.nodes[0].domain"#,
      expected: "com.example", actual: "Relu"
    ) {
      let example = OperatorSet(domain: "com.example", version: 1)
      $0.model.blocks = [
        Block("f", operatorSets: [example], body: .between(relu(domain: "com.example"))),
        Block("g", body: .between(relu(domain: "com.example"))),
      ]
    },
    .good("operator-set-version-unambiguous", "the same line twice") {
      $0.model.graphs = [.between(relu())]
      $0.model.operatorSets = [
        OperatorSet(domain: "", version: 17), OperatorSet(domain: "ai.onnx", version: 17),
        OperatorSet(domain: "ai.onnx.ml", version: 3),
      ]
    },
    .bad(
      "operator-set-version-unambiguous", "two versions", at: "operatorSets[1]", expected: "ai.onnx 17",
      actual: "ai.onnx 13"
    ) {
      $0.model.graphs = [.between(relu())]
      $0.model.operatorSets = [
        OperatorSet(domain: "", version: 17), OperatorSet(domain: "ai.onnx", version: 13),
      ]
    },
    .bad(
      "operator-set-version-unambiguous", "two versions in a block", at: #"blocks["f"].operatorSets[1]"#,
      expected: "a 1", actual: "a 2"
    ) {
      $0.model.blocks = [
        Block(
          "f", operatorSets: [OperatorSet(domain: "a", version: 1), OperatorSet(domain: "a", version: 2)],
          body: .between(relu()))
      ]
    },
    .good("operator-set-version-positive", "1") {
      $0.model.graphs = [.between(relu())]
      $0.model.operatorSets = [OperatorSet(domain: "", version: 1)]
    },
    .bad(
      "operator-set-version-positive", "0", at: "operatorSets[0].version", expected: "≥ 1", actual: "0"
    ) {
      $0.model.graphs = [.between(relu())]
      $0.model.operatorSets = [OperatorSet(domain: "", version: 0)]
    },
  ]

  static let attributes: [StructureCase] = [
    .good("attribute-name-present", "named") {
      $0.model.graphs = [.between(relu(Attribute("alpha", .integer(0))))]
    },
    .bad("attribute-name-present", "empty", at: "graphs[0].nodes[0].attributes[1].name") {
      $0.model.graphs = [.between(relu(Attribute("alpha", .integer(0)), Attribute("", .integer(0))))]
    },
    .good("attribute-names-unique", "the same name on two nodes") {
      let alpha = Attribute("alpha", .integer(0))
      $0.model.graphs = [.between(relu(alpha, Attribute("Alpha", .integer(0))), relu(alpha))]
    },
    .bad("attribute-names-unique", "twice", at: "graphs[0].nodes[0].attributes[2].name", actual: "alpha") {
      let alpha = Attribute("alpha", .integer(0))
      $0.model.graphs = [.between(relu(alpha, Attribute("beta", .integer(0)), alpha))]
    },
    .good("attribute-value-present", "an empty list is a value") {
      $0.model.graphs = [.between(relu(Attribute("axes", .integers([]))))]
    },
    .bad("attribute-value-present", "none", at: #"graphs[0].nodes[0].attributes["axes"].value"#) {
      $0.model.graphs = [.between(relu(Attribute("axes", .absent)))]
    },
    .good("attribute-reference-in-block", "in a body, and in a sub-graph there") {
      let reference = relu(Attribute("alpha", .reference("alpha")))
      $0.model.blocks = [Block("f", body: .between(relu(Attribute("body", .graph(.between(reference))))))]
    },
    .bad(
      "attribute-reference-in-block", "in a graph", at: #"graphs[0].nodes[0].attributes["a"].value"#,
      actual: "alpha"
    ) { $0.model.graphs = [.between(relu(Attribute("a", .reference("alpha"))))] },
    .good("attribute-reference-declared", "required, and with a default") {
      $0.model.blocks = [
        Block(
          "f", requiredAttributes: ["alpha"], defaultAttributes: [Attribute("beta", .integer(1))],
          body: .between(relu(Attribute("a", .reference("alpha")), Attribute("b", .reference("beta")))))
      ]
    },
    .bad(
      "attribute-reference-declared", "by another block",
      at: #"blocks["g"].body.nodes[0].attributes["a"].value"#,
      expected: "beta", actual: "alpha"
    ) {
      $0.model.blocks = [
        Block("f", requiredAttributes: ["alpha"], body: .between(relu())),
        Block(
          "g", requiredAttributes: ["beta"], body: .between(relu(Attribute("a", .reference("alpha"))))),
      ]
    },
  ]
}
