import Formats
import Packaging
import Profile
import Storage

/// The checks of packages (profile clauses 8.2 and 8.3) beyond what their readers find.
let packageChecks: [any Check] =
  PackageRemark.all + PackagePolicyFinding.all + [
    PackageProfileKnown(), PackageUnitCount(), PackagePayloadLengths(), ManifestSegmentSize(),
  ]

/// What is right, but should be said: the reader saw it, and goes on.
struct PackageRemark: Check {
  let key: String
  let kind: Finding.Kind

  static let all = [
    PackageRemark(PackageFault.minorVersionKnown, .remark),
    PackageRemark(PackageFault.unknownUnitsReported, .remark),
    PackageRemark(PackageFault.encryptionComplete, .violation),
    PackageRemark(TransmissionFault.manifestMinorVersionKnown, .remark),
  ]

  private init(_ code: some FaultCode, _ kind: Finding.Kind) {
    key = code.rawValue
    self.kind = kind
  }

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) throws {
    for entry in sample.reading.package?.remarks.entries ?? [] where entry.code == key {
      findings.add(kind, entry.occurrences)
    }
  }
}

/// What the verifier's policy finds: the package is what its maker made, but not what the verifier asks for.
struct PackagePolicyFinding: Check {
  let key: String

  static let all = PackageFault.ofThePolicy.map { PackagePolicyFinding(key: $0.rawValue) }

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) throws {
    for entry in sample.reading.package?.judgement?.faults.entries ?? [] where entry.code == key {
      findings.add(.violation, entry.occurrences)
    }
  }
}

/// `package-profile-known`: the start unit names a profile that the tool judges by.
struct PackageProfileKnown: Check {
  let key = PackageFault.profileKnown.rawValue

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) throws {
    let known = try requirement.texts("profiles")
    guard let facts = sample.reading.package, let start = facts.start, let unit = facts.units.first,
      !known.contains(where: { $0.utf8.elementsEqual(start.profile.utf8) })
    else { return }
    findings.add(
      .violation,
      Occurrence(
        Place(sample.containerName, offset: unit.payloadOffset + 8), expected: known.joined(separator: ", "),
        actual: start.profile))
  }
}

/// `package-unit-count-within-limit`: a limit below that of the format, which its reader keeps.
struct PackageUnitCount: Check {
  let key = PackageFault.unitCountWithinLimit.rawValue

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) throws {
    let limit = try requirement.limit("units")
    guard let units = sample.reading.package?.units, UInt64(units.count) > limit else { return }
    findings.add(
      .malformed,
      Occurrence(
        Place(sample.containerName, offset: units[Int(limit)].offset), expected: "≤ \(limit)",
        actual: "\(units.count)"))
  }
}

/// `package-unit-length-within-limit`: limits below those of the format, which its reader keeps.
struct PackagePayloadLengths: Check {
  let key = PackageFault.unitLengthWithinLimit.rawValue

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) throws {
    let small = try requirement.limit("small")
    let index = try requirement.limit("index")
    for unit in sample.reading.package?.units ?? [] {
      guard [.start, .rights, .index, .signature, .end].contains(unit.type) else { continue }
      let limit = unit.type == .index ? index : small
      guard unit.length > limit, unit.length <= unit.type.payloadLimit else { continue }
      findings.add(
        .malformed,
        Occurrence(
          Place(sample.containerName, offset: unit.offset + 16), expected: "≤ \(limit) B",
          actual: "\(unit.length) B"))
    }
  }
}

/// `manifest-segment-size`: a limit below that of the format, which its reader keeps.
struct ManifestSegmentSize: Check {
  let key = TransmissionFault.manifestSegmentSize.rawValue

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) throws {
    let largest = try requirement.limit("largest")
    guard let manifest = sample.reading.package?.manifest, UInt64(manifest.chunks) > largest else { return }
    findings.add(
      .malformed,
      Occurrence(
        Place(SegmentName.manifest, offset: 12), expected: "≤ \(largest)", actual: "\(manifest.chunks)"))
  }
}

extension Sample {
  /// The file that findings on the package as such are in.
  var containerName: String { reading.package?.name ?? "" }
}
