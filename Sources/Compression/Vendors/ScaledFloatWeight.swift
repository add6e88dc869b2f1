import Numerics
public import Storage

/// A weight in eight bits with scales: one, one for each row, or one for each block; as FP8 checkpoints have it.
public struct ScaledFloatWeight: VendorWeight {
  public let type: ElementsType
  public let stages: [StageDescription]
  private let scale: String
  private let grid: ScaleGrid

  /// The element types of the weight.
  static let codeTypes: Set<ElementType> = [.f8e4m3fn, .f8e4m3fnuz, .f8e5m2, .f8e5m2fnuz]

  /// A weight of these tensors.
  ///
  /// - Parameters:
  ///   - scale: the part with the scales: `weight_scale_inv` or `weight_scale`; whatever its name, they are multiplied.
  ///   - block: the rows and columns of a block, where the configuration states them.
  /// - Throws: a fault of `VendorFault`.
  public init(_ tensors: VendorTensors, scale: String, block: [Int]?) throws(Fault) {
    let weight = try tensors.type("weight", Self.codeTypes)
    let scales = try tensors.type(scale, scaleTypes.union([.f8e8m0]))
    grid = try ScaleGrid(weight.dims, scales: scales, block: block, part: scale)
    type = try ElementsType.decoded(weight.dims, at: "weight")
    self.scale = scale
    stages = [
      StageDescription("scaled_float", element: weight.element, grid: grid.notation, scale: scales.element)
    ]
  }

  public func decode(_ tensors: VendorTensors) throws(Fault) -> Elements {
    let weight = try tensors.elements("weight")
    return try grid.codes(
      weight.bytes, scales: try tensors.scales(scale), table: CodeTable.values(weight.type.element)
    ).decoded(as: type, part: "weight")
  }
}

/// Which elements of a matrix, or of a stack of them, share a scale, by the dims of the scales.
struct ScaleGrid {
  private let dims: [Int]
  private let rowsPerBlock: Int
  private let columnsPerGroup: Int
  private let groups: Int
  private let perMatrix: Bool

  /// What `scales` of these dims mean for elements of the dims `dims`.
  ///
  /// One scale is for everything; as many as rows, one for each row; else blocks, whose size is stated or divides the dims.
  init(_ dims: [Int], scales: ElementsType, block: [Int]?, part: String) throws(Fault) {
    self.dims = dims
    let rows = dims.dropLast().reduce(1, *)
    let columns = dims.last ?? 1
    let matrixRows = dims.count > 1 ? dims[dims.count - 2] : 1
    let matrices = dims.dropLast(2).reduce(1, *)
    let fault = Fault.vendor(
      .dimsAgree, part, expected: block.map { "\(dims) / \($0)" } ?? "\(dims)", actual: scales.notation)
    if let block, block.count == 2, block[0] > 0, block[1] > 0, scales.dims.count >= 2,
      scales.dims.count == dims.count
    {
      rowsPerBlock = block[0]
      columnsPerGroup = block[1]
      groups = ceiling(columns, block[1])
      perMatrix = true
      let expected = Array(dims.dropLast(2)) + [ceiling(matrixRows, block[0]), groups]
      guard scales.dims == expected else { throw fault }
      return
    }
    if scales.count == 1, scales.dims.count < 2 || scales.dims.allSatisfy({ $0 == 1 }) {
      rowsPerBlock = max(rows, 1)
      columnsPerGroup = max(columns, 1)
      groups = 1
      perMatrix = false
      return
    }
    columnsPerGroup = max(columns, 1)
    groups = 1
    if scales.count == rows, scales.dims.last == 1 || scales.dims.count < dims.count {
      rowsPerBlock = 1
      perMatrix = false
    } else if scales.count == matrices, matrices > 1 {
      rowsPerBlock = max(matrixRows, 1)
      perMatrix = true
    } else {
      throw fault
    }
  }

  /// Blocks of these sizes, the last of which may be short.
  init(_ dims: [Int], rowsPerBlock: Int, columnsPerGroup: Int) {
    self.dims = dims
    self.rowsPerBlock = max(rowsPerBlock, 1)
    self.columnsPerGroup = max(columnsPerGroup, 1)
    groups = ceiling(dims.last ?? 1, self.columnsPerGroup)
    perMatrix = true
  }

  /// The dims of the scales that this asks for.
  var scaleDims: [Int] {
    let rows = dims.count > 1 ? dims[dims.count - 2] : 1
    return Array(dims.dropLast(2)) + [ceiling(rows, rowsPerBlock), groups]
  }

  /// How the grid is written: block sizes, 0 for a whole dim.
  var notation: [Int] {
    let rows = dims.count > 1 ? dims[dims.count - 2] : 1
    let leading = [Int](repeating: perMatrix || rowsPerBlock == 1 ? 1 : 0, count: max(dims.count - 2, 0))
    let row = rowsPerBlock >= rows && rowsPerBlock != 1 ? 0 : rowsPerBlock
    let column = columnsPerGroup >= dims.last ?? 1 ? 0 : columnsPerGroup
    return dims.count > 1 ? leading + [row, column] : [column]
  }

  /// Codes with scales in this grid.
  func codes(
    _ codes: [UInt8], scales: [Float], table: [Float]? = nil, origins: [Float] = [],
    columnGroups: ScaledCodes.ColumnGroups? = nil
  ) -> ScaledCodes {
    ScaledCodes(
      codes: codes, rows: dims.dropLast().reduce(1, *), columns: dims.last ?? 1,
      matrixRows: perMatrix && dims.count > 2 ? dims[dims.count - 2] : nil, rowsPerBlock: rowsPerBlock,
      columnGroups: columnGroups ?? .runs(columnsPerGroup), groups: groups, scales: scales, table: table,
      origins: origins)
  }
}
