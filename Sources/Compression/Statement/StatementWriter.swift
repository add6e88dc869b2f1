import Representation
public import Storage

extension CompressionStatement {
  /// The statement as JSON: fields in the order of the profile, no spaces, nothing that is absent, a line feed at the end.
  ///
  /// The same statement gives the same bytes everywhere; reading them gives it back.
  public var text: String { json.compact + "\n" }

  /// The statement as a JSON value.
  public var json: JSONValue {
    var out = Members()
    out.add("format", .string(Self.formatName))
    out.add("major", Self.supportedMajor)
    out.add("minor", minor)
    out.add("profile", profile)
    out.add("original", original.json)
    out.add("steps", list: steps.map(\.json))
    out.add("chains", chains.map(\.json))
    out.add("reductions", reductions.map(\.json))
    out.add("quantities", quantities.map(\.json))
    out.add("additions", additions.map(\.json))
    out.add("claims", claims?.json)
    out.add("limits", limits.map(\.json))
    if !extensions.isEmpty { out.add("extensions", JSONValue(.object(extensions))) }
    return out.value
  }

  /// The members of an object in the making; what is nil or an empty list is left out.
  fileprivate struct Members {
    private var members: [JSONValue.Member] = []

    var value: JSONValue { JSONValue(.object(members)) }

    mutating func add(_ name: String, _ value: JSONValue?) {
      if let value { members.append(.init(key: name, value: value)) }
    }

    mutating func add(_ name: String, _ content: JSONValue.Content) { add(name, JSONValue(content)) }

    mutating func add(_ name: String, _ text: String?) { add(name, text.map { JSONValue(.string($0)) }) }

    mutating func add(_ name: String, _ integer: Int64?) {
      add(name, integer.map { JSONValue(.number(.init(lexeme: String($0)))) })
    }

    mutating func add(_ name: String, _ number: Double?) { add(name, number.map(JSONValue.init(number:))) }

    mutating func add(_ name: String, _ values: [JSONValue]) {
      if !values.isEmpty { add(name, list: values) }
    }

    mutating func add(_ name: String, list: [JSONValue]) { add(name, JSONValue(.array(list))) }

    mutating func add(_ name: String, _ texts: [String]) {
      add(name, texts.map { JSONValue(.string($0)) })
    }
  }
}

extension JSONValue {
  /// A finite number in its shortest digits; a whole one without a fraction.
  public init(number: Double) {
    let integer = Int64(exactly: number).flatMap { $0.magnitude <= 1 << 53 ? $0 : nil }
    self.init(.number(.init(lexeme: integer.map(String.init) ?? number.description)))
  }
}

extension CompressionStatement.Identity {
  fileprivate var json: JSONValue {
    var out = CompressionStatement.Members()
    out.add("name", name)
    out.add("content", content)
    return out.value
  }
}

extension CompressionStatement.Step {
  fileprivate var json: JSONValue {
    var out = CompressionStatement.Members()
    out.add("name", name)
    out.add("method", method.word)
    if let tool {
      var inner = CompressionStatement.Members()
      inner.add("name", tool.name)
      inner.add("version", tool.version)
      out.add("tool", inner.value)
    }
    out.add("targets", targets?.json)
    if !settings.members.isEmpty { out.add("settings", JSONValue(.object(settings.members))) }
    out.add("data", data.map(\.json))
    out.add("input", input)
    out.add("output", output)
    out.add("metrics", metrics.map(\.json))
    return out.value
  }
}

extension CompressionStatement.Targets {
  fileprivate var json: JSONValue {
    var out = CompressionStatement.Members()
    if let include { out.add("include", list: include.map { JSONValue(.string($0)) }) }
    out.add("exclude", exclude)
    return out.value
  }
}

extension CompressionStatement.DataSource {
  fileprivate var json: JSONValue {
    var out = CompressionStatement.Members()
    out.add("kind", kind.rawValue)
    out.add("digest", digest.map(JSONValue.init(digest:)))
    out.add("samples", samples)
    out.add("description", description)
    return out.value
  }
}

extension CompressionStatement.Metric {
  fileprivate var json: JSONValue {
    var out = CompressionStatement.Members()
    out.add("name", name)
    out.add("task", task)
    out.add("data", data.map(JSONValue.init(digest:)))
    out.add("before", before)
    out.add("after", after)
    out.add("better", better.rawValue)
    out.add("limit", limit)
    return out.value
  }
}

extension CompressionStatement.Chain {
  fileprivate var json: JSONValue {
    var out = CompressionStatement.Members()
    out.add("name", name)
    out.add("stages", list: stages.map { JSONValue(.string($0)) })
    out.add("steps", steps)
    return out.value
  }
}

extension CompressionStatement.Reduction {
  fileprivate var json: JSONValue {
    var out = CompressionStatement.Members()
    out.add("kind", kind.rawValue)
    out.add("step", step)
    out.add("units", units)
    out.add(
      "kept",
      list: kept.map { run in
        JSONValue(.array([run.first, run.count].map { JSONValue(.number(.init(lexeme: String($0)))) }))
      })
    out.add("cuts", cuts.map(\.json))
    out.add("names", names)
    return out.value
  }
}

extension CompressionStatement.Cut {
  fileprivate var json: JSONValue {
    var out = CompressionStatement.Members()
    out.add("tensor", tensor)
    out.add("original", original)
    out.add("axis", axis)
    out.add("unit", unit)
    out.add("parts", parts == 1 ? nil : parts)
    return out.value
  }
}

extension CompressionStatement.Quantity {
  fileprivate var json: JSONValue {
    var out = CompressionStatement.Members()
    out.add("what", what.rawValue)
    out.add("step", step)
    out.add("targets", targets.json)
    out.add("element-type", elementType)
    out.add("symmetric", .boolean(symmetric))
    out.add("sharing", sharing.rawValue)
    out.add("size", size)
    out.add("range", range.rawValue)
    out.add("scale", scale)
    out.add("zero-point", zeroPoint)
    out.add("residual", residual)
    return out.value
  }
}

extension CompressionStatement.Addition {
  fileprivate var json: JSONValue {
    var out = CompressionStatement.Members()
    out.add("kind", kind.rawValue)
    out.add("step", step)
    out.add("variables", list: variables.map { JSONValue(.string($0)) })
    out.add("layer", layer)
    out.add("size", size)
    return out.value
  }
}

extension CompressionStatement.Claims {
  fileprivate var json: JSONValue {
    var out = CompressionStatement.Members()
    out.add("ratio", ratio)
    out.add("bits-per-weight", bitsPerWeight)
    out.add("sparsity", sparsity)
    return out.value
  }
}

extension CompressionStatement.FidelityLimit {
  fileprivate var json: JSONValue {
    var out = CompressionStatement.Members()
    out.add("targets", targets?.json)
    out.add("measure", measure.rawValue)
    out.add("value", value)
    return out.value
  }
}

extension JSONValue {
  fileprivate init(digest: DeclaredDigest) {
    var out = CompressionStatement.Members()
    out.add("algorithm", digest.algorithm)
    out.add("value", digest.value)
    self = out.value
  }
}
