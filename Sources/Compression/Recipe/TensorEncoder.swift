import Numerics
public import Representation
public import Storage

/// Does to one tensor what the steps of a recipe say, in their order.
public struct TensorEncoder: Sendable {
  /// What is left of a tensor.
  public enum Result: Sendable, Hashable {
    /// Plain elements, which a step may have changed.
    case plain(Elements)
    /// A chain; payload and side tensors inline.
    case chain(CompressedContent)
  }

  /// The same tensor in the model that a delta or a reference builds on.
  public struct Base: Sendable {
    /// How a descriptor names it.
    public var tensor: BaseTensor
    /// Its elements.
    public var elements: Elements

    /// A base.
    public init(_ tensor: BaseTensor, _ elements: Elements) {
      self.tensor = tensor
      self.elements = elements
    }
  }

  private let steps: [CompressionRecipe.Step]
  /// The one step of all tensors that was found for the relative error that the recipe asks for.
  public var step: Double?

  /// An encoder for the steps of a recipe.
  public init(_ recipe: CompressionRecipe) {
    steps = recipe.steps
  }

  /// The steps that apply to a variable, by their place in the recipe: those whose targets it is one of.
  public func steps(for name: String, _ type: ElementsType) -> [Int] {
    steps.indices.filter { steps[$0].targets.apply(to: name, type) }
  }

  /// Whether a step is the quantization for which one step of all tensors is searched.
  public func quantizes(_ step: Int) -> Bool {
    guard steps.indices.contains(step), case .uniformQuantization(let settings) = steps[step].method else {
      return false
    }
    return settings.relativeError != nil
  }

  /// The elements after those steps, and which of them did something: what a method cannot take is left as it is.
  ///
  /// - Parameter base: the tensor of the same name of the base model; nil where it has none.
  /// - Throws: a fault of `CompressionFault`, such as `quantizer-input-finite`.
  public func encode(
    _ x: Elements, steps applied: [Int], base: Base? = nil
  ) throws(Fault) -> (result: Result, steps: [Int]) {
    var state = State(current: x, step: step)
    var done: [Int] = []
    for (position, index) in applied.enumerated() {
      if state.isTerminal { break }
      let count = state.stages.count
      let before = state.current
      try state.apply(steps[index].method, base)
      if state.stages.count > count || state.current != before { done.append(index) }
      // What comes after a product is done to its factors.
      if case .lowRank(var stage)? = state.stages.last, state.isTerminal {
        let rest = Array(applied[(position + 1)...])
        var inner: Set<Int> = []
        stage.left = try factor(stage.left, rest, &inner)
        stage.right = try factor(stage.right, rest, &inner)
        state.stages[state.stages.count - 1] = .lowRank(stage)
        done += rest.filter(inner.contains)
      }
    }
    guard !state.stages.isEmpty else { return (.plain(state.current), done) }
    try state.packLevels()
    let payload = state.isTerminal ? nil : state.current.inlineTensor
    return (.chain(CompressedContent(stages: state.stages, payload: payload)), done)
  }

  private func factor(_ tensor: Tensor?, _ rest: [Int], _ done: inout Set<Int>) throws(Fault) -> Tensor? {
    guard let tensor, case .inline(let bytes) = tensor.content, let type = ElementsType(tensor.type),
      let elements = Elements(type, bytes), !rest.isEmpty
    else { return tensor }
    let (result, steps) = try encode(elements, steps: rest)
    done.formUnion(steps)
    return switch result {
    case .plain(let elements): elements.inlineTensor
    case .chain(let content): Tensor(tensor.type, .compressed(content))
    }
  }
}

extension CompressionRecipe.Targets {
  fileprivate func apply(to name: String, _ type: ElementsType) -> Bool {
    type.dims.count >= leastDims && type.count >= leastElements
      && include.contains { NamePattern($0).matches(name) }
      && !exclude.contains { NamePattern($0).matches(name) }
  }
}

/// What the steps made of a tensor so far.
private struct State {
  var current: Elements
  var stages: [Stage] = []
  var isTerminal = false
  let step: Double?

  init(current: Elements, step: Double?) {
    self.current = current
    self.step = step
  }

  private var isQuantizable: Bool { [.f64, .f32, .f16, .bf16].contains(current.type.element) }

  private mutating func add(_ stage: Stage, _ output: Elements?) {
    stages.append(stage)
    if let output { current = output } else { isTerminal = true }
  }

  /// Puts aside what a quantizer must not touch, where there is such an element.
  private mutating func separateOutliers() throws(Fault) {
    guard current.doubles.contains(where: { !($0.magnitude < 0x1p100) }) else { return }
    let encoded = try OutliersStage.encode(current)
    add(.outliers(encoded.descriptor), encoded.output)
  }

  mutating func apply(_ method: CompressionRecipe.Method, _ base: TensorEncoder.Base?) throws(Fault) {
    let dims = current.type.dims
    switch method {
    case .uniformQuantization(let settings):
      guard isQuantizable else { return }
      try separateOutliers()
      let encoded = try UniformStage.encode(current, settings, step: step)
      add(.uniform(encoded.descriptor), encoded.output)
    case .codebookQuantization(let settings):
      guard isQuantizable, current.type.count > 0, !dims.isEmpty else { return }
      try separateOutliers()
      let scale = settings.scaled?.grid(for: dims)
      let list =
        settings.values.map { CodebookStage.List.given($0.map(Double.init)) }
        ?? .lloyd(entries: settings.entries)
      let encoded = try CodebookStage.encode(current, list: list, scaleGrid: scale)
      add(.codebook(encoded.descriptor), encoded.output)
    case .floatQuantization(let settings):
      guard isQuantizable, (settings.elementType.bits ?? 64) < current.type.element.bits ?? 0 else { return }
      try separateOutliers()
      let encoded = try ScaledFloatStage.encode(
        current, elementType: settings.elementType, grid: settings.scaled?.grid(for: dims),
        scaleType: settings.scaled == nil ? nil : settings.scaleType)
      add(.scaledFloat(encoded.descriptor), encoded.output)
    case .ternaryQuantization(let sharing), .binaryQuantization(let sharing):
      guard isQuantizable else { return }
      try separateOutliers()
      var isTernary = false
      if case .ternaryQuantization = method { isTernary = true }
      let encoded = try SignStage.encode(current, ternary: isTernary, grid: sharing.grid(for: dims))
      add(.sign(encoded.descriptor), encoded.output)
      try packSigns(isTernary)
    case .unstructuredPruning(let sparsity, let form):
      guard isQuantizable, !dims.isEmpty else { return }
      current = Pruning.unstructured(current, sparsity: sparsity)
      try store(form, n: 0, m: 0, block: [])
    case .nOfMSparsity(let n, let m, let form):
      guard isQuantizable, let last = dims.last, dims.count > 1, last % m == 0 else { return }
      current = Pruning.nOfM(current, n: n, m: m)
      try store(form, n: n, m: m, block: [])
    case .blockSparsity(let block, let sparsity, let form):
      guard isQuantizable, block.count == dims.count, zip(dims, block).allSatisfy({ $0 % $1 == 0 }) else {
        return
      }
      current = Pruning.blocks(current, block: block, sparsity: sparsity)
      try store(form, n: 0, m: 0, block: block)
    case .lowRank(let rank):
      guard isQuantizable, dims.count > 1, let rows = dims.first else { return }
      // A product that is larger than what it stands for saves nothing.
      guard rows > 0, rank * (rows + current.type.count / rows) < current.type.count else { return }
      let encoded = try LowRankStage.encode(current, rank: rank)
      add(.lowRank(encoded.descriptor), nil)
    case .blockCirculant(let block):
      guard isQuantizable, dims.count == 2, block <= max(dims[0], dims[1]) else { return }
      let encoded = try CirculantStage.encode(current, block: block)
      add(.circulant(encoded.descriptor), encoded.output)
    case .entropyCoding(let run): try code(run: run)
    case .generalCoding(let level):
      add(.zstd, try ZstdStage.encode(current, level: level).output)
    case .delta(let ofCodes):
      guard stages.isEmpty, let base, base.elements.type == current.type else { return }
      guard ofCodes || current.type.element != .f64 && isQuantizable else { return }
      let encoded = try DeltaStage.encode(
        current, mode: ofCodes ? .code : .add, base: base.elements, reference: base.tensor)
      add(.delta(encoded.descriptor), encoded.output)
    case .sparseDelta(let sparsity):
      guard stages.isEmpty, let base, base.elements.type == current.type, isQuantizable, !dims.isEmpty,
        current.type.element != .f64
      else { return }
      let encoded = try DeltaStage.encode(current, mode: .add, base: base.elements, reference: base.tensor)
      add(.delta(encoded.descriptor), encoded.output)
      current = Pruning.unstructured(current, sparsity: sparsity)
      try store(.bitmap, n: 0, m: 0, block: [])
    case .multiModelSharing:
      guard stages.isEmpty, let base, base.elements == current else { return }
      add(.reference(ReferenceStage(base: base.tensor)), nil)
    }
  }

  private mutating func store(
    _ form: CompressionRecipe.SparseForm, n: Int, m: Int, block: [Int]
  ) throws(Fault) {
    let encoded: Encoded<SparseStage>
    switch form {
    case .dense: return
    case .bitmap: encoded = try SparseStage.encodeBitmap(current)
    case .rows: encoded = try SparseStage.encodeRows(current)
    case .nOfM:
      guard m > 0 else { return }
      encoded = try SparseStage.encode(current, keeping: n, of: m)
    case .block:
      guard !block.isEmpty else { return }
      encoded = try SparseStage.encode(current, block: block)
    }
    add(.sparse(encoded.descriptor), encoded.output)
  }

  /// Levels of a width between those of the element types take no more than it, where nothing else came after the quantizer.
  mutating func packLevels() throws(Fault) {
    guard case .uniform(let stage)? = stages.last, let width = Int(exactly: stage.bits),
      width < current.type.element.bits ?? 0
    else { return }
    let encoded = try PackStage.encode(current, width: width)
    add(.pack(encoded.descriptor), encoded.output)
  }

  /// Signs take a fifth of a byte, or an eighth.
  private mutating func packSigns(_ isTernary: Bool) throws(Fault) {
    if isTernary {
      add(.trits, try TritsStage.encode(current).output)
    } else {
      let encoded = try PackStage.encode(current, width: 1)
      add(.pack(encoded.descriptor), encoded.output)
    }
  }

  private mutating func code(run: Int) throws(Fault) {
    var (states, run) = (UInt64(0), UInt64(run))
    if case .uniform(let stage)? = stages.last, stage.states > 0 {
      (states, run) = (stage.states, stage.restart)
    }
    let mode: EntropyStage.Mode
    switch current.type.element {
    case .i2, .i4, .i8, .i16, .i32: mode = .levels
    case let type where (type.bits ?? 64) <= 8: mode = .symbols
    default: return
    }
    let encoded = try EntropyStage.encode(current, mode: mode, run: Int(run), states: Int(states), cores: 1)
    add(.entropy(encoded.descriptor), encoded.output)
  }
}
