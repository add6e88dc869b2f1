import Numerics
import Storage

/// Codes of at most eight bits with scales: what the formats of most vendors come to once they are unpacked.
///
/// The element of a code is (code − origin) · scale, or entry of a table · scale: one rounding of f32 each, the difference of
/// integers exact; or code · scale + offset, or with one more factor, where a format has it so.
struct ScaledCodes {
  /// The codes in row-major order of the decoded weight: `rows` · `columns`.
  var codes: [UInt8]
  /// The rows: all dims but the last one.
  let rows: Int
  /// The columns.
  let columns: Int
  /// The rows of one matrix: all of `rows`, but for a stack of matrices, in each of which blocks begin anew.
  var matrixRows: Int?
  /// How many rows of a matrix have the scales in common.
  let rowsPerBlock: Int
  /// Which columns have a scale in common.
  let columnGroups: ColumnGroups
  /// How many groups a row has.
  let groups: Int
  /// The scale of each block of rows and group, row-major.
  let scales: [Float]
  /// What each code means: nil for its own value.
  var table: [Float]?
  /// The code that stands for zero, for each scale; empty for none.
  var origins: [Float] = []
  /// What is added to the product, for each scale, with a rounding of its own; empty for nothing.
  var offsets: [Float] = []
  /// What is multiplied at last, with a rounding of its own.
  var factor: Float?

  /// Which columns have a scale in common.
  enum ColumnGroups {
    /// As many columns as that, one after the other.
    case runs(Int)
    /// Each column names its group.
    case named([UInt32])
  }

  /// The elements.
  ///
  /// - Throws: `dimsAgree` where the codes, scales or origins are not as many as the sizes say, and `quantizerDecodedFinite`.
  func decoded(as type: ElementsType, part: String) throws(Fault) -> Elements {
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    guard !overflow, count == type.count, codes.count == count, rowsPerBlock > 0 else {
      throw .vendor(.dimsAgree, part, expected: "\(type.count)", actual: "\(codes.count)")
    }
    let matrix = max(matrixRows ?? rows, 1)
    let matrixBlocks = ceiling(matrix, rowsPerBlock)
    // Not more than rows, or one.
    let blocks = matrixRows == nil ? matrixBlocks : rows / matrix * matrixBlocks
    let (scaleCount, tooMany) = blocks.multipliedReportingOverflow(by: groups)
    guard !tooMany, scales.count == scaleCount, origins.isEmpty || origins.count == scaleCount else {
      throw .vendor(.dimsAgree, part, expected: "\(blocks) × \(groups)", actual: "\(scales.count)")
    }
    let runs = try runs(part)
    let bytes = [UInt8](unsafeUninitializedCapacity: 4 * count) { buffer, initialized in
      initialized = 4 * count
      guard count > 0 else { return }
      let to = UnsafeMutableRawBufferPointer(buffer).bindMemory(to: UInt32.self)
      codes.withUnsafeBufferPointer { from in
        for row in 0..<rows {
          let block = row / matrix &* matrixBlocks &+ row % matrix / rowsPerBlock
          let first = block &* groups
          for run in runs {
            let range = row &* columns &+ run.start..<row &* columns &+ run.end
            fill(to, from, range, scale: first &+ run.group)
          }
        }
      }
    }
    guard let elements = Elements(type, bytes) else {
      throw .vendor(.dimsAgree, part, expected: type.notation)
    }
    if !isFinite { try Self.checkFinite(elements, part) }
    return elements
  }

  private func fill(
    _ to: UnsafeMutableBufferPointer<UInt32>, _ from: UnsafeBufferPointer<UInt8>, _ range: Range<Int>,
    scale index: Int
  ) {
    let scale = scales[index]
    if !offsets.isEmpty {
      let offset = offsets[index]
      for place in range { to[place] = (Float(from[place]) * scale + offset).bitPattern.littleEndian }
    } else if let factor {
      let origin = origins.isEmpty ? 0 : origins[index]
      for place in range {
        to[place] = ((Float(from[place]) - origin) * scale * factor).bitPattern.littleEndian
      }
    } else if let table {
      for place in range { to[place] = (table[Int(from[place])] * scale).bitPattern.littleEndian }
    } else if origins.isEmpty {
      for place in range { to[place] = (Float(from[place]) * scale).bitPattern.littleEndian }
    } else {
      let origin = origins[index]
      for place in range { to[place] = ((Float(from[place]) - origin) * scale).bitPattern.littleEndian }
    }
  }

  /// Columns one after the other with a group in common.
  private struct Run {
    let start: Int
    let end: Int
    let group: Int
  }

  private func runs(_ part: String) throws(Fault) -> [Run] {
    var runs: [Run] = []
    switch columnGroups {
    case .runs(let size):
      guard size > 0, columns == 0 || ceiling(columns, size) <= groups else {
        throw .vendor(.dimsAgree, part, expected: "⌈\(columns)/\(size)⌉", actual: "\(groups)")
      }
      var start = 0
      while start < columns {
        let end = size < columns - start ? start + size : columns
        runs.append(Run(start: start, end: end, group: start / size))
        start = end
      }
    case .named(let names):
      guard names.count == columns else {
        throw .vendor(.dimsAgree, part, expected: "\(columns)", actual: "\(names.count)")
      }
      for (column, name) in names.enumerated() {
        guard name < groups else {
          throw .vendor(.groupIndexRange, part, expected: "< \(groups)", actual: "[\(column)] \(name)")
        }
        if let last = runs.last, last.group == Int(name) {
          runs[runs.count - 1] = Run(start: last.start, end: column + 1, group: last.group)
        } else {
          runs.append(Run(start: column, end: column + 1, group: Int(name)))
        }
      }
    }
    return runs
  }

  /// Whether no element can be infinite or NaN, by the greatest scale and the greatest code.
  private var isFinite: Bool {
    let greatest: Float
    if let table {
      guard table.allSatisfy(\.isFinite) else { return false }
      greatest = table.reduce(0) { max($0, $1.magnitude) }
    } else {
      greatest = 255 + origins.reduce(0) { max($0, $1.magnitude) }
    }
    let product = scales.reduce(0) { max($0, $1.magnitude) } * greatest
    return (product + offsets.reduce(0) { max($0, $1.magnitude) }).isFinite
  }

  /// Refuses f32 elements that are not finite.
  static func checkFinite(_ elements: Elements, _ part: String) throws(Fault) {
    let place = elements.bytes.withUnsafeBytes { bytes in
      (0..<elements.type.count).first { index in
        let code = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 &* index, as: UInt32.self))
        return code & 0x7F80_0000 == 0x7F80_0000
      }
    }
    guard let place else { return }
    throw .stage(
      .quantizerDecodedFinite, part, expected: "finite",
      actual: "[\(place)] \(FloatElements.values(elements)[place])")
  }
}
