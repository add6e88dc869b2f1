import Checks
import Formats
import Profile
import Storage

/// A vector with the sample that was read from its input.
struct JudgedVector: Sendable {
  let vector: Vector
  let sample: Sample
  let judge: Judge
  let catalogue: Catalogue
  /// The directory that holds the input where it was made for this run.
  let temporary: String?
  private let path: String
  /// Compares the sample again by another catalogue; nil where the vector does not compare.
  private var compare: (@Sendable (Catalogue) -> Sample?)?
  private let verification: PackageVerification
  /// What findings may call the sample itself: nothing, its name, or the path that was opened.
  private let names: Set<String>

  /// Reads the input of a vector.
  ///
  /// - Throws: `RecipeError`, `Fault`, `MetadataError` or `OverlayError` where the vector itself is at fault.
  init(_ vector: Vector, of corpus: Corpus, _ catalogue: Catalogue) throws {
    self.vector = vector
    self.catalogue = try vector.overlay.map { try catalogue.applying($0) } ?? catalogue
    judge = Judge(self.catalogue)
    let folder = corpus.path(of: vector)
    let metadata = "\(folder)/\(VectorFiles.metadataName)"
    // What is stored lies there as its recipe makes it, which `vectors generate` sees to.
    let files = vector.isStored ? nil : try corpus.files(of: vector)
    temporary = try files.map { try corpus.materialise($0) }
    path = corpus.sample(of: vector, in: temporary ?? "\(folder)/input")
    names = [corpus.bases[vector.base]?.sample ?? "", path]
    let supplied = try Disk.bytes(metadata).map { try Metadata(yaml: $0, file: VectorFiles.metadataName) }
    let limits = DirectoryTree.Limits(self.catalogue)
    verification = try vector.options.verification(in: "\(corpus.directory)/\(TestKeys.folder)")
    if let shrinking = files?.shrinking, !shrinking.isEmpty {
      sample = try ShrinkingTree.sample(path, shrinking, supplied)
    } else {
      let read = Sample(
        path: path, format: vector.format, metadata: supplied, verifying: verification, limits: limits)
      sample = try corpus.compared(read, vector.options, self.catalogue)
      if vector.options.original != nil {
        compare = { catalogue in try? corpus.compared(read, vector.options, catalogue) }
      }
    }
  }

  /// The sample, read by other limits.
  private func reread(_ limits: DirectoryTree.Limits) -> Sample {
    Sample(
      path: path, format: vector.format, metadata: sample.metadata, verifying: verification, limits: limits)
  }

  /// Removes what was made for this run.
  func remove() {
    if let temporary { Disk.remove(temporary) }
  }

  /// What differs from what the vector expects, in a line each.
  func differences() -> [Text] {
    let results = judge.results(for: sample)
    var differences: [Text] = []
    for expectation in vector.requirements {
      let found = results.first { $0.requirement.id == expectation.requirement }?.verdict
      if found != expectation.verdict {
        let verdict = found?.rawValue ?? "—"
        differences.append(
          Text(
            zh: "\(expectation.requirement)：应为 \(expectation.verdict.rawValue)，实为 \(verdict)",
            en: "\(expectation.requirement): expected \(expectation.verdict.rawValue), found \(verdict)"))
      }
    }
    return differences + self.differences(results, vector.findings)
  }

  /// Whether a changed requirement is noticed: its verdict or its findings are no longer those that are expected.
  func notices(_ requirement: Requirement, assuming assumed: [Condition: Bool]) -> Bool {
    // Some limits work while a sample is read.
    let limits = DirectoryTree.Limits(catalogue)
    let changed = limits.changed(by: requirement)
    var sample = changed == limits ? sample : reread(changed)
    // Tolerances of accuracy work while tensors are compared.
    if let compare, !requirement.values.isEmpty, requirement != catalogue[requirement.id] {
      sample = compare(catalogue.with(requirement)) ?? sample
    }
    let result = judge.result(for: sample, by: requirement, assuming: assumed)
    let expected = vector.requirements.first { $0.requirement == requirement.id }
    if let expected, expected.verdict != result.verdict { return true }
    return !differences([result], vector.findings.filter { $0.requirement == requirement.id }).isEmpty
  }

  private func differences(_ results: [RequirementResult], _ expected: [ExpectedFinding]) -> [Text] {
    var missing = expected.map { $0.callingSample(names) }
    var differences: [Text] = []
    for result in results {
      for finding in result.findings {
        let seen = ExpectedFinding(finding, of: result.requirement.id).callingSample(names)
        if let index = missing.firstIndex(where: { $0.matches(seen) }) {
          missing.remove(at: index)
        } else {
          differences.append(Text(zh: "多出：\(seen.yaml)", en: "not expected: \(seen.yaml)"))
        }
      }
    }
    return differences + missing.map { Text(zh: "缺少：\($0.yaml)", en: "missing: \($0.yaml)") }
  }
}

extension ExpectedFinding {
  /// A finding as it was seen.
  init(_ finding: Finding, of requirement: String) {
    let first = finding.occurrences.first
    self.init(
      requirement: requirement, kind: finding.kind, file: first.place.file, path: first.place.path,
      offset: first.place.offset, count: finding.occurrences.count, expected: first.expected,
      actual: first.actual)
  }

  /// The finding with an empty file in place of any of the names of the sample itself.
  func callingSample(_ names: Set<String>) -> ExpectedFinding {
    var finding = self
    if names.contains(file) { finding.file = "" }
    return finding
  }

  /// The finding as a vector writes it.
  var yaml: String {
    var parts = ["requirement: \(requirement)", "kind: \(kind.rawValue)"]
    if !file.isEmpty { parts.append("file: \(Self.quoted(file))") }
    if let path { parts.append("path: \(Self.quoted(path))") }
    if let offset { parts.append("offset: \(offset)") }
    if count != 1 { parts.append("count: \(count)") }
    if let expected { parts.append("expected: \(Self.quoted(expected))") }
    if let actual { parts.append("actual: \(Self.quoted(actual))") }
    return "{\(parts.joined(separator: ", "))}"
  }

  /// A text in double quotes, as YAML and JSON both read it.
  private static func quoted(_ text: String) -> String { YAMLText.quoted(text) }
}

extension Catalogue {
  /// The catalogue with a changed requirement in place of the one of that id.
  fileprivate func with(_ requirement: Requirement) -> Catalogue {
    var catalogue = self
    for index in requirements.indices where requirements[index].id == requirement.id {
      catalogue.requirements[index] = requirement
    }
    return catalogue
  }
}
