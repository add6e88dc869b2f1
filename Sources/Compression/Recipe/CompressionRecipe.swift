public import Numerics

/// What the reference encoder shall do to a model: the steps in their order, each for some of its tensors (profile clause 7.1, section 2).
public struct CompressionRecipe: Sendable, Hashable {
  /// The steps.
  public var steps: [Step]

  /// A recipe.
  public init(steps: [Step]) {
    self.steps = steps
  }

  /// The quantization with one step for all tensors that is searched for an error of all of them together, and that error.
  public var wantedError: (settings: Uniform, error: Double)? {
    for step in steps {
      if case .uniformQuantization(let settings) = step.method, let error = settings.relativeError {
        return (settings, error)
      }
    }
    return nil
  }

  /// A step of a recipe.
  public struct Step: Sendable, Hashable {
    /// The name that the compression statement gives it.
    public var name: String
    /// What is done.
    public var method: Method
    /// Which variables it is done to.
    public var targets: Targets

    /// A step.
    public init(name: String, method: Method, targets: Targets = Targets()) {
      self.name = name
      self.method = method
      self.targets = targets
    }
  }

  /// Which variables a step applies to; what its method cannot take, such as integers to be quantized, is left as it is.
  public struct Targets: Sendable, Hashable {
    /// Patterns of names, of which one has to match: `*` stands for any bytes.
    public var include: [String]
    /// Patterns of names, of which none may match.
    public var exclude: [String]
    /// The least number of dims.
    public var leastDims: Int
    /// The least number of elements.
    public var leastElements: Int

    /// Every variable, unless something else is said.
    public init(
      include: [String] = ["*"], exclude: [String] = [], leastDims: Int = 0, leastElements: Int = 0
    ) {
      self.include = include
      self.exclude = exclude
      self.leastDims = leastDims
      self.leastElements = leastElements
    }
  }

  /// Which elements share a scale, for a tensor of any dims.
  public enum Sharing: Sendable, Hashable {
    /// All of them.
    case tensor
    /// Those of each place of the first axis.
    case channel
    /// Runs of so many along the last axis, in each row.
    case group(Int)
    /// Blocks of these sizes over the last axes.
    case block([Int])
  }

  /// Methods of clause 7 that work on one tensor at a time, with their settings.
  public enum Method: Sendable, Hashable {
    case uniformQuantization(Uniform)
    case codebookQuantization(Codebook)
    case floatQuantization(ScaledFloat)
    case ternaryQuantization(Sharing)
    case binaryQuantization(Sharing)
    case unstructuredPruning(sparsity: Double, stored: SparseForm)
    case nOfMSparsity(n: Int, m: Int, stored: SparseForm)
    case blockSparsity(block: [Int], sparsity: Double, stored: SparseForm)
    case lowRank(rank: Int)
    case blockCirculant(block: Int)
    case entropyCoding(run: Int)
    case generalCoding(level: Int)
    /// The difference to the base, of values or of codes.
    case delta(ofCodes: Bool)
    /// The difference to the base, of which the share of greatest magnitude is kept.
    case sparseDelta(sparsity: Double)
    /// What a base holds just so is referred to.
    case multiModelSharing
  }

  /// How zeros are stored.
  public enum SparseForm: String, Sendable, Hashable, CaseIterable {
    case dense, bitmap, rows
    case nOfM = "n-m"
    case block
  }

  /// Settings of uniform quantization.
  public struct Uniform: Sendable, Hashable {
    /// Where levels begin.
    public enum Origin: String, Sendable, Hashable, CaseIterable {
      case symmetric
      case zeroPoint = "zero-point"
      case offset
    }

    /// How an element finds its level.
    public enum Rounding: String, Sendable, Hashable, CaseIterable {
      case nearest
      case rateAware = "rate-aware"
      case trellis
    }

    /// The width of a level.
    public var bits = 8
    /// Where levels begin.
    public var origin = Origin.symmetric
    /// Which elements share a scale.
    public var sharing = Sharing.channel
    /// The type of the scales.
    public var scaleType = ElementType.f32
    /// How an element finds its level.
    public var rounding = Rounding.nearest
    /// The states of the trellis.
    public var states = 8
    /// The elements of a path of the trellis.
    public var restart = 262_144
    /// The weight of a bit against the square of the scale, of levels that are searched; 0 to look at the error alone.
    public var rateWeight = 0.0
    /// One step for every tensor; nil: by the greatest magnitude of each block.
    public var step: Double?
    /// The relative error of the whole that one step for every tensor is searched for.
    public var relativeError: Double?

    /// Eight bits, symmetric, a scale for each channel.
    public init() {}
  }

  /// Settings of codebook quantization.
  public struct Codebook: Sendable, Hashable {
    /// The entries of the list.
    public var entries: Int
    /// Which elements share a scale; nil: none is scaled.
    public var scaled: Sharing?
    /// A list that is given; nil: Lloyd's.
    public var values: [Float]?

    /// A list of so many entries.
    public init(entries: Int, scaled: Sharing? = nil, values: [Float]? = nil) {
      self.entries = entries
      self.scaled = scaled
      self.values = values
    }
  }

  /// Settings of float quantization.
  public struct ScaledFloat: Sendable, Hashable {
    /// The smaller type.
    public var elementType: ElementType
    /// Which elements share a scale; nil: plain casting.
    public var scaled: Sharing?
    /// The type of the scales.
    public var scaleType = ElementType.f32

    /// A smaller type.
    public init(elementType: ElementType, scaled: Sharing?, scaleType: ElementType = .f32) {
      self.elementType = elementType
      self.scaled = scaled
      self.scaleType = scaleType
    }
  }
}

extension CompressionRecipe.Sharing {
  /// The grid of clause 7.3, section 1, for dims: block sizes, 0 where a block takes a whole dim.
  public func grid(for dims: [Int]) -> [Int64] {
    var grid = [Int64](repeating: 0, count: dims.count)
    func set(_ size: Int, at axis: Int) {
      if size < dims[axis] { grid[axis] = Int64(size) }
    }
    switch self {
    case .tensor: break
    case .channel:
      if dims.count > 1 { set(1, at: 0) }
    case .group(let size):
      for axis in dims.indices.dropLast() { set(1, at: axis) }
      if let last = dims.indices.last { set(size, at: last) }
    case .block(let sizes):
      for axis in dims.indices.dropLast(min(sizes.count, dims.count)) { set(1, at: axis) }
      for (axis, size) in zip(dims.indices.suffix(sizes.count), sizes.suffix(dims.count)) {
        set(size, at: axis)
      }
    }
    return grid
  }
}
