import Numerics
import Representation

/// Writes what a file is as JSON (`inspect --json`).
public enum InspectionJSON {
  /// Writes an inspection on behalf of a tool.
  ///
  /// - Throws: what the sink throws.
  public static func write<Sink: ByteSink>(
    _ inspection: Inspection, by tool: (name: String, version: String), to sink: inout Sink
  ) throws {
    try JSONWriter.write(to: &sink) { writer in try object(inspection, by: tool, &writer) }
  }

  private static func object(
    _ inspection: Inspection, by tool: (name: String, version: String),
    _ writer: inout JSONWriter<AnyByteSink>
  ) throws {
    try writer.object { writer in
      writer.key("tool")
      try writer.object {
        $0.field("name", tool.name)
        $0.field("version", tool.version)
      }
      writer.field("path", inspection.path)
      writer.field("format", inspection.format)
      writer.field("bytes", inspection.bytes)
      writer.key("model")
      try model(inspection, &writer)
      writer.key("graphs")
      try writer.list(inspection.model.graphs) { try graph($1, &$0) }
      writer.key("tensors")
      try writer.list(inspection.tensors) { try tensor($1, &$0) }
    }
  }

  private static func model<Sink>(_ inspection: Inspection, _ writer: inout JSONWriter<Sink>) throws {
    let model = inspection.model
    try writer.object { writer in
      writer.field("name", ifAny: model.name)
      writer.field("version", ifAny: model.version)
      writer.field("identifier", ifAny: model.identifier)
      writer.field("licence", ifAny: model.licence)
      if let producer = model.producer {
        writer.key("producer")
        try writer.object {
          $0.field("name", producer.name)
          $0.field("version", ifAny: producer.version)
        }
      }
      writer.key("contributors")
      try writer.list(model.contributors) { writer, contributor in
        try writer.object {
          $0.field("name", ifAny: contributor.name)
          $0.field("organisation", ifAny: contributor.organisation)
          $0.field("email", ifAny: contributor.email)
          $0.field("role", ifAny: contributor.role)
        }
      }
      writer.key("modalities")
      try writer.list(model.modalities) { $0.text($1) }
      if let architecture = model.architecture {
        writer.key("architecture")
        try Self.architecture(architecture, &writer)
      }
      if let count = inspection.parameterCount { writer.field("parameters", count) }
      writer.key("element_types")
      try writer.list(inspection.elementTypes) { writer, total in
        try writer.object {
          $0.field("type", total.type.rawValue)
          $0.field("elements", total.elements)
          $0.field("bytes", total.bytes)
        }
      }
      writer.key("assets")
      try writer.list(model.assets) { writer, asset in
        try writer.object {
          $0.field("kind", asset.kind)
          $0.field("path", asset.path)
        }
      }
      writer.key("operator_sets")
      try writer.list(model.operatorSets) { writer, set in
        try writer.object {
          $0.field("domain", set.domain)
          $0.field("version", set.version)
        }
      }
      writer.key("blocks")
      try writer.list(model.blocks) { $0.text($1.name) }
    }
  }

  private static func architecture<Sink>(
    _ architecture: Architecture, _ writer: inout JSONWriter<Sink>
  ) throws {
    try writer.object { writer in
      writer.field("kind", ifAny: architecture.kind)
      writer.field("family", ifAny: architecture.family)
      writer.key("hyper_parameters")
      try writer.list(architecture.hyperParameters) { writer, parameter in
        try writer.object {
          $0.field("name", parameter.name)
          $0.key("value")
          switch parameter.value {
          case .integer(let value): $0.integer(value)
          case .float(let value): $0.number(value)
          case .text(let value): $0.text(value)
          case .boolean(let value): $0.boolean(value)
          }
        }
      }
    }
  }

  private static func graph<Sink>(_ graph: Graph, _ writer: inout JSONWriter<Sink>) throws {
    try writer.object { writer in
      writer.field("name", ifAny: graph.name)
      writer.field("nodes", graph.nodes.count)
      writer.key("inputs")
      try writer.list(graph.inputs) { try value($1, &$0) }
      writer.key("outputs")
      try writer.list(graph.outputs) { try value($1, &$0) }
    }
  }

  private static func value<Sink>(_ value: Value, _ writer: inout JSONWriter<Sink>) throws {
    try writer.object {
      $0.field("name", value.name)
      $0.field("type", ifAny: value.type?.notation)
    }
  }

  private static func tensor<Sink>(
    _ tensor: Inspection.TensorLine, _ writer: inout JSONWriter<Sink>
  ) throws {
    try writer.object { writer in
      writer.field("name", tensor.name)
      writer.field("kind", ifAny: tensor.kind)
      writer.field("element_type", ifAny: tensor.type.elementType?.rawValue)
      if let dims = tensor.type.dims {
        writer.key("dims")
        try writer.list(dims) { writer, dim in
          switch dim {
          case .fixed(let size): writer.integer(size)
          case .symbolic(let name): writer.text(name)
          case .unknown: writer.null()
          }
        }
      }
      writer.field("storage", tensor.storage)
      writer.field("file", ifAny: tensor.file)
      if let offset = tensor.offset { writer.field("offset", offset) }
      if let length = tensor.length { writer.field("length", length) }
    }
  }
}

extension JSONWriter {
  /// Writes a key with a text, or nothing where there is no text.
  fileprivate mutating func field(_ name: String, ifAny value: String?) {
    if let value { field(name, value) }
  }
}
