import Formats
import Profile
import Storage

/// The checks of the native form beyond what its reader finds.
let nativeChecks: [any Check] = [NativeMinorVersionKnown()]

/// `native-minor-version-known`: the file states no later minor version than the tool knows; one that does is read all the same.
struct NativeMinorVersionKnown: Check {
  let key = "native-minor-version-known"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) throws {
    guard let version = sample.reading.version else { return }
    let parts = version.split(separator: ".").compactMap { UInt64($0) }
    guard parts.count == 2, parts[0] == UInt64(NativeForm.major), parts[1] > UInt64(NativeForm.minor) else {
      return
    }
    findings.add(
      .remark,
      Occurrence(
        Place(sample.reading.files.first?.path ?? ""), expected: "≤ \(NativeForm.major).\(NativeForm.minor)",
        actual: version))
  }
}
