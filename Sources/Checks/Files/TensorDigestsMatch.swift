import Profile
import Representation
import Storage

/// `tensor-digests-match`: the digest that the structure declares for a tensor is that of its bytes as stored.
struct TensorDigestsMatch: Check {
  let key = "tensor-digests-match"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) throws {
    var files = OpenFile(sample)
    var budget = Budget()
    for index in sample.structure.tensorsWithDigests {
      guard let tensor = sample.structure.tensor(index), let declared = tensor.digest?.digest else {
        continue
      }
      let path = sample.structure.path(index).field("digest").description
      switch tensor.content {
      case .inline(let bytes):
        compare(try Digest.of(bytes, declared.algorithm), declared, Place(path: path), &findings)
      case .stored(let range):
        let name = sample.fileName(range.file)
        // A range that leaves its file is another requirement's.
        guard !name.isEmpty, let end = range.end, let source = try files.source(name), end <= source.size
        else { continue }
        let place = Place(name, offset: range.offset, path: path)
        guard budget.spend(range.length, of: source) else {
          findings.add(.unsupported, at: place, expected: "≤ \(budget.total) B")
          continue
        }
        let actual = try Digest.of(source, declared.algorithm, range: range.offset..<end)
        compare(actual, declared, place, &findings)
      case .encoded, .strings, .sparse, .compressed, .absent, .withheld:
        // These have no bytes that another implementation would find in the same way.
        continue
      }
    }
  }

  private func compare(
    _ actual: Digest, _ declared: Digest, _ place: Place, _ findings: inout Findings
  ) {
    if actual != declared {
      findings.add(at: place, expected: declared.description, actual: actual.description)
    }
  }
}

/// How many bytes are digested at most: twice what the files hold, so that tensors that lie over each other, however many
/// a hostile structure declares, cost no more than an honest model.
private struct Budget {
  private(set) var total: UInt64 = 0
  private var spent: UInt64 = 0
  private var files: Set<ExactString> = []

  mutating func spend(_ length: UInt64, of source: any ByteSource) -> Bool {
    if files.insert(ExactString(source.name)).inserted {
      for _ in 0..<2 {
        let (sum, overflow) = total.addingReportingOverflow(source.size)
        total = overflow ? .max : sum
      }
    }
    guard length <= total - spent else { return false }
    spent += length
    return true
  }
}
