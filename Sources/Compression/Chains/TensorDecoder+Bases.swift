import Numerics
import Representation
import Storage
import Synchronization

/// A tensor of one of the models at hand.
struct BaseStep: Hashable {
  /// The model.
  var model: Int
  /// The variable.
  var name: ExactString
}

/// What a decoder found out about bases.
struct KnownBases {
  /// Whether the bases of a tensor of the first model, and theirs, come to an end.
  enum Ending {
    case after(Int)
    case never
  }

  /// What is known of the content digest of a model.
  enum Content {
    case unknown
    case known(String)
    case unknowable
  }

  /// The digests of bases that were decoded.
  var digests: [BaseStep: String] = [:]
  /// How far it is from tensors of the first model to the end of their bases.
  var endings: [ExactString: Ending] = [:]
  /// The content digests of the models.
  var contents: [Content]
  /// How many bytes of bases may still be decoded.
  private(set) var budget: UInt64
  private let room: UInt64
  /// Bases at hand, the last one needed at the end.
  private var kept: [(step: BaseStep, elements: Elements)] = []

  init(models: [ModelTensors], _ limits: DecodingLimits) {
    contents = Array(repeating: .unknown, count: models.count)
    let stored = models.reduce(UInt64(0)) { $0.addingReportingOverflow($1.storedBytes).partialValue }
    let (bytes, overflow) = stored.multipliedReportingOverflow(by: limits.expansionOfBases)
    let (sum, more) = bytes.addingReportingOverflow(limits.allowanceOfBases)
    budget = overflow || more ? .max : sum
    room = limits.keptBases
  }

  /// The elements of a base that is at hand.
  mutating func elements(of step: BaseStep) -> Elements? {
    guard let index = kept.firstIndex(where: { $0.step == step }) else { return nil }
    let found = kept.remove(at: index)
    kept.append(found)
    return found.elements
  }

  /// Keeps the elements of a base at hand.
  mutating func keep(_ elements: Elements, of step: BaseStep) {
    guard !kept.contains(where: { $0.step == step }) else { return }
    kept.append((step, elements))
    var bytes = kept.reduce(UInt64(0)) { $0 + UInt64($1.elements.bytes.count) }
    while bytes > room, kept.count > 1 { bytes -= UInt64(kept.removeFirst().elements.bytes.count) }
  }

  /// Whether a base of so many bytes may be decoded; it counts then.
  mutating func takes(_ bytes: UInt64) -> Bool {
    guard bytes <= budget else { return false }
    budget -= bytes
    return true
  }
}

extension TensorDecoder {
  /// The elements of a base, whose digest is the one that is stated.
  func base(_ base: BaseTensor, of at: At, _ path: String) throws(Fault) -> Elements {
    let step = BaseStep(model: try model(of: base, at, path), name: ExactString(base.variable))
    guard let tensor = models[step.model].parameters[step.name] else {
      throw fault(.baseTensorExists, at, path, expected: base.variable, actual: "none")
    }
    guard !at.open.contains(step) else {
      throw fault(.referenceAcyclic, at, path, expected: "an end", actual: base.variable)
    }
    guard at.open.count < limits.bases else {
      throw fault(
        .referenceDepthWithinLimit, .unsupported, at, path, expected: "≤ \(limits.bases)",
        actual: "\(at.open.count + 1)")
    }
    let elements: Elements
    if let kept = bases.withLock({ $0.elements(of: step) }) {
      elements = kept
    } else {
      let bytes = max(tensor.type.byteCount ?? 0, 1 << 10)
      guard bases.withLock({ $0.takes(bytes) }) else {
        throw fault(
          .compressionExpansionWithinLimit, .unsupported, at, path, expected: "few bytes of bases",
          actual: "\(bytes) B more")
      }
      let inner = At(model: step.model, path: Self.path(of: step.name), open: at.open + [step])
      elements = try decode(tensor, inner)
      bases.withLock { $0.keep(elements, of: step) }
    }
    let digest = try digest(of: elements, step)
    guard let stated = base.digest?.value, digest == stated else {
      throw fault(.baseTensorDigest, at, path, expected: base.digest?.value, actual: digest)
    }
    return elements
  }

  private func digest(of elements: Elements, _ step: BaseStep) throws(Fault) -> String {
    if let known = bases.withLock({ $0.digests[step] }) { return known }
    let digest = try Digest.of(elements.bytes, .sha256).hex
    bases.withLock { $0.digests[step] = digest }
    return digest
  }

  /// The model of a base.
  private func model(of base: BaseTensor, _ at: At, _ path: String) throws(Fault) -> Int {
    guard let wanted = base.model?.value else { return at.model }
    for index in models.indices {
      if try content(of: index, open: at.open) == wanted { return index }
    }
    throw fault(
      .baseModelAvailable, .unsupported, at, path, expected: wanted, actual: "none of the models at hand")
  }

  /// The content digest of a model; nil where it has none, as where a tensor cannot be decoded.
  private func content(of index: Int, open: [BaseStep]) throws(Fault) -> String? {
    switch bases.withLock({ $0.contents[index] }) {
    case .known(let digest): return digest
    case .unknowable: return nil
    case .unknown: break
    }
    // While the content of a model is computed, it is no base of anything: else its digest would depend on itself.
    let mark = BaseStep(model: index, name: ExactString(""))
    guard index > 0, !open.contains(mark) else { return nil }
    do throws(Fault) {
      let digest = try contentDigest(of: index, open: open + [mark])
      bases.withLock { $0.contents[index] = .known(digest) }
      return digest
    } catch {
      if error.kind == .system { throw error }
      bases.withLock { $0.contents[index] = .unknowable }
      return nil
    }
  }

  /// The path of a parameter.
  static func path(of name: ExactString) -> String {
    ModelPath.model.named("parameters", name.value).description
  }

  // MARK: Without elements

  /// Checks what can be told of the bases of a tensor without decoding them.
  func checkBases(of tensor: Tensor, _ at: At) throws(Fault) {
    guard at.depth <= limits.nesting, case .compressed(let content) = tensor.content else { return }
    var now = ElementsType(tensor.type)
    for (index, stage) in content.stages.enumerated() {
      let path = ".stages[\(index)].base"
      if let base = stage.base {
        if base.model == nil {
          guard let tensor = models[at.model].parameters[ExactString(base.variable)] else {
            throw fault(.baseTensorExists, at, path, expected: base.variable, actual: "none")
          }
          try checkEnding(of: base, at, path)
          if let now, let type = ElementsType(tensor.type) { try checkType(of: type, stage, now, at, index) }
        } else if models.count == 1 {
          throw fault(
            .baseModelAvailable, .unsupported, at, path, expected: base.model?.value, actual: "no other model"
          )
        }
      }
      now = try? now.flatMap { try stage.codec?.output(of: $0) }
      if stage.codec?.leavesOpenCount ?? true { now = nil }
    }
    for part in content.parts { try checkBases(of: part.tensor, at.inner(part.path)) }
  }

  private func checkType(
    of base: ElementsType, _ stage: Stage, _ input: ElementsType, _ at: At, _ index: Int
  ) throws(Fault) {
    do throws(Fault) {
      if case .reference(let reference) = stage {
        _ = try reference.view(of: base, as: input)
      } else if base != input {
        throw .stage(.baseTensorType, ".base", expected: input.notation, actual: base.notation)
      }
    } catch {
      var fault = error
      fault.occurrence.place = Place(
        models[at.model].file, path: at.path + ".stages[\(index)]" + (error.occurrence.place.path ?? ""))
      throw fault
    }
  }

  /// Follows bases inside of the model to their end, each tensor once, whatever refers to it.
  private func checkEnding(of base: BaseTensor, _ at: At, _ path: String) throws(Fault) {
    switch ending(of: ExactString(base.variable), in: at.model) {
    case .never: throw fault(.referenceAcyclic, at, path, expected: "an end", actual: base.variable)
    case .after(let steps):
      guard steps < limits.bases else {
        throw fault(
          .referenceDepthWithinLimit, .unsupported, at, path, expected: "≤ \(limits.bases)",
          actual: "\(steps + 1)")
      }
    }
  }

  private func ending(of name: ExactString, in model: Int) -> KnownBases.Ending {
    if model == 0, let known = bases.withLock({ $0.endings[name] }) { return known }
    let parameters = models[model].parameters
    var endings: [ExactString: KnownBases.Ending] = model == 0 ? bases.withLock { $0.endings } : [:]
    // Not by recursion: a chain of bases may be as long as the model has tensors.
    var path: [BaseWalk] = []
    var onPath: Set<ExactString> = []
    func enter(_ name: ExactString) {
      path.append(BaseWalk(name: name, bases: parameters[name]?.basesHere(depth: limits.nesting) ?? []))
      onPath.insert(name)
    }
    enter(name)
    while let top = path.last {
      let last = path.count - 1
      guard top.next < top.bases.count else {
        let ending: KnownBases.Ending = top.never ? .never : .after(top.longest)
        endings[top.name] = ending
        onPath.remove(top.name)
        path.removeLast()
        if path.count > 0 { path[path.count - 1].add(ending) }
        continue
      }
      path[last].next += 1
      let base = top.bases[top.next]
      if onPath.contains(base) {
        path[last].never = true
      } else if let known = endings[base] {
        path[last].add(known)
      } else {
        enter(base)
      }
    }
    let found = endings
    if model == 0 { bases.withLock { $0.endings.merge(found) { first, _ in first } } }
    return found[name] ?? .never
  }
}

/// A tensor on the way from base to base.
private struct BaseWalk {
  let name: ExactString
  let bases: [ExactString]
  /// The next of its bases to go to.
  var next = 0
  /// How many bases follow one another from here, as far as is known.
  var longest = 0
  /// Whether one of them leads back to where it was.
  var never = false

  init(name: ExactString, bases: [ExactString]) {
    self.name = name
    self.bases = bases
  }

  mutating func add(_ ending: KnownBases.Ending) {
    switch ending {
    case .after(let steps): longest = max(longest, steps + 1)
    case .never: never = true
    }
  }
}

extension Tensor {
  /// The variables of the same model that the tensor needs as bases.
  fileprivate func basesHere(depth: Int) -> [ExactString] {
    guard depth >= 0, case .compressed(let content) = content else { return [] }
    let own = content.stages.compactMap {
      $0.base.flatMap { $0.model == nil ? ExactString($0.variable) : nil }
    }
    return content.parts.reduce(into: own) { $0 += $1.tensor.basesHere(depth: depth - 1) }
  }
}
