import Representation
import Storage

extension NativeDecoder {
  /// What the top message says of the form itself.
  struct Header {
    /// The major version as it stands there, in range or not; zero where it is missing.
    var major: UInt64 = 0
    /// The minor version.
    var minor: UInt64 = 0
  }

  /// Looks for the version, which may stand anywhere; payloads are skipped. The last one of several counts.
  ///
  /// A break in the file ends the search; it is met again, and logged, where the fields are read.
  ///
  /// - Throws: only faults of the system.
  mutating func header() throws(Fault) -> Header {
    var header = Header()
    var message = wire.root
    while true {
      let field: WireField
      do throws(Fault) {
        guard let next = try wire.next(&message) else { return header }
        field = next
      } catch {
        if error.kind == .system { throw error }
        return header
      }
      switch (field.number, field.type) {
      case (2, .varint):
        header.major = field.value
      case (3, .varint):
        header.minor = field.value
      default:
        break
      }
    }
  }

  /// The model, and the aspects of it that were read completely.
  mutating func model() throws(Fault) -> (model: Model, known: Set<Aspect>) {
    var model = Model()
    var known = Set(Aspect.allCases)
    for (index, name) in NativeNames.names(ofMessage: "Model").enumerated()
    where json?.fieldsWithUnknownNames.contains(name) == true {
      // In this message the numbers follow the order of the names, from one on.
      known.subtract(Self.aspects(ofField: UInt32(index + 1)))
    }
    var message = wire.root
    var seen = SeenFields()
    do throws(Fault) {
      while let field = try next(&message, &seen, .model) {
        (isDamaged, isGarbled) = (false, false)
        do throws(Fault) {
          try read(field, in: message, into: &model)
        } catch {
          // The field is broken, and its length still tells where the next one begins.
          if error.kind == .system { throw error }
          faults.log(error)
          isDamaged = true
        }
        let aspects = Self.aspects(ofField: field.number)
        if isDamaged { known.subtract(aspects) }
        // In a structure most texts are names by which others refer to something.
        if isGarbled { known.subtract(aspects.intersection([.graphs, .parameters])) }
      }
      if !statesMajor { logMissing("major", message) }
      if statesEnd { return (model, known) }
      logMissing("complete", message)
    } catch {
      if error.kind == .system { throw error }
      faults.log(error)
    }
    // What stands before the break is complete where the fields are in order; of the rest nothing is known.
    let isOrdered = !faults.entries.contains { $0.code == NativeFault.fieldOrder.rawValue }
    for number in Self.contentFields where !isOrdered || number >= seen.highest {
      known.subtract(Self.aspects(ofField: number))
    }
    return (model, known)
  }

  /// The fields of the top message that hold the model.
  private static let contentFields: ClosedRange<UInt32> = 4...25

  /// The aspects of a model to which a field of the top message belongs.
  private static func aspects(ofField number: UInt32) -> Set<Aspect> {
    switch number {
    case 12: [.architecture]
    case 16: [.assets]
    case 17, 18, 19: [.graphs, .parameters]
    case 20, 21, 25: [.parameters]
    // Tensors name chains of the statement.
    case 22: [.description, .parameters]
    default: [.description]
    }
  }

  private mutating func read(
    _ field: WireField, in message: WireMessage, into model: inout Model
  ) throws(Fault) {
    switch field.number {
    case 1: _ = try text(field)
    case 2:
      // A field that cannot be read is not missing.
      statesMajor = true
      statesMajor = try unsigned32(field) != 0
    case 3: _ = try unsigned32(field)
    case 63:
      statesEnd = true
      statesEnd = try boolean(field)
    case 4: model.profile = try text(field)
    case 5: model.name = try text(field)
    case 6: model.version = try text(field)
    case 7: model.identifier = try text(field)
    case 8: model.producer = try producer(field, in: message)
    case 9: model.documentation = try text(field)
    case 10: model.licence = try text(field)
    case 11: try appendContributor(field, in: message, to: &model.contributors)
    case 12: model.architecture = try architecture(field, in: message)
    case 13: model.modalities.append(try text(field))
    case 14: model.preTraining = try preTraining(field, in: message)
    case 15: model.parameterCount = try unsigned(field)
    case 16: try appendAsset(field, in: message, to: &model.assets)
    case 17: try appendOperatorSet(field, in: message, to: &model.operatorSets)
    case 18:
      try append(field, in: message, "graphs", to: &model.graphs) { (decoder, message) throws(Fault) in
        try decoder.graph(&message)
      }
    case 19:
      try append(field, in: message, "blocks", to: &model.blocks) { (decoder, message) throws(Fault) in
        try decoder.block(&message)
      }
    case 20:
      try append(field, in: message, "parameters", to: &model.parameters) {
        (decoder, message) throws(Fault) in
        try decoder.variable(&message)
      }
    case 21: try appendPartition(field, in: message, to: &model.partitions)
    case 22: model.compressionStatement = try text(field)
    case 23: try appendProperty(field, in: message, to: &model.properties)
    case 24: try appendExtension(field, in: message, to: &model.extensions)
    default: try appendFile(field, in: message, to: &model.files)
    }
  }
}
