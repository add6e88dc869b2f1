import Representation
import Storage
import Yams

/// What a model card says of its model (`README.md`).
struct ModelCard {
  private let matter: FrontMatter
  private let file: String

  /// The limits on what is taken over as text, in bytes.
  private static let textLimit = 4096

  init(_ tree: any FileTree, _ name: String, _ faults: inout FaultLog) throws(Fault) {
    file = name
    matter = try FrontMatter(tree.open(name), &faults)
  }

  /// Whether the front matter could be read; what it would have stated is not known otherwise.
  var isReadable: Bool { matter.isReadable }

  /// The text of the card.
  var documentation: String? { matter.body.isEmpty ? nil : matter.body }

  /// The model's name; nil where the card does not state one.
  var modelName: String? {
    if let name = matter.text("model_name") { return name }
    // Training libraries enter the model alone under its name.
    guard let models = matter.value("model-index")?.sequence, models.count == 1 else { return nil }
    let pairs = models.first?.mapping
    return pairs?.first { $0.key.scalar?.string == "name" }?.value.scalar?.string
  }

  /// The task that the model is for.
  var task: String? { matter.text("pipeline_tag") }

  /// The library that loads the model.
  var library: String? { matter.text("library_name") }

  /// The models that this one was made from.
  var bases: [String] { matter.texts("base_model") }

  /// Fields that describe the model and that the representation has no place for.
  var properties: [Property] {
    ["language", "base_model", "datasets", "pipeline_tag", "library_name", "license_link"].compactMap { key in
      let texts = matter.texts(key)
      let value = texts.joined(separator: ", ")
      guard !texts.isEmpty, value.utf8.count <= Self.textLimit else { return nil }
      return Property(key: key, value: value)
    }
  }

  /// The licence as an SPDX expression.
  ///
  /// - Parameter hasText: whether the directory holds a licence as a file.
  func licence(hasText: Bool, _ faults: inout FaultLog) -> String? {
    let licences = matter.texts("license")
    if !matter.isText("license") {
      faults.log(
        HuggingFaceFault.cardLicenceKnown, at: Place(file, path: "/license"),
        expected: "apache-2.0, mit, …, other", actual: "…")
    }
    let terms = licences.compactMap { licence -> String? in
      if !CardLicence.isListed(licence) {
        faults.log(
          HuggingFaceFault.cardLicenceKnown, at: Place(file, path: "/license"),
          expected: "apache-2.0, mit, …, other", actual: licence)
      }
      return licence.lowercased() == "other"
        ? named(hasText: hasText, &faults) : CardLicence.identifier(licence)
    }
    if terms.count < 2 { return terms.first }
    return terms.map { $0.contains(" ") ? "(\($0))" : $0 }.joined(separator: " AND ")
  }

  private func named(hasText: Bool, _ faults: inout FaultLog) -> String? {
    if let name = matter.text("license_name") {
      return CardLicence.identifier(name)
    }
    faults.log(
      HuggingFaceFault.cardLicenceNamed, at: Place(file, path: "/license_name"), expected: "license_name",
      actual: nil)
    return hasText || matter.text("license_link") != nil ? "LicenseRef-other" : nil
  }
}
