import Compression
import Numerics
import Representation
import Storage

/// Compresses one variable after the other, decodes what came of it, and says how far that is from what went in.
struct ModelEncoder: Sendable {
  /// What came of a variable.
  struct Encoded: Sendable {
    /// What is left of its elements.
    var result: TensorEncoder.Result
    /// The steps that did something.
    var steps: [Int]
    /// The type of the elements.
    var type: ElementsType
    /// The digests of the elements before and after.
    var before: Digest
    var after: Digest
    /// How far they are from each other; nil where they are the same, or not floating.
    var loss: FidelitySums?
    /// Whether the variable counts among the floating parameters.
    var isParameter: Bool

    /// The bytes of the elements.
    var byteCount: Int { type.byteCount }
  }

  private var encoder: TensorEncoder
  private let source: ModelTensors
  private let reader: TensorDecoder
  private let checker: TensorDecoder
  private let base: ModelCompressor.BaseModel?

  init(_ recipe: CompressionRecipe, _ model: Model, _ tree: any FileTree, _ base: ModelCompressor.BaseModel?)
  {
    encoder = TensorEncoder(recipe)
    source = ModelTensors(model, in: tree)
    reader = TensorDecoder(source)
    checker = TensorDecoder(ModelTensors([:]), others: base.map { [$0.tensors] } ?? [])
    self.base = base
  }

  /// The one step of all tensors, where the recipe asks for an error and it was found.
  var step: Double? {
    get { encoder.step }
    set { encoder.step = newValue }
  }

  /// The loss of a variable that is quantized with one step for all; its own sums without a step, nil where it is not one of those.
  func loss(of variable: Variable, step: Double?) -> Swift.Result<FidelitySums?, Fault> {
    do throws(Fault) {
      let elements = try reader.elements(of: variable.tensor, at: variable.name)
      guard encoder.steps(for: variable.name, elements.type).contains(where: encoder.quantizes),
        elements.type.element.isFloat
      else { return .success(nil) }
      guard let step else { return .success(FidelitySums.of(elements, elements, shared: false)) }
      var trial = encoder
      trial.step = step
      // Codes do not change what comes back, so only the quantizer is tried.
      let steps = trial.steps(for: variable.name, elements.type).filter(trial.quantizes)
      guard case .chain(let chain) = try trial.encode(elements, steps: steps).result else {
        return .success(nil)
      }
      let tensor = Tensor(variable.tensor.type, .compressed(chain))
      let decoded = try checker.elements(of: tensor, at: variable.name)
      return .success(FidelitySums.of(elements, decoded, shared: false))
    } catch {
      return .failure(error)
    }
  }

  /// What comes of a variable; nil where it has no elements of its own.
  func encode(_ variable: Variable) -> Swift.Result<Encoded?, Fault> {
    do throws(Fault) {
      return .success(try encoded(variable))
    } catch {
      return .failure(error)
    }
  }

  private func encoded(_ variable: Variable) throws(Fault) -> Encoded? {
    let elements = try reader.elements(of: variable.tensor, at: variable.name)
    let type = elements.type
    let wanted = encoder.steps(for: variable.name, type)
    let base = wanted.isEmpty ? nil : try baseTensor(of: variable.name, type)
    let (result, steps) = try encoder.encode(elements, steps: wanted, base: base)
    let decoded: Elements
    switch result {
    case .plain(let elements): decoded = elements
    case .chain(let chain):
      let tensor = Tensor(variable.tensor.type, .compressed(chain))
      decoded = try checker.elements(of: tensor, at: variable.name)
    }
    let before = try Digest.of(elements.bytes, .sha256)
    let after = decoded == elements ? before : try Digest.of(decoded.bytes, .sha256)
    let isFloating = type.element.isFloat && variable.kind == .parameter
    return Encoded(
      result: result, steps: steps, type: type, before: before, after: after,
      loss: isFloating ? FidelitySums.of(elements, decoded, shared: false) : nil, isParameter: isFloating)
  }

  private func baseTensor(of name: String, _ type: ElementsType) throws(Fault) -> TensorEncoder.Base? {
    guard let base, let tensor = base.tensors.tensor(named: name), ElementsType(tensor.type) == type else {
      return nil
    }
    let elements = try base.decoder.elements(of: tensor, at: name)
    let digest = try Digest.of(elements.bytes, .sha256)
    return TensorEncoder.Base(
      BaseTensor(
        model: base.digest, variable: name,
        digest: DeclaredDigest(algorithm: digest.algorithm.rawValue, value: digest.hex)), elements)
  }
}
