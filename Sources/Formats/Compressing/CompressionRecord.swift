import Compression
import Representation
import Storage

/// What the compression statement says in the end, gathered variable by variable (profile clause 7.1, section 2).
struct CompressionRecord {
  private(set) var outcome = CompressionOutcome()

  private let recipe: CompressionRecipe
  private let tool: CompressionStatement.Tool
  private var chains: [CompressionStatement.Chain] = []
  private var chainNames: [ChainKind: String] = [:]
  /// The variables that each step did something to.
  private var targets: [[String]]
  private var before: [Content] = []
  private var after: [Content] = []
  private var fidelity: [(name: String, sums: FidelitySums)] = []

  private typealias Content = (name: String, type: TensorType, digest: Digest)

  private struct ChainKind: Hashable {
    var stages: [String]
    var steps: [Int]
  }

  init(_ recipe: CompressionRecipe, _ tool: CompressionStatement.Tool) {
    self.recipe = recipe
    self.tool = tool
    targets = Array(repeating: [], count: recipe.steps.count)
  }

  /// Adds what came of a variable, and gives the name of its chain.
  mutating func add(_ encoded: ModelEncoder.Encoded, named name: String) -> String? {
    outcome.tensors += 1
    outcome.bytesBefore += UInt64(encoded.byteCount)
    before.append((name, encoded.type.tensorType, encoded.before))
    after.append((name, encoded.type.tensorType, encoded.after))
    for step in encoded.steps { targets[step].append(name) }
    if encoded.isParameter, let sums = encoded.loss { fidelity.append((name, sums)) }
    switch encoded.result {
    case .plain(let elements):
      outcome.bytesAfter += UInt64(elements.bytes.count)
      return nil
    case .chain(let chain):
      let bytes = chain.inlineByteCount
      outcome.compressed += 1
      outcome.bytesAfter += bytes
      outcome.chainBytes += bytes
      outcome.chainElements += UInt64(encoded.type.count)
      return chainName(chain, encoded.steps)
    }
  }

  private mutating func chainName(_ chain: CompressedContent, _ steps: [Int]) -> String {
    let kind = ChainKind(stages: chain.stages.compactMap(\.name), steps: steps)
    if let name = chainNames[kind] { return name }
    let name = "chain-\(chains.count + 1)"
    chainNames[kind] = name
    chains.append(
      CompressionStatement.Chain(name: name, stages: kind.stages, steps: steps.map { recipe.steps[$0].name }))
    return name
  }

  /// Sums up the losses in the order of the names' bytes, as the profile has it.
  private mutating func sumUp() {
    let order = fidelity.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    for (_, sums) in order { outcome.total.add(sums) }
    outcome.losses = fidelity.filter { $0.sums.error != 0 }.map {
      CompressionOutcome.Loss(name: $0.name, sums: $0.sums)
    }
  }

  /// The statement.
  ///
  /// - Parameter base: the model that deltas build on, which the steps started from then.
  mutating func statement(named name: String?) throws(Fault) -> CompressionStatement {
    sumUp()
    let input = try TensorDecoder.contentDigest(of: before)
    let output = try TensorDecoder.contentDigest(of: after)
    var steps = recipe.steps.enumerated().map { index, step in
      var made = CompressionStatement.Step(
        name: step.name, method: .listed(step.method.listed), tool: tool,
        targets: CompressionStatement.Targets(include: targets[index]))
      made.settings = step.method.statedSettings
      return made
    }
    // A step that did nothing has no targets to name, and is not recorded.
    steps = steps.enumerated().filter { !targets[$0.offset].isEmpty }.map(\.element)
    if !steps.isEmpty {
      steps[0].input = input
      steps[steps.count - 1].output = output
      // Between two steps the content is known where all before, or all after, gives back every bit.
      for index in steps.indices.dropLast() {
        let rest = steps[(index + 1)...]
        let known = rest.allSatisfy { $0.method.isLosslessCoding } ? output : nil
        steps[index].output = known
        steps[index + 1].input = known
      }
    }
    var statement = CompressionStatement(
      original: CompressionStatement.Identity(name: name, content: input), steps: steps)
    statement.profile = NativeForm.profile
    statement.chains = chains
    statement.claims = CompressionStatement.Claims(
      ratio: outcome.ratio.map(Self.rounded), bitsPerWeight: outcome.bitsPerWeight.map(Self.rounded))
    return statement
  }

  /// Four decimals: a claim is a number that people read.
  private static func rounded(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }
}

extension CompressedContent {
  /// The bytes of what the chain holds in memory: payload and side tensors.
  fileprivate var inlineByteCount: UInt64 {
    var bytes: UInt64 = 0
    forEachTensor { tensor, _ in
      if case .inline(let content) = tensor.content { bytes += UInt64(content.count) }
    }
    return bytes
  }
}

extension CompressionStatement.Method {
  /// Whether what is decoded after such a step is what was decoded before it, bit by bit.
  fileprivate var isLosslessCoding: Bool {
    switch listed {
    case .entropyCoding, .generalCoding: true
    default: false
    }
  }
}
