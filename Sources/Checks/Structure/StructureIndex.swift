import Numerics
import Representation
import Storage

/// The graphs, variables and tensors of a model as flat lists, gathered in one pass and shared by every check of a sample.
///
/// With 100,000 tensors a walk of the tree for each requirement would cost more than everything else; here a check runs over
/// an array of small facts, and goes back to the model for a name or a path only where it has something to say.
struct StructureIndex: Sendable {
  /// The model itself, then its graphs, the bodies of its blocks and the graphs in attributes, in the order of the source.
  ///
  /// The first one is always the model.
  var scopes: [Scope] = []
  /// Every tensor: of variables, of attributes, of defaults of blocks, and the parts of sparse and compressed ones.
  var tensors: [TensorFacts] = []
  /// The byte ranges of tensors, sorted by file, offset and length.
  ///
  /// Those that are empty, that leave their file or whose length does not follow from the type are not among them: each of
  /// these is a finding of its own, and what would follow from it says nothing new.
  var runs: [Run] = []
  /// The files of which a range is not among `runs` for being wrong: nothing can be said of gaps in them.
  var filesWithUnusableRanges: Set<Int> = []
  /// For each file of the file table, whether some tensor refers to it.
  var usedFiles: [Bool] = []
  /// Whether some variable is tied to another.
  var hasTies = false
  /// Whether a sparse tensor is among the tensors.
  var hasSparseTensors = false
  /// Whether some tensor is a chain of stages.
  var hasCompressedTensors = false
  /// The side tensors and payloads of chains, each with its path from the tensor whose chain it is part of.
  var chainParts: [(tensor: Tensor, path: String)] = []
  /// The tensors that declare a digest.
  var tensorsWithDigests: [Int] = []
  /// The tensors that name a chain of the compression statement.
  var tensorsWithChains: [Int] = []

  let model: Model
  private let repeatedBlockNames: RepeatedNames

  /// Gathers what a model holds.
  init(_ model: Model) {
    self.model = model
    repeatedBlockNames = RepeatedNames(model.blocks.map(\.name))
    usedFiles = Array(repeating: false, count: model.files.count)
    gatherScopes()
    gatherTensors()
    gatherRuns()
  }

  /// Where variables live and nodes look for values: the model, or a graph.
  struct Scope: Sendable {
    /// What the scope is.
    enum Role: Sendable, Hashable {
      /// The model, with its parameters.
      case model
      /// A graph of the model's list of graphs.
      case main
      /// The body of the block at that place in the model's list of blocks.
      case block(Int)
      /// A graph that is the default of an attribute of the block at that place in the model's list of blocks.
      case blockDefault(Int)
      /// A graph in an attribute.
      case nested

      /// The block to which a body or a default belongs.
      var block: Int? {
        switch self {
        case .block(let index), .blockDefault(let index): index
        case .model, .main, .nested: nil
        }
      }
    }

    /// What the scope is.
    let role: Role
    /// The path to it.
    let path: ModelPath
    /// The graph; nil for the model.
    let graph: Graph?
    /// The variables that live in it.
    let variables: [Variable]
    /// The scope around it; nil for the model.
    let parent: Int?
    /// The main graph, the body or the default that it is, or lies in.
    let root: Int
    /// The names that stand more than once among the variables.
    let repeatedNames: RepeatedNames

    init(
      _ role: Role, _ path: ModelPath, _ graph: Graph?, _ variables: [Variable], parent: Int?, root: Int
    ) {
      self.role = role
      self.path = path
      self.graph = graph
      self.variables = variables
      self.parent = parent
      self.root = root
      repeatedNames = RepeatedNames(variables.lazy.map(\.name))
    }

    /// The path to a variable of the scope.
    func variablePath(_ index: Int) -> ModelPath {
      path.element(
        role == .model ? "parameters" : "variables", index, named: variables[index].name,
        repeated: repeatedNames)
    }
  }

  /// Where a tensor was found.
  struct Origin: Sendable {
    /// What holds a tensor.
    enum Holder: Sendable {
      case variable(Int)
      case attribute(node: Int, attribute: Int, element: Int?)
      case blockDefault(block: Int, attribute: Int, element: Int?)
    }

    /// Which part of a sparse or compressed tensor it is.
    enum Part: Sendable, Hashable {
      case whole, values, indices
      /// A side tensor or payload, by its place among `chainParts`.
      case inChain(Int)
    }

    let scope: Int
    let holder: Holder
    var part = Part.whole
  }

  /// What the dims of a tensor come to.
  enum Extent: Sendable, Hashable {
    /// No dims are given or one of them is not a number (`isOpen`), or one is negative.
    case unsized(isOpen: Bool, isNegative: Bool)
    /// The number of elements, or of their bytes, does not fit into 64 bits.
    case tooLarge
    /// The number of elements.
    case elements(UInt64)
  }

  /// Where the elements lie, without the elements.
  enum Whereabouts: Sendable {
    case stored(ByteRange)
    case encoded(count: UInt64)
    case inline(UInt64)
    case strings(UInt64)
    case sparse
    case compressed
    case absent
    case withheld
  }

  /// What most checks need to know of a tensor; holds no references, so that going through many is cheap.
  struct TensorFacts: Sendable {
    let origin: Origin
    let elementType: ElementType?
    let extent: Extent
    /// The number of bytes that follows from the type.
    let byteCount: UInt64?
    let place: Whereabouts
    /// Whether it belongs to a variable that is tied to another.
    let isTied: Bool

    /// Whether it is the tensor of a variable that is not tied to another.
    var isUntiedVariable: Bool {
      guard case .variable = origin.holder else { return false }
      return origin.part == .whole && !isTied
    }
  }

  /// A byte range of a tensor.
  struct Run: Sendable {
    let file: Int
    let offset: UInt64
    let end: UInt64
    /// The index among the tensors.
    let tensor: Int

    static func < (left: Run, right: Run) -> Bool {
      if left.file != right.file { return left.file < right.file }
      if left.offset != right.offset { return left.offset < right.offset }
      return left.end < right.end
    }
  }
}

extension StructureIndex {
  /// The tensor at that place among the tensors.
  func tensor(_ index: Int) -> Tensor? {
    let origin = tensors[index].origin
    if case .inChain(let number) = origin.part { return chainParts[number].tensor }
    guard let whole = wholeTensor(origin) else { return nil }
    guard case .sparse(let values, let indices) = whole.content else { return whole }
    return switch origin.part {
    case .whole, .inChain: whole
    case .values: values
    case .indices: indices
    }
  }

  /// The path to the tensor at that place among the tensors.
  func path(_ index: Int) -> ModelPath {
    let origin = tensors[index].origin
    let scope = scopes[origin.scope]
    let path: ModelPath
    switch origin.holder {
    case .variable(let number):
      path = scope.variablePath(number)
    case .attribute(let node, let attribute, let element):
      path = Self.path(
        scope.path.element("nodes", node), "attributes", scope.graph?.nodes[node].attributes ?? [], attribute,
        element)
    case .blockDefault(let block, let attribute, let element):
      path = Self.path(
        blockPath(block), "defaultAttributes", model.blocks[block].defaultAttributes, attribute, element)
    }
    return switch origin.part {
    case .whole: path
    case .values: path.field("values")
    case .indices: path.field("indices")
    case .inChain(let number): path.part(chainParts[number].path)
    }
  }

  /// The path to the block at that place.
  func blockPath(_ index: Int) -> ModelPath {
    .model.element("blocks", index, named: model.blocks[index].name, repeated: repeatedBlockNames)
  }

  /// The bytes of a file in which tensors may lie: the payload where one is declared, the whole file elsewhere.
  func bounds(ofFile index: Int) -> Range<UInt64>? {
    guard model.files.indices.contains(index) else { return nil }
    let file = model.files[index]
    return file.payload?.clamped(to: 0..<file.size) ?? 0..<file.size
  }

  private func wholeTensor(_ origin: Origin) -> Tensor? {
    let attribute: Attribute
    let place: Int?
    switch origin.holder {
    case .variable(let number):
      return scopes[origin.scope].variables[number].tensor
    case .attribute(let node, let number, let element):
      guard let graph = scopes[origin.scope].graph else { return nil }
      (attribute, place) = (graph.nodes[node].attributes[number], element)
    case .blockDefault(let block, let number, let element):
      (attribute, place) = (model.blocks[block].defaultAttributes[number], element)
    }
    switch (attribute.value, place) {
    case (.tensor(let tensor), _): return tensor
    case (.tensors(let tensors), let place?): return tensors[place]
    default: return nil
    }
  }

  private static func path(
    _ parent: ModelPath, _ list: String, _ attributes: [Attribute], _ number: Int, _ element: Int?
  ) -> ModelPath {
    let path = parent.element(list, of: attributes, number)
    return element.map { path.element("tensors", $0) } ?? path
  }
}
