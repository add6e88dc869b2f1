/// The runs of elements that share a place of a side tensor, in row-major order (profile clause 7.3, section 1).
struct GridRuns {
  /// The dims of the elements.
  let dims: [Int]
  /// Block sizes; the whole dim stands in place of 0.
  private let sizes: [Int]
  /// The dims of the side tensor.
  let blocks: [Int]
  /// For the axis that names the block of each place: the blocks.
  private let group: (axis: Int, index: [Int])?

  /// Runs; nil where the grid does not fit the dims.
  ///
  /// - Parameter group: an axis on which each place names its block, and how many blocks there are.
  init?(_ dims: [Int], grid: [Int64], group: (axis: Int, index: [Int], count: Int)? = nil) {
    guard grid.count == dims.count else { return nil }
    var sizes: [Int] = []
    var blocks: [Int] = []
    for (axis, (dim, block)) in zip(dims, grid).enumerated() {
      guard let block = Int(exactly: block), block >= 0 else { return nil }
      if let group, group.axis == axis {
        guard group.index.count == dim, group.index.allSatisfy({ 0..<group.count ~= $0 }) else { return nil }
        sizes.append(1)
        blocks.append(group.count)
      } else {
        sizes.append(block == 0 ? max(dim, 1) : block)
        blocks.append(block == 0 ? 1 : dim == 0 ? 0 : (dim - 1) / block + 1)
      }
    }
    self.dims = dims
    self.sizes = sizes
    self.blocks = blocks
    self.group = group.map { ($0.axis, $0.index) }
  }

  /// Calls `body` with the first element, the number of elements and the place of the side tensor of each run, until it says stop.
  func forEach(_ body: (_ start: Int, _ count: Int, _ block: Int) -> Bool) {
    guard let last = dims.indices.last else {
      _ = body(0, 1, 0)
      return
    }
    guard !dims.contains(0) else { return }
    var places = [Int](repeating: 0, count: dims.count)
    var start = 0
    while true {
      var row = 0
      for axis in 0..<last { row = row * blocks[axis] + block(axis, places[axis]) }
      var column = 0
      while column < dims[last] {
        let count = min(sizes[last], dims[last] - column)
        guard body(start + column, count, row * blocks[last] + block(last, column)) else { return }
        column += count
      }
      start += dims[last]
      var axis = last - 1
      while axis >= 0 {
        places[axis] += 1
        if places[axis] < dims[axis] { break }
        places[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }

  private func block(_ axis: Int, _ place: Int) -> Int {
    if let group, group.axis == axis { return group.index[place] }
    return place / sizes[axis]
  }
}
