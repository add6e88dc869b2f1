import Representation

/// The keys of each mapping of a metadata file; `conformance/schema/metadata.schema.json` says the same.
enum MetadataKeys {
  static let model = [
    "name", "version", "identifier", "producer", "documentation", "licence", "contributors", "architecture",
    "modalities", "pre-training", "parameter-count", "properties",
  ]
  static let producer = ["name", "version"]
  static let contributor = ["name", "organisation", "email", "role"]
  static let architecture = ["kind", "family", "hyper-parameters"]
  static let preTraining = ["paradigm", "objective", "data-volume", "data-unit", "precision"]
}

extension Model {
  /// The fields that a metadata file gives.
  init(metadata root: MetadataMapping) throws(MetadataError) {
    self.init()
    try root.allow(MetadataKeys.model)
    name = try root.text("name")
    version = try root.text("version")
    identifier = try root.text("identifier")
    documentation = try root.text("documentation")
    licence = try root.text("licence")
    parameterCount = try root.count("parameter-count")
    if let mapping = try root.mapping("producer", allowing: MetadataKeys.producer) {
      guard let name = try mapping.text("name") else {
        throw mapping.error(
          .missingKey, zh: "“producer” 缺少 “name”", en: "“producer” lacks its “name”")
      }
      producer = Producer(name: name, version: try mapping.text("version"))
    }
    for item in try root["contributors"]?.list() ?? [] {
      let mapping = try MetadataMapping(item)
      try mapping.allow(MetadataKeys.contributor)
      contributors.append(
        Contributor(
          name: try mapping.text("name"), organisation: try mapping.text("organisation"),
          email: try mapping.text("email"), role: try mapping.text("role")))
    }
    for item in try root["modalities"]?.list() ?? [] { modalities.append(try item.text()) }
    if let mapping = try root.mapping("architecture", allowing: MetadataKeys.architecture) {
      architecture = try Architecture(metadata: mapping)
    }
    if let mapping = try root.mapping("pre-training", allowing: MetadataKeys.preTraining) {
      preTraining = try PreTraining(metadata: mapping)
    }
    for (key, value) in try root["properties"]?.pairs() ?? [] {
      properties.append(Property(key: key, value: try value.text()))
    }
  }
}

extension Architecture {
  fileprivate init(metadata mapping: MetadataMapping) throws(MetadataError) {
    self.init()
    kind = try mapping.text("kind")
    family = try mapping.text("family")
    for (name, value) in try mapping["hyper-parameters"]?.pairs() ?? [] {
      hyperParameters.append(HyperParameter(name, try value.hyperParameter()))
    }
  }
}

extension PreTraining {
  fileprivate init(metadata mapping: MetadataMapping) throws(MetadataError) {
    self.init()
    paradigm = try mapping.text("paradigm")
    objective = try mapping.text("objective")
    dataVolume = try mapping.count("data-volume")
    dataUnit = try mapping.text("data-unit")
    precision = try mapping.text("precision")
  }
}
