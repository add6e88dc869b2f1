import Numerics
import Representation
import Storage

extension TensorExamination {
  /// What the declared rounding of a quantizer promises of each element (profile clause 7.3, section 6).
  mutating func judgePromise(_ after: Elements, _ frame: Frame) throws(Fault) {
    guard let content = tensor.content, frame.kept.type == after.type,
      let place = content.stages.firstIndex(where: { $0.quantizer != nil }),
      let method = content.stages[place].quantizer, let settings = history.maker(method)?.settings,
      settings.rounding != nil || settings.scaleRule != nil
    else { return }
    let prunes = history.onlyPrunes
    // What changed before the quantizer saw the elements is not its fault.
    guard prunes || !history.changesValues, history.maker(method) != nil else { return }
    var input = prunes ? Self.pruned(frame.kept, as: after) : frame.kept
    var output = after
    var aside: [Int] = []
    for stage in content.stages[..<place] {
      switch stage {
      case .reshape(let reshape):
        guard let type = ElementsType(input.type.element, reshape.sizes.compactMap(Int.init(exactly:))),
          let turned = Elements(type, input.bytes), let same = Elements(type, output.bytes)
        else { return }
        (input, output) = (turned, same)
      case .outliers(let outliers):
        guard let positions = outliers.positions else { return }
        let blocks = ElementBlocks(try comparison.candidate.elements(of: positions))
        aside += (0..<(ElementsType(positions.type)?.count ?? 0)).map {
          Int(exactly: blocks.number($0)) ?? -1
        }
      default:
        // A permutation is rare before a quantizer, and everything else changes what it sees.
        return
      }
    }
    aside.sort()
    let rest = Rest(content, place, input.type)
    switch content.stages[place] {
    case .uniform(let stage): try judge(stage, settings, input, output, aside, rest)
    case .codebook(let stage): try judge(stage, settings, input, output, aside)
    case .scaledFloat(let stage): try judge(stage, settings, input, output, aside)
    default: return
    }
  }

  /// The original with the zeros that pruning left.
  static func pruned(_ original: Elements, as after: Elements) -> Elements {
    guard let zeros = ZeroFlags(after), let bits = original.type.element.bits, bits % 8 == 0 else {
      return original
    }
    var bytes = original.bytes
    let width = bits / 8
    for place in zeros.flags.indices where zeros.flags[place] {
      for byte in place * width..<(place + 1) * width { bytes[byte] = after.bytes[byte] }
    }
    return Elements(original.type, bytes) ?? original
  }

  /// The chain behind a quantizer, which ends in the levels.
  struct Rest {
    private let content: CompressedContent
    private let place: Int
    private let input: ElementsType

    init(_ content: CompressedContent, _ place: Int, _ input: ElementsType) {
      self.content = content
      self.place = place
      self.input = input
    }

    /// The levels, decoded.
    func levels(_ model: any ComparedModel) throws(Fault) -> Elements {
      let stages = Array(content.stages[(place + 1)...])
      guard let payload = content.payload else {
        throw Fault(CompressionFault.compressionPayloadType, at: Place())
      }
      guard !stages.isEmpty else { return try model.elements(of: payload) }
      guard let codec = content.stages[place].codec, let type = try codec.output(of: input) else {
        throw Fault(CompressionFault.compressionStageKnown, .unsupported, at: Place())
      }
      return try model.elements(
        of: Tensor(type.tensorType, .compressed(CompressedContent(stages: stages, payload: payload))))
    }
  }

  /// The numbers of a side tensor; none where it is absent.
  private func numbers(_ tensor: Tensor?) throws(Fault) -> [Double] {
    guard let tensor else { return [] }
    let elements = try comparison.candidate.elements(of: tensor)
    let blocks = ElementBlocks(elements)
    return (0..<elements.type.count).map(blocks.number)
  }

  private func notation(_ misfit: QuantizerPromise.Misfit, _ type: ElementsType) -> String {
    "\(misfit.distance) \(type.indices(of: misfit.place)), × \(misfit.count)"
  }

  // MARK: uniform

  private mutating func judge(
    _ stage: UniformStage, _ settings: CompressionStatement.Settings, _ input: Elements, _ output: Elements,
    _ aside: [Int], _ rest: Rest
  ) throws(Fault) {
    guard 1...16 ~= stage.bits else { return }
    let scales = try numbers(stage.scale)
    var group: (axis: Int, index: [Int], count: Int)?
    if let index = stage.groupIndex {
      guard let axis = Int(exactly: stage.groupAxis), let dims = stage.scale?.type.dims,
        dims.indices.contains(axis), case .fixed(let count) = dims[axis]
      else { return }
      group = (axis, try numbers(index).map { Int(exactly: $0) ?? -1 }, Int(count))
    }
    guard let runs = GridRuns(input.type.dims, grid: stage.grid, group: group),
      runs.blocks.reduce(1, *) == scales.count
    else { return }
    let half = Int64(1) << Int64(stage.bits - 1)
    let isCentred = stage.signed && stage.zeroPoint == nil && stage.offset == nil
    // The reference encoder leaves out the lowest level of a symmetric range; another may use it.
    let range = stage.signed ? (isCentred ? -half + 1 : -half)...half - 1 : 0...2 * half - 1
    if settings.rounding == .nearest && stage.states == 0 || settings.rounding == .trellis {
      let isTrellis = settings.rounding == .trellis
      let key: AccuracyKey = isTrellis ? .trellisStepBound : .uniformNearestLevel
      let promise = QuantizerPromise(
        input: input, output: output, aside: aside, slack: comparison.tolerances.slack)
      let model = comparison.candidate
      let misfit = try promise.farFromLevel(
        runs, scales: scales, steps: isTrellis ? 2 : 0.5,
        levels: { () throws(Fault) in try rest.levels(model) }, range: range)
      ask(key)
      if misfit.count > 0 {
        find(
          AccuracyFinding(
            key, tensor: tensor.name, expected: "≤ \(misfit.allowed) s",
            actual: "\(misfit.distance) s \(input.type.indices(of: misfit.place)), × \(misfit.count)",
            margin: misfit.allowed - misfit.distance))
      }
    }
    guard stage.states == 0 else { return }
    let greatest = Double(stage.signed ? half - 1 : 2 * half - 1)
    let rule: ScaleRuleCheck.Rule? =
      switch settings.scaleRule {
      case .greatest where greatest > 0: .greatest(greatest)
      case .range: .range(Double(2 * half - 1), takesZero: stage.offset == nil)
      default: nil
      }
    if let rule { judgeScales(input, aside, runs, scales, stage.scale, rule) }
  }

  private mutating func judgeScales(
    _ input: Elements, _ aside: [Int], _ runs: GridRuns, _ scales: [Double], _ scale: Tensor?,
    _ rule: ScaleRuleCheck.Rule
  ) {
    guard let type = scale?.type.elementType else { return }
    let check = ScaleRuleCheck(input: input, aside: aside, tolerance: comparison.tolerances.scale)
    let misfit = check.misfit(runs, scales: scales, type: type, rule: rule)
    ask(.scaleFollowsRule)
    if misfit.count > 0 {
      find(
        AccuracyFinding(
          .scaleFollowsRule, tensor: tensor.name, expected: "\(misfit.expected)",
          actual: "\(misfit.actual) (s[\(misfit.block)]), × \(misfit.count)"))
    }
  }

  // MARK: codebook

  private mutating func judge(
    _ stage: CodebookStage, _ settings: CompressionStatement.Settings, _ input: Elements, _ output: Elements,
    _ aside: [Int]
  ) throws(Fault) {
    guard let dims = stage.codebook.flatMap({ ElementsType($0.type)?.dims }), dims.count >= 2,
      dims[dims.count - 1] == 1, let lists = GridRuns(input.type.dims, grid: stage.grid)
    else { return }
    let entries = try numbers(stage.codebook)
    let size = dims[dims.count - 2]
    guard size > 0, entries.count == lists.blocks.reduce(1, *) * size else { return }
    let books = stride(from: 0, to: entries.count, by: size).map { Array(entries[$0..<$0 + size]) }
    var scaling: (runs: GridRuns, scales: [Double], offsets: [Double])?
    if let scale = stage.scale {
      let scales = try numbers(scale)
      guard let runs = GridRuns(input.type.dims, grid: stage.scaleGrid),
        runs.blocks.reduce(1, *) == scales.count
      else { return }
      let offsets = try numbers(stage.offset)
      guard offsets.isEmpty || offsets.count == scales.count else { return }
      scaling = (runs, scales, offsets)
      if settings.scaleRule == .greatest, stage.offset == nil, books.count == 1,
        let top = books[0].map(\.magnitude).max(), top > 0
      {
        judgeScales(input, aside, runs, scales, scale, .greatest(top))
      }
    }
    guard settings.rounding == .nearest else { return }
    let promise = QuantizerPromise(
      input: input, output: output, aside: aside, slack: comparison.tolerances.slack)
    let misfit = promise.farFromEntry(lists, books: books, scaling: scaling)
    ask(.codebookNearestEntry)
    if misfit.count > 0 {
      find(
        AccuracyFinding(
          .codebookNearestEntry, tensor: tensor.name, expected: "≤ \(misfit.allowed)",
          actual: notation(misfit, input.type), margin: misfit.allowed - misfit.distance))
    }
  }

  // MARK: scaled_float

  private mutating func judge(
    _ stage: ScaledFloatStage, _ settings: CompressionStatement.Settings, _ input: Elements,
    _ output: Elements, _ aside: [Int]
  ) throws(Fault) {
    guard let type = stage.elementType, type.isFloat, type.greatestFinite > 0,
      let runs = GridRuns(input.type.dims, grid: stage.grid)
    else { return }
    var scales = try numbers(stage.scale)
    if stage.scale == nil { scales = [Double](repeating: 1, count: runs.blocks.reduce(1, *)) }
    guard runs.blocks.reduce(1, *) == scales.count else { return }
    if settings.rounding == .nearest {
      let promise = QuantizerPromise(
        input: input, output: output, aside: aside, slack: comparison.tolerances.slack)
      let misfit = promise.farFromCode(runs, scales: scales, type: type)
      ask(.scaledFloatNearestCode)
      if misfit.count > 0 {
        find(
          AccuracyFinding(
            .scaledFloatNearestCode, tensor: tensor.name, expected: "≤ \(misfit.allowed)",
            actual: notation(misfit, input.type), margin: misfit.allowed - misfit.distance))
      }
    }
    if settings.scaleRule == .greatest {
      judgeScales(input, aside, runs, scales, stage.scale, .greatest(type.greatestFinite))
    }
  }
}
