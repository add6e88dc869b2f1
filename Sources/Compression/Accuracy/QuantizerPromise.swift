import Numerics
import Representation
import Storage

/// A quantizer's stage as a comparison sees it: what was put in, what comes out, and what is shared by which elements.
///
/// Whether an element is where the declared rounding says is asked of these alone; levels are decoded only where that is in doubt.
struct QuantizerPromise {
  /// What was put in, of a floating type.
  let input: Elements
  /// What comes out, of the same type.
  let output: Elements
  /// The places of elements that a stage before has put aside, ascending.
  let aside: [Int]
  /// `slack` of the requirement.
  let slack: Double

  /// Elements that are not where they should be.
  struct Misfit: Equatable {
    /// How many.
    var count = 0
    /// The worst one.
    var place = 0
    /// How far it is, in steps or as it is.
    var distance = 0.0
    /// How far it may be.
    var allowed = 0.0

    /// Takes one more in.
    mutating func add(_ place: Int, _ distance: Double, _ allowed: Double) {
      if count == 0 || !(distance - allowed <= self.distance - self.allowed) {
        (self.place, self.distance, self.allowed) = (place, distance, allowed)
      }
      count += 1
    }
  }

  /// The pieces of runs that are looked at in one go.
  static let piece = 4096

  private func isAside(_ place: Int) -> Bool {
    var (low, high) = (0, aside.count)
    while low < high {
      let middle = (low + high) / 2
      if aside[middle] < place { low = middle + 1 } else { high = middle }
    }
    return low < aside.count && aside[low] == place
  }

  /// Elements that are farther from their level than a number of steps, and were not clipped.
  ///
  /// - Parameters:
  ///   - scales: the scale of each block, as numbers.
  ///   - steps: how many steps are allowed.
  ///   - levels: gives the levels, once it is asked for; `range` the least and the greatest.
  func farFromLevel(
    _ runs: GridRuns, scales: [Double], steps: Double, levels: () throws(Fault) -> Elements,
    range: ClosedRange<Int64>
  ) throws(Fault) -> Misfit {
    let pair = BlockPair(input, output)
    var suspects: [(start: Int, count: Int, scale: Double)] = []
    runs.forEach { start, count, block in
      let bound = (steps + slack) * scales[block].magnitude
      var done = 0
      while done < count {
        let length = min(count - done, Self.piece)
        if pair.beyond(bound, start + done, length) > 0 {
          suspects.append((start + done, length, scales[block]))
        }
        done += length
      }
      return true
    }
    var misfit = Misfit()
    guard !suspects.isEmpty else { return misfit }
    let x = ElementBlocks(input)
    let y = ElementBlocks(output)
    var decoded: ElementBlocks?
    for suspect in suspects {
      let size = suspect.scale.magnitude
      for place in suspect.start..<suspect.start + suspect.count {
        let (original, candidate) = (x.number(place), y.number(place))
        let error = original - candidate
        let allowed = (steps + slack) * size + input.type.element.unitInLastPlace(candidate)
        guard !(error.magnitude <= allowed), !isAside(place) else { continue }
        if decoded == nil { decoded = ElementBlocks(try levels()) }
        // The last level on its side serves all that lies beyond it.
        let outward = suspect.scale < 0 ? -error : error
        if let level = decoded?.number(place) {
          if level >= Double(range.upperBound), outward > 0 { continue }
          if level <= Double(range.lowerBound), outward < 0 { continue }
        }
        misfit.add(
          place, size > 0 ? error.magnitude / size : .infinity, size > 0 ? allowed / size : steps + slack)
      }
    }
    return misfit
  }

  /// Elements that another value of a list would be nearer to.
  ///
  /// - Parameters:
  ///   - books: the entries of each list, for the blocks of `lists`.
  ///   - scaling: the scale and offset of each block of another grid.
  func farFromEntry(
    _ lists: GridRuns, books: [[Double]],
    scaling: (runs: GridRuns, scales: [Double], offsets: [Double])?
  ) -> Misfit {
    let count = input.type.count
    // What each element is scaled by, where that is another grid than that of the lists.
    var scaleOf = [Int32](repeating: 0, count: scaling == nil ? 0 : count)
    scaling?.runs.forEach { start, count, block in
      for place in start..<start + count { scaleOf[place] = Int32(truncatingIfNeeded: block) }
      return true
    }
    let x = ElementBlocks(input)
    let y = ElementBlocks(output)
    let type = input.type.element
    let sorted = books.map { $0.sorted() }
    var misfit = Misfit()
    lists.forEach { start, count, block in
      let entries = sorted[block]
      for place in start..<start + count {
        let (original, candidate) = (x.number(place), y.number(place))
        var (scale, offset) = (1.0, 0.0)
        if let scaling {
          scale = scaling.scales[Int(scaleOf[place])]
          if !scaling.offsets.isEmpty { offset = scaling.offsets[Int(scaleOf[place])] }
        }
        let nearest = Self.nearest(original, entries, scale, offset)
        let allowed =
          nearest * (1 + slack) + original.magnitude * 0x1p-22 + type.unitInLastPlace(candidate)
        let distance = (original - candidate).magnitude
        if !(distance <= allowed), !isAside(place) { misfit.add(place, distance, allowed) }
      }
      return true
    }
    return misfit
  }

  /// The least distance of a number to scale · entry + offset.
  private static func nearest(
    _ number: Double, _ entries: [Double], _ scale: Double, _ offset: Double
  ) -> Double {
    guard scale != 0 else { return (number - offset).magnitude }
    let target = (number - offset) / scale
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle] < target { low = middle + 1 } else { high = middle }
    }
    var least = Double.infinity
    // Around the place, since the quotient was rounded.
    for index in max(low - 2, 0)..<min(low + 2, entries.count) {
      least = min(least, (number - (scale * entries[index] + offset)).magnitude)
    }
    return least
  }

  /// Elements that another code of a smaller floating type would be nearer to.
  func farFromCode(_ runs: GridRuns, scales: [Double], type: ElementType) -> Misfit {
    let x = ElementBlocks(input)
    let y = ElementBlocks(output)
    let top = type.greatestFinite
    var misfit = Misfit()
    runs.forEach { start, count, block in
      let scale = scales[block]
      for place in start..<start + count {
        let (original, candidate) = (x.number(place), y.number(place))
        let wanted = scale == 0 ? 0 : min(max(original / scale, -top), top)
        // Most elements are the nearest code exactly; only others need the conversion back.
        let found = scale == 0 ? 0 : candidate / scale
        let code = type.code(nearestTo: wanted).flatMap(type.value(ofCode:)) ?? 0
        let slackness =
          wanted.magnitude * 0x1p-22
          + (scale == 0 ? 0 : input.type.element.unitInLastPlace(candidate) / scale.magnitude)
        let allowed = (code - wanted).magnitude * (1 + slack) + slackness
        let distance = (found - wanted).magnitude
        if !(distance <= allowed), !isAside(place) { misfit.add(place, distance, allowed) }
      }
      return true
    }
    return misfit
  }
}
