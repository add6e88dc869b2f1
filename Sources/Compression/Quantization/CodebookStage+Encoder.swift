public import Numerics
public import Representation
public import Storage

extension CodebookStage {
  /// Which list a reference encoder uses.
  public enum List: Sendable, Hashable {
    /// These values, rounded to f32.
    case given([Double])
    /// One of Lloyd's with at most so many entries, 1 … 65,536.
    case lloyd(entries: Int)
  }

  /// The reference encoder: one list of numbers for all of the tensor.
  ///
  /// - Parameters:
  ///   - scaleGrid: which elements are divided by their greatest magnitude first; nil for no scaling.
  ///   - scaleType: f32, f16, bf16, f8e8m0 or f8e4m3fn.
  /// - Throws: `quantizer-input-finite`, `quantizer-scale-finite`, `codebook-entries`, `codebook-finite` and what `output(of:)` throws.
  public static func encode(
    _ x: Elements, list: List, scaleGrid: [Int64]? = nil, scaleType: ElementType = .f32
  ) throws(Fault) -> Encoded<CodebookStage> {
    let whole = x.type.dims.map { _ in Int64(0) }
    let input = try BlockInput(x, scaleGrid ?? whole)
    var stage = CodebookStage(grid: whole, codebook: nil)
    var values = x.doubles
    if let scaleGrid {
      let greatest = try input.greatestMagnitudes()
      let side = try scaleType.side(
        greatest.map { value throws(Fault) in try scaleType.code(notBelow: value) }, input.grid.counts)
      let scale = side.doubles
      stage.scaleGrid = scaleGrid
      stage.scale = side.inlineTensor
      try input.grid.forEachSegment { segment throws(Fault) in
        for place in 0..<segment.count {
          let scale = scale[segment.block + place / segment.run]
          values[segment.start + place] = scale == 0 ? 0 : values[segment.start + place] / scale
        }
      }
    }
    let book: [Double]
    switch list {
    case .given(let entries): book = entries.map { Double(Float($0)) }
    case .lloyd(let entries):
      guard 1...65536 ~= entries else {
        throw .stage(.codebookEntries, ".codebook", expected: "1 … 65536", actual: "\(entries)")
      }
      book = lloyd(values, entries: entries)
    }
    guard book.allSatisfy(\.isFinite) else { throw .stage(.codebookFinite, ".codebook") }
    guard let type = ElementsType(.f32, whole.map { _ in 1 } + [book.count, 1]),
      let side = Elements(type, nearestTo: book)
    else { throw .stage(.codebookEntries, ".codebook") }
    stage.codebook = side.inlineTensor
    guard let output = try stage.output(of: x.type) else { throw .stage(.codebookEntries, ".codebook") }
    let indices = SortedList(book).indices(nearestTo: values)
    return Encoded(stage, try Elements(output, integers: indices).payload(of: output))
  }

  /// A list of Lloyd's: places spread over the values in their order, then the means of what is nearest to each, at most 25 times.
  private static func lloyd(_ values: [Double], entries: Int) -> [Double] {
    guard !values.isEmpty else { return [0] }
    let ordered = values.sorted()
    var book = distinct(
      (0..<entries).map { place in
        // Without the overflow of (2j + 1) · n.
        let (high, low) = (2 * place + 1).multipliedFullWidth(by: values.count)
        return ordered[(2 * entries).dividingFullWidth((high, low)).quotient]
      })
    for _ in 0..<25 {
      let indices = SortedList(book).indices(nearestTo: values)
      var sums = [Double](repeating: 0, count: book.count)
      var members = sums
      for (index, value) in zip(indices, values) {
        sums[Int(index)] += value
        members[Int(index)] += 1
      }
      let new = distinct(book.indices.map { members[$0] > 0 ? sums[$0] / members[$0] : book[$0] })
      if new == book { break }
      book = new
    }
    return book
  }

  /// Values rounded to f32, in ascending order, equal ones once; −0 is +0.
  private static func distinct(_ values: [Double]) -> [Double] {
    var out: [Double] = []
    for value in values.map({ Double(Float($0)) + 0 }).sorted() where value != out.last { out.append(value) }
    return out
  }
}

/// A list of values in ascending order that finds what is nearest.
private struct SortedList {
  private let values: [Double]
  private let places: [Int32]

  init(_ list: [Double]) {
    let order = list.indices.sorted { (list[$0], $0) < (list[$1], $1) }
    values = order.map { list[$0] }
    places = order.map { Int32($0) }
  }

  /// For each value the entry of the least distance in f64, of equal ones that which stands first in the list.
  func indices(nearestTo wanted: [Double]) -> [Int32] {
    filled(wanted.count) { out in
      values.withUnsafeBufferPointer { values in
        for (place, value) in wanted.enumerated() { out[place] = nearest(to: value, in: values) }
      }
    }
  }

  private func nearest(to value: Double, in values: UnsafeBufferPointer<Double>) -> Int32 {
    // The first entry that is not below the value.
    var low = 0
    var count = values.count
    while count > 0 {
      let half = count / 2
      if values[low + half] < value {
        low += half + 1
        count -= half + 1
      } else {
        count = half
      }
    }
    let above = low < values.count ? abs(value - values[low]) : .infinity
    let below = low > 0 ? abs(value - values[low - 1]) : .infinity
    let least = min(above, below)
    // Distances are rounded, so that far away many entries are as near; they lie together.
    var best = Int32.max
    var place = low
    while place < values.count, abs(value - values[place]) == least {
      best = min(best, places[place])
      place += 1
    }
    place = low - 1
    while place >= 0, abs(value - values[place]) == least {
      best = min(best, places[place])
      place -= 1
    }
    return best
  }
}
