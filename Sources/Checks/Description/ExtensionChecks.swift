import Profile
import Representation
import Storage

/// `critical-extensions-known`: what a vendor says must be understood is understood, or nothing is judged on it.
struct CriticalExtensionsKnown: Check {
  let key = "critical-extensions-known"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) throws {
    let known = Set(try requirement.texts("known").map(ExactString.init))
    for (index, item) in sample.model.extensions.enumerated()
    where item.critical && !known.contains(ExactString(item.name)) {
      findings.add(
        .unsupported, at: sample.place(.model.element("extensions", index)), actual: item.name)
    }
  }
}

/// The checks of properties and extensions.
let extensionChecks: [any Check] = [
  DistinctCheck("property-keys-distinct", texts: \.placedPropertyKeys),
  FormCheck(
    "extension-names-form", expected: "com.example.layout", texts: \.placedExtensionNames,
    accepts: TextForm.isReverseDNS),
  DistinctCheck("extension-names-distinct", texts: \.placedExtensionNames),
  CriticalExtensionsKnown(),
]

extension Model {
  fileprivate var placedPropertyKeys: [PlacedText] {
    properties.enumerated().map {
      PlacedText(text: $1.key, path: .model.element("properties", $0).field("key"))
    }
  }

  fileprivate var placedExtensionNames: [PlacedText] {
    extensions.enumerated().map {
      PlacedText(text: $1.name, path: .model.element("extensions", $0).field("name"))
    }
  }
}
