import Checks
import Formats
import Profile
import Representation
import Storage

/// Opens, reads and judges samples.
struct Validation: Sendable {
  let judge: Judge
  let metadata: Metadata?
  let format: Format?
  let root: String?
  let followLinks: Bool

  /// Judges samples, several at once; the reports come in the order of the paths.
  ///
  /// - Parameter advanced: called with the number of samples that are done.
  func reports(
    for paths: [String], jobs: Int, _ advanced: (Int) -> Void
  ) async -> [SampleReport] {
    await withTaskGroup(of: (Int, SampleReport).self) { group in
      var reports = [SampleReport?](repeating: nil, count: paths.count)
      var next = 0
      func start() {
        guard next < paths.count else { return }
        let index = next
        next += 1
        group.addTask { (index, report(for: paths[index])) }
      }
      for _ in 0..<jobs { start() }
      var done = 0
      for await (index, report) in group {
        reports[index] = report
        done += 1
        advanced(done)
        start()
      }
      return reports.compactMap(\.self)
    }
  }

  /// Judges one sample.
  func report(for path: String) -> SampleReport {
    let reading: Reading
    let tree: any FileTree
    do throws(Fault) {
      let location = try SampleLocation.resolve(path: path, root: root, followLinks: followLinks)
      tree = location.tree
      reading = SampleReader.read(tree, name: location.name, as: format)
    } catch {
      tree = MemoryTree([:])
      reading = Reading(unopened: error)
    }
    let sample = Sample(reading: reading, tree: tree, metadata: metadata)
    let results = judge.results(for: sample)
    let digests = Self.verifiedDigests(sample, results)
    return SampleReport(
      path: path, format: reading.format?.rawValue, bytes: reading.files.reduce(0) { $0 &+ $1.bytes },
      files: reading.files.map {
        SampleReport.File(path: $0.path, bytes: $0.bytes, sha256: digests[ExactString($0.path)])
      },
      parameters: sample.parameterCount, results: results
    )
  }

  /// The SHA-256 digests that the model declares and that were found to be right.
  private static func verifiedDigests(
    _ sample: Sample, _ results: [RequirementResult]
  ) -> [ExactString: String] {
    let match = results.first { $0.requirement.key == "file-digests-match" }
    guard match?.verdict == .pass else { return [:] }
    let declared =
      sample.model.files.map { ($0.path, $0.digest) } + sample.model.assets.map { ($0.path, $0.digest) }
    return Dictionary(
      declared.compactMap { path, digest in
        guard let digest, digest.algorithm == Digest.Algorithm.sha256.rawValue else { return nil }
        return (ExactString(path), digest.value.lowercased())
      }, uniquingKeysWith: { first, _ in first })
  }
}
