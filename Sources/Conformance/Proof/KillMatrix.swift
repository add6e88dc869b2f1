public import Profile
import Storage

/// Proves the corpus: changes one requirement at a time and asks whether its own vectors notice.
public struct KillMatrix: Sendable {
  /// A change of the catalogue.
  public struct Mutant: Sendable, Hashable {
    /// The requirement's id.
    public let requirement: String
    /// What is changed, such as `longest + 1`, `roles without author`, `model.has-name assumed true`.
    public let mutation: String
    /// The vectors that notice.
    public internal(set) var killers: [String] = []
    /// Why it changes nothing, where that is committed.
    public internal(set) var equivalent: Text?

    /// Whether nobody notices, and nobody has said why.
    public var survives: Bool { killers.isEmpty && equivalent == nil }
  }

  private let corpus: Corpus
  private let catalogue: Catalogue

  /// A kill matrix of a corpus on a catalogue.
  public init(_ corpus: Corpus, _ catalogue: Catalogue) {
    self.corpus = corpus
    self.catalogue = catalogue
  }

  /// Every mutant, in the order of the requirements.
  ///
  /// - Parameter ids: the requirements that are changed; all where it is nil.
  /// - Throws: where a vector itself is at fault.
  public func mutants(of ids: Set<String>? = nil) throws -> [Mutant] {
    let judged = ConcurrentMap.results(count: corpus.vectors.count) { index in
      Result { try JudgedVector(corpus.vectors[index], of: corpus, catalogue) }
    }
    defer { for case .success(let vector) in judged { vector.remove() } }
    let vectors = try judged.map { try $0.get() }
    let requirements = catalogue.requirements.filter { ids?.contains($0.id) ?? true }
    let mutants = ConcurrentMap.results(count: requirements.count) { index in
      let requirement = requirements[index]
      let own = vectors.filter { judged in
        judged.vector.requirements.contains { $0.requirement == requirement.id }
      }
      return self.mutants(of: requirement, own)
    }
    return mutants.flatMap(\.self)
  }

  /// Entries of `equivalents.yaml` that no mutant needs.
  public func idleEquivalents(_ mutants: [Mutant]) -> [Corpus.Equivalent] {
    let judged = Set(mutants.map(\.requirement))
    return corpus.equivalents.filter { equivalent in
      judged.contains(equivalent.requirement) && equivalent.mutation != Corpus.Equivalent.neverMet
        && !mutants.contains {
          $0.requirement == equivalent.requirement && $0.mutation == equivalent.mutation && $0.killers.isEmpty
        }
    }
  }

  private func mutants(of requirement: Requirement, _ vectors: [JudgedVector]) -> [Mutant] {
    // A vector that fails as it is would notice everything.
    let vectors = vectors.filter { !$0.notices($0.own(requirement), assuming: [:]) }
    var mutants = [
      mutant(requirement, "off", vectors.filter { $0.vector.fails(requirement.id) }.map(\.vector.id))
    ]
    for condition in requirement.conditions {
      for assumed in [true, false] {
        let killers = vectors.filter { $0.notices($0.own(requirement), assuming: [condition: assumed]) }
        mutants.append(
          mutant(requirement, "\(condition.rawValue) assumed \(assumed)", killers.map(\.vector.id)))
      }
    }
    for value in requirement.values {
      for change in CatalogueChange.changes(of: value, foreign: foreign(to: requirement)) {
        let killers = vectors.filter {
          $0.notices($0.own(requirement).with(value.name, change.content), assuming: [:])
        }
        mutants.append(mutant(requirement, change.name, killers.map(\.vector.id)))
      }
    }
    return mutants
  }

  private func mutant(_ requirement: Requirement, _ mutation: String, _ killers: [String]) -> Mutant {
    let equivalent = corpus.equivalents.first {
      $0.requirement == requirement.id && $0.mutation == mutation
    }
    return Mutant(
      requirement: requirement.id, mutation: mutation, killers: killers, equivalent: equivalent?.reason)
  }

  /// What failing vectors have where an enumerated value should be.
  private func foreign(to requirement: Requirement) -> [String] {
    let seen = corpus.vectors.flatMap { vector in
      vector.findings.filter { $0.requirement == requirement.id }.compactMap(\.actual)
    }
    return Array(Set(seen)).sorted()
  }
}

/// A change of a tunable value.
struct CatalogueChange {
  let name: String
  let content: Requirement.Value.Content

  /// Every change: a number one step each way, each text of a list removed, a foreign one added.
  static func changes(of value: Requirement.Value, foreign: [String]) -> [CatalogueChange] {
    switch value.content {
    case .number(let number):
      return [
        CatalogueChange(name: "\(value.name) + 1", content: .number(number + 1)),
        CatalogueChange(name: "\(value.name) - 1", content: .number(number - 1)),
      ]
    case .texts(let texts):
      let removals = texts.indices.map { index in
        var rest = texts
        let removed = rest.remove(at: index)
        return CatalogueChange(name: "\(value.name) without \(removed)", content: .texts(rest))
      }
      // All foreign values at once: vectors that notice one of them are enough.
      return removals + [
        CatalogueChange(name: "\(value.name) with a foreign one", content: .texts(texts + foreign))
      ]
    }
  }
}

extension JudgedVector {
  /// The requirement as it is in force for this vector.
  fileprivate func own(_ requirement: Requirement) -> Requirement { catalogue[requirement.id] ?? requirement }
}

extension Requirement {
  fileprivate func with(_ name: String, _ content: Value.Content) -> Requirement {
    var values = values
    for index in values.indices where values[index].name == name { values[index].content = content }
    return changed(values: values)
  }
}
