import Numerics
import Representation
import Storage

extension TensorExamination {
  /// What is asked of a tensor against the one that it came from.
  mutating func judge(_ before: Elements, _ after: Elements, _ frame: Frame) throws(Fault) {
    if let cut = pair.cut, cut.keepsValues { judgeKept(after, frame) }
    judgePruned(after, frame)
    judgeLossless(after, frame)
    try judgePromise(after, frame)
    judgeUntouched(after, frame)
    try judgeMerge(before, after)
  }

  private func different(_ type: ElementsType, _ found: (count: Int, first: Int?)?) -> String {
    guard let found else { return type.notation }
    return "\(found.first.map(type.indices(of:)) ?? ""), × \(found.count)"
  }

  /// What a reduction says was kept is the original's.
  private mutating func judgeKept(_ after: Elements, _ frame: Frame) {
    guard !history.changesValues, isExactlyStored else { return }
    ask(.pruningKeptValues)
    let found = frame.differences(after)
    guard found?.count != 0 else { return }
    find(
      AccuracyFinding(
        .pruningKeptValues, tensor: tensor.name, expected: frame.kept.type.notation,
        actual: different(after.type, found)))
  }

  /// Where pruning says that what it left did not change, each element is zero or the original's.
  private mutating func judgePruned(_ after: Elements, _ frame: Frame) {
    guard history.onlyPrunes, isExactlyStored, frame.kept.type == after.type else { return }
    ask(.pruningKeptValues)
    let found = ElementCodes(Self.pruned(frame.kept, as: after)).differences(from: after)
    guard found.count > 0 else { return }
    find(
      AccuracyFinding(
        .pruningKeptValues, tensor: tensor.name, expected: "0 ∨ x", actual: different(after.type, found)))
  }

  /// Whether the elements come out of what is stored bit by bit as they went in.
  private var isExactlyStored: Bool {
    guard let content = tensor.content else { return true }
    return content.stages.allSatisfy { $0.codec?.isLossless == true }
  }

  private mutating func judgeLossless(_ after: Elements, _ frame: Frame) {
    guard tensor.content != nil, isExactlyStored, pair.cut == nil, !history.changesValues else { return }
    ask(.losslessExact)
    let found = frame.differences(after)
    guard found?.count != 0 else { return }
    find(
      AccuracyFinding(
        .losslessExact, tensor: tensor.name, expected: frame.kept.type.notation,
        actual: different(after.type, found)))
  }

  // MARK: Adaptation

  /// What no step aimed at did not change.
  private mutating func judgeUntouched(_ after: Elements, _ frame: Frame) {
    guard let statement = comparison.statement else { return }
    let methods = Set(statement.steps.map(\.method))
    let isAdapted = statement.steps.contains { $0.method.listed?.leavesTheRest == true }
    let isMerge: (CompressionStatement.Step) -> Bool = {
      $0.method == .listed(.merge) || $0.method == .listed(.unmerge)
    }
    var key: AccuracyKey?
    if isAdapted, history.steps.isEmpty {
      key = .transferUntouchedEqual
    } else if let adapters = comparison.adapters, !history.steps.isEmpty, history.steps.allSatisfy(isMerge),
      adapters[tensor.name] == nil
    {
      key = .transferUntouchedEqual
    } else if methods.contains(.listed(.biasTuning)), !Self.isBias(tensor),
      history.steps.allSatisfy({ $0.method == .listed(.biasTuning) })
    {
      key = .biasTuningOnlyBiases
    }
    let found = frame.differences(after)
    if let key {
      ask(key)
      if found?.count != 0 {
        find(
          AccuracyFinding(
            key, tensor: tensor.name, expected: frame.kept.type.notation,
            actual: different(after.type, found)))
      }
    }
    for (index, step) in statement.steps.enumerated()
    where step.method == .listed(.sparseDelta) && step.settings.number("sparsity") != nil {
      guard step.targets?.matches(tensor.name) ?? true, let found else { continue }
      outcome.parts.append(
        .init(step: index, key: .sparseDeltaAsDeclared, count: found.count, whole: after.type.count))
    }
  }

  /// A bias: of one dim, and with a name that says so.
  private static func isBias(_ tensor: ComparedTensor) -> Bool {
    guard tensor.type.dims.count == 1 else { return false }
    let last = tensor.name.split(separator: ".").last.map(String.init) ?? ""
    return last == "bias" || last.hasSuffix("_bias")
  }

  /// What a merge gave is the base and the adapter, and what taking it out gave is the base.
  private mutating func judgeMerge(_ before: Elements, _ after: Elements) throws(Fault) {
    guard let adapter = comparison.adapters?[tensor.name],
      let step = history.steps.last(where: { $0.method == .listed(.merge) || $0.method == .listed(.unmerge) }
      ),
      // What was done to the tensor besides shows in it too, and is not the merge's fault.
      !history.steps.contains(where: { $0.name != step.name && $0.changesValues }), isExactlyStored,
      before.type == after.type
    else { return }
    if let wanted = adapter.declared(by: step.settings) {
      ask(.adapterSettingsAsDeclared)
      if wanted.expected != wanted.actual {
        find(
          AccuracyFinding(
            .adapterSettingsAsDeclared, tensor: tensor.name, expected: wanted.expected, actual: wanted.actual)
        )
      }
    }
    let expected = try adapter.merged(before)
    guard expected.type == after.type else { return }
    let isMerge = step.method == .listed(.merge)
    let key: AccuracyKey = isMerge ? .adapterMergeResult : .adapterUnmergeBound
    ask(key)
    let misfit = mergeMisfit(before, expected, after, isMerge: isMerge)
    guard misfit.count > 0 else { return }
    find(
      AccuracyFinding(
        key, tensor: tensor.name, expected: "± \(misfit.allowed)",
        actual: "\(misfit.distance) \(after.type.indices(of: misfit.place)), × \(misfit.count)",
        margin: misfit.allowed - misfit.distance))
  }

  /// Elements that are too far from what a merge gives, or from the base once it was taken out.
  private func mergeMisfit(
    _ base: Elements, _ merged: Elements, _ after: Elements, isMerge: Bool
  ) -> QuantizerPromise.Misfit {
    let (b, m, y) = (ElementBlocks(base), ElementBlocks(merged), ElementBlocks(after))
    let type = base.type.element
    var change = 0.0
    for place in 0..<base.type.count { change = max(change, (m.number(place) - b.number(place)).magnitude) }
    var misfit = QuantizerPromise.Misfit()
    for place in 0..<base.type.count {
      let found = y.number(place)
      let (wanted, allowed): (Double, Double)
      if isMerge {
        wanted = m.number(place)
        allowed =
          comparison.tolerances.mergeUnits * type.unitInLastPlace(wanted)
          + comparison.tolerances.mergeShare * change
      } else {
        wanted = b.number(place)
        allowed =
          (type.unitInLastPlace(m.number(place)) + type.unitInLastPlace(found)) / 2 + 0x1p-50 * change
      }
      let distance = (found - wanted).magnitude
      if !(distance <= allowed) { misfit.add(place, distance, allowed) }
    }
    return misfit
  }
}
