public import Profile

/// What the corpus as a whole has to keep, so that no requirement is without proof.
public struct CorpusLint: Sendable {
  private let corpus: Corpus
  private let catalogue: Catalogue

  /// A lint of a corpus by a catalogue.
  public init(_ corpus: Corpus, _ catalogue: Catalogue) {
    self.corpus = corpus
    self.catalogue = catalogue
  }

  /// What is wrong, in a line each.
  ///
  /// - Parameter ids: the requirements whose vectors were read; nil where the corpus was read as a whole, and only then
  ///   can be said what it lacks as a whole.
  public func complaints(of ids: Set<String>? = nil) -> [Text] {
    corpus.vectors.flatMap(complaints) + requirementsWithoutProof(ids)
      + (ids == nil ? basesWithoutTwin() + unusedFlags() + unknownDefects() : [])
  }

  private func complaints(_ vector: Vector) -> [Text] {
    var complaints: [Text] = []
    func complain(_ zh: String, _ en: String) {
      complaints.append(Text(zh: "\(vector.id)：\(zh)", en: "\(vector.id): \(en)"))
    }
    let known = Set(catalogue.requirements.map(\.id))
    let folder = vector.folder
    if vector.requirements.first?.requirement != folder {
      complain("requirements 的第一项应为 \(folder)", "the first of requirements must be \(folder)")
    }
    if let clause = catalogue[folder]?.clause, clause != vector.clause {
      complain("应位于 \(clause) 之下", "must stand under \(clause)")
    }
    for id in vector.requirements.map(\.requirement) + vector.findings.map(\.requirement)
    where !known.contains(id) {
      complain("未知的要求 \(id)", "unknown requirement \(id)")
    }
    let ids = vector.findings.map(\.requirement)
    if ids != ids.sorted() {
      complain("findings 应按要求编号排序", "findings stand in the order of their requirements")
    }
    let flags = Set(corpus.flags.map(\.name))
    for flag in vector.flags where !flags.contains(flag) { complain("未知的标志 \(flag)", "unknown flag \(flag)") }
    if corpus.bases[vector.base] == nil { complain("未知的基础模型 \(vector.base)", "unknown base \(vector.base)") }
    let expected = corpus.bases[vector.base]?.findings ?? []
    if vector.kind == .valid, !vector.findings.allSatisfy({ $0.kind == .remark || expected.contains($0) }) {
      complain("class: valid 却有不通过的发现", "class: valid, and yet findings that are no remarks")
    }
    let isCut = vector.mutation.contains { if case .file(.shrink) = $0.change { true } else { false } }
    if isCut, vector.isStored {
      complain("shrink 要求 stored: false", "shrink asks for stored: false: the file is cut on disk")
    }
    let isQuiet = vector.requirements.allSatisfy { [.pass, .notApplicable].contains($0.verdict) }
    if vector.kind != .valid, vector.findings.isEmpty, isQuiet {
      complain("没有发现，应为 class: valid", "no findings, so class: valid")
    }
    return complaints
  }

  private func requirementsWithoutProof(_ ids: Set<String>?) -> [Text] {
    let defects = Set(corpus.defects.map(\.vector))
    let vectors = corpus.vectors.filter { !defects.contains($0.id) }
    return catalogue.requirements.filter { ids?.contains($0.id) ?? true }.flatMap { requirement in
      var complaints: [Text] = []
      let isNeverMet = corpus.equivalents.contains {
        $0.requirement == requirement.id && $0.mutation == Corpus.Equivalent.neverMet
      }
      if !isNeverMet, !vectors.contains(where: { $0.passes(requirement.id) }) {
        complaints.append(
          Text(zh: "\(requirement.id)：没有通过的向量", en: "\(requirement.id): no vector in which it is met"))
      }
      if !vectors.contains(where: { $0.fails(requirement.id) }) {
        complaints.append(
          Text(zh: "\(requirement.id)：没有不通过的向量", en: "\(requirement.id): no vector in which it is not met"))
      }
      return complaints
    }
  }

  private func unknownDefects() -> [Text] {
    let known = Set(corpus.vectors.map(\.id))
    return corpus.defects.map(\.vector).filter { !known.contains($0) }.map {
      Text(zh: "defects.yaml：没有向量 \($0)", en: "defects.yaml: there is no vector \($0)")
    }
  }

  /// Every base that vectors change stands in the corpus unchanged too: the valid twin of them all.
  private func basesWithoutTwin() -> [Text] {
    let twins = Set(corpus.vectors.filter(\.mutation.isEmpty).map(\.base))
    return Set(corpus.vectors.map(\.base)).subtracting(twins).sorted().map {
      Text(zh: "基础模型 \($0)：没有不作修改的向量", en: "base \($0): no vector takes it as it is")
    }
  }

  private func unusedFlags() -> [Text] {
    let used = Set(corpus.vectors.flatMap(\.flags))
    return corpus.flags.map(\.name).filter { !used.contains($0) }.map {
      Text(zh: "标志 \($0)：没有向量使用", en: "flag \($0): no vector has it")
    }
  }
}
