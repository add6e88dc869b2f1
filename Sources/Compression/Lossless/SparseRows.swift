import Numerics
public import Representation
public import Storage

/// Row pointers and columns.
extension SparseStage {
  /// The narrowest type that holds every column.
  static func column(of input: ElementsType) -> ElementType {
    let greatest = max((input.dims.last ?? 1) - 1, 0)
    return greatest < 1 << 8 ? .u8 : greatest < 1 << 16 ? .u16 : .u32
  }

  /// The type of row pointers.
  static func pointers(of input: ElementsType) -> ElementsType? {
    let rows = input.dims.dropLast().contains(0) ? 0 : input.dims.dropLast().reduce(1, *)
    return ElementsType(input.count >= 1 << 32 ? .u64 : .u32, [rows + 1])
  }

  /// How many elements are kept, by the types of pattern and columns.
  func rowsKept(of input: ElementsType) throws(Fault) -> Int {
    try expectSide(pattern, ".pattern", Self.pointers(of: input))
    let type = try sideType(columns, ".columns")
    let column = Self.column(of: input)
    guard type.element == column, type.dims.count == 1 else {
      throw .stage(
        .stageSideTensorType, ".columns", expected: "\(column.rawValue)[k]", actual: type.notation)
    }
    guard type.count <= input.count else {
      throw .stage(
        .stageSideTensorType, ".columns", expected: "≤ \(input.count) columns", actual: "\(type.count)")
    }
    return type.count
  }

  func rowsDecoded(
    _ payload: Elements, as input: ElementsType, rows: Elements, in decoding: Decoding
  ) throws(Fault) -> Elements {
    guard let columns else {
      throw .stage(.stageSideTensorType, ".columns", expected: "a tensor", actual: "none")
    }
    let told = try decoding.side(columns, ".columns")
    let places = try Self.places(rows: rows, columns: told, width: input.dims.last ?? 1)
    guard let bits = input.element.bits, bits % 8 == 0 else {
      var codes = [UInt8](repeating: 0, count: input.count)
      for (place, code) in zip(places, payload.unpackedCodes()) { codes[place] = code }
      return .packing(codes, as: input)
    }
    return try Elements(zeroed: input) { target in
      payload.bytes.withUnsafeBytes { source in
        switch bits {
        case 8: Self.put(UInt8.self, source, places, target)
        case 16: Self.put(UInt16.self, source, places, target)
        case 32: Self.put(UInt32.self, source, places, target)
        default: Self.put(UInt64.self, source, places, target)
        }
      }
    }
  }

  @inline(__always)
  private static func put<Word: BitwiseCopyable>(
    _: Word.Type, _ source: UnsafeRawBufferPointer, _ places: [Int], _ target: UnsafeMutableRawBufferPointer
  ) {
    let source = source.assumingMemoryBound(to: Word.self)
    let target = target.assumingMemoryBound(to: Word.self)
    for index in places.indices { target[places[index]] = source[index] }
  }

  /// The places in row-major order, every one inside and beyond the one before.
  ///
  /// - Throws: `sparse-row-pointers`, `sparse-columns-inside`, `sparse-columns-ascending`.
  private static func places(rows: Elements, columns: Elements, width: Int) throws(Fault) -> [Int] {
    let starts = rows.indices()
    let columns = columns.indices()
    var before = 0
    for (row, start) in starts.enumerated() {
      guard row > 0 || start == 0, start >= before, start <= columns.count else {
        throw .stage(
          .sparseRowPointers, ".pattern", expected: row == 0 ? "0" : "\(before) … \(columns.count)",
          actual: "\(start) at \(row)")
      }
      before = start
    }
    guard before == columns.count else {
      throw .stage(.sparseRowPointers, ".pattern", expected: "\(columns.count) at last", actual: "\(before)")
    }
    if let outside = columns.firstIndex(where: { $0 >= width }) {
      throw .stage(
        .sparseColumnsInside, ".columns", expected: "< \(width)", actual: "\(columns[outside]) at \(outside)")
    }
    var places: [Int] = []
    places.reserveCapacity(columns.count)
    for row in starts.indices.dropLast() {
      var last = -1
      for index in starts[row]..<starts[row + 1] {
        let column = columns[index]
        guard column > last else {
          throw .stage(
            .sparseColumnsAscending, ".columns", expected: "> \(last) at \(index)", actual: "\(column)")
        }
        places.append(row &* width &+ column)
        last = column
      }
    }
    return places
  }

  /// Keeps what has a code other than 0, with the column of each.
  public static func encodeRows(_ x: Elements) throws(Fault) -> Encoded<SparseStage> {
    try x.type.accepted(
      x.type.element.components.count == 1 && !x.type.dims.isEmpty, "not complex, one dim or more")
    guard let pointers = pointers(of: x.type) else { throw .payload(nil, x) }
    let (pattern, kept) = try x.nonzeroBits()
    let width = x.type.dims.last ?? 1
    var starts: [UInt64] = [0]
    starts.reserveCapacity(pointers.count)
    var columns: [Int] = []
    columns.reserveCapacity(kept)
    for row in 0..<pointers.count - 1 {
      for column in 0..<width {
        let place = row * width + column
        if pattern.bytes[place >> 3] >> UInt8(place & 7) & 1 == 1 { columns.append(column) }
      }
      starts.append(UInt64(columns.count))
    }
    let type = try x.type.with(column(of: x.type), [kept])
    let side: Elements
    switch type.element {
    case .u8: side = .list(type, columns.map(UInt8.init(truncatingIfNeeded:)))
    case .u16: side = .list(type, columns.map(UInt16.init(truncatingIfNeeded:)))
    default: side = .list(type, columns.map(UInt32.init(truncatingIfNeeded:)))
    }
    let rows: Elements =
      pointers.element == .u64
      ? .list(pointers, starts) : .list(pointers, starts.map(UInt32.init(truncatingIfNeeded:)))
    return Encoded(
      SparseStage(kind: .rows, pattern: rows.inlineTensor, columns: side.inlineTensor),
      try x.gathered(by: pattern, count: kept))
  }
}

extension Elements {
  /// Unsigned integers of 1, 2, 4 or 8 bytes as indices; those beyond are the greatest number, which is inside of nothing.
  func indices() -> [Int] {
    bytes.withUnsafeBytes { bytes in
      switch type.element.bits {
      case 8: bytes.map(Int.init)
      case 16: bytes.assumingMemoryBound(to: UInt16.self).map(Int.init)
      case 32: bytes.assumingMemoryBound(to: UInt32.self).map(Int.init)
      default: bytes.assumingMemoryBound(to: UInt64.self).map(Int.init(clamping:))
      }
    }
  }
}
