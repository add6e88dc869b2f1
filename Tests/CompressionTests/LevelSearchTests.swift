import Compression
import Numerics
import Representation
import Storage
import Testing

/// What the reference encoder makes of weights: conformance/oracle/entropy_expectations.py prints these rows.
struct ExpectedWeights: Sendable, CustomTestStringConvertible {
  let element: ElementType
  let dims: [Int]
  let point: Int
  let bits: Int
  let step: Double?
  let grid: [Int64]
  let states: Int
  let restart: Int
  let weight: Double?
  let scaleType: ElementType
  let scale: String
  let levels: String
  let seed: UInt64

  var testDescription: String { "\(element) \(dims) \(bits) bits, grid \(grid), \(states) states" }

  var elements: Elements? {
    guard let type = ElementsType(element, dims) else { return nil }
    var numbers = SeededNumbers(seed: seed)
    let unit = Double(sign: .plus, exponent: 11 - point, significand: 1)
    return Elements(type, nearestTo: (0..<type.count).map { _ in Double(numbers.signed() >> 11) * unit })
  }

  private static func weights(
    _ element: ElementType, _ dims: [Int], point: Int, bits: Int, step: Double?, grid: [Int64], states: Int,
    restart: Int, weight: Double?, scaleType: ElementType, _ scale: String, levels: String
  ) -> (UInt64) -> ExpectedWeights {
    {
      ExpectedWeights(
        element: element, dims: dims, point: point, bits: bits, step: step, grid: grid, states: states,
        restart: restart, weight: weight, scaleType: scaleType, scale: scale, levels: levels, seed: $0)
    }
  }

  static let all: [ExpectedWeights] = {
    let rows = [
      weights(
        .f32, [20, 30], point: 62, bits: 16, step: 0.003, grid: [0, 0], states: 8, restart: 128, weight: nil,
        scaleType: .f32, "04f49d8c9de1ef948309149bc7c034c8772f248d4bf0f44b3716cad77a8b641f",
        levels: "e064b3fa4ba76c31ffd214ccf03943d7b8fe49fc524d90abe27c979ffff16f66"),
      weights(
        .f16, [500], point: 62, bits: 8, step: 0.05, grid: [0], states: 4, restart: 64, weight: nil,
        scaleType: .f32, "0b9d79ff0fc4d0a77ef398763bbe45c445501e826219f2b6a1aa709411ab631d",
        levels: "270dba18776df74431e5e276a8aacbff6bdc79f9686dbd68edd46cc1dcc2a684"),
      weights(
        .bf16, [12, 40], point: 61, bits: 4, step: nil, grid: [1, 0], states: 16, restart: 100, weight: 0.01,
        scaleType: .f16, "b52941d7d7d4f76798bc624b85cc89529df4b9cfb2604c2de753784701c7fc33",
        levels: "b312139cdb85eb044d0d76d35b24e330659433c9b40a631f36633477808a8ba0"),
      weights(
        .f64, [6, 50], point: 63, bits: 5, step: nil, grid: [4, 16], states: 32, restart: 64, weight: nil,
        scaleType: .bf16, "5360e4d4c6208afa8ab77dcc2945ece7ff7fdd9e8b6d724e73c5efb3ded2dcce",
        levels: "84c172774178c8d8ecbad831a8aa17ff630436e6d66bb4ad276c69188502f701"),
      weights(
        .f32, [300], point: 62, bits: 6, step: nil, grid: [100], states: 0, restart: 0, weight: 0.003,
        scaleType: .f32, "a2aaa776377ecc3ddac7f87ea933f6ae2d5fd5b8746d179fcb5760ddd564617c",
        levels: "ad73793da45347581060a859a40eb80b2e173976867f319b9c9ecec7cd3f97a3"),
      weights(
        .f32, [2, 3, 40], point: 62, bits: 2, step: 0.7, grid: [0, 0, 0], states: 8, restart: 64,
        weight: 0.02, scaleType: .f8e8m0, "620bfdaa346b088fb49998d92f19a7eaf6bfc2fb0aee015753966da1028cb731",
        levels: "5dcc1b5872dd9ff1c234501f1fefda01f664164e1583c3e1bb3dbea47588ab31"),
    ]
    return rows.enumerated().map { $1(200 + UInt64($0)) }
  }()
}

@Suite struct LevelSearchTests {
  @Test(arguments: ExpectedWeights.all) func findsScalesAndLevels(_ expected: ExpectedWeights) throws {
    let elements = try #require(expected.elements)
    for cores in [1, 3] {
      let encoded = try UniformStage.encode(
        elements, bits: expected.bits, rule: expected.step.map { .step($0) } ?? .symmetric,
        grid: expected.grid,
        scaleType: expected.scaleType, states: expected.states, restart: expected.restart,
        weight: expected.weight,
        cores: cores)
      #expect(encoded.descriptor.states == UInt64(expected.states))
      #expect(encoded.descriptor.restart == UInt64(expected.restart))
      guard case .inline(let scale)? = encoded.descriptor.scale?.content else {
        Issue.record("the scale is inline")
        return
      }
      #expect(try Digest.of(scale, .sha256).hex == expected.scale)
      #expect(try Digest.of(try #require(encoded.output).bytes, .sha256).hex == expected.levels)
    }
  }
}
