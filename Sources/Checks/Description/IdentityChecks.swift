import Profile
import Representation
import Storage

/// `model-name-form`: a name that can be shown in one line of a report and used as the name of a file.
struct ModelNameForm: Check {
  let key = "model-name-form"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) throws {
    guard let name = sample.model.name else { return }
    let longest = try requirement.limit("longest")
    let place = sample.place(.model.field("name"))
    let length = UInt64(name.unicodeScalars.count)
    if length > longest {
      findings.add(at: place, expected: "≤ \(longest)", actual: "\(length)")
    } else if let control = TextForm.firstControl(in: name) {
      findings.add(at: place, expected: "≠ Cc, Zl, Zp", actual: TextForm.codePoint(control))
    }
  }
}

/// `profile-known`: the profile that a model states is one that this catalogue can judge.
struct ProfileKnown: Check {
  let key = "profile-known"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) throws {
    guard let stated = sample.model.profile else { return }
    let known = try requirement.texts("known")
    if known.contains(where: { ExactString($0) == ExactString(stated) }) { return }
    let place = sample.place(.model.field("profile"))
    let expected = known.joined(separator: " | ")
    guard let version = Self.version(stated) else {
      findings.add(at: place, expected: expected, actual: stated)
      return
    }
    // A newer minor version only adds: what this catalogue knows of it still holds (architecture decision 11).
    let sameMajor = known.compactMap(Self.version).contains { $0.major == version.major }
    findings.add(sameMajor ? .remark : .unsupported, at: place, expected: expected, actual: stated)
  }

  /// The digits of a version, without leading zeros: no number is too large to be told from another.
  private static func version(_ text: String) -> (major: Substring, minor: Substring)? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(\.isASCIIDigit) }) else {
      return nil
    }
    return (parts[0].drop { $0 == "0" }, parts[1].drop { $0 == "0" })
  }
}

/// The checks of the fields that say which model this is and where it comes from.
let identityChecks: [any Check] = [
  PresenceCheck("model-name-present", .model.field("name"), text: \.name),
  ModelNameForm(),
  PresenceCheck("model-version-present", .model.field("version"), text: \.version),
  FormCheck(
    "model-version-semantic", expected: "MAJOR.MINOR.PATCH (SemVer 2.0.0)",
    texts: { model in
      model.version.map { [PlacedText(text: $0, path: .model.field("version"))] } ?? []
    }, accepts: TextForm.isSemanticVersion),
  FormCheck(
    "model-identifier-form", expected: "URI | URN | com.example.model",
    texts: { model in
      model.identifier.map { [PlacedText(text: $0, path: .model.field("identifier"))] } ?? []
    }, accepts: { TextForm.isURI($0) || TextForm.isReverseDNS($0) }),
  PresenceCheck("producer-present", .model.field("producer")) { $0.producer != nil },
  PresenceCheck("producer-version-present", .model.field("producer").field("version")) { model in
    model.producer.map { $0.version != nil } ?? true
  },
  PresenceCheck("documentation-present", .model.field("documentation"), text: \.documentation),
  ProfileKnown(),
]
