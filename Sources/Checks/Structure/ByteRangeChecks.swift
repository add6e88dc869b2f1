import Formats
import Profile
import Representation
import Storage

/// A byte range refers to a file of the file table.
struct TensorFileListed: Check {
  let key = "tensor-file-listed"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    let count = sample.model.files.count
    sample.structure.forEachRange { range, index in
      if !(0..<count).contains(range.file) {
        findings.add(
          at: sample.place(ofTensor: index), expected: "< \(count)", actual: "files[\(range.file)]")
      }
    }
  }
}

/// A byte range ends inside its file, or inside the part of it that is there for tensors.
struct TensorRangeInFile: Check {
  let key = "tensor-range-in-file"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    sample.structure.forEachRange { range, index in
      // A tensor without elements has no bytes, so that its offset means nothing (interpretation I-033).
      guard range.length > 0, let bounds = sample.structure.bounds(ofFile: range.file) else { return }
      // An end that does not fit into 64 bits is outside of every file.
      if let end = range.end, bounds.lowerBound <= range.offset, end <= bounds.upperBound { return }
      var place = sample.place(ofTensor: index)
      place.offset = range.offset
      findings.add(
        at: place, expected: "\(bounds.lowerBound)…\(bounds.upperBound)",
        actual: "\(range.offset) + \(range.length) = \(range.end.map(String.init) ?? "≥ 2^64")")
    }
  }
}

/// Tensors do not share some of their bytes: all of them, or none.
struct TensorRangesApart: Check {
  let key = "tensor-ranges-apart"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    let runs = sample.structure.runs
    // The run that reaches farthest of those that begin no later.
    var reach = 0
    for index in runs.indices.dropFirst() {
      let (run, holder) = (runs[index], runs[reach])
      if run.file != holder.file {
        reach = index
        continue
      }
      // Equal ranges are one range with two names; another that reaches over both overlaps both.
      if run.offset < holder.end, !run.isSame(as: holder) {
        findings.add(
          at: sample.place(ofTensor: run.tensor),
          expected: "≥ \(holder.end) (\(sample.structure.path(holder.tensor)))",
          actual: "\(run.offset)…\(run.end)")
      }
      if run.end > holder.end { reach = index }
    }
  }
}

/// Tensors with the same bytes are declared as tied.
struct TensorRangesSharedTied: Check {
  let key = "tensor-ranges-shared-tied"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    let structure = sample.structure
    let runs = structure.runs
    // Runs with the same bytes are neighbours; the first of them that is not tied may own them.
    var start = 0
    while start < runs.count {
      var end = start + 1
      while end < runs.count, runs[end].isSame(as: runs[start]) { end += 1 }
      // What a safetensors file may not do at all is another requirement's.
      if end - start > 1, !sample.reading.safetensorsFiles.contains(runs[start].file) {
        let owners = (start..<end).filter { structure.tensors[runs[$0].tensor].isUntiedVariable }
        for index in owners.dropFirst() {
          // Sharing bytes is legal and saves space (interpretation I-032): worth knowing, nothing more.
          findings.add(
            .remark, at: sample.place(ofTensor: runs[index].tensor),
            expected: structure.path(runs[owners[0]].tensor).description)
        }
      }
      start = end
    }
  }
}

/// A tensor begins where a processor can use it without moving it.
struct TensorDataAligned: Check {
  let key = "tensor-data-aligned"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) throws {
    let least = max(try requirement.limit("alignment"), 1)
    let structure = sample.structure
    let interleaved = sample.model.files.indices.map { sample.reading.interleavedFiles.contains($0) }
    for run in structure.runs where !interleaved[run.file] {
      let facts = structure.tensors[run.tensor]
      guard case .stored = facts.place else { continue }
      let alignment = max(facts.elementType?.alignment ?? 1, least)
      if run.offset % alignment != 0 {
        findings.add(
          at: sample.place(ofTensor: run.tensor), expected: "k×\(alignment) B",
          actual: "\(run.offset) = \(run.offset / alignment)×\(alignment) + \(run.offset % alignment)")
      }
    }
  }
}

/// Tensors cover the part of a file that is there for them.
struct FilePayloadCovered: Check {
  let key = "file-payload-covered"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    let structure = sample.structure
    var next = 0
    for (index, file) in sample.model.files.enumerated() {
      while next < structure.runs.count, structure.runs[next].file < index { next += 1 }
      // A payload that leaves its file is a finding of the format's; there is nothing to cover behind the file.
      guard file.payload != nil, let payload = structure.bounds(ofFile: index),
        !structure.filesWithUnusableRanges.contains(index)
      else { continue }
      var covered = payload.lowerBound
      func note(upTo end: UInt64) {
        guard end > covered else { return }
        findings.add(
          at: Place(file.path, offset: covered, path: ModelPath.model.element("files", index).description),
          expected: "0 B", actual: "\(end - covered) B")
      }
      while next < structure.runs.count, structure.runs[next].file == index {
        note(upTo: structure.runs[next].offset)
        covered = max(covered, structure.runs[next].end)
        next += 1
      }
      note(upTo: payload.upperBound)
    }
  }
}

extension StructureIndex {
  /// Calls `body` with each byte range of each tensor, and the tensor's index.
  fileprivate func forEachRange(_ body: (ByteRange, Int) -> Void) {
    for index in tensors.indices {
      switch tensors[index].place {
      case .stored(let range):
        body(range, index)
      case .encoded:
        guard case .encoded(let content)? = tensor(index)?.content else { continue }
        for range in content.ranges { body(range, index) }
      default:
        break
      }
    }
  }
}
