import Numerics

/// What the cuts of all reductions leave of one tensor (profile clause 7.2, section 2).
struct KeptUnits {
  /// For each axis that was cut: the places of the original's axis that were kept, and how long that axis was.
  struct Axis {
    let axis: Int
    let places: [Int]
    let full: Int
  }

  /// The axes that were cut.
  let axes: [Axis]
  /// The name in the original.
  let original: String
  /// Whether every step that cut it says that what is kept did not change.
  let keepsValues: Bool

  /// The cuts of a tensor of this model; nil where it has none, or where they do not fit its dims.
  init?(_ name: String, dims: [Int], in statement: CompressionStatement) {
    var axes: [Axis] = []
    var original: String?
    var keepsValues = true
    for reduction in statement.reductions {
      for cut in reduction.cuts where cut.tensor.utf8.elementsEqual(name.utf8) {
        guard let axis = Axis(reduction, cut, dims), !axes.contains(where: { $0.axis == axis.axis }) else {
          return nil
        }
        axes.append(axis)
        original = original ?? cut.original
        keepsValues = keepsValues && statement.step(named: reduction.step)?.settings.keepsValues == true
      }
    }
    guard !axes.isEmpty else { return nil }
    self.axes = axes
    self.original = original ?? name
    self.keepsValues = keepsValues
  }

  /// The dims of the original.
  func originalDims(_ dims: [Int]) -> [Int] {
    var dims = dims
    for axis in axes { dims[axis.axis] = axis.full }
    return dims
  }

  /// For each element of the cut tensor, in row-major order, its place in the original.
  private func places(_ dims: [Int]) -> [Int] {
    let full = originalDims(dims)
    var places = [0]
    for axis in dims.indices {
      let kept = axes.first { $0.axis == axis }?.places ?? Array(0..<dims[axis])
      var next: [Int] = []
      next.reserveCapacity(places.count * kept.count)
      for place in places {
        for index in kept { next.append(place * full[axis] + index) }
      }
      places = next
    }
    return places
  }

  /// What was kept of the original, in the dims of the cut tensor; nil where the original has not the dims that it should have, or
  /// elements that do not fill bytes.
  func kept(of original: Elements, dims: [Int]) -> Elements? {
    guard let bits = original.type.element.bits, bits % 8 == 0, original.type.dims == originalDims(dims),
      let type = ElementsType(original.type.element, dims)
    else { return nil }
    let width = bits / 8
    var bytes: [UInt8] = []
    bytes.reserveCapacity(type.byteCount)
    for place in places(dims) { bytes += original.bytes[place * width..<(place + 1) * width] }
    return Elements(type, bytes)
  }

  /// The cut tensor in the dims of its original, with zeros where units were lost.
  func expanded(_ elements: Elements) -> Elements? {
    let dims = elements.type.dims
    guard let bits = elements.type.element.bits, bits % 8 == 0,
      let type = ElementsType(elements.type.element, originalDims(dims))
    else { return nil }
    let width = bits / 8
    var bytes = [UInt8](repeating: 0, count: type.byteCount)
    for (index, place) in places(dims).enumerated() {
      for byte in 0..<width { bytes[place * width + byte] = elements.bytes[index * width + byte] }
    }
    return Elements(type, bytes)
  }
}

extension KeptUnits.Axis {
  /// The axis of a cut; nil where its numbers do not give the dim, or more than fits into memory.
  fileprivate init?(
    _ reduction: CompressionStatement.Reduction, _ cut: CompressionStatement.Cut, _ dims: [Int]
  ) {
    guard let count = reduction.keptCount, let axis = Int(exactly: cut.axis), dims.indices.contains(axis),
      let unit = Int(exactly: cut.unit), let parts = Int(exactly: cut.parts),
      let units = Int(exactly: reduction.units), unit >= 1, parts >= 1
    else { return nil }
    func product(_ units: Int) -> Int? {
      let (inner, overflow) = unit.multipliedReportingOverflow(by: units)
      let (all, overflowed) = inner.multipliedReportingOverflow(by: parts)
      return overflow || overflowed ? nil : all
    }
    guard product(Int(count)) == dims[axis], let full = product(units) else { return nil }
    var places: [Int] = []
    places.reserveCapacity(dims[axis])
    for part in 0..<parts {
      for run in reduction.kept {
        let start = (part * units + Int(run.first)) * unit
        places += start..<start + Int(run.count) * unit
      }
    }
    self.axis = axis
    self.places = places
    self.full = full
  }
}
