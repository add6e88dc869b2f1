import Representation
import Storage

extension PMRModel {
  /// The message for a model, with the name and the version of the form.
  ///
  /// - Throws: `NativeWriter.Failure` where the form cannot hold what the model has.
  init(_ model: Model) throws(NativeWriter.Failure) {
    self.init()
    format = NativeForm.name
    major = NativeForm.major
    // The earliest version that has everything of the model, so that as many readers as possible know all of it.
    minor = model.hasCompressedContent ? NativeForm.minorOfCompression : 0
    if let value = model.profile { profile = value }
    if let value = model.name { name = value }
    if let value = model.version { version = value }
    if let value = model.identifier { identifier = value }
    if let value = model.producer { producer = PMRProducer(value) }
    if let value = model.documentation { documentation = value }
    if let value = model.licence { licence = value }
    contributors = model.contributors.map(PMRContributor.init)
    if let value = model.architecture { architecture = PMRArchitecture(value) }
    modalities = model.modalities
    if let value = model.preTraining { preTraining = PMRPreTraining(value) }
    if let value = model.parameterCount { parameterCount = value }
    assets = model.assets.map(PMRAsset.init)
    operatorSets = model.operatorSets.map(PMROperatorSet.init)
    graphs = try model.graphs.enumerated().mapThrowing { index, graph throws(NativeWriter.Failure) in
      try PMRGraph(graph, at: .model.element("graphs", index))
    }
    blocks = try model.blocks.mapThrowing { block throws(NativeWriter.Failure) in try PMRBlock(block) }
    parameters = try model.parameters.mapThrowing { variable throws(NativeWriter.Failure) in
      try PMRVariable(variable, in: .model, list: "parameters")
    }
    partitions = model.partitions.map(PMRPartition.init)
    if let value = model.compressionStatement { compressionStatement = value }
    properties = model.properties.map { property in
      var message = PMRProperty()
      message.key = property.key
      message.value = property.value
      return message
    }
    extensions = model.extensions.map(PMRExtension.init)
    files = model.files.map(PMRParameterFile.init)
    complete = true
  }
}

extension Sequence {
  /// `map` that keeps the type of what it throws.
  func mapThrowing<Result, Failure: Error>(
    _ transform: (Element) throws(Failure) -> Result
  ) throws(Failure) -> [Result] {
    var results: [Result] = []
    results.reserveCapacity(underestimatedCount)
    for element in self { results.append(try transform(element)) }
    return results
  }
}

extension PMRProducer {
  fileprivate init(_ producer: Producer) {
    self.init()
    name = producer.name
    if let value = producer.version { version = value }
  }
}

extension PMRContributor {
  fileprivate init(_ contributor: Contributor) {
    self.init()
    if let value = contributor.name { name = value }
    if let value = contributor.organisation { organisation = value }
    if let value = contributor.email { email = value }
    if let value = contributor.role { role = value }
  }
}

extension PMRArchitecture {
  fileprivate init(_ architecture: Architecture) {
    self.init()
    if let value = architecture.kind { kind = value }
    if let value = architecture.family { family = value }
    hyperParameters = architecture.hyperParameters.map { parameter in
      var message = PMRHyperParameter()
      message.name = parameter.name
      switch parameter.value {
      case .integer(let value): message.integer = value
      case .float(let value): message.float = value.canonical
      case .text(let value): message.text = value
      case .boolean(let value): message.boolean = value
      }
      return message
    }
  }
}

extension PMRPreTraining {
  fileprivate init(_ statement: PreTraining) {
    self.init()
    if let value = statement.paradigm { paradigm = value }
    if let value = statement.objective { objective = value }
    if let value = statement.dataVolume { dataVolume = value }
    if let value = statement.dataUnit { dataUnit = value }
    if let value = statement.precision { precision = value }
  }
}

extension PMRAsset {
  fileprivate init(_ asset: Asset) {
    self.init()
    kind = asset.kind
    path = asset.path
    if let value = asset.size { size = value }
    if let value = asset.digest { digest = PMRDigest(value) }
  }
}

extension PMRDigest {
  init(_ declared: DeclaredDigest) {
    self.init()
    algorithm = declared.algorithm
    value = declared.value
  }
}

extension PMROperatorSet {
  init(_ set: OperatorSet) {
    self.init()
    domain = set.domain
    version = set.version
  }
}

extension PMRPartition {
  fileprivate init(_ partition: Partition) {
    self.init()
    variable = partition.variable
    if let value = partition.axis { axis = value }
    if let value = partition.index { index = value }
    if let value = partition.count { count = value }
    if let value = partition.pipelineStage { pipelineStage = value }
    if let value = partition.expert { expert = value }
    if let value = partition.piece { piece = value }
  }
}

extension PMRExtension {
  fileprivate init(_ addition: Extension) {
    self.init()
    name = addition.name
    critical = addition.critical
    content = NativeWriter.data(addition.content)
  }
}

extension PMRParameterFile {
  fileprivate init(_ file: ParameterFile) {
    self.init()
    path = file.path
    size = file.size
    if let value = file.digest { digest = PMRDigest(value) }
    if let value = file.payload {
      var region = PMRRegion()
      region.offset = value.lowerBound
      region.length = value.upperBound - value.lowerBound
      payload = region
    }
  }
}
