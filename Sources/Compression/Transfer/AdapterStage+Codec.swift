import CKernels
import Numerics
public import Representation
public import Storage

/// A base and factors that change it (profile clause 7.4, section 3).
extension AdapterStage: StageCodec {
  public var isLossless: Bool { false }

  public var sides: [(path: String, tensor: Tensor)] {
    var sides = factors.enumerated().map { (path: ".factors[\($0.offset)]", tensor: $0.element) }
    if let magnitude { sides.append((".magnitude", magnitude)) }
    return sides
  }

  /// How many factors the kind has; nil for an unknown one.
  private var factorCount: Int? {
    switch kind {
    case .lora, .dora, .lokr: 2
    case .loha: 4
    case .ia3: 1
    case .unknown: nil
    }
  }

  public func output(of input: ElementsType) throws(Fault) -> ElementsType? {
    guard let factorCount else {
      var number: UInt64 = 0
      if case .unknown(let stated) = kind { number = stated }
      throw .stage(.adapterKindKnown, ".kind", expected: "1 … 5", actual: "\(number)")
    }
    let rank = input.dims.count
    try input.accepted(
      ElementType.offsets.contains(input.element) && (kind == .ia3 ? rank >= 1 : rank == 2),
      "(f32 | f16 | bf16)[\(kind == .ia3 ? "≥ 1 dim" : "2 dims")]")
    guard factors.count == factorCount else {
      throw .stage(.adapterFactorCount, ".factors", expected: "\(factorCount)", actual: "\(factors.count)")
    }
    guard (magnitude != nil) == (kind == .dora) else {
      throw .stage(
        .adapterMagnitudePresent, ".magnitude", expected: kind == .dora ? "[R]" : "–",
        actual: magnitude.map { ElementsType($0.type)?.notation ?? "?" } ?? "–")
    }
    if kind == .ia3 { return try checkScaling(input) }
    guard let alpha, alpha.isFinite, alpha != 0 else {
      throw .stage(.adapterAlpha, ".alpha", expected: "0 < |α| < ∞", actual: alpha.map { "\($0)" } ?? "–")
    }
    try checkFactors(input)
    return nil
  }

  private func checkScaling(_ input: ElementsType) throws(Fault) -> ElementsType? {
    guard let axis = Int(exactly: axis), axis < input.dims.count else {
      throw .stage(.adapterAxis, ".axis", expected: "< \(input.dims.count)", actual: "\(axis)")
    }
    try expectSide(
      factors.first, ElementType.offsets, [input.dims[axis]], ".factors[0]", .adapterFactorDims)
    guard alpha == nil else {
      throw .stage(.adapterAlpha, ".alpha", expected: "–", actual: alpha.map { "\($0)" } ?? "–")
    }
    return nil
  }

  private func checkFactors(_ input: ElementsType) throws(Fault) {
    let (rows, columns) = size(input)
    let types = factors.map { ElementsType($0.type) }
    if kind == .lokr {
      let dims = types.map { $0?.dims ?? [] }
      let agree =
        dims.allSatisfy { $0.count == 2 }
        && types.allSatisfy { ElementType.offsets.contains($0?.element ?? .string) }
        && dims[0][0].multipliedReportingOverflow(by: dims[1][0]) == (rows, false)
        && dims[0][1].multipliedReportingOverflow(by: dims[1][1]) == (columns, false)
      guard agree else {
        throw .stage(
          .adapterFactorDims, ".factors", expected: "(f32 | f16 | bf16), [c, d] ⊗ [\(rows)/c, \(columns)/d]",
          actual: types.map { $0?.notation ?? "?" }.joined(separator: ", "))
      }
    } else {
      let rank = Int(clamping: rank)
      for place in stride(from: 0, to: factors.count, by: 2) {
        try expectSide(
          factors[place], ElementType.offsets, [rows, rank], ".factors[\(place)]", .adapterFactorDims)
        try expectSide(
          factors[place + 1], ElementType.offsets, [rank, columns], ".factors[\(place + 1)]",
          .adapterFactorDims)
      }
    }
    guard rank >= 1 else { throw .stage(.adapterRank, ".rank", expected: "≥ 1", actual: "0") }
    if kind == .dora {
      try expectSide(magnitude, ElementType.offsets, [rows], ".magnitude", .adapterFactorDims)
    }
  }

  /// The rows and columns that the factors speak of.
  private func size(_ input: ElementsType) -> (rows: Int, columns: Int) {
    transposed ? (input.dims[1], input.dims[0]) : (input.dims[0], input.dims[1])
  }

  /// alpha ⊘ rank, or alpha ⊘ √rank.
  private var scaling: Double {
    let rank = Double(rank)
    return (alpha ?? 0) / (rankStabilised ? rank.squareRoot() : rank)
  }

  public func decode(
    _ payload: Elements?, as input: ElementsType, in decoding: Decoding
  ) throws(Fault) -> Elements {
    _ = try output(of: input)
    if payload != nil {
      throw .stage(.compressionPayloadType, expected: "–", actual: payload?.type.notation)
    }
    let base = try decoding.base(base, of: input)
    if kind == .ia3 { return try scaled(base, decoding) }
    let change = try AdapterChange(self, input, scaling, decoding)
    guard kind == .dora else {
      return try merged(base) { range, values, out in
        change.rows(range, into: out)
        for place in 0..<range.count * input.dims[1] { out[place] = values[place] + out[place] }
      }
    }
    return try directed(base, change, decoding)
  }

  /// Takes out again what was merged (clause 7.4, section 4): of LoRA, LoHa and LoKr, and not exact.
  ///
  /// - Parameters:
  ///   - merged: the tensor that the adapter was merged into.
  ///   - decoding: gives the elements of factors; no base is asked for.
  /// - Throws: `adapter-kind-known` for kinds that do not add, `adapter-merged-finite`, and what `output(of:)` throws.
  public func unmerge(_ merged: Elements, in decoding: Decoding) throws(Fault) -> Elements {
    _ = try output(of: merged.type)
    guard kind == .lora || kind == .loha || kind == .lokr else {
      throw .stage(.adapterKindKnown, ".kind", expected: "1 | 3 | 4", actual: kind == .dora ? "2" : "5")
    }
    let change = try AdapterChange(self, merged.type, scaling, decoding)
    let columns = merged.type.dims[1]
    return try self.merged(merged) { range, values, out in
      change.rows(range, into: out)
      for place in 0..<range.count * columns { out[place] = values[place] - out[place] }
    }
  }

  /// A tensor by rows: a function makes of some rows of another, as f64, those of the result.
  private func merged(
    _ base: Elements,
    _ body: (Range<Int>, UnsafePointer<Double>, UnsafeMutablePointer<Double>) throws(Fault) -> Void
  ) throws(Fault) -> Elements {
    let type = base.type
    // Rows of a tensor without elements may be longer than any room.
    guard type.count > 0 else { return base }
    let columns = type.dims.dropFirst().reduce(1, *)
    let bytes = try filledBytes(type.byteCount) { out throws(Fault) in
      try base.withReader { reader throws(Fault) in
        try withRoom(productRows * columns) { (values: UnsafeMutablePointer<Double>) throws(Fault) in
          try type.writeRows(type.dims[0], columns, to: out, finite: .adapterMergedFinite) {
            range, result throws(Fault) in
            reader.doubles(
              from: range.lowerBound * columns, count: range.count * columns, into: values)
            try body(range, values, result)
          }
        }
      }
    }
    return try Elements(type, bytes).payload(of: type)
  }

  /// IA3: every place of an axis with its factor.
  private func scaled(_ base: Elements, _ decoding: Decoding) throws(Fault) -> Elements {
    let dims = base.type.dims
    let axis = Int(axis)
    let factor = try decoding.finiteDoubles(
      factors[0], ".factors[0]", count: dims[axis], .adapterFactorsFinite)
    let inner = dims[(axis + 1)...].reduce(1, *)
    let columns = dims.dropFirst().reduce(1, *)
    return try merged(base) { range, values, out in
      let first = range.lowerBound * columns
      for place in 0..<range.count * columns {
        out[place] = values[place] * factor[(first + place) / inner % dims[axis]]
      }
    }
  }

  /// DoRA: the changed weights with the norm of each row in place of their own.
  private func directed(
    _ base: Elements, _ change: AdapterChange, _ decoding: Decoding
  ) throws(Fault) -> Elements {
    let (rows, _) = size(base.type)
    let (m, n) = (base.type.dims[0], base.type.dims[1])
    let magnitude = try decoding.finiteDoubles(
      magnitude, ".magnitude", count: rows, .adapterFactorsFinite)
    guard base.type.count > 0 else { return base }
    // Squares first, in ascending order of the columns: along the stored rows, or down them where they are turned.
    var norms = [Double](repeating: 0, count: rows)
    try base.withReader { reader throws(Fault) in
      try withRoom(productRows * n) { (values: UnsafeMutablePointer<Double>) throws(Fault) in
        try withRoom(productRows * n) { (changed: UnsafeMutablePointer<Double>) throws(Fault) in
          for first in stride(from: 0, to: m, by: productRows) {
            let range = first..<min(first + productRows, m)
            reader.doubles(from: first * n, count: range.count * n, into: values)
            change.rows(range, into: changed)
            for row in 0..<range.count {
              for column in 0..<n {
                let value = values[row * n + column] + changed[row * n + column]
                norms[transposed ? column : first + row] += value * value
              }
            }
          }
        }
      }
    }
    for row in 0..<rows {
      let norm = norms[row].squareRoot()
      guard norm.isFinite else {
        throw .stage(.adapterMergedFinite, expected: "|N| < ∞", actual: "N[\(row)] = \(norm)")
      }
      norms[row] = norm == 0 ? 0 : magnitude[row] / norm
    }
    let isTurned = transposed
    return try merged(base) { range, values, out in
      change.rows(range, into: out)
      for row in 0..<range.count {
        for column in 0..<n {
          let place = row * n + column
          let value = values[place] + out[place]
          out[place] = norms[isTurned ? column : range.lowerBound + row] * value
        }
      }
    }
  }
}
