import Numerics
import Profile
import Representation
import Storage
import Testing

/// Variables, ties, partitions and references to the compression statement.
@Suite struct StructureVariableTests {
  @Test(arguments: variables + ties + partitions + compression)
  func judges(_ example: StructureCase) throws { try example.check() }

  private static let scalar = Tensor.inline(.f32, [], bytes: 4)

  private static func tied(_ name: String, to other: String, _ content: TensorContent = .absent) -> Variable {
    Variable(name, tiedTo: other, tensor: Tensor(TensorType(.f32, shape: []), content))
  }

  static let variables: [StructureCase] = [
    .good("variable-name-present", "named") { $0.model.parameters = [Variable("w", tensor: scalar)] },
    .bad("variable-name-present", "empty", at: "parameters[1].name") {
      $0.model.parameters = [Variable("w", tensor: scalar), Variable("", tensor: scalar)]
    },
    .bad("variable-name-present", "empty in a graph", at: "graphs[0].variables[0].name") {
      $0.model.graphs = [.between(relu())]
      $0.model.graphs[0].variables = [Variable("", tensor: scalar)]
    },
    .good("variable-names-unique", "the same name in two scopes") {
      $0.model.parameters = [Variable("w", tensor: scalar), Variable("W", tensor: scalar)]
      $0.model.graphs = [.between(relu())]
      $0.model.graphs[0].variables = [Variable("w", tensor: scalar)]
    },
    .bad("variable-names-unique", "twice", at: "parameters[2]", actual: "w", count: 2) {
      $0.model.parameters = ["w", "v", "w", "w"].map { Variable($0, tensor: scalar) }
    },
    .good("variable-names-normalised-distinct", "different letters; the same name twice is another matter") {
      $0.model.parameters = ["\u{E9}", "e", "e", "\u{E8}"].map { Variable($0, tensor: scalar) }
    },
    .bad(
      "variable-names-normalised-distinct", "two forms of a letter", at: "parameters[\"e\u{301}\"]",
      expected: #"\u{E9}"#, actual: #"e\u{301}"#, verdict: .warn
    ) { $0.model.parameters = ["\u{E9}", "e\u{301}"].map { Variable($0, tensor: scalar) } },
    .bad(
      "variable-names-normalised-distinct", "the sign for kelvin is a K", at: "parameters[\"\u{212A}\"]",
      expected: "K", actual: #"\u{212A}"#, verdict: .warn
    ) { $0.model.parameters = ["K", "\u{212A}"].map { Variable($0, tensor: scalar) } },
    .good("variable-kind-stated", "each kind") {
      $0.model.parameters = Variable.Kind.allCases.map { Variable($0.rawValue, kind: $0, tensor: scalar) }
    },
    .bad(
      "variable-kind-stated", "none", at: #"parameters["w"].kind"#, expected: "parameter, constant, buffer",
      verdict: .warn
    ) { $0.model.parameters = [Variable("w", tensor: scalar)] },
    .good("trainable-only-parameter", "a parameter; a buffer that is not; a kind that is not told") {
      $0.model.parameters = [
        Variable("w", kind: .parameter, trainable: true, tensor: scalar),
        Variable("b", kind: .buffer, trainable: false, tensor: scalar),
        Variable("u", trainable: true, tensor: scalar),
      ]
    },
    .bad(
      "trainable-only-parameter", "a buffer", at: #"parameters["b"].trainable"#, expected: "parameter",
      actual: "buffer"
    ) { $0.model.parameters = [Variable("b", kind: .buffer, trainable: true, tensor: scalar)] },
    .good("model-not-empty", "parameters") { $0.model.parameters = [Variable("w", tensor: scalar)] },
    .good("model-not-empty", "a graph") { $0.model.graphs = [.between(relu())] },
  ]

  /// A finding on the whole sample has no path.
  @Test func emptyModel() throws {
    let empty = StructureCase(key: "model-not-empty", name: "empty", verdict: .fail) { $0.model = Model() }
    let result = try empty.result()
    #expect(result.verdict == .fail)
    #expect(result.findings.map(\.occurrences.count) == [1])
  }

  static let ties: [StructureCase] = [
    .good("tied-variable-exists", "in the scope, and in the model around it") {
      $0.model.parameters = [Variable("w", tensor: scalar), tied("a", to: "w")]
      $0.model.graphs = [.between(relu())]
      $0.model.graphs[0].variables = [tied("b", to: "w")]
    },
    .bad("tied-variable-exists", "nowhere", at: #"parameters["a"].tiedTo"#, actual: "W") {
      $0.model.parameters = [Variable("w", tensor: scalar), tied("a", to: "W")]
    },
    .bad("tied-variable-exists", "in an inner scope only", at: #"parameters["a"].tiedTo"#, actual: "w") {
      $0.model.parameters = [tied("a", to: "w")]
      $0.model.graphs = [.between(relu())]
      $0.model.graphs[0].variables = [Variable("w", tensor: scalar)]
    },
    .good("tied-variable-type-same", "the same") {
      $0.model.parameters = [Variable("w", tensor: scalar), tied("a", to: "w")]
    },
    .bad(
      "tied-variable-type-same", "another shape", at: #"parameters["a"].type"#, expected: "w: f32 [8×4]",
      actual: "f32 [4×8]"
    ) {
      $0.model.parameters = [
        Variable("w", tensor: .inline(.f32, [8, 4], bytes: 128)),
        Variable("a", tiedTo: "w", tensor: Tensor(TensorType(.f32, shape: [4, 8]), .absent)),
      ]
    },
    .bad(
      "tied-variable-type-same", "another element type", at: #"parameters["a"].type"#,
      expected: "w: f16 []", actual: "f32 []"
    ) { $0.model.parameters = [Variable("w", tensor: .inline(.f16, [], bytes: 2)), tied("a", to: "w")] },
    .good("tied-variables-acyclic", "a chain, and two that meet") {
      $0.model.parameters = [
        tied("a", to: "b"), tied("b", to: "w"), tied("c", to: "b"), Variable("w", tensor: scalar),
      ]
    },
    .bad("tied-variables-acyclic", "itself", at: #"parameters["a"].tiedTo"#, actual: "a") {
      $0.model.parameters = [tied("a", to: "a")]
    },
    .bad(
      "tied-variables-acyclic", "three, entered from outside; found once", at: #"parameters["b"].tiedTo"#,
      actual: "c"
    ) {
      $0.model.parameters = [tied("a", to: "b"), tied("b", to: "c"), tied("c", to: "d"), tied("d", to: "b")]
    },
    .good("tied-variable-content-same", "none, and the same range") {
      $0.addFile("w.bin", 4)
      $0.model.parameters = [
        Variable("w", tensor: .stored(.f32, [], 0, 4)), tied("a", to: "w"),
        tied("b", to: "w", .stored(ByteRange(file: 0, offset: 0, length: 4))),
      ]
    },
    .bad(
      "tied-variable-content-same", "another range", at: #"parameters["a"]"#, expected: "w: files[0] 0+4",
      actual: "files[0] 4+4"
    ) {
      $0.addFile("w.bin", 8)
      $0.model.parameters = [
        Variable("w", tensor: .stored(.f32, [], 0, 4)),
        tied("a", to: "w", .stored(ByteRange(file: 0, offset: 4, length: 4))),
      ]
    },
  ]

  private static func partition(_ change: (inout Partition) -> Void) -> [Partition] {
    var partition = Partition(variable: "w")
    change(&partition)
    return [partition]
  }

  private static let matrix = [Variable("w", tensor: .inline(.f32, [4, 8], bytes: 128))]

  static let partitions: [StructureCase] = [
    .good("partition-variable-exists", "there") {
      $0.model.parameters = matrix
      $0.model.partitions = partition { _ in }
    },
    .bad("partition-variable-exists", "not there", at: "partitions[0].variable", actual: "v") {
      $0.model.parameters = matrix
      $0.model.partitions = partition { $0.variable = "v" }
    },
    .good("partition-axis-in-rank", "the last") {
      $0.model.parameters = matrix
      $0.model.partitions = partition { $0.axis = 1 }
    },
    .bad(
      "partition-axis-in-rank", "the one after", at: "partitions[0].axis", expected: "0 ≤ k < 2", actual: "2"
    ) {
      $0.model.parameters = matrix
      $0.model.partitions = partition { $0.axis = 2 }
    },
    .bad(
      "partition-axis-in-rank", "-1", at: "partitions[0].axis", expected: "0 ≤ k < 2", actual: "-1"
    ) {
      $0.model.parameters = matrix
      $0.model.partitions = partition { $0.axis = -1 }
    },
    .good("partition-index-below-count", "the last; the only one") {
      $0.model.partitions =
        partition {
          $0.index = 3
          $0.count = 4
        }
        + partition {
          $0.index = 0
          $0.count = 1
        }
    },
    .bad(
      "partition-index-below-count", "counted from one", at: "partitions[0].index", expected: "< 4",
      actual: "4"
    ) {
      $0.model.partitions = partition {
        $0.index = 4
        $0.count = 4
      }
    },
    .bad(
      "partition-index-below-count", "no pieces", at: "partitions[0].count", expected: "≥ 1", actual: "0"
    ) { $0.model.partitions = partition { $0.count = 0 } },
    .good("partition-piece-exists", "there, and not told") {
      $0.model.parameters = matrix
      $0.model.partitions = partition { $0.piece = "w" } + partition { _ in }
    },
    .bad("partition-piece-exists", "not there", at: "partitions[0].piece", actual: "w.0") {
      $0.model.parameters = matrix
      $0.model.partitions = partition { $0.piece = "w.0" }
    },
  ]

  static let compression: [StructureCase] = [
    .good("compression-statement-present", "there") {
      $0.model.compressionStatement = "compression.json"
      $0.files["compression.json"] = []
    },
    .bad(
      "compression-statement-present", "not there", at: "compressionStatement", actual: "compression.json"
    ) { $0.model.compressionStatement = "compression.json" },
    .good("compression-chain-declared", "with a statement; no chain") {
      $0.model.compressionStatement = "compression.json"
      var tensor = scalar
      tensor.compressionChain = "q8"
      $0.model.parameters = [Variable("w", tensor: tensor), Variable("v", tensor: scalar)]
    },
    .good("compression-chain-declared", "no chain and no statement") {
      $0.model.parameters = [Variable("v", tensor: scalar)]
    },
    .bad(
      "compression-chain-declared", "without a statement", at: #"parameters["w"].compressionChain"#,
      actual: "q8"
    ) {
      var tensor = scalar
      tensor.compressionChain = "q8"
      $0.model.parameters = [Variable("w", tensor: tensor)]
    },
  ]
}
