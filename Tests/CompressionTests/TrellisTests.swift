import Compression
import Numerics
import Storage
import Testing

/// Levels that the implementation in Python finds: conformance/oracle/entropy_expectations.py prints these rows.
struct ExpectedSearch: Sendable, CustomTestStringConvertible {
  let states: Int
  let bits: Int
  let weight: Double?
  let restart: Int
  let count: Int
  let point: Int
  let digest: String
  let multiples: String
  let seed: UInt64

  var testDescription: String { "\(states) states, \(bits) bits, weight \(weight ?? 0), restart \(restart)" }

  /// The values that the script makes too, in units of the step.
  var values: [Double] {
    var numbers = SeededNumbers(seed: seed)
    let unit = Double(sign: .plus, exponent: 11 - point, significand: 1)
    return (0..<count).map { _ in Double(numbers.signed() >> 11) * unit }
  }

  private static func search(
    states: Int, bits: Int, weight: Double?, restart: Int, count: Int, point: Int, _ digest: String,
    multiples: String
  ) -> (UInt64) -> ExpectedSearch {
    {
      ExpectedSearch(
        states: states, bits: bits, weight: weight, restart: restart, count: count, point: point,
        digest: digest,
        multiples: multiples, seed: $0)
    }
  }

  static let all: [ExpectedSearch] = {
    let rows = [
      search(
        states: 4, bits: 8, weight: nil, restart: 64, count: 500, point: 57,
        "0b95b7f2858ef6c02a196ded2daef74b0b596258d471fa4dd3e710f748e0ab13",
        multiples: "9c27cc49b8b29be6b470afbdd944915b6abcce77688907410be7e038e8fea3f4"),
      search(
        states: 8, bits: 8, weight: nil, restart: 128, count: 500, point: 57,
        "f1103bbae3a17576a878abce81afa2783cea16c6f6dc025a23ca961e5538bdc4",
        multiples: "c913a5f7c7dc4611d3f3c950ea58c6f76072b7fdb428c908854ae688b29ef790"),
      search(
        states: 16, bits: 6, weight: nil, restart: 100, count: 400, point: 56,
        "97e12fed86d3a08ba4ba3d2f8530a3dab69d5b0de214de0dc515530a3cabe9d7",
        multiples: "53c7147509499714cc25186781f618e6e80dad5d10e77fab185b06b9d813074e"),
      search(
        states: 32, bits: 5, weight: nil, restart: 64, count: 400, point: 57,
        "21d3963cb75fec0ac26763942b24efff7ab5dfd5c8d9fb7c54dccb6ff9de9f67",
        multiples: "caa69372a1d831c2c0044168a1153cf2f424033d8548f3e01041d9689222077b"),
      search(
        states: 8, bits: 16, weight: nil, restart: 500, count: 300, point: 48,
        "49c1e46b76bcf81c5ed0af90290d433f43817920672fff10ddde7afd97357b90",
        multiples: "5aa82fc2913b6ed8ccaa317257434ad262ab0ed1f3eba769e7b9791bb03ece90"),
      search(
        states: 8, bits: 2, weight: nil, restart: 64, count: 200, point: 60,
        "db0005fc9f9865d75103160531bd843d7203eb768f46478382daea7b52d07ba1",
        multiples: "5be4ed05785ba87ccc11a6dfb487d2ada42906d75a831ba340280953f8f31a40"),
      search(
        states: 0, bits: 8, weight: 0.002, restart: 64, count: 400, point: 58,
        "fa7cb37d6840a2c523add80127d6632efa33c6f7bb71b14e81d01ed8874035ae",
        multiples: "8311c77f40d3b0801d157a09148e6b03883ba7f81ee8dcf60ea756ae5cf2ee04"),
      search(
        states: 4, bits: 8, weight: 0.004, restart: 64, count: 400, point: 57,
        "4bd77683038c9a129bcfcff659df9f02ce09b14ef6a8a26270dbd4da32a1c576",
        multiples: "38e393b9055783175c4d4e1aa51a40609b868b6c029cafeac3e53d2623f9a8bb"),
      search(
        states: 8, bits: 8, weight: 0.01, restart: 130, count: 400, point: 58,
        "b7ae610c0adce9bedf4494bc1db1450d2832c661c798a84b9c8a899db74d7ff5",
        multiples: "955f0ca5ae145c151276d8263d5643b6b63f59d2fd2cfc695920de756fc4a0b6"),
      search(
        states: 16, bits: 4, weight: 0.02, restart: 64, count: 300, point: 60,
        "73aa453cf35fc4bfe07fa75c9f1bc1d688530dc4fa294093e90775151558e028",
        multiples: "25763d6bbcb080c32fac0a35a95cb0f65659b04493033b29a308a21f9a10f2aa"),
      search(
        states: 32, bits: 16, weight: 0.001, restart: 200, count: 400, point: 50,
        "0d9409e302a85c2a233492316e7bbe2772864fa865eed4221352505917f0662f",
        multiples: "9a4b14394bf382c0442cc928ae4eb0ea2d7ebf8e4d989425dcd90bd728b9cecd"),
      search(
        states: 0, bits: 3, weight: 0.05, restart: 64, count: 300, point: 61,
        "bd50e12c55dda3ee443c1cb6d71c7bcf6351c4ec96f7bc8d6adec015d1192eea",
        multiples: "655a3ef0465a9f30fddf25f4dde0c19a05c6f9069b83961800c1944165955273"),
    ]
    return rows.enumerated().map { $1(100 + UInt64($0)) }
  }()
}

@Suite struct TrellisTests {
  /// The tables of profile clause 7.3, section 3.
  @Test(
    arguments: [
      (4, [0, 1, 2, 3, 1, 0, 3, 2]), (8, [0, 2, 5, 7, 1, 3, 4, 6, 2, 0, 7, 5, 3, 1, 6, 4]),
      (
        16,
        [
          0, 2, 9, 11, 1, 3, 8, 10, 2, 0, 11, 9, 3, 1, 10, 8, 4, 6, 13, 15, 5, 7, 12, 14, 6, 4, 15, 13, 7, 5,
          14, 12,
        ]
      ),
      (
        32,
        [
          0, 4, 18, 22, 1, 5, 19, 23, 2, 6, 16, 20, 3, 7, 17, 21, 4, 0, 22, 18, 5, 1, 23, 19, 6, 2, 20, 16, 7,
          3, 21, 17,
          8, 12, 26, 30, 9, 13, 27, 31, 10, 14, 24, 28, 11, 15, 25, 29, 12, 8, 30, 26, 13, 9, 31, 27, 14, 10,
          28, 24, 15,
          11, 29, 25,
        ]
      ),
    ] as [(Int, [UInt8])]) func nextStates(_ states: Int, _ next: [UInt8]) throws
  {
    #expect(try #require(Trellis(states: states)).next == next)
  }

  @Test(arguments: [-8, 0, 2, 5, 12, 64]) func noOtherStates(_ states: Int) {
    #expect(Trellis(states: states) == nil)
  }

  /// The example of profile clause 7.3, section 3: step ¼, so values times four.
  @Test func example() throws {
    let search = try #require(LevelSearch(states: 8, bits: 4))
    let levels = search.levels(of: [Float(0.9), -0.4, 0.3, 1.2].map { Double($0) * 4 }, restart: 64)
    #expect(levels == [2, -1, 1, 3])
    #expect(
      try #require(Trellis(states: 8)).multiples(of: levels.map(Int32.init), restart: 64) == [4, -2, 2, 5])
  }

  @Test(arguments: ExpectedSearch.all) func findsTheLevels(_ expected: ExpectedSearch) throws {
    let search = try #require(
      LevelSearch(states: expected.states, bits: expected.bits, weight: expected.weight))
    let levels = search.levels(of: expected.values, restart: expected.restart)
    #expect(try digest(levels) == expected.digest)
    let wide = levels.map(Int32.init)
    let multiples = Trellis(states: expected.states)?.multiples(of: wide, restart: expected.restart) ?? wide
    #expect(try digest(multiples) == expected.multiples)
  }

  @Test func endsWhateverTheValues() throws {
    let values = [
      0, -0.0, .infinity, -.infinity, .nan, 1e300, -1e300, .leastNonzeroMagnitude, 32767, 32768, -65536, 1e9,
    ]
    for states in [0, 4, 8, 16, 32] {
      for weight in [nil, 0.01] {
        let search = try #require(LevelSearch(states: states, bits: 16, weight: weight))
        #expect(search.levels(of: values + values, restart: 7).allSatisfy { $0.magnitude <= 32767 })
      }
    }
  }

  private func digest(_ numbers: [some FixedWidthInteger & Sendable]) throws -> String {
    let bytes = numbers.flatMap { number in withUnsafeBytes(of: number.littleEndian, Array.init) }
    return try Digest.of(bytes, .sha256).hex
  }
}
