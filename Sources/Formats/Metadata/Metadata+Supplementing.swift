public import Representation
import Storage

extension Metadata {
  /// The model with the fields that it lacks taken from the metadata; what the model states itself stays.
  ///
  /// Single parts are filled too: the kind of an architecture of which the model gives only the family, a hyper-parameter
  /// or a property that the model does not name, the version of the producer that the model names.
  public func supplementing(_ model: Model) -> Model {
    var result = model
    result.name = model.name ?? fields.name
    result.version = model.version ?? fields.version
    result.identifier = model.identifier ?? fields.identifier
    result.documentation = model.documentation ?? fields.documentation
    result.licence = model.licence ?? fields.licence
    result.parameterCount = model.parameterCount ?? fields.parameterCount
    if model.contributors.isEmpty { result.contributors = fields.contributors }
    if model.modalities.isEmpty { result.modalities = fields.modalities }
    result.producer = model.producer.map { $0.supplemented(by: fields.producer) } ?? fields.producer
    result.architecture =
      model.architecture.map { $0.supplemented(by: fields.architecture) } ?? fields.architecture
    result.preTraining =
      model.preTraining.map { $0.supplemented(by: fields.preTraining) } ?? fields.preTraining
    let keys = Set(model.properties.map { ExactString($0.key) })
    result.properties += fields.properties.filter { !keys.contains(ExactString($0.key)) }
    return result
  }
}

extension Producer {
  /// The version belongs to the name: that of another producer is not taken.
  fileprivate func supplemented(by other: Producer?) -> Producer {
    guard version == nil, let other, ExactString(other.name) == ExactString(name) else { return self }
    return other
  }
}

extension Architecture {
  fileprivate func supplemented(by other: Architecture?) -> Architecture {
    guard let other else { return self }
    var result = self
    result.kind = kind ?? other.kind
    result.family = family ?? other.family
    let names = Set(hyperParameters.map { ExactString($0.name) })
    result.hyperParameters += other.hyperParameters.filter { !names.contains(ExactString($0.name)) }
    return result
  }
}

extension PreTraining {
  /// The unit belongs to the volume: both come from the same side.
  fileprivate func supplemented(by other: PreTraining?) -> PreTraining {
    guard let other else { return self }
    var result = self
    result.paradigm = paradigm ?? other.paradigm
    result.objective = objective ?? other.objective
    result.precision = precision ?? other.precision
    if dataVolume == nil {
      result.dataVolume = other.dataVolume
      result.dataUnit = dataUnit ?? other.dataUnit
    } else if other.dataVolume == dataVolume || other.dataVolume == nil {
      result.dataUnit = dataUnit ?? other.dataUnit
    }
    return result
  }
}
