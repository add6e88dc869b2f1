import Representation
import Storage

extension StatementParser {
  /// The whole statement; nil where its format or version is another one.
  mutating func statement(_ value: JSONValue) -> CompressionStatement? {
    guard value.members != nil else {
      log(.readable, at: value, "", expected: "{…}")
      return nil
    }
    if let format = value["format"], let text = format.string,
      ExactString(text) != ExactString(CompressionStatement.formatName)
    {
      log(.format, at: format, "format", expected: CompressionStatement.formatName)
      return nil
    }
    if let major = value["major"], let number = major.number, number.isInteger,
      number.integer != CompressionStatement.supportedMajor
    {
      log(
        .majorVersionSupported, .unsupported, at: major, "major",
        expected: "\(CompressionStatement.supportedMajor)")
      return nil
    }
    isComplete = true
    if let stated = value["minor"]?.number, stated.isInteger, !stated.lexeme.hasPrefix("-") {
      minor = stated.integer ?? .max
    }
    let names = [
      "format", "major", "minor", "profile", "original", "steps", "chains", "reductions", "quantities",
      "additions", "claims", "limits", "extensions",
    ]
    guard let fields = fields(value, at: "", names) else { return nil }
    _ = requiredText("format", in: fields)
    _ = requiredInteger("major", in: fields)
    if let stated = required("minor", in: fields, "0"), stated.number?.integer.map({ $0 >= 0 }) != true {
      log(.fieldsForm, at: stated, "minor", expected: "≥ 0")
    }
    var statement = CompressionStatement(steps: [])
    statement.minor = minor
    statement.profile = text("profile", in: fields)
    if let original = required("original", in: fields, "{…}") {
      statement.original = identity(original, at: "original")
    }
    statement.steps = list("steps", in: fields, isRequired: true).map { step($0.value, at: $0.path) }
    statement.chains = list("chains", in: fields).map { chain($0.value, at: $0.path) }
    statement.reductions = list("reductions", in: fields).map { reduction($0.value, at: $0.path) }
    statement.quantities = list("quantities", in: fields).map { quantity($0.value, at: $0.path) }
    statement.additions = list("additions", in: fields).map { addition($0.value, at: $0.path) }
    statement.claims = fields["claims"].map { claims($0, at: "claims") }
    statement.limits = list("limits", in: fields).map { limit($0.value, at: $0.path) }
    statement.extensions = fields["extensions"].map { extensions($0, at: "extensions") } ?? []
    return statement
  }

  private mutating func identity(_ value: JSONValue, at path: String) -> CompressionStatement.Identity {
    guard let fields = fields(value, at: path, ["name", "content"]) else { return .init() }
    return .init(name: text("name", in: fields), content: digest("content", in: fields))
  }

  private mutating func extensions(_ value: JSONValue, at path: String) -> [JSONValue.Member] {
    guard let members = value.members else {
      log(.fieldsForm, at: value, path, expected: "{…}")
      return []
    }
    for member in members where !Self.isReverseDNS(member.key) {
      log(
        .fieldsForm, at: member.value, "\(path).\(member.key)", expected: "com.example.…", actual: member.key)
    }
    return members
  }

  private mutating func step(_ value: JSONValue, at path: String) -> CompressionStatement.Step {
    var step = CompressionStatement.Step(name: "", method: .other(""), tool: nil)
    let names = ["name", "method", "tool", "targets", "settings", "data", "input", "output", "metrics"]
    guard let fields = fields(value, at: path, names) else { return step }
    step.name = requiredText("name", in: fields)
    step.method = .init(requiredText("method", in: fields))
    // That there is none is a requirement of its own.
    if let tool = fields["tool"], let inner = self.fields(tool, at: fields.path("tool"), ["name", "version"])
    {
      step.tool = .init(name: requiredText("name", in: inner), version: text("version", in: inner))
    }
    step.targets = targets(in: fields)
    step.settings = settings(in: fields)
    step.data = list("data", in: fields).map { data($0.value, at: $0.path) }
    step.input = digest("input", in: fields)
    step.output = digest("output", in: fields)
    step.metrics = list("metrics", in: fields).map { metric($0.value, at: $0.path) }
    return step
  }

  mutating func targets(in fields: Fields) -> CompressionStatement.Targets? {
    guard let value = fields["targets"] else { return nil }
    guard
      let inner = self.fields(value, at: fields.path("targets"), ["include", "exclude"], form: fields.form)
    else { return nil }
    let include = inner["include"] == nil ? nil : texts("include", in: inner)
    return .init(include: include, exclude: texts("exclude", in: inner))
  }

  private mutating func settings(in fields: Fields) -> CompressionStatement.Settings {
    guard let value = fields["settings"] else { return .init() }
    let path = fields.path("settings")
    guard let members = value.members else {
      log(.fieldsForm, at: value, path, expected: "{…}")
      return .init()
    }
    for member in members {
      guard let form = CompressionStatement.Settings.forms[member.key] else { continue }
      if let expected = Self.expectation(form, of: member.value) {
        log(.fieldsForm, at: member.value, "\(path).\(member.key)", expected: expected)
      }
    }
    return .init(members)
  }

  /// What a setting should have been; nil where it is.
  private static func expectation(
    _ form: CompressionStatement.Settings.Form, of value: JSONValue
  ) -> String? {
    switch form {
    case .integer: value.number?.integer == nil ? "−2⁶³ … 2⁶³ − 1" : nil
    case .number: value.number?.double.isFinite == true ? nil : "f64, < ∞"
    case .text: value.string == nil ? "\"…\"" : nil
    case .boolean: value.boolean == nil ? "true false" : nil
    case .integerOrIntegers:
      (value.elements ?? [value]).allSatisfy { $0.number?.integer != nil } ? nil : "[−2⁶³ … 2⁶³ − 1]"
    case .words(let words):
      value.string.map { words.contains($0) || isReverseDNS($0) } == true
        ? nil : words.joined(separator: " ")
    }
  }

  private mutating func data(_ value: JSONValue, at path: String) -> CompressionStatement.DataSource {
    guard let fields = fields(value, at: path, ["kind", "digest", "samples", "description"]) else {
      return .init(.calibration)
    }
    return .init(
      requiredWord("kind", in: fields, or: .calibration), digest: declaredDigest("digest", in: fields),
      samples: integer("samples", in: fields), description: text("description", in: fields))
  }

  private mutating func declaredDigest(_ name: String, in fields: Fields) -> DeclaredDigest? {
    guard let value = fields[name],
      let inner = self.fields(value, at: fields.path(name), ["algorithm", "value"], form: fields.form)
    else { return nil }
    let algorithm: Digest.Algorithm = requiredWord("algorithm", in: inner, or: .sha256)
    return DeclaredDigest(algorithm: algorithm.rawValue, value: requiredText("value", in: inner))
  }

  private mutating func metric(_ value: JSONValue, at path: String) -> CompressionStatement.Metric {
    let none = CompressionStatement.Metric(name: "", before: 0, after: 0, better: .higher)
    let names = ["name", "task", "data", "before", "after", "better", "limit"]
    guard let fields = fields(value, at: path, names, form: .metricForm) else { return none }
    let metric = CompressionStatement.Metric(
      name: requiredText("name", in: fields), task: text("task", in: fields),
      data: declaredDigest("data", in: fields), before: requiredNumber("before", in: fields),
      after: requiredNumber("after", in: fields), better: requiredWord("better", in: fields, or: .higher),
      limit: number("limit", in: fields))
    if let limit = metric.limit, limit < 0, let value = fields["limit"] {
      log(.metricForm, at: value, fields.path("limit"), expected: "≥ 0")
    }
    return metric
  }
}
