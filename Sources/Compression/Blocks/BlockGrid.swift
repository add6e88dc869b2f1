/// A list of points that blocks name by their places in it (profile clause 7.3, block types of ggml, section 6).
enum BlockGrid: String, Sendable, CaseIterable {
  case iq2xxs = "IQ2_XXS"
  case iq2xs = "IQ2_XS"
  case iq2s = "IQ2_S"
  case iq3xxs = "IQ3_XXS"
  case iq3s = "IQ3_S"
  case iq1 = "IQ1_S"

  /// How the numbers of points and their coordinates hang together.
  struct Form {
    /// The number of points.
    let points: Int
    /// The number of coordinates of a point.
    let width: Int
    /// The values of a coordinate, by their codes.
    let values: [Int8]
    /// What the numbers of points are multiples of.
    let step: Int
  }

  /// The row of the profile's table of grids.
  var form: Form {
    switch self {
    case .iq2xxs: Form(points: 256, width: 8, values: [8, 25, 43], step: 2)
    case .iq2xs: Form(points: 512, width: 8, values: [8, 25, 43], step: 2)
    case .iq2s: Form(points: 1024, width: 8, values: [8, 25, 43], step: 2)
    case .iq3xxs: Form(points: 256, width: 4, values: [4, 12, 20, 28, 36, 44, 52, 62], step: 1)
    case .iq3s: Form(points: 512, width: 4, values: [1, 3, 5, 7, 9, 11, 13, 15], step: 1)
    case .iq1: Form(points: 2048, width: 8, values: [-1, 0, 1], step: 1)
    }
  }

  /// The coordinates of all points, one point after the other.
  var points: BlockGridPoints {
    switch self {
    case .iq2xxs: Self.points2xxs
    case .iq2xs: Self.points2xs
    case .iq2s: Self.points2s
    case .iq3xxs: Self.points3xxs
    case .iq3s: Self.points3s
    case .iq1: Self.points1
    }
  }

  private static let points2xxs = BlockGrid.iq2xxs.unpacked()
  private static let points2xs = BlockGrid.iq2xs.unpacked()
  private static let points2s = BlockGrid.iq2s.unpacked()
  private static let points3xxs = BlockGrid.iq3xxs.unpacked()
  private static let points3s = BlockGrid.iq3s.unpacked()
  private static let points1 = BlockGrid.iq1.unpacked()

  /// The points, worked out from the set of bits: bit *r* stands for the point whose number is *step* · *r*.
  private func unpacked() -> BlockGridPoints {
    let form = form
    let digits = digits.utf8.compactMap(Self.value(ofDigit:))
    var coordinates: [Int8] = []
    coordinates.reserveCapacity(form.points * form.width)
    // Two digits are a byte, and the lowest bit of a byte comes first.
    for index in stride(from: 0, to: digits.count - 1, by: 2) {
      let byte = digits[index] << 4 | digits[index + 1]
      for bit in 0..<8 where byte >> bit & 1 == 1 {
        var number = (4 * index + bit) * form.step
        for _ in 0..<form.width {
          coordinates.append(form.values[number % form.values.count])
          number /= form.values.count
        }
      }
    }
    return BlockGridPoints(coordinates, count: form.points * form.width)
  }

  private static func value(ofDigit digit: UInt8) -> Int? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(digit - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(digit - UInt8(ascii: "a")) + 10
    default: nil
    }
  }
}

/// The coordinates of the points of a grid, at a place of memory that they keep as long as the process runs.
struct BlockGridPoints: @unchecked Sendable {
  /// The first of them; never written after it was made.
  let start: UnsafePointer<Int8>
  /// Their number.
  let count: Int

  /// Coordinates, cut or filled with zeros to a number.
  init(_ coordinates: [Int8], count: Int) {
    let memory = UnsafeMutablePointer<Int8>.allocate(capacity: count)
    memory.initialize(repeating: 0, count: count)
    for (place, coordinate) in zip(0..<count, coordinates) { memory[place] = coordinate }
    self.count = count
    start = UnsafePointer(memory)
  }
}
