import Representation
import Storage

extension NativeDecoder {
  /// The framework that produced the model.
  mutating func producer(_ field: WireField, in parent: WireMessage) throws(Fault) -> Producer? {
    try nested(field, in: parent, "producer") { (decoder, message) throws(Fault) in
      var producer = Producer(name: "")
      var seen = SeenFields()
      while let field = try decoder.next(&message, &seen, .producer) {
        let text = try decoder.text(field)
        if field.number == 1 { producer.name = text } else { producer.version = text }
      }
      return producer
    }
  }

  /// Appends a contributor.
  mutating func appendContributor(
    _ field: WireField, in parent: WireMessage, to list: inout [Contributor]
  ) throws(Fault) {
    try append(field, in: parent, "contributors", to: &list) { (decoder, message) throws(Fault) in
      var contributor = Contributor()
      var seen = SeenFields()
      while let field = try decoder.next(&message, &seen, .contributor) {
        let text = try decoder.text(field)
        switch field.number {
        case 1: contributor.name = text
        case 2: contributor.organisation = text
        case 3: contributor.email = text
        default: contributor.role = text
        }
      }
      return contributor
    }
  }

  /// The architecture.
  mutating func architecture(_ field: WireField, in parent: WireMessage) throws(Fault) -> Architecture? {
    try nested(field, in: parent, "architecture") { (decoder, message) throws(Fault) in
      var architecture = Architecture()
      var seen = SeenFields()
      while let field = try decoder.next(&message, &seen, .architecture) {
        switch field.number {
        case 1: architecture.kind = try decoder.text(field)
        case 2: architecture.family = try decoder.text(field)
        default:
          let index = architecture.hyperParameters.count
          if let parameter = try decoder.hyperParameter(field, in: message, index) {
            architecture.hyperParameters.append(parameter)
          }
        }
      }
      return architecture
    }
  }

  private mutating func hyperParameter(
    _ field: WireField, in parent: WireMessage, _ index: Int
  ) throws(Fault) -> HyperParameter? {
    let parameter = try nested(field, in: parent, "hyperParameters", index) {
      (decoder, message) throws(Fault) -> HyperParameter? in
      var name = ""
      var value: HyperParameter.Value?
      var seen = SeenFields()
      while let field = try decoder.next(&message, &seen, .hyperParameter) {
        switch field.number {
        case 1: name = try decoder.text(field)
        case 2: value = .integer(try decoder.signed(field))
        case 3: value = .float(try decoder.double(field))
        case 4: value = .text(try decoder.text(field))
        default: value = .boolean(try decoder.boolean(field))
        }
      }
      guard let value else {
        decoder.logMissing(anyOf: "integer | float | text | boolean", message, seen)
        return nil
      }
      return HyperParameter(name, value)
    }
    return parameter ?? nil
  }

  /// The pre-training statement.
  mutating func preTraining(_ field: WireField, in parent: WireMessage) throws(Fault) -> PreTraining? {
    try nested(field, in: parent, "preTraining") { (decoder, message) throws(Fault) in
      var statement = PreTraining()
      var seen = SeenFields()
      while let field = try decoder.next(&message, &seen, .preTraining) {
        switch field.number {
        case 1: statement.paradigm = try decoder.text(field)
        case 2: statement.objective = try decoder.text(field)
        case 3: statement.dataVolume = try decoder.unsigned(field)
        case 4: statement.dataUnit = try decoder.text(field)
        default: statement.precision = try decoder.text(field)
        }
      }
      return statement
    }
  }

  /// Appends an asset.
  mutating func appendAsset(
    _ field: WireField, in parent: WireMessage, to list: inout [Asset]
  ) throws(Fault) {
    try append(field, in: parent, "assets", to: &list) { (decoder, message) throws(Fault) in
      var asset = Asset(kind: "", path: "")
      var seen = SeenFields()
      while let field = try decoder.next(&message, &seen, .asset) {
        switch field.number {
        case 1: asset.kind = try decoder.text(field)
        case 2: asset.path = try decoder.text(field)
        case 3: asset.size = try decoder.unsigned(field)
        default: asset.digest = try decoder.digest(field, in: message)
        }
      }
      return asset
    }
  }

  /// Appends a statement of how a tensor is cut.
  mutating func appendPartition(
    _ field: WireField, in parent: WireMessage, to list: inout [Partition]
  ) throws(Fault) {
    try append(field, in: parent, "partitions", to: &list) { (decoder, message) throws(Fault) in
      var partition = Partition(variable: "")
      var seen = SeenFields()
      while let field = try decoder.next(&message, &seen, .partition) {
        switch field.number {
        case 1: partition.variable = try decoder.text(field)
        case 2: partition.axis = try decoder.signed(field)
        case 3: partition.index = try decoder.unsigned(field)
        case 4: partition.count = try decoder.unsigned(field)
        case 5: partition.pipelineStage = try decoder.unsigned(field)
        case 6: partition.expert = try decoder.unsigned(field)
        default: partition.piece = try decoder.text(field)
        }
      }
      return partition
    }
  }

  /// Appends a free pair of key and value.
  mutating func appendProperty(
    _ field: WireField, in parent: WireMessage, to list: inout [Property]
  ) throws(Fault) {
    try append(field, in: parent, "properties", to: &list) { (decoder, message) throws(Fault) in
      var property = Property(key: "", value: "")
      var seen = SeenFields()
      while let field = try decoder.next(&message, &seen, .property) {
        let text = try decoder.text(field)
        if field.number == 1 { property.key = text } else { property.value = text }
      }
      return property
    }
  }

  /// Appends an extension; a critical one is logged, since none is known to this reader.
  mutating func appendExtension(
    _ field: WireField, in parent: WireMessage, to list: inout [Extension]
  ) throws(Fault) {
    try append(field, in: parent, "extensions", to: &list) { (decoder, message) throws(Fault) in
      var addition = Extension(name: "", critical: false, content: [])
      var seen = SeenFields()
      while let field = try decoder.next(&message, &seen, .addition) {
        switch field.number {
        case 1: addition.name = try decoder.text(field)
        case 2: addition.critical = try decoder.boolean(field)
        default: addition.content = try decoder.wire.bytes(field)
        }
      }
      if addition.critical {
        decoder.faults.log(
          NativeFault.criticalExtensions, .unsupported, at: decoder.place(message.end), actual: addition.name)
      }
      return addition
    }
  }

  /// Appends an entry of the file table.
  mutating func appendFile(
    _ field: WireField, in parent: WireMessage, to list: inout [ParameterFile]
  ) throws(Fault) {
    let file = try nested(field, in: parent, "files", list.count) { (decoder, message) throws(Fault) in
      var file = ParameterFile(path: "", size: 0)
      var seen = SeenFields()
      while let field = try decoder.next(&message, &seen, .parameterFile) {
        switch field.number {
        case 1: file.path = try decoder.text(field)
        case 2: file.size = try decoder.unsigned(field)
        case 3: file.digest = try decoder.digest(field, in: message)
        default: file.payload = try decoder.region(field, in: message)
        }
      }
      if let payload = file.payload, payload.upperBound > file.size {
        decoder.faults.log(
          NativeFault.payloadRegions, at: decoder.place(message.end), expected: "≤ \(file.size) B",
          actual: "\(payload.upperBound) B")
      }
      return file
    }
    // Byte ranges refer to files by their places, so that behind a broken entry no place is right.
    if let file, !isFileTableCut { list.append(file) } else { isFileTableCut = true }
  }

  private mutating func region(_ field: WireField, in parent: WireMessage) throws(Fault) -> Range<UInt64>? {
    let region = try nested(field, in: parent, "payload") {
      (decoder, message) throws(Fault) -> Range<UInt64>? in
      var offset: UInt64 = 0
      var length: UInt64 = 0
      var seen = SeenFields()
      while let field = try decoder.next(&message, &seen, .region) {
        if field.number == 1 {
          offset = try decoder.unsigned(field)
        } else {
          length = try decoder.unsigned(field)
        }
      }
      guard let end = ByteRange.end(offset: offset, length: length) else {
        decoder.faults.log(
          NativeFault.payloadRegions, at: decoder.place(message.end), expected: "< 2^64 B",
          actual: "\(offset) B + \(length) B")
        return nil
      }
      return offset..<end
    }
    return region ?? nil
  }
}
