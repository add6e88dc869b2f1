public import Profile
import Representation

/// The catalogue as `requirements list` shows it.
public enum CatalogueListing {
  /// Writes a table for people, sorted by id.
  public static func write<Sink: ByteSink>(
    _ catalogue: Catalogue, _ options: ConsoleOptions, to sink: inout Sink
  ) throws {
    var page = ConsolePage(options)
    let language = options.language
    let header =
      language == .zh
      ? ["编号", "条款", "程度", "来源", "层次", "键", "内容"]
      : ["id", "clause", "modality", "source", "level", "key", "title"]
    let rows = catalogue.requirements.map { requirement in
      [
        requirement.id, requirement.clause, requirement.modality.word[language],
        requirement.provenance.rawValue, requirement.level.word[language], requirement.key,
        requirement.title[language],
      ]
    }
    let widths = header.indices.map { column in
      ([header] + rows).map { DisplayWidth.of($0[column]) }.max() ?? 0
    }
    page.row(header, widths, .strong)
    for row in rows { page.row(row, widths, .plain) }
    page.skip()
    page.paragraph(catalogue.provenanceStatement[language], indent: 0, .faint)
    try sink.append(page.take())
  }

  /// Writes everything that the catalogue says, as JSON; `requirements diff` compares two such files.
  public static func writeJSON<Sink: ByteSink>(_ catalogue: Catalogue, to sink: inout Sink) throws {
    var writer = JSONWriter(sink)
    try writer.object { writer in
      try writer.profile(catalogue)
      writer.key("requirements")
      try writer.list(catalogue.requirements) { writer, requirement in try writer.requirement(requirement) }
    }
    sink = try writer.finish()
  }
}

extension ConsolePage {
  fileprivate mutating func row(_ cells: [String], _ widths: [Int], _ style: Style) {
    var padded = zip(cells, widths).map { DisplayWidth.padded($0, to: $1) }
    // No spaces at the end of a line.
    if let last = cells.last { padded[padded.count - 1] = last }
    line((padded.joined(separator: "  "), style))
  }
}

extension JSONWriter {
  fileprivate mutating func requirement(_ requirement: Requirement) throws {
    try object { writer in
      writer.field("id", requirement.id)
      writer.field("key", requirement.key)
      writer.field("clause", requirement.clause)
      writer.field("modality", requirement.modality.rawValue)
      writer.field("provenance", requirement.provenance.rawValue)
      writer.field("level", requirement.level.rawValue)
      writer.field("reads", requirement.reads.rawValue)
      writer.field("scope", requirement.scope.rawValue)
      try writer.texts("aspects", requirement.aspects.map(\.rawValue).sorted())
      try writer.texts("conditions", requirement.conditions.map(\.rawValue))
      writer.key("values")
      try writer.list(requirement.values) { writer, value in try writer.value(value) }
      try writer.text("title", requirement.title)
      try writer.text("message", requirement.message)
      try writer.text("fix", requirement.fix)
      try writer.text("rationale", requirement.rationale)
      writer.key("example")
      try writer.object { writer in
        writer.field("passing", requirement.example.passing)
        writer.field("failing", requirement.example.failing)
      }
      try writer.texts("interpretations", requirement.interpretations)
    }
  }

  private mutating func value(_ value: Requirement.Value) throws {
    try object { writer in
      writer.field("name", value.name)
      switch value.content {
      case .number(let number):
        writer.key("number")
        writer.number(number)
      case .texts(let texts): try writer.texts("texts", texts)
      }
      try writer.text("reason", value.reason)
    }
  }

  private mutating func texts(_ name: String, _ texts: [String]) throws {
    key(name)
    try list(texts) { writer, text in writer.text(text) }
  }
}
