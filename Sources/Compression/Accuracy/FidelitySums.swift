import CKernels
import Glibc
import Numerics
import Storage

/// How far a candidate is from its original: the sums of profile clause 7.1, section 7.1, in f64 and in their fixed order.
public struct FidelitySums: Sendable, Hashable {
  /// Σ x².
  public var original = 0.0
  /// Σ x̂².
  public var candidate = 0.0
  /// Σ x·x̂.
  public var product = 0.0
  /// Σ (x − x̂)²; infinite where a NaN or an infinity has no counterpart.
  public var error = 0.0
  /// The greatest │x − x̂│.
  public var greatestError = 0.0
  /// The number of elements.
  public var count: UInt64 = 0

  /// Nothing yet.
  public init() {}

  /// Adds what comes after: the next block, or the next tensor.
  public mutating func add(_ other: FidelitySums) {
    original += other.original
    candidate += other.candidate
    product += other.product
    error += other.error
    greatestError = max(greatestError, other.greatestError)
    count += other.count
  }

  /// √(Σ (x − x̂)² / Σ x²); 0 where there is no error.
  public var relativeError: Double { error == 0 ? 0 : (error / original).squareRoot() }

  /// 10 · log₁₀(Σ x² / Σ (x − x̂)²) in decibels; infinite where there is no error.
  public var sqnr: Double { error == 0 ? .infinity : 10 * log10(original / error) }

  /// Σ x·x̂ / √(Σ x² · Σ x̂²); 1 where both are zero.
  public var cosine: Double {
    original == 0 && candidate == 0 ? 1 : product / (original * candidate).squareRoot()
  }

  /// A measure.
  public subscript(measure: FidelityMeasure) -> Double {
    switch measure {
    case .relativeError: relativeError
    case .sqnr: sqnr
    case .cosine: cosine
    case .greatestError: greatestError
    }
  }
}

extension FidelitySums {
  /// The elements of a block, which is summed alone.
  static let block = 4096
  /// The blocks that are worth a core of their own.
  private static let share = 256

  /// The sums of two tensors of as many elements of floating types, which need not be the same; nil for other types.
  ///
  /// - Parameter shared: whether several cores take part; the result is the same.
  public static func of(_ original: Elements, _ candidate: Elements, shared: Bool = true) -> FidelitySums? {
    guard original.type.count == candidate.type.count, original.type.element.isFloat,
      candidate.type.element.isFloat
    else { return nil }
    let blocks = (original.type.count + block - 1) / block
    let shares = shared ? (blocks + share - 1) / share : min(blocks, 1)
    let length = shared ? share : blocks
    let found = ConcurrentMap.results(count: shares) { index in
      blockSums(original, candidate, index * length..<min((index + 1) * length, blocks))
    }
    var sums = FidelitySums()
    for block in found.joined() { sums.add(block) }
    return sums
  }

  /// The sums of each block of a range.
  private static func blockSums(
    _ original: Elements, _ candidate: Elements, _ blocks: Range<Int>
  ) -> [FidelitySums] {
    let pair = BlockPair(original, candidate)
    return blocks.map { number in
      let start = number * block
      let count = min(block, original.type.count - start)
      var found = pair.measures(start, count)
      found.count = UInt64(count)
      return found
    }
  }
}

/// Two tensors whose elements are looked at block by block, in the narrower of f32 and f64 that holds both exactly.
struct BlockPair {
  private let original: ElementBlocks
  private let candidate: ElementBlocks
  private let isDouble: Bool

  init(_ original: Elements, _ candidate: Elements) {
    self.original = ElementBlocks(original)
    self.candidate = ElementBlocks(candidate)
    isDouble = !self.original.fitsFloat || !self.candidate.fitsFloat
  }

  func measures(_ start: Int, _ count: Int) -> FidelitySums {
    let found =
      isDouble
      ? original.withDoubles(start, count) { x in
        candidate.withDoubles(start, count) { y in ck_measures_f64(x, y, count) }
      }
      : original.withFloats(start, count) { x in
        candidate.withFloats(start, count) { y in ck_measures_f32(x, y, count) }
      }
    var sums = FidelitySums()
    sums.original = found.original
    sums.candidate = found.candidate
    sums.product = found.product
    sums.error = found.error
    sums.greatestError = found.greatest
    return sums
  }

  /// How many of a few elements are farther apart than a bound.
  func beyond(_ bound: Double, _ start: Int, _ count: Int) -> Int {
    isDouble
      ? original.withDoubles(start, count) { x in
        candidate.withDoubles(start, count) { y in ck_beyond_f64(x, y, count, bound) }
      }
      : original.withFloats(start, count) { x in
        candidate.withFloats(start, count) { y in ck_beyond_f32(x, y, count, bound) }
      }
  }
}
