import Numerics
public import Storage

/// How the configuration of compressed-tensors says that a weight is quantized.
public struct CompressedTensorsSettings: Sendable, Hashable {
  /// How the codes lie in their tensor.
  public enum Form: String, Sendable, Hashable, CaseIterable {
    /// Not quantized: only sparse.
    case dense
    /// A code in each element: integers or FP8.
    case naive = "naive-quantized"
    case integers = "int-quantized"
    case floats = "float-quantized"
    /// Integers in words of 32 bits.
    case packed = "pack-quantized"
    /// Two floats of four bits in a byte, with scales in FP8 and one more for all.
    case nvfp4 = "nvfp4-pack-quantized"
    /// Floats of four, six and eight bits, with powers of two for scales.
    case mxfp4 = "mxfp4-pack-quantized"
    case mxfp6 = "mxfp6-pack-quantized"
    case mxfp8 = "mxfp8-quantized"
  }

  /// What shares a scale.
  public enum Strategy: Sendable, Hashable {
    case tensor, channel
    /// So many columns of a row.
    case group(Int)
    /// So many rows and columns.
    case block(Int, Int)
  }

  /// How the codes lie.
  public var form: Form
  /// The bits of a code.
  public var bits: Int
  /// What shares a scale.
  public var strategy: Strategy
  /// Whether there are no zero points.
  public var symmetric: Bool
  /// Whether codes of widths that do not divide 32 lie in two words (from version 0.18 on); nil where the version is not known.
  public var dense: Bool?

  /// Settings.
  public init(form: Form, bits: Int, strategy: Strategy, symmetric: Bool, dense: Bool? = nil) {
    self.form = form
    self.bits = bits
    self.strategy = strategy
    self.symmetric = symmetric
    self.dense = dense
  }
}

/// A weight of compressed-tensors.
public struct CompressedTensorsWeight: VendorWeight {
  public let type: ElementsType
  public let stages: [StageDescription]
  private let settings: CompressedTensorsSettings
  private let codes: CodeTensor
  private let grid: ScaleGrid?
  private let zeroPoints: ZeroPoints
  private let isNamed: Bool

  private enum ZeroPoints {
    case none, plain
    case packed
  }

  /// The parts, those of a sparse weight too; which are there follows from the form.
  public static let parts = [
    "weight", "weight_packed", "weight_scale", "weight_zero_point", "weight_g_idx", "weight_shape",
    "weight_global_scale", "compressed", "bitmask", "shape", "row_offsets",
  ]

  /// A weight of these tensors; reads the shape.
  ///
  /// - Throws: a fault of `VendorFault`, and what the files throw.
  public init(_ tensors: VendorTensors, _ settings: CompressedTensorsSettings) throws(Fault) {
    self.settings = settings
    codes = try CodeTensor(tensors, settings)
    type = try ElementsType.decoded(codes.dims, at: codes.part)
    guard settings.form != .dense else {
      grid = nil
      zeroPoints = .none
      isNamed = false
      stages = codes.stages
      return
    }
    let allowed: Set<ElementType> =
      switch settings.form {
      case .nvfp4: [.f8e4m3fn]
      case .mxfp4, .mxfp6, .mxfp8: [.u8, .f8e8m0]
      default: scaleTypes
      }
    let scales = try tensors.type("weight_scale", allowed)
    let grid = try Self.grid(codes.dims, scales, settings)
    self.grid = grid
    zeroPoints = try Self.zeroPoints(tensors, codes, settings, grid)
    isNamed = tensors.types["weight_g_idx"] != nil
    if isNamed {
      let index = try tensors.type("weight_g_idx", [.i32, .i64], rank: 1...1)
      guard case .group = settings.strategy, index.dims[0] == codes.dims.last else {
        throw .vendor(
          .dimsAgree, "weight_g_idx", expected: "[\(codes.dims.last ?? 0)]", actual: index.notation)
      }
    }
    if settings.form == .nvfp4 {
      let global = try tensors.type("weight_global_scale", [.f32])
      guard global.count == 1 else {
        throw .vendor(.dimsAgree, "weight_global_scale", expected: "[1]", actual: global.notation)
      }
    }
    stages = codes.stages + [Self.stage(codes, settings, grid, scales, zeroPoints != .none, isNamed)]
  }

  private static func stage(
    _ codes: CodeTensor, _ settings: CompressedTensorsSettings, _ grid: ScaleGrid, _ scales: ElementsType,
    _ hasZeroPoints: Bool, _ isNamed: Bool
  ) -> StageDescription {
    let scale = scales.element == .u8 ? .f8e8m0 : scales.element
    if let element = codes.element {
      return StageDescription("scaled_float", element: element, grid: grid.notation, scale: scale)
    }
    return StageDescription(
      "uniform", bits: settings.bits, signed: true, grid: grid.notation, scale: scale,
      origin: hasZeroPoints ? .zeroPoint : .none, grouped: isNamed)
  }

  private static func grid(
    _ dims: [Int], _ scales: ElementsType, _ settings: CompressedTensorsSettings
  ) throws(Fault) -> ScaleGrid {
    let grid: ScaleGrid
    switch settings.strategy {
    case .tensor: return try ScaleGrid(dims, scales: scales, block: nil, part: "weight_scale")
    case .channel: grid = ScaleGrid(dims, rowsPerBlock: 1, columnsPerGroup: dims.last ?? 1)
    case .group(let size):
      guard size > 0 else { throw .vendor(.settingsForm, "", expected: "group_size ≥ 1", actual: "\(size)") }
      grid = ScaleGrid(dims, rowsPerBlock: 1, columnsPerGroup: size)
    case .block(let rows, let columns):
      guard rows > 0, columns > 0 else {
        throw .vendor(.settingsForm, "", expected: "block_structure ≥ 1", actual: "\(rows) × \(columns)")
      }
      grid = ScaleGrid(dims, rowsPerBlock: rows, columnsPerGroup: columns)
    }
    let expected = grid.scaleDims
    guard scales.dims == expected || scales.dims == expected.dropLast() && expected.last == 1 else {
      throw .vendor(.dimsAgree, "weight_scale", expected: "\(expected)", actual: scales.notation)
    }
    return grid
  }

  private static func zeroPoints(
    _ tensors: VendorTensors, _ codes: CodeTensor, _ settings: CompressedTensorsSettings, _ grid: ScaleGrid
  ) throws(Fault) -> ZeroPoints {
    let part = "weight_zero_point"
    guard !settings.symmetric else { return .none }
    guard codes.element == nil else {
      throw .vendor(.formSupported, part, .unsupported, expected: "symmetric", actual: "asymmetric float")
    }
    let type = try tensors.type(part, [.i8, .i32, .u8])
    var expected = settings.strategy == .tensor ? [1] : grid.scaleDims
    let count = expected.reduce(1, *)
    if settings.form == .packed, type.element == .i32 {
      guard let words = PackedCodes.words(codes.rows, bits: settings.bits, codes.layout) else {
        throw .vendor(.dimsAgree, part, actual: type.notation)
      }
      expected[expected.count - 2] = words
      guard type.dims == expected else {
        throw .vendor(.dimsAgree, part, expected: "\(expected)", actual: type.notation)
      }
      return .packed
    }
    guard type.count == count else {
      throw .vendor(.dimsAgree, part, expected: "\(expected)", actual: type.notation)
    }
    return .plain
  }

  public func decode(_ tensors: VendorTensors) throws(Fault) -> Elements {
    guard let grid else { return try codes.floats(tensors, type) }
    var scales: [Float]
    switch settings.form {
    case .mxfp4, .mxfp6, .mxfp8:
      let power = CodeTable.values(.f8e8m0)
      scales = try tensors.elements("weight_scale").bytes.map { power[Int($0)] }
      if let index = scales.firstIndex(where: { !$0.isFinite }) {
        throw .stage(.quantizerScaleFinite, "weight_scale", expected: "finite", actual: "[\(index)] NaN")
      }
    case .nvfp4:
      let global = try tensors.scales("weight_global_scale")[0]
      scales = try tensors.scales("weight_scale").map { $0 / global }
      guard scales.allSatisfy(\.isFinite) else {
        throw .stage(.quantizerScaleFinite, "weight_global_scale", expected: "≠ 0", actual: "\(global)")
      }
    default: scales = try tensors.scales("weight_scale")
    }
    let middle = codes.middle(settings)
    let origins: [Float]
    switch zeroPoints {
    case .none: origins = codes.element == nil ? [Float](repeating: middle, count: scales.count) : []
    case .plain:
      origins = IntegerElements.values(try tensors.elements("weight_zero_point")).map { Float($0) + middle }
    case .packed: origins = packedOrigins(try tensors.elements("weight_zero_point"), count: scales.count)
    }
    var columns: ScaledCodes.ColumnGroups?
    if isNamed {
      let index = IntegerElements.values(try tensors.elements("weight_g_idx"))
      // A place of −1 says that groups were never named, and lie in the order of the columns.
      if !index.contains(-1) {
        columns = .named(
          try VendorGroups.index(tensors, "weight_g_idx", groups: grid.scaleDims.last ?? 0))
      }
    }
    return try grid.codes(
      try codes.codes(tensors, settings), scales: scales, table: codes.element.map(CodeTable.values),
      origins: origins, columnGroups: columns
    ).decoded(as: type, part: codes.part)
  }

  /// The codes of zero points that are packed down the rows of each matrix.
  private func packedOrigins(_ packed: Elements, count: Int) -> [Float] {
    let dims = packed.type.dims
    let (words, groups) = (dims[dims.count - 2], dims[dims.count - 1])
    var origins: [Float] = []
    origins.reserveCapacity(count)
    for start in stride(from: 0, to: packed.bytes.count, by: max(4 * words * groups, 1)) {
      let turned = PackedCodes.turned(
        packed.bytes[start..<start + 4 * words * groups], words: words, columns: groups, rows: codes.rows,
        bits: settings.bits, codes.layout)
      for code in PackedCodes.turned(turned, rows: groups, columns: codes.rows) {
        origins.append(Float(code))
      }
    }
    return origins
  }
}

/// The codes of a weight: in a tensor of their own, packed into words or bytes, or those that a mask keeps.
private struct CodeTensor {
  /// The part that holds them.
  let part: String
  /// The dims of the weight.
  let dims: [Int]
  /// The floating type of the codes; nil for integers.
  let element: ElementType?
  /// How they share words.
  let layout: PackedCodes.Layout
  /// What keeps only some of them.
  let mask: MaskedElements?
  private let stored: ElementsType

  /// The rows of a matrix.
  var rows: Int { dims.count > 1 ? dims[dims.count - 2] : 1 }

  var stages: [StageDescription] { mask == nil ? [] : [StageDescription("sparse")] }

  init(_ tensors: VendorTensors, _ settings: CompressedTensorsSettings) throws(Fault) {
    let masked = tensors.types["compressed"] != nil
    let plain = masked ? "compressed" : "weight"
    mask = masked ? try MaskedElements(tensors) : nil
    switch settings.form {
    case .dense:
      part = plain
      stored = try tensors.type(plain, scaleTypes.union(ScaledFloatWeight.codeTypes).union([.i8]))
      element = nil
      layout = .dense
    case .naive, .integers, .floats, .mxfp8:
      part = plain
      stored = try tensors.type(plain, ScaledFloatWeight.codeTypes.union([.i8]))
      element = stored.element == .i8 ? nil : stored.element
      layout = .dense
    case .packed:
      part = "weight_packed"
      stored = try tensors.type(part, [.i32], rank: 2...4)
      element = nil
      dims = try tensors.dims("weight_shape")
      layout = try Self.layout(dims, stored, settings)
      return
    case .nvfp4, .mxfp4, .mxfp6:
      part = "weight_packed"
      stored = try tensors.type(part, [.u8], rank: 2...4)
      let bits = settings.form == .mxfp6 ? 6 : 4
      element = bits == 6 ? .f6e2m3 : .f4e2m1
      layout = .dense
      let (columns, overflow) = (stored.dims.last ?? 0).multipliedReportingOverflow(by: 8)
      guard !overflow, columns % bits == 0 else {
        throw .vendor(.dimsAgree, part, expected: "[…, 3·n]", actual: stored.notation)
      }
      dims = Array(stored.dims.dropLast()) + [columns / bits]
      return
    }
    dims = mask?.dims ?? stored.dims
  }

  private static func layout(
    _ dims: [Int], _ stored: ElementsType, _ settings: CompressedTensorsSettings
  ) throws(Fault) -> PackedCodes.Layout {
    let part = "weight_packed"
    guard (1...8).contains(settings.bits) else {
      throw .vendor(.formSupported, part, .unsupported, expected: "1 … 8 b", actual: "\(settings.bits) b")
    }
    guard dims.count == stored.dims.count, dims.dropLast() == stored.dims.dropLast(), let columns = dims.last,
      let words = stored.dims.last
    else {
      throw .vendor(.dimsAgree, "weight_shape", expected: stored.notation, actual: "\(dims)")
    }
    let fits: [PackedCodes.Layout] = [.dense, .aligned].filter {
      PackedCodes.words(columns, bits: settings.bits, $0) == words
    }
    let wanted: PackedCodes.Layout? = settings.dense.map { $0 ? .dense : .aligned }
    guard let first = fits.first else {
      throw .vendor(
        .dimsAgree, part, expected: "⌈\(columns)·\(settings.bits)/32⌉", actual: stored.notation)
    }
    if fits.count == 1 || 32 % settings.bits == 0 || words <= 1 { return first }
    guard let wanted else {
      throw .vendor(.formSupported, part, .unsupported, expected: "version", actual: "\(settings.bits) b")
    }
    return wanted
  }

  /// The code of zero, where there are no zero points.
  func middle(_ settings: CompressedTensorsSettings) -> Float {
    settings.form == .packed ? Float(1 << (settings.bits - 1)) : 128
  }

  /// The codes, unsigned, one in each byte.
  func codes(_ tensors: VendorTensors, _ settings: CompressedTensorsSettings) throws(Fault) -> [UInt8] {
    let rows = dims.dropLast().reduce(1, *)
    let columns = dims.last ?? 1
    switch settings.form {
    case .packed:
      return PackedCodes.rows(
        try tensors.elements(part).bytes, rows: rows, rowBytes: 4 * (stored.dims.last ?? 0), columns: columns,
        bits: settings.bits, layout)
    case .nvfp4, .mxfp4, .mxfp6:
      return PackedCodes.rows(
        try tensors.elements(part).bytes, rows: rows, rowBytes: stored.dims.last ?? 0, columns: columns,
        bits: settings.form == .mxfp6 ? 6 : 4)
    default:
      let bytes = try bytes(tensors)
      return element == nil ? SignedBytes.codes(bytes) : bytes
    }
  }

  /// The values of a weight that is not quantized.
  func floats(_ tensors: VendorTensors, _ type: ElementsType) throws(Fault) -> Elements {
    guard let plain = ElementsType(stored.element, dims), let elements = Elements(plain, try bytes(tensors)),
      let decoded = Elements(type, FloatElements.bytes(FloatElements.values(elements)))
    else { throw .vendor(.dimsAgree, part, expected: "\(dims)", actual: stored.notation) }
    return decoded
  }

  private func bytes(_ tensors: VendorTensors) throws(Fault) -> [UInt8] {
    let elements = try tensors.elements(part)
    return try mask?.expanded(elements, try tensors.elements("bitmask")) ?? elements.bytes
  }
}

/// Elements of which a mask keeps some, by one bit for each, the bits of a row in whole bytes, lowest first.
private struct MaskedElements {
  let dims: [Int]
  private let isTwoOfFour: Bool

  init(_ tensors: VendorTensors) throws(Fault) {
    let kept = try tensors.type(
      "compressed", scaleTypes.union(ScaledFloatWeight.codeTypes).union([.i8]))
    let mask = try tensors.type("bitmask", [.u8], rank: 2...2)
    dims = try tensors.dims("shape", limit: 2)
    guard dims.count == 2, let type = ElementsType(.u8, dims), mask.dims == [dims[0], ceiling(dims[1], 8)]
    else {
      throw .vendor(.dimsAgree, "bitmask", expected: "\(dims)/8", actual: mask.notation)
    }
    isTwoOfFour = tensors.types["row_offsets"] == nil
    if isTwoOfFour {
      guard dims[1] % 4 == 0, kept.count == type.count / 2 else {
        throw .vendor(.dimsAgree, "compressed", expected: "[\(dims[0]), \(dims[1])/2]", actual: kept.notation)
      }
    } else if kept.count > type.count {
      throw .vendor(.dimsAgree, "compressed", expected: "≤ \(type.count)", actual: kept.notation)
    }
  }

  /// The bytes of all elements, zero where nothing is kept.
  func expanded(_ kept: Elements, _ mask: Elements) throws(Fault) -> [UInt8] {
    let width = (kept.type.element.bits ?? 8) / 8
    let rowBytes = ceiling(dims[1], 8)
    var bytes = [UInt8](repeating: 0, count: dims[0] * dims[1] * width)
    var taken = 0
    for row in 0..<dims[0] {
      for byte in 0..<rowBytes {
        var bits = mask.bytes[row * rowBytes + byte]
        if isTwoOfFour {
          let pairs = ((bits & 15).nonzeroBitCount, (bits >> 4).nonzeroBitCount)
          guard pairs.0 == 2, pairs.1 == (byte * 8 + 4 < dims[1] ? 2 : 0) else {
            throw .vendor(
              .maskTwoOfFour, "bitmask", expected: "2", actual: "[\(row), \(byte)] \(pairs.0), \(pairs.1)")
          }
        }
        while bits != 0 {
          let column = byte * 8 + bits.trailingZeroBitCount
          bits &= bits &- 1
          guard column < dims[1], taken < kept.type.count else {
            throw .vendor(
              .maskCounts, "bitmask", expected: "\(kept.type.count)", actual: "[\(row), \(column)]")
          }
          let to = (row * dims[1] + column) * width
          for part in 0..<width { bytes[to + part] = kept.bytes[taken * width + part] }
          taken += 1
        }
      }
    }
    guard taken == kept.type.count else {
      throw .vendor(.maskCounts, "bitmask", expected: "\(kept.type.count)", actual: "\(taken)")
    }
    return bytes
  }
}
