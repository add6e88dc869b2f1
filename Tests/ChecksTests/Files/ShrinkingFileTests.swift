import Formats
import Numerics
import Profile
import Representation
import Storage
import Testing

@testable import Checks

/// A file that becomes shorter after the structure was read, while its digest is computed.
@Suite("Files that shrink after the structure was read (6.1)")
struct ShrinkingFileTests {
  private static let digest = DeclaredDigest(algorithm: "sha256", value: DigestChecksTests.abc)

  /// A tree whose only file says that it has `stated` bytes and ends after `kept`.
  private struct Tree: FileTree {
    let stated: UInt64
    let kept: UInt64

    func names(_ faults: inout FaultLog) -> [String] { ["abc"] }
    func contains(_ name: String) -> Bool { name == "abc" }
    func open(_ name: String) -> any ByteSource { Source(size: stated, kept: kept) }
  }

  private struct Source: ByteSource {
    let name = "abc"
    let size: UInt64
    let kept: UInt64

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(Fault) {
      guard offset + UInt64(buffer.count) <= kept else {
        throw Fault(FileFault.stableWhileRead, at: Place(name, offset: kept), expected: "\(size) B")
      }
      buffer.copyBytes(from: Array("abc".utf8)[Int(offset)..<Int(offset) + buffer.count])
    }
  }

  private func verdicts(_ model: Model, _ tree: Tree) -> [String: Verdict] {
    var reading = Reading(format: .native)
    reading.model = model
    reading.files = [SampleFile(path: "abc", bytes: 3)]
    let results = Judge(.published).results(for: Sample(reading: reading, tree: tree))
    return Dictionary(uniqueKeysWithValues: results.map { ($0.requirement.key, $0.verdict) })
  }

  @Test("It is a finding of the requirement that says so, and no fault of the tool", arguments: [2, 3])
  func digestOfAFile(kept: UInt64) {
    var model = Model()
    model.files = [ParameterFile(path: "abc", size: 3, digest: Self.digest)]
    let verdicts = verdicts(model, Tree(stated: 3, kept: kept))
    #expect(verdicts["files-stable-while-read"] == (kept == 3 ? .pass : .fail))
    #expect(verdicts["file-digests-match"] == (kept == 3 ? .pass : .inconclusive))
    #expect(!verdicts.values.contains(.error))
  }

  @Test("Nor is it hidden where a tensor's bytes are gone when the file is opened again", arguments: [2, 3])
  func digestOfATensor(left: UInt64) {
    var model = Model()
    model.files = [ParameterFile(path: "abc", size: 3)]
    let content = TensorContent.stored(ByteRange(file: 0, offset: 0, length: 3))
    model.parameters = [
      Variable("w", tensor: Tensor(TensorType(.u8, shape: [3]), content, digest: Self.digest))
    ]
    let verdicts = verdicts(model, Tree(stated: left, kept: left))
    #expect(verdicts["files-stable-while-read"] == (left == 3 ? .pass : .fail))
    #expect(verdicts["tensor-digests-match"] == (left == 3 ? .pass : .inconclusive))
    #expect(!verdicts.values.contains(.error))
  }

  @Test("Digests that were found to be right are reported, others are not")
  func verified() {
    var reading = Reading(format: .native)
    reading.model.files = [ParameterFile(path: "abc", size: 3, digest: Self.digest)]
    reading.files = [SampleFile(path: "abc", bytes: 3)]
    let judge = Judge(.published)
    for (kept, expected) in [(3, DigestChecksTests.abc), (2, nil)] as [(UInt64, String?)] {
      let sample = Sample(reading: reading, tree: Tree(stated: 3, kept: kept))
      let digests = sample.verifiedDigests(by: judge.results(for: sample))
      #expect(digests[ExactString("abc")]?.hex == expected)
    }
  }
}
