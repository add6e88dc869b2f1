import Numerics
import Testing

@testable import Compression

/// Measures against the second implementation (`fixed_sum` and `sums` of the NumPy oracle).
@Suite struct FidelityTests {
  private static let originals: [Double] = (0..<10007).map { (number: Int) -> Double in
    Double(number * 7919 % 10007 - 5003) / 1024
  }
  private static let candidates: [Double] = (0..<10007).map { (number: Int) -> Double in
    Double(number * 7919 % 10007 / 16 * 16 - 5000) / 1000
  }

  private static let expected: [(ElementType, [UInt64])] = [
    (
      .f32,
      [
        0x40f3_717d_e674_0000, 0x40f4_634c_2963_8687, 0x40f3_e8f2_c035_98b0, 0x4047_247b_62a9_5a11,
        0x3fc0_8000_0000_0000,
      ]
    ),
    (
      .f16,
      [
        0x40f3_717d_8200_0000, 0x40f4_635a_3fd6_ba80, 0x40f3_e8f9_579e_0000, 0x4047_2894_d5d4_0000,
        0x3fc0_8000_0000_0000,
      ]
    ),
    (
      .bf16,
      [
        0x40f3_7172_9100_0000, 0x40f4_6121_670f_a000, 0x40f3_e7d9_c220_0000, 0x4047_039e_7d00_0000,
        0x3fc0_0000_0000_0000,
      ]
    ),
    (
      .f64,
      [
        0x40f3_717d_e674_0000, 0x40f4_634c_28f5_c291, 0x40f3_e8f2_c000_0000, 0x4047_247b_4e14_7ae0,
        0x3fc0_8000_0000_0000,
      ]
    ),
  ]

  @Test(arguments: expected)
  func sumsAreThoseOfTheOracle(_ type: ElementType, _ expected: [UInt64]) throws {
    let x = try elements(type, Self.originals)
    let y = try elements(type, Self.candidates)
    for shared in [false, true] {
      let sums = try #require(FidelitySums.of(x, y, shared: shared))
      let found = [sums.original, sums.candidate, sums.product, sums.error, sums.greatestError]
      #expect(found.map(\.bitPattern) == expected)
      #expect(sums.count == 10007)
    }
  }

  @Test func measuresFollowFromSums() throws {
    let x = try elements(.f32, Self.originals)
    let sums = try #require(FidelitySums.of(x, try elements(.f32, Self.candidates)))
    #expect(abs(sums.relativeError - 0.02410765337973913) < 1e-15)
    #expect(abs(sums.sqnr - 32.35690122905747) < 1e-12)
    #expect(abs(sums.cosine - 0.9999975150602227) < 1e-15)
    let same = try #require(FidelitySums.of(x, x))
    #expect(same.relativeError == 0 && same.sqnr == .infinity && same.greatestError == 0)
    let none = try #require(FidelitySums.of(try elements(.f32, []), try elements(.f32, [])))
    #expect(none.relativeError == 0 && none.sqnr == .infinity && none.cosine == 1)
  }

  @Test func whatIsNotFiniteCountsOnlyWhereItDiffers() throws {
    let x: [Double] = [.nan, .infinity, -.infinity, 1, 2, .nan] + [Double](repeating: 0.5, count: 20)
    var y: [Double] = [.nan, .infinity, -.infinity, 1, 2.5, .nan] + [Double](repeating: 0.5, count: 20)
    for type in [ElementType.f32, .f64, .f16] {
      let sums = try #require(FidelitySums.of(try elements(type, x), try elements(type, y)))
      #expect([sums.original, sums.candidate, sums.product, sums.error] == [10, 12.25, 11, 0.25])
      #expect(sums.greatestError == 0.5)
    }
    y[0] = 1
    let sums = try #require(FidelitySums.of(try elements(.f32, x), try elements(.f32, y)))
    #expect([sums.original, sums.candidate, sums.product] == [10, 12.25, 11])
    #expect(sums.error == .infinity && sums.greatestError == .infinity)
  }

  @Test func typesMayDiffer() throws {
    let x = try elements(.f32, [1, 2, 3])
    let sums = try #require(FidelitySums.of(x, try elements(.f64, [1, 2, 3.5])))
    #expect(sums.error == 0.25)
    #expect(FidelitySums.of(x, try elements(.i8, [1, 2, 3])) == nil)
    #expect(FidelitySums.of(x, try elements(.f32, [1, 2])) == nil)
  }
}

@Suite struct GridRunsTests {
  private static func runs(_ runs: GridRuns?) -> [[Int]]? {
    var list: [[Int]] = []
    guard let runs else { return nil }
    runs.forEach {
      list.append([$0, $1, $2])
      return true
    }
    return list
  }

  @Test func blocksOfRows() {
    #expect(Self.runs(GridRuns([2, 3], grid: [1, 0])) == [[0, 3, 0], [3, 3, 1]])
    #expect(Self.runs(GridRuns([2, 3], grid: [0, 0])) == [[0, 3, 0], [3, 3, 0]])
    #expect(
      Self.runs(GridRuns([3, 3], grid: [2, 2])) == [
        [0, 2, 0], [2, 1, 1], [3, 2, 0], [5, 1, 1], [6, 2, 2], [8, 1, 3],
      ])
    #expect(Self.runs(GridRuns([], grid: [])) == [[0, 1, 0]])
    #expect(Self.runs(GridRuns([0, 3], grid: [1, 0])) == [])
    #expect(Self.runs(GridRuns([2], grid: [0, 0])) == nil)
  }

  @Test func placesThatNameTheirBlock() {
    let runs = GridRuns([2, 3], grid: [1, 0], group: (axis: 1, index: [1, 0, 1], count: 2))
    #expect(
      Self.runs(runs) == [[0, 1, 1], [1, 1, 0], [2, 1, 1], [3, 1, 3], [4, 1, 2], [5, 1, 3]])
    #expect(GridRuns([1, 1], grid: [0, 0], group: (axis: 1, index: [2], count: 2)) == nil)
  }
}
