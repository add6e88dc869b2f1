import Numerics
import Storage

/// What a pruning step cuts: the elements of least magnitude become zero, of equal ones the first are kept (profile clause 7.2, section 1).
enum Pruning {
  /// The elements with so great a share of them zero, whatever they were.
  static func unstructured(_ x: Elements, sparsity: Double) -> Elements {
    let magnitudes = x.doubles.map(\.magnitude)
    let cut = Int((sparsity * Double(x.type.count)).rounded(.down))
    return zeroing(x, places: least(cut, of: magnitudes))
  }

  /// The elements with at most `n` of each group of `m` along the last axis other than zero.
  static func nOfM(_ x: Elements, n: Int, m: Int) -> Elements {
    let magnitudes = x.doubles.map(\.magnitude)
    var places: [Int] = []
    places.reserveCapacity(x.type.count / m * (m - n))
    for start in stride(from: 0, through: x.type.count - m, by: m) {
      let order = (start..<start + m).sorted {
        (magnitudes[$1], $0) < (magnitudes[$0], $1)
      }
      places += order[n...].sorted()
    }
    return zeroing(x, places: places)
  }

  /// The elements with so great a share of the blocks zero as a whole: those whose sum of squares is least.
  static func blocks(_ x: Elements, block: [Int], sparsity: Double) -> Elements {
    let dims = x.type.dims
    let counts = zip(dims, block).map { $0 / $1 }
    let blockCount = counts.reduce(1, *)
    var strides = [Int](repeating: 1, count: dims.count)
    for axis in dims.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * dims[axis + 1] }
    let values = x.doubles
    var number = [Int](repeating: 0, count: values.count)
    var squares = [Double](repeating: 0, count: blockCount)
    for index in values.indices {
      var place = 0
      for axis in dims.indices {
        place = place * counts[axis] + index / strides[axis] % dims[axis] / block[axis]
      }
      number[index] = place
      squares[place] += values[index] * values[index]
    }
    let cut = Set(least(Int((sparsity * Double(blockCount)).rounded(.down)), of: squares))
    return zeroing(x, places: number.indices.filter { cut.contains(number[$0]) })
  }

  /// The places of so many of the least values, in ascending order; of equal ones the last are taken.
  private static func least(_ count: Int, of values: [Double]) -> [Int] {
    guard count > 0 else { return [] }
    // A NaN is never cut.
    let keys = values.map { $0.isNaN ? .infinity : $0 }
    let bound = keys.sorted()[min(count, keys.count) - 1]
    var places = keys.indices.filter { keys[$0] < bound }
    var missing = min(count, keys.count) - places.count
    for index in keys.indices.reversed() where missing > 0 && keys[index] == bound {
      places.append(index)
      missing -= 1
    }
    return places.sorted()
  }

  private static func zeroing(_ x: Elements, places: [Int]) -> Elements {
    guard let bits = x.type.element.bits else { return x }
    var bytes = x.bytes
    for place in places {
      let first = place * bits / 8
      if bits % 8 == 0 {
        for byte in 0..<bits / 8 { bytes[first + byte] = 0 }
      } else {
        for bit in place * bits..<(place + 1) * bits { bytes[bit / 8] &= ~(1 << UInt8(bit % 8)) }
      }
    }
    return Elements(x.type, bytes) ?? x
  }
}
