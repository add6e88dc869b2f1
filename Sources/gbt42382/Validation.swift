import Checks
import Formats
import Profile
import Storage

/// Opens, reads and judges samples.
struct Validation: Sendable {
  let judge: Judge
  let metadata: Metadata?
  let format: Format?
  let root: String?
  let followLinks: Bool
  let limits: DirectoryTree.Limits
  let depth: Requirement.Depth
  let verification: PackageVerification

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
    let sample = Sample(
      path: path, format: format, metadata: metadata, root: root, followLinks: followLinks,
      verifying: verification, limits: limits, depth: depth)
    let reading = sample.reading
    let results = judge.results(for: sample)
    let digests = sample.verifiedDigests(by: results)
    return SampleReport(
      path: path, format: reading.format?.rawValue, bytes: reading.files.reduce(0) { $0 &+ $1.bytes },
      files: reading.files.map {
        SampleReport.File(path: $0.path, bytes: $0.bytes, sha256: digests[ExactString($0.path)]?.hex)
      },
      parameters: sample.parameterCount, results: results
    )
  }
}
