import Formats
import Profile
import Representation
import Storage

/// A file stands once in the file table.
struct FilePathsUnique: Check {
  let key = "file-paths-unique"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    var first: [ExactString: Int] = [:]
    for (index, file) in sample.model.files.enumerated() {
      if let earlier = first[ExactString(file.path)] {
        findings.add(
          at: .model.element("files", index).field("path"), expected: "≠ files[\(earlier)]", actual: file.path
        )
      } else {
        first[ExactString(file.path)] = index
      }
    }
  }
}

/// A file has the size that the file table gives.
struct FileSizeMatches: Check {
  let key = "file-size-matches"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) throws {
    var files = OpenFile(sample)
    for (index, file) in sample.model.files.enumerated() {
      guard let source = try files.source(file.path), source.size != file.size else { continue }
      findings.add(
        at: Place(file.path, path: ModelPath.model.element("files", index).field("size").description),
        expected: "\(file.size) B", actual: "\(source.size) B")
    }
  }
}

/// A file of the file table holds a tensor.
struct FileUsed: Check {
  let key = "file-used"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    for (index, file) in sample.model.files.enumerated()
    where !sample.structure.usedFiles[index] && !sample.reading.interleavedFiles.contains(index) {
      findings.add(at: Place(file.path, path: ModelPath.model.element("files", index).description))
    }
  }
}
