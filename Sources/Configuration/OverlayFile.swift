public import Profile

/// Reads an overlay of the catalogue from the YAML that a user wrote (`conformance/schema/overlay.schema.json`).
public enum OverlayFile {
  /// The overlay in a file.
  ///
  /// - Parameters:
  ///   - text: the content of the file.
  ///   - file: its name, for complaints.
  /// - Throws: everything that is wrong with the file, each with its line.
  public static func read(_ text: String, file: String) throws(OverlayFileError) -> Overlay {
    let faults = YAMLFaults(file: file)
    let overlay = YAMLNode(document: text, faults).flatMap(read)
    guard faults.list.isEmpty, let overlay else { throw OverlayFileError(faults: faults.list) }
    return overlay
  }

  private static func read(_ node: YAMLNode) -> Overlay? {
    guard let fields = node.fields(required: ["name", "requirements"]) else { return nil }
    // Both are read before either is missed, so that every complaint is made.
    let name = fields["name"]?.text()
    let changes = fields["requirements"]?.items()?.compactMap(readChange)
    guard let name, let changes else { return nil }
    return Overlay(name: name, changes: changes)
  }

  private static func readChange(_ node: YAMLNode) -> Overlay.Change? {
    let optional = ["modality", "title", "values"]
    guard let fields = node.fields(required: ["requirement"], optional: optional) else { return nil }
    guard let requirement = fields["requirement"]?.text() else { return nil }
    if optional.allSatisfy({ fields[$0] == nil }) {
      node.complain(zh: "未作任何修改", en: "changes nothing")
    }
    return Overlay.Change(
      requirement: requirement, modality: fields["modality"]?.choice(Requirement.Modality.self),
      title: fields["title"]?.bilingual(), values: fields["values"]?.items()?.compactMap(readValue) ?? [])
  }

  private static func readValue(_ node: YAMLNode) -> Overlay.Value? {
    guard let fields = node.fields(required: ["name"], optional: ["number", "texts"]) else { return nil }
    guard let name = fields["name"]?.text() else { return nil }
    switch (fields["number"], fields["texts"]) {
    case (let number?, nil):
      return number.number().map { Overlay.Value(name: name, content: .number($0)) }
    case (nil, let texts?):
      return texts.texts().map { Overlay.Value(name: name, content: .texts($0)) }
    default:
      node.complain(zh: "number 与 texts 应恰有其一", en: "give either number or texts")
      return nil
    }
  }
}

/// What is wrong with an overlay file, all of it.
public struct OverlayFileError: Error, Sendable, Hashable {
  /// The complaints, in the order of the file.
  public let faults: [YAMLFault]
}
