import Numerics
public import Storage

/// A weight of GPTQ: levels in words down the columns of the turned weight, scales and zero points for groups of its rows.
public struct GPTQWeight: VendorWeight {
  /// How the zero points are stored.
  public enum Format: Sendable, Hashable {
    /// One less than they are.
    case first
    /// As they are.
    case second
  }

  public let type: ElementsType
  public let stages: [StageDescription]
  private let bits: Int
  private let format: Format
  private let groupSize: Int?

  /// The parts: `qweight` i32 [in · bits/32, out], `qzeros` i32 [groups, out · bits/32], `scales` [groups, out], `g_idx` i32 [in] or absent.
  public static let parts = ["qweight", "qzeros", "scales", "g_idx"]

  /// A weight of these tensors.
  ///
  /// - Parameter groupSize: the rows of a group; nil for all of them (−1 in configurations).
  /// - Throws: a fault of `VendorFault`.
  public init(
    _ tensors: VendorTensors, bits: Int, groupSize: Int?, format: Format
  ) throws(Fault) {
    guard [2, 3, 4, 8].contains(bits) else {
      throw .vendor(.formSupported, "qweight", .unsupported, expected: "2, 3, 4, 8 b", actual: "\(bits) b")
    }
    let weight = try tensors.type("qweight", [.i32, .u32], rank: 2...2)
    let zeros = try tensors.type("qzeros", [.i32, .u32], rank: 2...2)
    let scales = try tensors.type("scales", scaleTypes, rank: 2...2)
    let index = tensors.types["g_idx"]
    let out = weight.dims[1]
    let (total, overflow) = weight.dims[0].multipliedReportingOverflow(by: 32)
    guard !overflow else { throw .vendor(.dimsAgree, "qweight", actual: weight.notation) }
    let rows = index?.dims.first ?? total / bits
    guard PackedCodes.words(rows, bits: bits, .dense) == weight.dims[0] else {
      throw .vendor(.dimsAgree, "qweight", expected: "⌈\(rows)·\(bits)/32⌉", actual: weight.notation)
    }
    let groups = scales.dims[0]
    guard scales.dims[1] == out else {
      throw .vendor(.dimsAgree, "scales", expected: "[…, \(out)]", actual: scales.notation)
    }
    if let groupSize {
      guard groupSize > 0 else {
        throw .vendor(.settingsForm, "", expected: "group_size ≥ 1, −1", actual: "\(groupSize)")
      }
      guard ceiling(rows, groupSize) == groups else {
        throw .vendor(
          .dimsAgree, "scales", expected: "⌈\(rows)/\(groupSize)⌉ = \(ceiling(rows, groupSize))",
          actual: "\(groups)")
      }
    } else if groups != 1 {
      throw .vendor(.dimsAgree, "scales", expected: "[1, \(out)]", actual: scales.notation)
    }
    guard zeros.dims[0] == groups, zeros.dims[1] == PackedCodes.words(out, bits: bits, .dense) else {
      throw .vendor(
        .dimsAgree, "qzeros", expected: "[\(groups), ⌈\(out)·\(bits)/32⌉]", actual: zeros.notation)
    }
    if index != nil {
      let index = try tensors.type("g_idx", [.i32, .i64, .u32], rank: 1...1)
      guard index.dims[0] == rows else {
        throw .vendor(.dimsAgree, "g_idx", expected: "[\(rows)]", actual: index.notation)
      }
    }
    type = try ElementsType.decoded([out, rows], at: "qweight")
    self.bits = bits
    self.format = format
    self.groupSize = groupSize
    stages = [
      StageDescription(
        "uniform", bits: bits, signed: false, grid: [1, index == nil ? groupSize ?? 0 : 0],
        scale: scales.element,
        origin: .zeroPoint, grouped: index != nil)
    ]
  }

  public func decode(_ tensors: VendorTensors) throws(Fault) -> Elements {
    let out = type.dims[0]
    let rows = type.dims[1]
    let scales = try tensors.scales("scales")
    let groups = out == 0 ? 0 : scales.count / out
    let origins = try origins(tensors, groups: groups)
    let columns: ScaledCodes.ColumnGroups
    if tensors.types["g_idx"] == nil {
      columns = .runs(groupSize ?? max(rows, 1))
    } else {
      columns = .named(try VendorGroups.index(tensors, "g_idx", groups: groups))
    }
    let packed = try tensors.elements("qweight")
    let codes = PackedCodes.turned(
      packed.bytes[...], words: packed.type.dims[0], columns: out, rows: rows, bits: bits)
    return try ScaledCodes(
      codes: codes, rows: out, columns: rows, rowsPerBlock: 1, columnGroups: columns, groups: groups,
      scales: PackedCodes.turned(scales, rows: groups, columns: out),
      origins: PackedCodes.turned(origins, rows: groups, columns: out)
    ).decoded(as: type, part: "qweight")
  }

  /// The zero points [groups, out].
  private func origins(_ tensors: VendorTensors, groups: Int) throws(Fault) -> [Float] {
    let packed = try tensors.elements("qzeros")
    var bytes = packed.bytes
    if format == .first, bits != 3 { Self.addOnes(&bytes, bits: bits) }
    let out = type.dims[0]
    let codes = PackedCodes.rows(
      bytes, rows: groups, rowBytes: 4 * packed.type.dims[1], columns: out, bits: bits)
    // The widths that do not divide a word cannot be added to as words: code by code then.
    return codes.map { format == .first && bits == 3 ? Float(($0 &+ 1) & 7) : Float($0) }
  }

  /// Adds one to every code of a word at once, as those do who take ones away from words before they store them: what one code
  /// borrowed from the next comes back.
  private static func addOnes(_ bytes: inout [UInt8], bits: Int) {
    let ones = stride(from: 0, to: 32, by: bits).reduce(UInt32(0)) { $0 | 1 << UInt32($1) }
    for word in stride(from: 0, to: bytes.count - 3, by: 4) {
      let value = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[word + $1]) << UInt32(8 * $1) } &+ ones
      for byte in 0..<4 { bytes[word + byte] = UInt8(truncatingIfNeeded: value >> UInt32(8 * byte)) }
    }
  }
}

/// Places that name their group.
enum VendorGroups {
  /// The group of each place.
  ///
  /// - Throws: `groupIndexRange`.
  static func index(_ tensors: VendorTensors, _ part: String, groups: Int) throws(Fault) -> [UInt32] {
    var names: [UInt32] = []
    for (place, value) in IntegerElements.values(try tensors.elements(part)).enumerated() {
      guard value >= 0, value < Int64(groups), let name = UInt32(exactly: value) else {
        throw .vendor(.groupIndexRange, part, expected: "0 … \(groups - 1)", actual: "[\(place)] \(value)")
      }
      names.append(name)
    }
    return names
  }
}

extension GPTQWeight {
  /// The width and the groups that the dims of the tensors imply, for configurations that vary them from module to module.
  public static func settings(_ tensors: VendorTensors) -> (bits: Int, groupSize: Int?)? {
    guard let weight = tensors.types["qweight"]?.dims, let zeros = tensors.types["qzeros"]?.dims,
      let scales = tensors.types["scales"]?.dims, weight.count == 2, zeros.count == 2, scales.count == 2,
      scales[1] > 0, scales[0] > 0, scales[1] < 1 << 40, weight[0] < 1 << 40, zeros[1] < 1 << 40
    else { return nil }
    guard let bits = [2, 3, 4, 8].first(where: { ceiling(scales[1] * $0, 32) == zeros[1] }) else {
      return nil
    }
    let rows = tensors.types["g_idx"]?.dims.first ?? weight[0] * 32 / bits
    return (bits, scales[0] == 1 ? nil : ceiling(rows, scales[0]))
  }
}
