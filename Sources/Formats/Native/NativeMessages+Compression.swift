import Representation
import Storage

extension PMRCompressedContent {
  /// The message for what a chain left.
  init(_ content: CompressedContent, at path: ModelPath) throws(NativeWriter.Failure) {
    self.init()
    for (index, stage) in content.stages.enumerated() {
      stages.append(try PMRStage(stage, at: path.element("stages", index)))
    }
    if let tensor = content.payload { payload = try PMRTensor(tensor, at: path.field("payload")) }
  }
}

extension PMRStage {
  fileprivate init(_ stage: Stage, at path: ModelPath) throws(NativeWriter.Failure) {
    self.init()
    switch stage {
    case .permute(let stage): permute.axes = stage.axes
    case .parts: parts = PMRPartsStage()
    case .codes: codes = PMRCodesStage()
    case .planes: planes = PMRPlanesStage()
    case .pack(let stage): pack.width = try Self.number(stage.width, at: path)
    case .trits: trits = PMRTritsStage()
    case .reshape(let stage): reshape.sizes = stage.sizes
    case .sparse(let stage): sparse = try PMRSparseStage(stage, at: path)
    case .outliers(let stage):
      var message = PMROutliersStage()
      if let tensor = stage.positions {
        message.positions = try PMRTensor(tensor, at: path.field("positions"))
      }
      if let tensor = stage.values { message.values = try PMRTensor(tensor, at: path.field("values")) }
      outliers = message
    case .lowRank(let stage):
      var message = PMRLowRankStage()
      message.split = try Self.number(stage.split, at: path)
      if let tensor = stage.left { message.left = try PMRTensor(tensor, at: path.field("left")) }
      if let tensor = stage.right { message.right = try PMRTensor(tensor, at: path.field("right")) }
      lowRank = message
    case .circulant(let stage): circulant.block = stage.block
    case .reference(let stage):
      var message = PMRReferenceStage()
      if let base = stage.base { message.base = PMRBaseTensor(base) }
      message.axes = stage.axes
      message.starts = stage.starts
      reference = message
    case .uniform(let stage): uniform = try PMRUniformStage(stage, at: path)
    case .codebook(let stage): codebook = try PMRCodebookStage(stage, at: path)
    case .scaledFloat(let stage):
      var message = PMRScaledFloatStage()
      message.elementType = PMRElementType(stage.elementType)
      message.grid = stage.grid
      if let tensor = stage.scale { message.scale = try PMRTensor(tensor, at: path.field("scale")) }
      scaledFloat = message
    case .sign(let stage):
      var message = PMRSignStage()
      message.ternary = stage.ternary
      message.grid = stage.grid
      if let tensor = stage.scale { message.scale = try PMRTensor(tensor, at: path.field("scale")) }
      if let tensor = stage.offset { message.offset = try PMRTensor(tensor, at: path.field("offset")) }
      sign = message
    case .entropy(let stage):
      var message = PMREntropyStage()
      message.mode = stage.mode.message
      message.run = stage.run
      message.states = try Self.number(stage.states, at: path)
      entropy = message
    case .zstd: zstd = PMRZstdStage()
    case .delta(let stage):
      var message = PMRDeltaStage()
      message.mode = stage.mode.message
      if let base = stage.base { message.base = PMRBaseTensor(base) }
      delta = message
    case .adapter(let stage): adapter = try PMRAdapterStage(stage, at: path)
    case .unknown: throw NativeWriter.Failure(at: path, reason: .unknownStage)
    }
  }

  /// A number that is one of 32 bits in the schema.
  fileprivate static func number(_ number: UInt64, at path: ModelPath) throws(NativeWriter.Failure) -> UInt32
  {
    guard let number = UInt32(exactly: number) else {
      throw NativeWriter.Failure(at: path, reason: .stageNumber)
    }
    return number
  }
}

extension PMRSparseStage {
  fileprivate init(_ stage: SparseStage, at path: ModelPath) throws(NativeWriter.Failure) {
    self.init()
    kind = stage.kind.message
    if let tensor = stage.pattern { pattern = try PMRTensor(tensor, at: path.field("pattern")) }
    if let tensor = stage.columns { columns = try PMRTensor(tensor, at: path.field("columns")) }
    n = try PMRStage.number(stage.n, at: path)
    m = try PMRStage.number(stage.m, at: path)
    block = stage.block
  }
}

extension PMRUniformStage {
  fileprivate init(_ stage: UniformStage, at path: ModelPath) throws(NativeWriter.Failure) {
    self.init()
    bits = try PMRStage.number(stage.bits, at: path)
    signed = stage.signed
    grid = stage.grid
    if let tensor = stage.scale { scale = try PMRTensor(tensor, at: path.field("scale")) }
    if let tensor = stage.zeroPoint { zeroPoint = try PMRTensor(tensor, at: path.field("zeroPoint")) }
    if let tensor = stage.offset { offset = try PMRTensor(tensor, at: path.field("offset")) }
    groupAxis = try PMRStage.number(stage.groupAxis, at: path)
    if let tensor = stage.groupIndex { groupIndex = try PMRTensor(tensor, at: path.field("groupIndex")) }
    states = try PMRStage.number(stage.states, at: path)
    restart = stage.restart
  }
}

extension PMRCodebookStage {
  fileprivate init(_ stage: CodebookStage, at path: ModelPath) throws(NativeWriter.Failure) {
    self.init()
    grid = stage.grid
    if let tensor = stage.codebook { codebook = try PMRTensor(tensor, at: path.field("codebook")) }
    scaleGrid = stage.scaleGrid
    if let tensor = stage.scale { scale = try PMRTensor(tensor, at: path.field("scale")) }
    if let tensor = stage.offset { offset = try PMRTensor(tensor, at: path.field("offset")) }
  }
}

extension PMRAdapterStage {
  fileprivate init(_ stage: AdapterStage, at path: ModelPath) throws(NativeWriter.Failure) {
    self.init()
    kind = stage.kind.message
    if let base = stage.base { self.base = PMRBaseTensor(base) }
    for (index, tensor) in stage.factors.enumerated() {
      factors.append(try PMRTensor(tensor, at: path.element("factors", index)))
    }
    if let value = stage.alpha { alpha = value.canonical }
    rank = stage.rank
    rankStabilised = stage.rankStabilised
    transposed = stage.transposed
    if let tensor = stage.magnitude { magnitude = try PMRTensor(tensor, at: path.field("magnitude")) }
    axis = try PMRStage.number(stage.axis, at: path)
  }
}

extension PMRBaseTensor {
  fileprivate init(_ base: BaseTensor) {
    self.init()
    if let digest = base.model { model = PMRDigest(digest) }
    variable = base.variable
    if let digest = base.digest { self.digest = PMRDigest(digest) }
  }
}
