import Numerics
public import Storage

/// A constant of an ONNX graph that goes into DequantizeLinear.
public struct ONNXLinearWeight: VendorWeight {
  public let type: ElementsType
  public let stages: [StageDescription]
  private let axis: Int
  private let runs: Int
  private let groups: Int

  /// The parts: `x`, `x_scale`, and `x_zero_point` or none.
  public static let parts = ["x", "x_scale", "x_zero_point"]

  private static let levelTypes: Set<ElementType> = [
    .i8, .u8, .i16, .u16, .i32, .i4, .u4, .i2, .u2, .f4e2m1, .f8e4m3fn, .f8e4m3fnuz, .f8e5m2, .f8e5m2fnuz,
  ]

  /// A weight of these tensors.
  ///
  /// - Parameters:
  ///   - axis: the attribute `axis`; negative ones count from the end.
  ///   - blockSize: the attribute `block_size`; 0 for none.
  /// - Throws: a fault of `VendorFault`.
  public init(_ tensors: VendorTensors, axis: Int = 1, blockSize: Int = 0) throws(Fault) {
    let levels = try tensors.type("x", Self.levelTypes)
    let scales = try tensors.type("x_scale", scaleTypes.union([.f8e8m0]))
    let rank = levels.dims.count
    let isWhole = scales.dims.isEmpty || (scales.dims == [1] && blockSize == 0 && rank != 1)
    let (moved, overflow) = axis.addingReportingOverflow(axis < 0 ? rank : 0)
    guard isWhole || !overflow && moved >= 0 && moved < rank, blockSize >= 0 else {
      throw .vendor(
        .settingsForm, "", expected: "0 … \(rank - 1)", actual: "axis \(axis), block_size \(blockSize)")
    }
    var expected: [Int] = isWhole ? scales.dims : []
    var grid = [Int](repeating: 0, count: rank)
    if isWhole {
      self.axis = 0
      runs = max(levels.dims.first ?? 1, 1)
      groups = 1
    } else {
      self.axis = moved
      let size = levels.dims[moved]
      runs = max(blockSize, 1)
      groups = ceiling(size, runs)
      grid[moved] = runs < size ? runs : 0
      if blockSize > 0 {
        expected = levels.dims
        expected[moved] = groups
        for dim in 0..<rank where dim != moved { grid[dim] = levels.dims[dim] > 1 ? 1 : 0 }
      } else {
        expected = [size]
      }
    }
    guard scales.dims == expected else {
      throw .vendor(.dimsAgree, "x_scale", expected: "\(expected)", actual: scales.notation)
    }
    let zero = tensors.types["x_zero_point"]
    if zero != nil {
      let zero = try tensors.type("x_zero_point", [levels.element])
      guard zero.dims == expected else {
        throw .vendor(.dimsAgree, "x_zero_point", expected: "\(expected)", actual: zero.notation)
      }
    }
    type = try ElementsType.decoded(levels.dims, at: "x")
    isBlocked = !isWhole && blockSize > 0
    let hasOrigin = zero != nil && !levels.element.isFloat
    if levels.element.isFloat {
      stages = [StageDescription("scaled_float", element: levels.element, grid: grid, scale: scales.element)]
    } else {
      stages = [
        StageDescription(
          "uniform", bits: levels.element.bits, signed: levels.element.isSignedInteger, grid: grid,
          scale: scales.element, origin: hasOrigin ? .zeroPoint : .none)
      ]
    }
  }

  private let isBlocked: Bool

  public func decode(_ tensors: VendorTensors) throws(Fault) -> Elements {
    let x = try tensors.elements("x")
    let scales = try tensors.scales("x_scale")
    let zero = tensors.types["x_zero_point"] == nil ? nil : try tensors.floats("x_zero_point")
    if let zero, x.type.element.isFloat || x.type.element == .i32, zero.contains(where: { $0 != 0 }) {
      throw .vendor(.formSupported, "x_zero_point", expected: "0", actual: "\(x.type.element.rawValue)")
    }
    var values = FloatElements.values(x)
    let dims = type.dims
    let size = dims.isEmpty ? 1 : dims[axis]
    let inner = dims.dropFirst(axis + 1).reduce(1, *)
    let outer = type.count == 0 ? 0 : dims.prefix(axis).reduce(1, *)
    values.withUnsafeMutableBufferPointer { values in
      for first in 0..<outer {
        for place in 0..<size {
          let run = (first &* size &+ place) &* inner
          let group = place / runs
          let block = (first &* groups &+ group) &* inner
          for last in 0..<inner {
            let index = isBlocked ? block &+ last : group
            let level = zero.map { values[run &+ last] - $0[index] } ?? values[run &+ last]
            values[run &+ last] = level * scales[index]
          }
        }
      }
    }
    guard let elements = Elements(type, FloatElements.bytes(values)) else {
      throw .vendor(.dimsAgree, "x", expected: type.notation)
    }
    try ScaledCodes.checkFinite(elements, "x")
    return elements
  }
}

/// A constant of an ONNX graph that goes into MatMulNBits: the turned second factor, in blocks of its rows.
public struct ONNXMatMulWeight: VendorWeight {
  public let type: ElementsType
  public let stages: [StageDescription]
  private let bits: Int
  private let blockSize: Int

  /// The parts: `B` u8 [N, ⌈K/block⌉, block · bits/8], `scales`, and `zero_points` and `g_idx` or none.
  public static let parts = ["B", "scales", "zero_points", "g_idx"]

  /// A weight of these tensors, [N, K].
  ///
  /// - Throws: a fault of `VendorFault`.
  public init(_ tensors: VendorTensors, rows: Int, columns: Int, bits: Int, blockSize: Int) throws(Fault) {
    guard [2, 4, 8].contains(bits) else {
      throw .vendor(.formSupported, "B", .unsupported, expected: "2, 4, 8 b", actual: "\(bits) b")
    }
    guard (0..<1 << 48).contains(rows), (0..<1 << 48).contains(columns), blockSize >= 16,
      blockSize <= 1 << 20, blockSize & (blockSize - 1) == 0
    else {
      throw .vendor(
        .settingsForm, "", expected: "0 ≤ N, K < 2^48, block_size 2ⁿ ≥ 16",
        actual: "\(rows), \(columns), \(blockSize)")
    }
    let blocks = ceiling(columns, blockSize)
    let levels = try tensors.type("B", [.u8])
    let bytes = [rows, blocks, blockSize / 8 * bits]
    guard levels.dims == bytes || levels.dims == [rows, blocks * bytes[2]] else {
      throw .vendor(.dimsAgree, "B", expected: "\(bytes)", actual: levels.notation)
    }
    let scales = try tensors.type("scales", scaleTypes)
    guard scales.count == levels.count / bytes[2] else {
      throw .vendor(.dimsAgree, "scales", expected: "[\(rows), \(blocks)]", actual: scales.notation)
    }
    if tensors.types["zero_points"] != nil {
      let zero = try tensors.type("zero_points", scaleTypes.union([.u8]))
      let packed = ceiling(blocks * bits, 8)
      let expected =
        zero.element == .u8 ? (scales.count == 0 ? 0 : scales.count / blocks * packed) : scales.count
      guard zero.count == expected else {
        throw .vendor(
          .dimsAgree, "zero_points", expected: "[\(rows), \(zero.element == .u8 ? packed : blocks)]",
          actual: zero.notation)
      }
    }
    let index = tensors.types["g_idx"]
    if index != nil {
      let index = try tensors.type("g_idx", [.i32], rank: 1...1)
      // Padded to whole blocks by those who write it.
      guard index.dims[0] >= columns else {
        throw .vendor(.dimsAgree, "g_idx", expected: "[\(columns)]", actual: index.notation)
      }
    }
    type = try ElementsType.decoded([rows, columns], at: "B")
    self.bits = bits
    self.blockSize = blockSize
    stages = [
      StageDescription(
        "uniform", bits: bits, signed: false,
        grid: [1, index != nil || blockSize >= columns ? 0 : blockSize],
        scale: scales.element,
        origin: tensors.types["zero_points"] == nil
          ? .implied : tensors.types["zero_points"]?.element == .u8 ? .zeroPoint : .offset,
        grouped: index != nil)
    ]
  }

  public func decode(_ tensors: VendorTensors) throws(Fault) -> Elements {
    let (rows, columns) = (type.dims[0], type.dims[1])
    let blocks = ceiling(columns, blockSize)
    let scales = try tensors.scales("scales")
    var origins: [Float] = []
    var offsets: [Float] = []
    switch tensors.types["zero_points"]?.element {
    case nil: origins = [Float](repeating: Float(1 << (bits - 1)), count: scales.count)
    case .u8:
      let packed = try tensors.elements("zero_points")
      origins = PackedCodes.rows(
        packed.bytes, rows: rows, rowBytes: ceiling(blocks * bits, 8), columns: blocks, bits: bits
      ).map { Float($0) }
    default:
      // Levels and zero points are both multiplied before they are subtracted.
      offsets = zip(scales, try tensors.scales("zero_points")).map { -($0 * $1) }
    }
    var groups = ScaledCodes.ColumnGroups.runs(blockSize)
    if tensors.types["g_idx"] != nil {
      groups = .named(Array(try VendorGroups.index(tensors, "g_idx", groups: blocks).prefix(columns)))
    }
    let codes = PackedCodes.rows(
      try tensors.elements("B").bytes, rows: rows, rowBytes: blocks * (blockSize / 8 * bits),
      columns: columns,
      bits: bits)
    return try ScaledCodes(
      codes: codes, rows: rows, columns: columns, rowsPerBlock: 1, columnGroups: groups, groups: blocks,
      scales: scales, origins: origins, offsets: offsets
    ).decoded(as: type, part: "B")
  }
}
