import Representation
import Storage

/// ModelProto, OperatorSetIdProto, StringStringEntryProto, FunctionProto.
extension ONNXDecoder {
  /// Reads the whole file.
  mutating func readModel() throws(Fault) {
    try readVersion()
    var message = wire.root
    var seen: UInt64 = 0
    var hasGraph = false
    var graph = Graph()
    var producer: (name: String?, version: String?) = (nil, nil)
    var domain: String?
    var operatorSets: [OperatorSet] = []
    do throws(Fault) {
      while let field = try wire.next(&message) {
        if field.number <= 7 { once(field, &seen, in: "ModelProto") }
        switch field.number {
        case 1: _ = try wire.integer(field)
        case 2: producer.name = try statement(field)
        case 3: producer.version = try statement(field)
        case 4: domain = try statement(field)
        case 5:
          let number = try wire.integer(field)
          model.version = number > 0 ? "\(number)" : nil
        case 6: model.documentation = try statement(field)
        case 7:
          hasGraph = true
          try readMainGraph(field, in: message, into: &graph)
        case 8:
          needs(3, "opset_import", at: field.offset)
          try readOperatorSet(field, in: message, into: &operatorSets)
        case 14: try readMetadata(field, in: message)
        case 20:
          needs(7, "training_info", at: field.offset)
          if try isMessage(field) {
            log(.training, at: field.offset, actual: "training_info, \(field.value) B")
          }
        case 25: try readFunction(field, in: message)
        case 26:
          needs(11, "configuration", at: field.offset)
          try judge(field, in: message, as: .deviceConfiguration)
        default: unknown(field, in: "ModelProto")
        }
      }
    } catch {
      // What stood before the damage is kept.
      try recover(error, to: 0, lost: Set(Aspect.allCases))
    }
    if hasGraph { model.graphs = [graph] }
    model.operatorSets = operatorSets
    if let name = producer.name { model.producer = Producer(name: name, version: producer.version) }
    // A pair of the file's own stands: a model must not break a rule that its file keeps.
    if let domain, !model.properties.contains(where: { $0.key == "onnx.domain" }) {
      model.properties.append(Property(key: "onnx.domain", value: domain))
    }
    applyMetadata()
    judgeModel(hasGraph: hasGraph)
  }

  /// Finds the version first: rules for what stands before it depend on it.
  private mutating func readVersion() throws(Fault) {
    var message = wire.root
    do throws(Fault) {
      while let field = try wire.next(&message) {
        if field.number == 1, field.type == .varint { version = Int64(bitPattern: field.value) }
      }
    } catch {
      // Reported where the fields are read.
      if FileFault(rawValue: error.code) != nil { throw error }
    }
  }

  private mutating func readMainGraph(
    _ field: WireField, in message: WireMessage, into graph: inout Graph
  ) throws(Fault) {
    trail.append(.element("graphs", 0))
    isMainGraph = true
    do throws(Fault) {
      try readGraph(try wire.message(field, in: message), into: &graph)
    } catch {
      try recover(error, to: 0, lost: [.graphs, .parameters])
    }
    isMainGraph = false
    trail.removeAll()
    // The variables of the main graph are the model's.
    if model.parameters.isEmpty {
      swap(&model.parameters, &graph.variables)
    } else {
      // A second field for the graph adds to the first one.
      model.parameters += graph.variables
      graph.variables = []
    }
  }

  private mutating func readOperatorSet(
    _ field: WireField, in parent: WireMessage, into list: inout [OperatorSet]
  ) throws(Fault) {
    try count(OperatorSet.self, at: field)
    let depth = trail.count
    trail.append(.element("operatorSets", list.count))
    do throws(Fault) {
      var message = try wire.message(field, in: parent)
      var set = OperatorSet(domain: "", version: 0)
      var seen: UInt64 = 0
      while let field = try wire.next(&message) {
        switch field.number {
        case 1:
          once(field, &seen, in: "OperatorSetIdProto")
          set.domain = Self.domain(try text(field))
        case 2:
          once(field, &seen, in: "OperatorSetIdProto")
          set.version = try wire.integer(field)
        default: unknown(field, in: "OperatorSetIdProto")
        }
      }
      list.append(set)
      trail.removeLast()
    } catch {
      try recover(error, to: depth, lost: [.graphs])
    }
  }

  /// The default domain has two spellings, of which the representation has the empty one.
  static func domain(_ text: String) -> String { text == "ai.onnx" ? "" : text }

  /// A pair of texts.
  mutating func readPair(_ field: WireField, in parent: WireMessage) throws(Fault) -> Property {
    var message = try wire.message(field, in: parent)
    var pair = Property(key: "", value: "")
    var seen: UInt64 = 0
    while let field = try wire.next(&message) {
      switch field.number {
      case 1:
        once(field, &seen, in: "StringStringEntryProto")
        pair.key = try text(field)
      case 2:
        once(field, &seen, in: "StringStringEntryProto")
        pair.value = try text(field)
      default: unknown(field, in: "StringStringEntryProto")
      }
    }
    return pair
  }

  private mutating func readMetadata(_ field: WireField, in message: WireMessage) throws(Fault) {
    try count(Property.self, at: field)
    do throws(Fault) {
      let pair = try readPair(field, in: message)
      if model.properties.contains(where: { ExactString($0.key) == ExactString(pair.key) }) {
        // The first one counts, so that the model itself is not judged for what the container is judged for.
        log(.metadataKeys, at: field.offset, actual: pair.key)
      } else {
        model.properties.append(pair)
      }
    } catch {
      try recover(error, to: 0, lost: [.description])
    }
  }

  /// The keys that the specification defines say who made the model and under which licence.
  private mutating func applyMetadata() {
    for property in model.properties {
      switch property.key {
      case "model_license" where !property.value.isEmpty:
        model.licence = model.licence ?? property.value
      case "model_author":
        let names = property.value.split(separator: ",").map(Self.trimmed).filter { !$0.isEmpty }
        model.contributors += names.map { Contributor(name: $0, role: "author") }
      default: break
      }
    }
  }

  private static func trimmed(_ text: Substring) -> String {
    let isSpace: (Character) -> Bool = { $0.isWhitespace }
    guard let end = text.lastIndex(where: { !isSpace($0) }) else { return "" }
    return String(text[...end].drop(while: isSpace))
  }

  private mutating func readFunction(_ field: WireField, in parent: WireMessage) throws(Fault) {
    try count(Block.self, at: field)
    if version > 0, version < 8 {
      log(
        .functionVersion, at: field.offset, expected: "ir_version ≥ 8", actual: "ir_version \(version)")
    }
    trail = [.element("blocks", model.blocks.count)]
    do throws(Fault) {
      let block = try readFunction(try wire.message(field, in: parent))
      model.blocks.append(block)
      trail.removeAll()
    } catch {
      try recover(error, to: 0, lost: [.graphs, .parameters])
    }
  }

  private mutating func readFunction(_ whole: WireMessage) throws(Fault) -> Block {
    var message = whole
    var seen: UInt64 = 0
    var block = Block("", body: Graph())
    while let field = try wire.next(&message) {
      switch field.number {
      case 1:
        once(field, &seen, in: "FunctionProto")
        block.name = try text(field)
        trail[0] = .named("blocks", block.name)
      case 4, 5:
        try count(Value.self, at: field)
        let value = Value(try text(field))
        if field.number == 4 { block.body.inputs.append(value) } else { block.body.outputs.append(value) }
      case 6: try append(field, to: &block.requiredAttributes)
      case 7:
        trail.append(.field("body"))
        try readNode(field, in: message, into: &block.body)
        trail.removeLast()
      case 8:
        once(field, &seen, in: "FunctionProto")
        block.body.documentation = try statement(field)
      case 9: try readOperatorSet(field, in: message, into: &block.operatorSets)
      case 10:
        once(field, &seen, in: "FunctionProto")
        block.domain = Self.domain(try text(field))
      case 11:
        needs(9, "attribute_proto", at: field.offset)
        try readAttribute(field, in: message, into: &block.defaultAttributes, list: "defaultAttributes")
      case 12:
        needs(10, "value_info", at: field.offset)
        try readValue(field, in: message, into: &block.body.valueTypes, list: "valueTypes")
      case 13:
        once(field, &seen, in: "FunctionProto")
        block.overload = try text(field)
        if !block.overload.isEmpty { needs(10, "overload", at: field.offset) }
      case 14:
        needs(10, "metadata_props", at: field.offset)
        try judge(field, in: message, as: .pair)
      default: unknown(field, in: "FunctionProto")
      }
    }
    // The body's values have no types of their own in ONNX; those that stand beside them say the same.
    if !block.body.valueTypes.isEmpty {
      let types = Dictionary(
        block.body.valueTypes.map { (ExactString($0.name), $0.type) }, uniquingKeysWith: { first, _ in first }
      )
      for index in block.body.inputs.indices {
        block.body.inputs[index].type = types[ExactString(block.body.inputs[index].name)] ?? nil
      }
      for index in block.body.outputs.indices {
        block.body.outputs[index].type = types[ExactString(block.body.outputs[index].name)] ?? nil
      }
      let ends = Set((block.body.inputs + block.body.outputs).map { ExactString($0.name) })
      block.body.valueTypes.removeAll { ends.contains(ExactString($0.name)) }
    }
    return block
  }

  private mutating func judgeModel(hasGraph: Bool) {
    trail.removeAll()
    let file = Place(wire.source.name)
    // Where the top of the file could not be read to its end, silence proves nothing.
    let isWhole = known.contains(.description)
    if version <= 0, isWhole || version < 0 {
      faults.log(
        ONNXFault.versionPresent, at: file, expected: "1…\(Self.newestVersion)",
        actual: version == 0 ? nil : "\(version)")
    } else if version > Self.newestVersion {
      faults.log(
        ONNXFault.versionKnown, .unsupported, at: file, expected: "≤ \(Self.newestVersion)",
        actual: "\(version)")
    }
    if isWhole, version >= 3, model.operatorSets.isEmpty, known.contains(.graphs) {
      faults.log(ONNXFault.operatorSets, at: file, expected: "opset_import ≥ 1", actual: "0")
    }
    if isWhole, !hasGraph { faults.log(ONNXFault.graph, at: file, expected: "graph") }
    if version > 0, version < 3, model.operatorSets.isEmpty {
      // The first versions of the format know no imports: everything is the first version of the default set.
      model.operatorSets = [OperatorSet(domain: "", version: 1)]
    }
  }
}
