import Representation
import Storage

/// The descriptors of stages, in the order of their numbers (profile clause 7.1, section 6).
extension NativeDecoder {
  static func sparse(
    _ decoder: inout NativeDecoder, _ message: inout WireMessage
  ) throws(Fault) -> SparseStage {
    var stage = SparseStage(kind: .unknown(0), pattern: nil)
    var seen = SeenFields()
    while let field = try decoder.next(&message, &seen, .sparseStage) {
      switch field.number {
      case 1: stage.kind = SparseStage.Kind(nativeCode: try decoder.code(field, of: 4))
      case 2: stage.pattern = try decoder.side(field, in: message, "pattern")
      case 3: stage.columns = try decoder.side(field, in: message, "columns")
      case 4: stage.n = UInt64(try decoder.unsigned32(field))
      case 5: stage.m = UInt64(try decoder.unsigned32(field))
      default: try decoder.appendSigned(field, to: &stage.block)
      }
    }
    if !seen.contains(2) { decoder.logMissing("pattern", message) }
    if stage.kind == .rows, !seen.contains(3) { decoder.logMissing("columns", message) }
    return stage
  }

  static func outliers(
    _ decoder: inout NativeDecoder, _ message: inout WireMessage
  ) throws(Fault) -> OutliersStage {
    var stage = OutliersStage(positions: nil, values: nil)
    var seen = SeenFields()
    while let field = try decoder.next(&message, &seen, .outliersStage) {
      if field.number == 1 {
        stage.positions = try decoder.side(field, in: message, "positions")
      } else {
        stage.values = try decoder.side(field, in: message, "values")
      }
    }
    if !seen.contains(1) { decoder.logMissing("positions", message) }
    if !seen.contains(2) { decoder.logMissing("values", message) }
    return stage
  }

  static func lowRank(
    _ decoder: inout NativeDecoder, _ message: inout WireMessage
  ) throws(Fault) -> LowRankStage {
    var stage = LowRankStage(split: 0, left: nil, right: nil)
    var seen = SeenFields()
    while let field = try decoder.next(&message, &seen, .lowRankStage) {
      switch field.number {
      case 1: stage.split = UInt64(try decoder.unsigned32(field))
      case 2: stage.left = try decoder.side(field, in: message, "left")
      default: stage.right = try decoder.side(field, in: message, "right")
      }
    }
    if !seen.contains(2) { decoder.logMissing("left", message) }
    if !seen.contains(3) { decoder.logMissing("right", message) }
    return stage
  }

  static func circulant(
    _ decoder: inout NativeDecoder, _ message: inout WireMessage
  ) throws(Fault) -> CirculantStage {
    var stage = CirculantStage(block: 0)
    var seen = SeenFields()
    while let field = try decoder.next(&message, &seen, .numberStage) {
      stage.block = try decoder.unsigned(field)
    }
    return stage
  }

  static func reference(
    _ decoder: inout NativeDecoder, _ message: inout WireMessage
  ) throws(Fault) -> ReferenceStage {
    var stage = ReferenceStage(base: nil)
    var seen = SeenFields()
    while let field = try decoder.next(&message, &seen, .referenceStage) {
      switch field.number {
      case 1: stage.base = try decoder.base(field, in: message)
      case 2: try decoder.appendSigned(field, to: &stage.axes)
      default: try decoder.appendSigned(field, to: &stage.starts)
      }
    }
    if !seen.contains(1) { decoder.logMissing("base", message) }
    return stage
  }

  static func uniform(
    _ decoder: inout NativeDecoder, _ message: inout WireMessage
  ) throws(Fault) -> UniformStage {
    var stage = UniformStage(bits: 0, signed: false, grid: [], scale: nil)
    var seen = SeenFields()
    while let field = try decoder.next(&message, &seen, .uniformStage) {
      switch field.number {
      case 1: stage.bits = UInt64(try decoder.unsigned32(field))
      case 2: stage.signed = try decoder.boolean(field)
      case 3: try decoder.appendSigned(field, to: &stage.grid)
      case 4: stage.scale = try decoder.side(field, in: message, "scale")
      case 5: stage.zeroPoint = try decoder.side(field, in: message, "zeroPoint")
      case 6: stage.offset = try decoder.side(field, in: message, "offset")
      case 7: stage.groupAxis = UInt64(try decoder.unsigned32(field))
      case 8: stage.groupIndex = try decoder.side(field, in: message, "groupIndex")
      case 9: stage.states = UInt64(try decoder.unsigned32(field))
      default: stage.restart = try decoder.unsigned(field)
      }
    }
    if !seen.contains(4) { decoder.logMissing("scale", message) }
    return stage
  }

  static func codebook(
    _ decoder: inout NativeDecoder, _ message: inout WireMessage
  ) throws(Fault) -> CodebookStage {
    var stage = CodebookStage(grid: [], codebook: nil)
    var seen = SeenFields()
    while let field = try decoder.next(&message, &seen, .codebookStage) {
      switch field.number {
      case 1: try decoder.appendSigned(field, to: &stage.grid)
      case 2: stage.codebook = try decoder.side(field, in: message, "codebook")
      case 3: try decoder.appendSigned(field, to: &stage.scaleGrid)
      case 4: stage.scale = try decoder.side(field, in: message, "scale")
      default: stage.offset = try decoder.side(field, in: message, "offset")
      }
    }
    if !seen.contains(2) { decoder.logMissing("codebook", message) }
    return stage
  }

  static func scaledFloat(
    _ decoder: inout NativeDecoder, _ message: inout WireMessage
  ) throws(Fault) -> ScaledFloatStage {
    var stage = ScaledFloatStage(elementType: nil, grid: [])
    var seen = SeenFields()
    while let field = try decoder.next(&message, &seen, .scaledFloatStage) {
      switch field.number {
      case 1: stage.elementType = try decoder.elementType(field)
      case 2: try decoder.appendSigned(field, to: &stage.grid)
      default: stage.scale = try decoder.side(field, in: message, "scale")
      }
    }
    if !seen.contains(1) { decoder.logMissing("elementType", message) }
    return stage
  }

  static func sign(_ decoder: inout NativeDecoder, _ message: inout WireMessage) throws(Fault) -> SignStage {
    var stage = SignStage(ternary: false, grid: [], scale: nil)
    var seen = SeenFields()
    while let field = try decoder.next(&message, &seen, .signStage) {
      switch field.number {
      case 1: stage.ternary = try decoder.boolean(field)
      case 2: try decoder.appendSigned(field, to: &stage.grid)
      case 3: stage.scale = try decoder.side(field, in: message, "scale")
      default: stage.offset = try decoder.side(field, in: message, "offset")
      }
    }
    if !seen.contains(3) { decoder.logMissing("scale", message) }
    return stage
  }

  static func entropy(
    _ decoder: inout NativeDecoder, _ message: inout WireMessage
  ) throws(Fault) -> EntropyStage {
    var stage = EntropyStage(mode: .unknown(0), run: 0)
    var seen = SeenFields()
    while let field = try decoder.next(&message, &seen, .entropyStage) {
      switch field.number {
      case 1: stage.mode = EntropyStage.Mode(nativeCode: try decoder.code(field, of: 2))
      case 2: stage.run = try decoder.unsigned(field)
      default: stage.states = UInt64(try decoder.unsigned32(field))
      }
    }
    return stage
  }

  static func delta(_ decoder: inout NativeDecoder, _ message: inout WireMessage) throws(Fault) -> DeltaStage
  {
    var stage = DeltaStage(mode: .unknown(0), base: nil)
    var seen = SeenFields()
    while let field = try decoder.next(&message, &seen, .deltaStage) {
      if field.number == 1 {
        stage.mode = DeltaStage.Mode(nativeCode: try decoder.code(field, of: 2))
      } else {
        stage.base = try decoder.base(field, in: message)
      }
    }
    if !seen.contains(2) { decoder.logMissing("base", message) }
    return stage
  }

  static func adapter(
    _ decoder: inout NativeDecoder, _ message: inout WireMessage
  ) throws(Fault) -> AdapterStage {
    var stage = AdapterStage(kind: .unknown(0), base: nil, factors: [])
    var seen = SeenFields()
    while let field = try decoder.next(&message, &seen, .adapterStage) {
      switch field.number {
      case 1: stage.kind = AdapterStage.Kind(nativeCode: try decoder.code(field, of: 5))
      case 2: stage.base = try decoder.base(field, in: message)
      case 3:
        try decoder.append(field, in: message, "factors", to: &stage.factors) {
          (decoder, message) throws(Fault) in try decoder.tensor(&message)
        }
      case 4: stage.alpha = try decoder.double(field)
      case 5: stage.rank = try decoder.unsigned(field)
      case 6: stage.rankStabilised = try decoder.boolean(field)
      case 7: stage.transposed = try decoder.boolean(field)
      case 8: stage.magnitude = try decoder.side(field, in: message, "magnitude")
      default: stage.axis = UInt64(try decoder.unsigned32(field))
      }
    }
    if !seen.contains(2) { decoder.logMissing("base", message) }
    return stage
  }
}
