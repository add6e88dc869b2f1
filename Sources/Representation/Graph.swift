/// A computational graph (profile clause 6.1, Graph).
public struct Graph: Sendable, Hashable {
  /// The graph's name.
  public var name: String?
  /// What the graph is, as text.
  public var documentation: String?
  /// The values that the graph takes, in order.
  public var inputs: [Value] = []
  /// The values that the graph gives, in order.
  public var outputs: [Value] = []
  /// The operator nodes, in the order of the source.
  public var nodes: [OperatorNode] = []
  /// The variables that this graph alone holds; those of the main graph are the model's parameters.
  public var variables: [Variable] = []
  /// The types that the source declares for values between nodes.
  public var valueTypes: [Value] = []

  /// An empty graph.
  public init(name: String? = nil) {
    self.name = name
  }
}

/// A value: what flows along an edge of a graph.
public struct Value: Sendable, Hashable {
  /// The name, which nodes refer to.
  public var name: String
  /// The type; nil where the source gives none.
  public var type: ValueType?

  /// A value.
  public init(_ name: String, _ type: ValueType? = nil) {
    self.name = name
    self.type = type
  }
}

/// A use of an operator (profile clause 6.1, Operator node).
public struct OperatorNode: Sendable, Hashable {
  /// The node's own name; it may be empty.
  public var name: String
  /// The operator, such as `MatMul`, or the block that the node calls.
  public var operatorType: String
  /// The domain of the operator; empty for the default ONNX domain.
  public var domain: String
  /// The variant of the operator among several of the same name and domain; empty where there is one.
  public var overload: String
  /// The names of the values that the node takes; an empty name stands for an optional input that is left out.
  public var inputs: [String]
  /// The names of the values that the node gives; an empty name stands for an output that is not wanted.
  public var outputs: [String]
  /// The attributes, in the order of the source.
  public var attributes: [Attribute]

  /// A use of an operator.
  public init(
    _ operatorType: String, domain: String = "", overload: String = "", name: String = "",
    inputs: [String] = [], outputs: [String] = [], attributes: [Attribute] = []
  ) {
    self.name = name
    self.operatorType = operatorType
    self.domain = domain
    self.overload = overload
    self.inputs = inputs
    self.outputs = outputs
    self.attributes = attributes
  }
}

/// A named setting of an operator node (profile clause 6.1, Attribute).
public struct Attribute: Sendable, Hashable {
  /// The value of an attribute.
  public enum Value: Sendable, Hashable {
    case integer(Int64)
    case float(Float)
    case text([UInt8])
    case tensor(Tensor)
    case graph(Graph)
    case type(ValueType)
    case integers([Int64])
    case floats([Float])
    case texts([[UInt8]])
    case tensors([Tensor])
    case graphs([Graph])
    case types([ValueType])
    /// In the body of a block: the attribute of that name of the node that calls the block.
    case reference(String)
    /// The source gives a name and no value that could be understood.
    case absent
  }

  /// The name.
  public var name: String
  /// The value.
  public var value: Value

  /// An attribute.
  public init(_ name: String, _ value: Value) {
    self.name = name
    self.value = value
  }
}

/// A variable node: data that the model holds (profile clause 6.1, Variable node).
public struct Variable: Sendable, Hashable {
  /// What the data is to the model.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Learned by training.
    case parameter
    /// Fixed, part of the computation.
    case constant
    /// Not learned, but part of the state: running statistics, position ids, masks.
    case buffer
  }

  /// The name, unique in its scope.
  public var name: String
  /// What the data is to the model; nil where the source does not tell.
  public var kind: Kind?
  /// Whether training changes it; nil where the source does not tell.
  public var trainable: Bool?
  /// The variable whose tensor this one shares.
  public var tiedTo: String?
  /// The data.
  public var tensor: Tensor

  /// A variable.
  public init(
    _ name: String, kind: Kind? = nil, trainable: Bool? = nil, tiedTo: String? = nil, tensor: Tensor
  ) {
    self.name = name
    self.kind = kind
    self.trainable = trainable
    self.tiedTo = tiedTo
    self.tensor = tensor
  }
}

/// A named sub-graph: a function that operator nodes call, or layers written once and repeated (profile clause 6.1, Block).
public struct Block: Sendable, Hashable {
  /// The name, unique with its domain and overload.
  public var name: String
  /// The domain under which operator nodes call the block.
  public var domain: String
  /// The variant among several of the same name and domain.
  public var overload: String
  /// How often the block is repeated, each output feeding the next input; 1 for a function.
  public var repetitions: UInt64
  /// The attributes that a call shall give.
  public var requiredAttributes: [String]
  /// The attributes that a call may give, with their defaults.
  public var defaultAttributes: [Attribute]
  /// The sets of operators that the body uses.
  public var operatorSets: [OperatorSet]
  /// The body.
  public var body: Graph

  /// A named sub-graph.
  public init(
    _ name: String, domain: String = "", overload: String = "", repetitions: UInt64 = 1,
    requiredAttributes: [String] = [], defaultAttributes: [Attribute] = [],
    operatorSets: [OperatorSet] = [], body: Graph
  ) {
    self.name = name
    self.domain = domain
    self.overload = overload
    self.repetitions = repetitions
    self.requiredAttributes = requiredAttributes
    self.defaultAttributes = defaultAttributes
    self.operatorSets = operatorSets
    self.body = body
  }
}

/// A set of operators in a version (ONNX, operator set import).
public struct OperatorSet: Sendable, Hashable {
  /// The domain; empty for the default ONNX domain.
  public var domain: String
  /// The version.
  public var version: Int64

  /// A set of operators.
  public init(domain: String, version: Int64) {
    self.domain = domain
    self.version = version
  }
}

/// How a tensor is cut over devices or shards (profile clause 6.1, Partition).
public struct Partition: Sendable, Hashable {
  /// The variable that is cut.
  public var variable: String
  /// The dim along which it is cut.
  public var axis: Int64?
  /// Which piece this is, counted from zero.
  public var index: UInt64?
  /// The number of pieces.
  public var count: UInt64?
  /// The stage of a pipeline that holds it.
  public var pipelineStage: UInt64?
  /// The expert that it belongs to.
  public var expert: UInt64?
  /// The variable that holds the piece.
  public var piece: String?

  /// A statement about a variable.
  public init(variable: String) {
    self.variable = variable
  }
}
