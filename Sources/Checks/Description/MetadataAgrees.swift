import Formats
import Licences
import Profile
import Representation
import Storage

/// `metadata-agrees-with-model`: what a user supplies beside a model says nothing else than the model.
///
/// The metadata only fills gaps, so whatever it states and the supplemented model does not is a contradiction.
/// Documentation is left out: two texts about one model may both be true.
struct MetadataAgrees: Check {
  let key = "metadata-agrees-with-model"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    guard let metadata = sample.metadata else { return }
    var comparison = Comparison(file: metadata.file, findings: findings)
    let given = metadata.fields
    let model = sample.model
    comparison.text(.model.field("name"), given.name, model.name)
    comparison.text(.model.field("version"), given.version, model.version)
    comparison.text(.model.field("identifier"), given.identifier, model.identifier)
    comparison.licence(given.licence, model.licence)
    let producer = ModelPath.model.field("producer")
    comparison.text(producer.field("name"), given.producer?.name, model.producer?.name)
    comparison.text(producer.field("version"), given.producer?.version, model.producer?.version)
    comparison.text(
      .model.field("parameter-count"), given.parameterCount.map(String.init),
      model.parameterCount.map(String.init))
    comparison.preTraining(given.preTraining, model.preTraining)
    comparison.architecture(given.architecture, model.architecture)
    comparison.lists(given, model)
    findings = comparison.findings
  }
}

/// Compares what metadata states with what a model states, and notes where they differ.
private struct Comparison {
  let file: String
  var findings: Findings

  /// Notes a difference of two texts, byte by byte; nothing where the metadata is silent.
  mutating func text(_ path: ModelPath, _ given: String?, _ stated: String?) {
    guard let given, given.utf8.elementsEqual((stated ?? "").utf8) == false else { return }
    add(path, stated: stated, given: given)
  }

  /// Licences are equal where their expressions are, however they are written.
  mutating func licence(_ given: String?, _ stated: String?) {
    // Who asserts nothing contradicts nobody.
    if let given, LicenceExpression.statesNothing(given) { return }
    if let given, let stated, let left = try? LicenceExpression(given),
      let right = try? LicenceExpression(stated), left.normalised == right.normalised
    {
      return
    }
    text(.model.field("licence"), given, stated)
  }

  mutating func preTraining(_ given: PreTraining?, _ stated: PreTraining?) {
    let path = ModelPath.model.field("pre-training")
    text(path.field("paradigm"), given?.paradigm, stated?.paradigm)
    text(path.field("objective"), given?.objective, stated?.objective)
    text(path.field("precision"), given?.precision, stated?.precision)
    text(path.field("data-unit"), given?.dataUnit, stated?.dataUnit)
    text(path.field("data-volume"), given?.dataVolume.map(String.init), stated?.dataVolume.map(String.init))
  }

  mutating func architecture(_ given: Architecture?, _ stated: Architecture?) {
    let path = ModelPath.model.field("architecture")
    text(path.field("kind"), given?.kind, stated?.kind)
    text(path.field("family"), given?.family, stated?.family)
    for parameter in given?.hyperParameters ?? [] {
      let other = stated?[parameter.name]
      if let other, other.agrees(with: parameter.value) { continue }
      add(
        path.named("hyper-parameters", parameter.name), stated: other?.written, given: parameter.value.written
      )
    }
  }

  mutating func lists(_ given: Model, _ stated: Model) {
    let modalities = Set(stated.modalities.map(ExactString.init))
    for (index, modality) in given.modalities.enumerated()
    where !modalities.contains(ExactString(modality)) {
      add(
        .model.element("modalities", index), stated: stated.modalities.joined(separator: " | "),
        given: modality)
    }
    for (index, contributor) in given.contributors.enumerated()
    where !stated.contributors.contains(where: { $0.says(contributor) }) {
      add(
        .model.element("contributors", index),
        stated: stated.contributors.compactMap(\.name).joined(separator: " | "), given: contributor.name)
    }
    for property in given.properties {
      let other = stated.properties.first { ExactString($0.key) == ExactString(property.key) }
      text(.model.named("properties", property.key), property.value, other?.value)
    }
  }

  private mutating func add(_ path: ModelPath, stated: String?, given: String?) {
    findings.add(at: Place(file, path: path.description), expected: stated, actual: given)
  }
}

extension Contributor {
  /// Whether the entry says everything that another one says.
  fileprivate func says(_ other: Contributor) -> Bool {
    func agrees(_ left: String?, _ right: String?) -> Bool {
      right == nil || left.map(ExactString.init) == right.map(ExactString.init)
    }
    return agrees(name, other.name) && agrees(organisation, other.organisation) && agrees(email, other.email)
      && agrees(role, other.role)
  }
}

extension HyperParameter.Value {
  /// Whether two values are the same; a whole number and a real one are where they denote the same number.
  fileprivate func agrees(with other: HyperParameter.Value) -> Bool {
    switch (self, other) {
    case (.integer(let whole), .float(let real)), (.float(let real), .integer(let whole)):
      // Not as real numbers: beyond 2^53 they no longer tell every whole number from the next.
      Int64(exactly: real) == whole
    case (.text(let left), .text(let right)):
      ExactString(left) == ExactString(right)
    default:
      self == other
    }
  }
}
