import Numerics
import Profile
import Representation
import Testing

/// Types of values and of tensors.
@Suite struct StructureTypeTests {
  @Test(arguments: values + tensors)
  func judges(_ example: StructureCase) throws { try example.check() }

  /// A graph whose input has that type.
  private static func graph(_ type: ValueType) -> Graph {
    var graph = Graph.between(relu())
    graph.inputs = [Value("x", type)]
    return graph
  }

  private static func variable(_ tensor: Tensor) -> [Variable] { [Variable("w", tensor: tensor)] }

  static let values: [StructureCase] = [
    .good("value-element-type-present", "f32, also within a sequence") {
      $0.model.graphs = [graph(.sequence(.tensor(TensorType(.f32, dims: nil))))]
    },
    .bad("value-element-type-present", "missing", at: #"graphs[0].inputs["x"].type.elementType"#) {
      $0.model.graphs = [graph(.tensor(TensorType(nil, shape: [1])))]
    },
    .bad(
      "value-element-type-present", "missing within a map", at: #"graphs[0].inputs["x"].type.elementType"#
    ) { $0.model.graphs = [graph(.map(key: .i64, value: .tensor(TensorType(nil, dims: nil))))] },
    .good("value-dims-not-negative", "0, a name, unknown") {
      $0.model.graphs = [graph(.tensor(TensorType(.f32, dims: [.fixed(0), .symbolic("n"), .unknown])))]
    },
    .bad(
      "value-dims-not-negative", "-1", at: #"graphs[0].inputs["x"].type.dims[1]"#, expected: "≥ 0",
      actual: "-1", verdict: .warn
    ) { $0.model.graphs = [graph(.tensor(TensorType(.f32, shape: [1, -1])))] },
    .good("symbolic-dim-name-present", "named, unknown") {
      $0.model.graphs = [graph(.tensor(TensorType(.f32, dims: [.symbolic("n"), .unknown])))]
    },
    .bad(
      "symbolic-dim-name-present", "empty", at: #"graphs[0].inputs["x"].type.dims[0]"#, verdict: .warn
    ) { $0.model.graphs = [graph(.sparseTensor(TensorType(.f32, dims: [.symbolic("")])))] },
    .good("container-type-complete", "a sequence of maps, an optional tensor") {
      $0.model.graphs = [
        graph(.sequence(.map(key: .string, value: .tensor(TensorType(.f32, dims: nil))))),
        graph(.optional(.tensor(TensorType(.f32, dims: nil)))),
      ]
    },
    .bad("container-type-complete", "a sequence", at: #"graphs[0].inputs["x"].type"#, actual: "sequence") {
      $0.model.graphs = [graph(.sequence(nil))]
    },
    .bad("container-type-complete", "an optional", at: #"graphs[0].inputs["x"].type"#, actual: "optional") {
      $0.model.graphs = [graph(.sequence(.optional(nil)))]
    },
    .bad("container-type-complete", "a map", at: #"graphs[0].inputs["x"].type"#, actual: "map") {
      $0.model.graphs = [graph(.map(key: .i64, value: nil))]
    },
    .good("map-key-type-allowed", "integers and strings") {
      let tensor = ValueType.tensor(TensorType(.f32, dims: nil))
      $0.model.graphs = [ElementType.i64, .i32, .i16, .i8, .u64, .u32, .u16, .u8, .string].map {
        graph(.map(key: $0, value: tensor))
      }
    },
    .bad(
      "map-key-type-allowed", "a float", at: #"graphs[0].inputs["x"].type"#,
      expected: "i64, i32, i16, i8, u64, u32, u16, u8, string", actual: "f32"
    ) { $0.model.graphs = [graph(.sequence(.map(key: .f32, value: nil)))] },
  ]

  static let tensors: [StructureCase] = [
    .good("tensor-element-type-present", "f32") {
      $0.model.parameters = variable(.inline(.f32, [1], bytes: 4))
    },
    .bad("tensor-element-type-present", "missing", at: #"parameters["w"]"#) {
      $0.model.parameters = variable(Tensor(TensorType(nil, shape: [1]), .inline([0])))
    },
    .good("tensor-dims-fixed", "a scalar, and an empty tensor") {
      $0.model.parameters = variable(.inline(.f32, [], bytes: 4))
      $0.model.graphs = [.between(relu(Attribute("value", .tensor(.inline(.f32, [0], bytes: 0)))))]
    },
    .bad("tensor-dims-fixed", "no dims", at: #"parameters["w"]"#) {
      $0.model.parameters = variable(Tensor(TensorType(.f32, dims: nil), .inline([])))
    },
    .bad(
      "tensor-dims-fixed", "a name, in an attribute", at: #"graphs[0].nodes[0].attributes["value"]"#,
      actual: "n×8×?"
    ) {
      let type = TensorType(.f32, dims: [.symbolic("n"), .fixed(8), .unknown])
      $0.model.graphs = [.between(relu(Attribute("value", .tensor(Tensor(type, .inline([]))))))]
    },
    .good("tensor-dims-not-negative", "0") {
      $0.model.parameters = variable(.inline(.f32, [0, 8], bytes: 0))
    },
    .bad("tensor-dims-not-negative", "-1", at: #"parameters["w"]"#, expected: "≥ 0", actual: "-1×8") {
      $0.model.parameters = variable(.inline(.f32, [-1, 8], bytes: 0))
    },
    .bad(
      "tensor-dims-not-negative", "-1 in a list of tensors",
      at: #"graphs[0].nodes[0].attributes["list"].tensors[1]"#, expected: "≥ 0", actual: "-1"
    ) {
      let tensors = [Tensor.inline(.f32, [0], bytes: 0), .inline(.f32, [-1], bytes: 0)]
      $0.model.graphs = [.between(relu(Attribute("list", .tensors(tensors))))]
    },
    // 2^32 × 2^31 = 2^63 bytes; twice that is 2^64, which no longer fits.
    .good("tensor-size-representable", "2^63 B") {
      $0.model.parameters = variable(.inline(.u8, [1 << 32, 1 << 31], bytes: 0))
    },
    .good("tensor-size-representable", "a dim of 0 makes the rest mean nothing") {
      $0.model.parameters = variable(.inline(.u8, [1 << 40, 1 << 40, 0], bytes: 0))
    },
    .bad(
      "tensor-size-representable", "2^64 elements", at: #"parameters["w"]"#, expected: "< 2^64 B",
      actual: "4294967296×4294967296×1 B"
    ) { $0.model.parameters = variable(.inline(.u8, [1 << 32, 1 << 32], bytes: 0)) },
    .bad(
      "tensor-size-representable", "2^61 elements of 8 B", at: #"parameters["w"]"#, expected: "< 2^64 B",
      actual: "2305843009213693952×8 B"
    ) { $0.model.parameters = variable(.inline(.f64, [1 << 61], bytes: 0)) },
  ]
}
