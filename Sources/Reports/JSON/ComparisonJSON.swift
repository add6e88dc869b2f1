import Profile

extension JSONWriter {
  /// What a comparison measured: `comparison` of a sample.
  mutating func comparison(_ figures: ComparisonFigures) throws {
    key("comparison")
    try object { writer in
      writer.key("total")
      try writer.measures(figures.total)
      writer.key("recomputed")
      try writer.object { writer in
        writer.figure("ratio", figures.ratio)
        writer.figure("bits-per-weight", figures.bitsPerWeight)
        writer.figure("sparsity", figures.sparsity)
      }
      writer.key("layers")
      try writer.list(figures.byLayer) { writer, entry in
        try writer.object { writer in
          if let layer = entry.layer { writer.field("layer", layer) }
          writer.key("measures")
          try writer.measures(entry.measures)
        }
      }
      writer.key("kinds")
      try writer.list(figures.byKind) { writer, entry in
        try writer.object { writer in
          writer.field("kind", entry.kind)
          writer.key("measures")
          try writer.measures(entry.measures)
        }
      }
      writer.key("worst")
      try writer.list(figures.worst) { writer, tensor in writer.text(tensor.name) }
      writer.key("tensors")
      try writer.list(figures.tensors) { writer, tensor in try writer.tensor(tensor) }
      writer.key("unpaired")
      try writer.list(figures.unpaired) { writer, name in writer.text(name) }
      writer.key("added")
      try writer.list(figures.added) { writer, name in writer.text(name) }
    }
  }

  private mutating func tensor(_ tensor: ComparisonFigures.TensorFigures) throws {
    try object { writer in
      writer.field("name", tensor.name)
      if let name = tensor.originalName { writer.field("original", name) }
      if let layer = tensor.layer { writer.field("layer", layer) }
      writer.field("kind", tensor.kind)
      writer.field("type", tensor.candidateType)
      if tensor.originalType != tensor.candidateType { writer.field("original-type", tensor.originalType) }
      if let differing = tensor.differing { writer.field("differing", differing) }
      writer.figure("margin", tensor.margin)
      if let measures = tensor.measures {
        writer.key("measures")
        try writer.measures(measures)
      }
    }
  }

  private mutating func measures(_ measures: ComparisonFigures.Measures) throws {
    try object { writer in
      writer.field("elements", measures.elements)
      writer.figure("relative-error", measures.relativeError)
      // Infinite where nothing differs, which JSON has no number for: then it is left out.
      writer.figure("sqnr-db", measures.sqnr)
      writer.figure("cosine", measures.cosine)
      writer.figure("greatest-error", measures.greatestError)
    }
  }

  /// A number, where there is one that JSON can hold.
  private mutating func figure(_ name: String, _ value: Double?) {
    guard let value, value.isFinite else { return }
    key(name)
    number(value)
  }
}
