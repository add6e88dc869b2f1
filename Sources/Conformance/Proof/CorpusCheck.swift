import Configuration
import Formats
public import Profile
import Storage

/// Judges the corpus and compares what is found with what each vector expects.
public struct CorpusCheck: Sendable {
  private let corpus: Corpus
  private let catalogue: Catalogue

  /// A check of a corpus by a catalogue.
  public init(_ corpus: Corpus, _ catalogue: Catalogue) {
    self.corpus = corpus
    self.catalogue = catalogue
  }

  /// One case for each vector, in their order; several are judged at once.
  public func cases(_ vectors: [Vector]) -> [CampaignReport.Case] {
    ConcurrentMap.results(count: vectors.count) { index in check(vectors[index]) }
  }

  private func check(_ vector: Vector) -> CampaignReport.Case {
    do {
      let judged = try JudgedVector(vector, of: corpus, catalogue)
      defer { judged.remove() }
      var differences = judged.differences()
      if vector.isDecoded { differences += DecodedContent.differences(of: judged, corpus.path(of: vector)) }
      let defect = corpus.defects.first { $0.vector == vector.id }
      if let defect {
        // A defect that is gone has to leave the list, or it would hide the next one.
        guard differences.isEmpty else { return report(vector, .waived, defect.reason) }
        return report(
          vector, .fail,
          Text(zh: "已通过，应从 defects.yaml 中删去", en: "passes now: take it out of defects.yaml"))
      }
      guard !differences.isEmpty else { return report(vector, .pass, nil) }
      let command = reproduction(of: vector)
      differences.append(Text(zh: "重现：\(command)", en: "to reproduce: \(command)"))
      return report(
        vector, .fail,
        Text(
          zh: differences.map(\.zh).joined(separator: "\n"), en: differences.map(\.en).joined(separator: "\n")
        ))
    } catch let error as RecipeError {
      return report(vector, .error, error.message)
    } catch {
      return report(vector, .error, Text(zh: "\(error)", en: "\(error)"))
    }
  }

  private func report(_ vector: Vector, _ verdict: Verdict, _ reason: Text?) -> CampaignReport.Case {
    CampaignReport.Case(
      vector: vector.id, requirements: vector.requirements.map(\.requirement), clause: vector.clause,
      purpose: vector.purpose, verdict: verdict, reason: reason)
  }

  /// The command that shows what the tool says of the vector.
  private func reproduction(of vector: Vector) -> String {
    let folder = corpus.path(of: vector)
    guard vector.isStored else { return "gbt42382 vectors check --select '\(vector.id)'" }
    let metadata = Disk.bytes("\(folder)/metadata.yaml") == nil ? "" : " --metadata \(folder)/metadata.yaml"
    let format = vector.format.map { " --format \($0.rawValue)" } ?? ""
    return "gbt42382 validate \(corpus.sample(of: vector, in: folder + "/input"))\(metadata)\(format)"
  }
}
