import Formats
import Profile
import Representation
import Storage

/// Checks of what a safetensors file holds that go beyond its header.
let safetensorsChecks: [any Check] = [SafetensorsTensorsOwnBytes()]

/// `safetensors-tensors-own-bytes`: no two tensors of a safetensors file name the same bytes.
///
/// Elsewhere tensors may share bytes; the format asks that each one begins where the one before it ends.
struct SafetensorsTensorsOwnBytes: Check {
  let key = "safetensors-tensors-own-bytes"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    let structure = sample.structure
    for (run, next) in zip(structure.runs, structure.runs.dropFirst()) where run.isSame(as: next) {
      // A native structure may tie variables to one tensor of the file; the file itself then holds it once.
      guard sample.reading.safetensorsFiles.contains(run.file), !structure.tensors[next.tensor].isTied else {
        continue
      }
      findings.add(
        at: sample.place(ofTensor: next.tensor), expected: structure.path(run.tensor).description)
    }
  }
}

extension StructureIndex.Run {
  /// Whether another tensor has exactly the same bytes.
  func isSame(as other: StructureIndex.Run) -> Bool {
    file == other.file && offset == other.offset && end == other.end
  }
}
