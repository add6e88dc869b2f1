import Storage

extension StatementParser {
  mutating func chain(_ value: JSONValue, at path: String) -> CompressionStatement.Chain {
    guard let fields = fields(value, at: path, ["name", "stages", "steps"]) else {
      return .init(name: "", stages: [])
    }
    return .init(
      name: requiredText("name", in: fields), stages: texts("stages", in: fields, isRequired: true),
      steps: texts("steps", in: fields))
  }

  mutating func reduction(_ value: JSONValue, at path: String) -> CompressionStatement.Reduction {
    var reduction = CompressionStatement.Reduction(.other, step: "", units: 0, kept: [])
    guard let fields = fields(value, at: path, ["kind", "step", "units", "kept", "cuts", "names"]) else {
      return reduction
    }
    reduction.kind = requiredWord("kind", in: fields, or: .other)
    reduction.step = requiredText("step", in: fields)
    reduction.units = requiredInteger("units", in: fields)
    for (run, place) in list("kept", in: fields, isRequired: true) {
      guard let pair = run.elements else {
        log(.fieldsForm, at: run, place, expected: "[…]")
        continue
      }
      let numbers = pair.enumerated().compactMap { integer($1, at: "\(place)[\($0)]", .fieldsForm) }
      // What is no pair has the form of the field, and is no run: the requirement on runs says so.
      reduction.kept.append(numbers.count == 2 ? .init(numbers[0], numbers[1]) : .init(0, 0))
    }
    reduction.cuts = list("cuts", in: fields).map { cut($0.value, at: $0.path) }
    reduction.names = texts("names", in: fields)
    return reduction
  }

  private mutating func cut(_ value: JSONValue, at path: String) -> CompressionStatement.Cut {
    guard let fields = fields(value, at: path, ["tensor", "original", "axis", "unit", "parts"]) else {
      return .init(tensor: "", axis: 0, unit: 0)
    }
    return .init(
      tensor: requiredText("tensor", in: fields), original: text("original", in: fields),
      axis: requiredInteger("axis", in: fields), unit: requiredInteger("unit", in: fields),
      parts: integer("parts", in: fields) ?? 1)
  }

  mutating func quantity(_ value: JSONValue, at path: String) -> CompressionStatement.Quantity {
    let names = [
      "what", "step", "targets", "element-type", "symmetric", "sharing", "size", "range", "scale",
      "zero-point", "residual",
    ]
    guard let fields = fields(value, at: path, names, form: .quantityForm) else {
      return .init(
        what: .activation, step: "", targets: .init(), elementType: "", symmetric: true, sharing: .tensor,
        range: .dynamic)
    }
    _ = required("targets", in: fields, "{…}")
    return .init(
      what: requiredWord("what", in: fields, or: .activation), step: requiredText("step", in: fields),
      targets: targets(in: fields) ?? .init(), elementType: requiredText("element-type", in: fields),
      symmetric: requiredBoolean("symmetric", in: fields),
      sharing: requiredWord("sharing", in: fields, or: .tensor), size: integer("size", in: fields),
      range: requiredWord("range", in: fields, or: .dynamic), scale: number("scale", in: fields),
      zeroPoint: integer("zero-point", in: fields), residual: integer("residual", in: fields))
  }

  mutating func addition(_ value: JSONValue, at path: String) -> CompressionStatement.Addition {
    let names = ["kind", "step", "variables", "layer", "size"]
    guard let fields = fields(value, at: path, names, form: .additionForm) else {
      return .init(kind: .adapter, step: "", variables: [])
    }
    return .init(
      kind: requiredWord("kind", in: fields, or: .adapter), step: requiredText("step", in: fields),
      variables: texts("variables", in: fields, isRequired: true), layer: integer("layer", in: fields),
      size: integer("size", in: fields))
  }

  mutating func claims(_ value: JSONValue, at path: String) -> CompressionStatement.Claims {
    guard let fields = fields(value, at: path, ["ratio", "bits-per-weight", "sparsity"]) else {
      return .init()
    }
    return .init(
      ratio: number("ratio", in: fields), bitsPerWeight: number("bits-per-weight", in: fields),
      sparsity: number("sparsity", in: fields))
  }

  mutating func limit(_ value: JSONValue, at path: String) -> CompressionStatement.FidelityLimit {
    guard let fields = fields(value, at: path, ["targets", "measure", "value"]) else {
      return .init(.relativeError, 0)
    }
    return .init(
      requiredWord("measure", in: fields, or: .relativeError), requiredNumber("value", in: fields),
      targets: targets(in: fields))
  }
}
