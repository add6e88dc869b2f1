import Formats
import Numerics
import Representation
import Storage

/// Models written by hand for the tests of the native form.
enum NativeExamples {
  /// A model in which every field of every entity is set, and every case of every enumeration stands somewhere.
  static var full: Model {
    var model = Model()
    model.profile = "2026.1"
    model.name = "模型 — e\u{301} and \u{e9}"
    model.version = "1.2.0"
    model.identifier = "com.example.models.full"
    model.producer = Producer(name: "pytorch", version: "2.9")
    model.documentation = "Line one\nline two\u{0}end"
    model.licence = "Apache-2.0 OR MIT"
    model.contributors = [
      Contributor(name: "Li Lei", organisation: "Example", email: "l@example.com", role: "author"),
      Contributor(),
      Contributor(name: ""),
    ]
    model.architecture = architecture
    model.modalities = ["text", "image"]
    model.preTraining = preTraining
    model.parameterCount = UInt64.max
    model.assets = [
      Asset(
        kind: "tokenizer", path: "tokenizer.json", size: 0,
        digest: DeclaredDigest(algorithm: "sha256", value: "00ff")),
      Asset(kind: "other", path: "notes/a b.txt"),
    ]
    model.operatorSets = [
      OperatorSet(domain: "", version: 20), OperatorSet(domain: "com.example", version: -1),
    ]
    model.graphs = [graph(nested: 1), Graph()]
    model.blocks = [block, Block("empty", repetitions: 0, body: Graph())]
    model.parameters = parameters
    model.partitions = [partition, Partition(variable: "w")]
    model.compressionStatement = "compression.yaml"
    model.properties = [
      Property(key: "", value: ""), Property(key: "k", value: "v"), Property(key: "k", value: "w"),
    ]
    model.extensions = [
      Extension(name: "com.example.layout", critical: false, content: [0, 255, 10]),
      Extension(name: "com.example.empty", critical: false, content: []),
    ]
    model.files = [
      ParameterFile(
        path: "a.bin", size: 64, digest: DeclaredDigest(algorithm: "sm3", value: "ab"), payload: 8..<64),
      ParameterFile(path: "sub/b.bin", size: 0, payload: 0..<0),
    ]
    return model
  }

  /// The files beside the structure that `full` names.
  static var fullFiles: [String: [UInt8]] {
    [
      "a.bin": Array(repeating: 7, count: 64), "sub/b.bin": [], "compression.yaml": [],
      "tokenizer.json": Array("{}".utf8),
      "notes/a b.txt": [1],
    ]
  }

  private static var architecture: Architecture {
    var architecture = Architecture()
    architecture.kind = "encoder-only"
    architecture.family = "bert"
    architecture.hyperParameters = [
      HyperParameter("layers", .integer(6)),
      HyperParameter("com.example.least", .integer(Int64.min)),
      HyperParameter("normalisation-epsilon", .float(1e-12)),
      HyperParameter("com.example.infinite", .float(-.infinity)),
      HyperParameter("com.example.negative-zero", .float(-0.0)),
      HyperParameter("activation", .text("gelu")),
      HyperParameter("com.example.empty", .text("")),
      HyperParameter("tied-embeddings", .boolean(true)),
      HyperParameter("com.example.no", .boolean(false)),
    ]
    return architecture
  }

  private static var preTraining: PreTraining {
    var statement = PreTraining()
    statement.paradigm = "self-supervised"
    statement.objective = "masked-language-modelling"
    statement.dataVolume = 0
    statement.dataUnit = "tokens"
    statement.precision = "bf16"
    return statement
  }

  private static var partition: Partition {
    var partition = Partition(variable: "w")
    partition.axis = -1
    partition.index = 0
    partition.count = 8
    partition.pipelineStage = 3
    partition.expert = 0
    partition.piece = "w.0"
    return partition
  }

  private static var parameters: [Variable] {
    let typed = ElementType.allCases.enumerated().map { index, type in
      Variable(
        "typed.\(type.rawValue)", kind: Variable.Kind.allCases[index % 3], trainable: index % 2 == 0,
        tensor: Tensor(
          TensorType(type, shape: [2, 0]),
          .stored(ByteRange(file: index % 2, offset: UInt64(index), length: 0))))
    }
    let digest = DeclaredDigest(algorithm: "sha256", value: "cd")
    return typed + [
      Variable("none", tensor: Tensor(TensorType(nil, dims: nil), .absent)),
      Variable(
        "scalar", tensor: Tensor(TensorType(.f32, shape: []), .inline([0, 0, 128, 63]), digest: digest)),
      Variable("nothing", tensor: Tensor(TensorType(.u8, shape: [0]), .inline([]))),
      Variable(
        "tied", kind: .parameter, tiedTo: "typed.f32",
        tensor: Tensor(
          TensorType(.f32, shape: [4]), .stored(ByteRange(file: 0, offset: UInt64.max, length: UInt64.max)),
          compressionChain: "chain")),
      Variable("words", tensor: Tensor(TensorType(.string, shape: [3]), .strings([[], [255, 0], [65]]))),
      Variable("no words", tensor: Tensor(TensorType(.string, shape: [0]), .strings([]))),
      Variable("sparse", kind: .constant, tensor: sparse),
      Variable(
        "odd", tensor: Tensor(TensorType(.f32, dims: [.fixed(-1), .symbolic("batch"), .unknown]), .absent)),
    ]
  }

  private static var sparse: Tensor {
    Tensor(
      TensorType(.f32, shape: [10]),
      .sparse(
        values: Tensor(TensorType(.f32, shape: [1]), .inline([0, 0, 0, 64])),
        indices: Tensor(TensorType(.i64, shape: [1]), .inline([9, 0, 0, 0, 0, 0, 0, 0]))))
  }

  private static var block: Block {
    Block(
      "layer", domain: "local", overload: "a", repetitions: 80, requiredAttributes: ["alpha", ""],
      defaultAttributes: [Attribute("beta", .float(0.5))],
      operatorSets: [OperatorSet(domain: "", version: 20)], body: graph(nested: 0))
  }

  private static func graph(nested: Int) -> Graph {
    var graph = Graph(name: "main \(nested)")
    graph.documentation = ""
    let dims: [Dimension] = [.symbolic(""), .unknown, .fixed(8), .fixed(0)]
    graph.inputs = [
      Value("x", .tensor(TensorType(.f32, dims: dims))),
      Value("y", .sparseTensor(TensorType(nil, dims: []))),
      Value("s", .sequence(.optional(.tensor(TensorType(.i64, dims: nil))))),
      Value("o", .optional(nil)), Value("q", .sequence(nil)),
      Value("m", .map(key: .string, value: .map(key: .i64, value: nil))),
      Value("untyped"),
    ]
    graph.outputs = [Value("z", .tensor(TensorType(.f16, shape: [1, 2, 3])))]
    graph.variables = [Variable("w", kind: .buffer, tensor: sparse)]
    graph.valueTypes = [Value("h", .tensor(TensorType(.bf16, shape: [300, -300])))]
    graph.nodes = [
      OperatorNode("MatMul", inputs: ["x", "", "w"], outputs: ["h", ""]),
      OperatorNode(
        "layer", domain: "local", overload: "a", name: "n1", inputs: ["h"], outputs: ["z"],
        attributes: attributes(nested)),
    ]
    return graph
  }

  private static func attributes(_ nested: Int) -> [Attribute] {
    let inner = nested > 0 ? graph(nested: nested - 1) : Graph()
    let type = ValueType.tensor(TensorType(.f32, shape: [2]))
    return [
      Attribute("integer", .integer(-1)), Attribute("zero", .integer(0)),
      Attribute("float", .float(0.1)), Attribute("text", .text([0xff, 0x00])),
      Attribute("no text", .text([])),
      Attribute("tensor", .tensor(sparse)), Attribute("graph", .graph(inner)), Attribute("type", .type(type)),
      Attribute("integers", .integers([0, -1, Int64.max, Int64.min])),
      Attribute("no integers", .integers([])),
      Attribute("floats", .floats([0, -0.0, .infinity, .leastNonzeroMagnitude])),
      Attribute("no floats", .floats([])),
      Attribute("texts", .texts([[], [1]])), Attribute("no texts", .texts([])),
      Attribute("tensors", .tensors([sparse, sparse])), Attribute("no tensors", .tensors([])),
      Attribute("graphs", .graphs([Graph(), inner])), Attribute("no graphs", .graphs([])),
      Attribute("types", .types([type, type])), Attribute("no types", .types([])),
      Attribute("reference", .reference("alpha")), Attribute("absent", .absent),
    ]
  }
}
