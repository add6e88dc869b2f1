import Storage

/// Which elements share what a side tensor says once for each block (profile clause 7.3, section 1).
struct Grid: Sendable {
  /// The dims of the elements.
  let dims: [Int]
  /// The size of a block along each axis, at least 1; the last block may be short.
  private let sizes: [Int]
  /// How many blocks there are along each axis: the dims of the side tensor.
  private(set) var counts: [Int]
  /// The axis whose places name their blocks, and the block of each.
  private var named: (axis: Int, blocks: [UInt32])?

  /// A grid over dims.
  /// - Throws: `grid-form`.
  init(_ grid: [Int64], over dims: [Int], at path: String = ".grid") throws(Fault) {
    let fits =
      grid.count == dims.count && zip(grid, dims).allSatisfy { $0 == 0 || $0 >= 1 && $0 < Int64($1) }
    guard fits else {
      throw .stage(
        .gridForm, path, expected: "\(dims.count) × (0 | 1 … dim − 1), dims \(dims)", actual: "\(grid)")
    }
    self.dims = dims
    sizes = zip(grid, dims).map { $0 == 0 ? max($1, 1) : Int($0) }
    counts = zip(zip(grid, dims), sizes).map { $0.0 == 0 ? 1 : ($0.1 - 1) / $1 + 1 }
  }

  /// How many blocks there are.
  var blockCount: Int { counts.reduce(1, *) }

  /// The same grid, but that each place of an axis names its block.
  func naming(_ blocks: [UInt32], of count: Int, along axis: Int) -> Grid {
    var grid = self
    grid.named = (axis, blocks)
    grid.counts[axis] = count
    return grid
  }

  /// Elements that follow each other, in runs that lie in one block each.
  struct Segment {
    /// The first element.
    let start: Int
    /// How many there are.
    let count: Int
    /// How many of them are in one block; the last run may be short.
    let run: Int
    /// The block of the first run; those of the others follow, where they are not named.
    let block: Int
    /// Which of the named blocks is that of the first run, counted from `block`; nil where they are not named.
    let place: Int?
  }

  /// Calls a function for all elements in row-major order.
  ///
  /// - Parameter limit: how many elements a segment has at most.
  func forEachSegment(
    limit: Int = chunk, _ body: (Segment) throws(Fault) -> Void
  ) throws(Fault) {
    if dims.contains(0) { return }
    // The last axis that has more than one block: what lies behind it is in one block with it.
    let axis = dims.indices.last { counts[$0] > 1 || sizes[$0] < dims[$0] || named?.axis == $0 }
    guard let axis else {
      return try split(line: 0, dims.reduce(1, *), run: .max, block: 0, named: false, limit, body)
    }
    let inner = dims[(axis + 1)...].reduce(1, *)
    let isNamed = named?.axis == axis
    let length = dims[axis] * inner
    var strides = counts
    var stride = 1
    for place in counts.indices.reversed() {
      strides[place] = stride
      stride *= counts[place]
    }
    var index = [Int](repeating: 0, count: axis)
    var line = 0
    while true {
      var block = 0
      for outer in 0..<axis { block += self.block(outer, index[outer]) * strides[outer] }
      try split(
        line: line, length, run: isNamed ? inner : sizes[axis] * inner, block: block, named: isNamed, limit,
        body)
      line += length
      var outer = axis - 1
      while outer >= 0 {
        index[outer] += 1
        if index[outer] < dims[outer] { break }
        index[outer] = 0
        outer -= 1
      }
      if outer < 0 { return }
    }
  }

  private func block(_ axis: Int, _ place: Int) -> Int {
    if let named, named.axis == axis { return Int(named.blocks[place]) }
    return place / sizes[axis]
  }

  /// The named blocks of segments with a place.
  var names: [UInt32] { named?.blocks ?? [] }

  private func split(
    line: Int, _ length: Int, run: Int, block: Int, named: Bool, _ limit: Int,
    _ body: (Segment) throws(Fault) -> Void
  ) throws(Fault) {
    let run = min(run, length)
    func segment(_ start: Int, _ count: Int, _ run: Int, _ number: Int) -> Segment {
      Segment(
        start: line + start, count: count, run: run, block: named ? block : block + number,
        place: named ? number : nil)
    }
    if run >= limit {
      var number = 0
      for first in stride(from: 0, to: length, by: run) {
        let end = min(first + run, length)
        for start in stride(from: first, to: end, by: limit) {
          let count = min(limit, end - start)
          try body(segment(start, count, count, number))
        }
        number += 1
      }
    } else {
      let many = limit / run
      for start in stride(from: 0, to: length, by: many * run) {
        try body(segment(start, min(many * run, length - start), run, start / run))
      }
    }
  }
}
