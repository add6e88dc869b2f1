import Numerics
public import Storage

/// A weight of AWQ in its form for matrix products (`gemm`): eight levels of neighbouring columns of the turned weight in a word, even
/// columns before odd ones.
public struct AWQWeight: VendorWeight {
  public let type: ElementsType
  public let stages: [StageDescription]
  private let groupSize: Int?

  /// The parts: `qweight` i32 [in, out/8], `qzeros` i32 [groups, out/8], `scales` [groups, out].
  public static let parts = ["qweight", "qzeros", "scales"]

  /// The column of a word in which the code of each column lies, lowest bits first.
  static let places = [0, 4, 1, 5, 2, 6, 3, 7]

  /// A weight of these tensors.
  ///
  /// - Parameter groupSize: the rows of a group; nil for all of them (−1 in configurations).
  /// - Throws: a fault of `VendorFault`.
  public init(_ tensors: VendorTensors, bits: Int, groupSize: Int?) throws(Fault) {
    guard bits == 4 else {
      throw .vendor(.formSupported, "qweight", .unsupported, expected: "4 b", actual: "\(bits) b")
    }
    let weight = try tensors.type("qweight", [.i32, .u32], rank: 2...2)
    let zeros = try tensors.type("qzeros", [.i32, .u32], rank: 2...2)
    let scales = try tensors.type("scales", scaleTypes, rank: 2...2)
    let rows = weight.dims[0]
    let (out, overflow) = weight.dims[1].multipliedReportingOverflow(by: 8)
    let groups = scales.dims[0]
    guard !overflow, scales.dims[1] == out else {
      throw .vendor(.dimsAgree, "scales", expected: "[…, \(weight.dims[1])·8]", actual: scales.notation)
    }
    let size = groupSize ?? max(rows, 1)
    guard size > 0 else {
      throw .vendor(.settingsForm, "", expected: "group_size ≥ 1, −1", actual: "\(size)")
    }
    guard ceiling(rows, size) == groups else {
      throw .vendor(
        .dimsAgree, "scales", expected: "⌈\(rows)/\(size)⌉ = \(ceiling(rows, size))", actual: "\(groups)")
    }
    guard zeros.dims == [groups, weight.dims[1]] else {
      throw .vendor(.dimsAgree, "qzeros", expected: "[\(groups), \(weight.dims[1])]", actual: zeros.notation)
    }
    type = try ElementsType.decoded([out, rows], at: "qweight")
    self.groupSize = groupSize
    stages = [
      StageDescription(
        "uniform", bits: 4, signed: false, grid: [1, groupSize ?? 0], scale: scales.element,
        origin: .zeroPoint)
    ]
  }

  public func decode(_ tensors: VendorTensors) throws(Fault) -> Elements {
    let out = type.dims[0]
    let rows = type.dims[1]
    let scales = try tensors.scales("scales")
    let groups = out == 0 ? 0 : scales.count / out
    let origins = Self.codes(try tensors.elements("qzeros").bytes, rows: groups, columns: out)
    return try ScaledCodes(
      codes: PackedCodes.turned(
        Self.codes(try tensors.elements("qweight").bytes, rows: rows, columns: out), rows: rows, columns: out),
      rows: out, columns: rows, rowsPerBlock: 1, columnGroups: .runs(groupSize ?? max(rows, 1)),
      groups: groups, scales: PackedCodes.turned(scales, rows: groups, columns: out),
      origins: PackedCodes.turned(origins.map { Float($0) }, rows: groups, columns: out)
    ).decoded(as: type, part: "qweight")
  }

  /// The codes [rows, columns] in the order of the columns.
  private static func codes(_ bytes: [UInt8], rows: Int, columns: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: rows * columns) { buffer, initialized in
      initialized = rows * columns
      bytes.withUnsafeBufferPointer { from in
        for word in 0..<rows * columns / 8 {
          for (column, place) in places.enumerated() {
            let byte = from[word &* 4 &+ place >> 1]
            buffer[word &* 8 &+ column] = place & 1 == 0 ? byte & 15 : byte >> 4
          }
        }
      }
    }
  }
}
