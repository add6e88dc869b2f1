import Licences
public import Representation
public import Storage

extension Metadata {
  /// The model with the fields that it lacks taken from the metadata; what the model states itself stays.
  ///
  /// Single parts are filled too: the kind of an architecture of which the model gives only the family, a hyper-parameter
  /// or a property that the model does not name, the version of the producer that the model names. A blank text, and a licence of
  /// NOASSERTION alone, are lacking.
  public func supplementing(_ model: Model) -> Model { Supplement(fields, to: model).model }
}

/// What becomes of a model with the metadata that a user supplies beside it.
public struct Supplement: Sendable {
  /// The model, blank texts left out, with what it lacks.
  public private(set) var model: Model
  /// The paths of what was filled in; a list that was taken as a whole is one path.
  public private(set) var paths: Set<ExactString> = []

  /// - Parameters:
  ///   - fields: what the metadata gives.
  ///   - stated: what the model states.
  public init(_ fields: Model, to stated: Model) {
    model = stated.withoutBlanks
    let root = ModelPath.model
    fill(\.name, from: fields, root.field("name"))
    fill(\.version, from: fields, root.field("version"))
    fill(\.identifier, from: fields, root.field("identifier"))
    fill(\.documentation, from: fields, root.field("documentation"))
    fill(\.parameterCount, from: fields, root.field("parameter-count"))
    if let licence = model.licence, fields.licence != nil, LicenceExpression.statesNothing(licence) {
      model.licence = nil
    }
    fill(\.licence, from: fields, root.field("licence"))
    fillList(\.contributors, from: fields, root.field("contributors"))
    fillList(\.modalities, from: fields, root.field("modalities"))
    if let producer = fields.producer { fill(producer) }
    if let architecture = fields.architecture { fill(architecture) }
    if let statement = fields.preTraining { fill(statement) }
    let keys = Set(model.properties.map { ExactString($0.key) })
    for property in fields.properties where !keys.contains(ExactString(property.key)) {
      note(root.element("properties", model.properties.count))
      model.properties.append(property)
    }
  }

  /// Whether something that stands at a path was filled in, by itself or with the list that it is in.
  public func filled(_ path: ModelPath) -> Bool {
    if paths.isEmpty { return false }
    if paths.contains(ExactString(path.description)) { return true }
    return switch path {
    case .model: false
    case .field(let parent, _): filled(parent)
    case .element(let parent, let list, _), .named(let parent, let list, _): filled(parent.field(list))
    }
  }

  private mutating func note(_ path: ModelPath) { paths.insert(ExactString(path.description)) }

  private mutating func fill<Value>(
    _ field: WritableKeyPath<Model, Value?>, from fields: Model, _ path: ModelPath
  ) {
    Self.fill(&model[keyPath: field], from: fields[keyPath: field], path, &paths)
  }

  private mutating func fillList<Element>(
    _ field: WritableKeyPath<Model, [Element]>, from fields: Model, _ path: ModelPath
  ) {
    guard model[keyPath: field].isEmpty, !fields[keyPath: field].isEmpty else { return }
    model[keyPath: field] = fields[keyPath: field]
    note(path)
  }

  private static func fill<Value>(
    _ value: inout Value?, from other: Value?, _ path: ModelPath, _ paths: inout Set<ExactString>
  ) {
    guard value == nil, let other else { return }
    value = other
    paths.insert(ExactString(path.description))
  }

  /// The version belongs to the name: that of another producer is not taken.
  private mutating func fill(_ other: Producer) {
    let path = ModelPath.model.field("producer")
    if model.producer == nil {
      model.producer = Producer(name: other.name)
      note(path.field("name"))
    }
    guard var producer = model.producer, ExactString(producer.name) == ExactString(other.name) else { return }
    Self.fill(&producer.version, from: other.version, path.field("version"), &paths)
    model.producer = producer
  }

  private mutating func fill(_ other: Architecture) {
    let path = ModelPath.model.field("architecture")
    var architecture = model.architecture ?? Architecture()
    Self.fill(&architecture.kind, from: other.kind, path.field("kind"), &paths)
    Self.fill(&architecture.family, from: other.family, path.field("family"), &paths)
    let names = Set(architecture.hyperParameters.map { ExactString($0.name) })
    for parameter in other.hyperParameters where !names.contains(ExactString(parameter.name)) {
      architecture.hyperParameters.append(parameter)
      note(path.named("hyper-parameters", parameter.name))
    }
    let isEmpty =
      architecture.kind == nil && architecture.family == nil && architecture.hyperParameters.isEmpty
    model.architecture = isEmpty ? nil : architecture
  }

  /// The unit belongs to the volume: both come from the same side.
  private mutating func fill(_ other: PreTraining) {
    let path = ModelPath.model.field("pre-training")
    var statement = model.preTraining ?? PreTraining()
    Self.fill(&statement.paradigm, from: other.paradigm, path.field("paradigm"), &paths)
    Self.fill(&statement.objective, from: other.objective, path.field("objective"), &paths)
    Self.fill(&statement.precision, from: other.precision, path.field("precision"), &paths)
    Self.fill(&statement.dataVolume, from: other.dataVolume, path.field("data-volume"), &paths)
    if other.dataVolume == nil || other.dataVolume == statement.dataVolume {
      Self.fill(&statement.dataUnit, from: other.dataUnit, path.field("data-unit"), &paths)
    }
    model.preTraining = statement
  }
}
