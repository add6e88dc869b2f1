import Compression
import Foundation
import Numerics
import Representation
import Storage
import Testing

/// What the second implementation made of a tensor, or why it refused: `conformance/oracle/compression_fixtures.py`.
struct StageFixture: Decodable, Sendable, CustomTestStringConvertible {
  struct Part: Decodable, Sendable {
    let type: String
    let dims: [Int]
    let bytes: String

    var elements: Elements? {
      let data = hexBytes(bytes)
      return elementsType.flatMap { Elements($0, data) }
    }
    var elementsType: ElementsType? { ElementType(rawValue: type).flatMap { ElementsType($0, dims) } }
    var tensor: Tensor? {
      ElementType(rawValue: type).map {
        Tensor(TensorType($0, shape: dims.map(Int64.init)), .inline(hexBytes(bytes)))
      }
    }
  }

  struct Settings: Decodable, Sendable {
    var bits: Int?
    var rule: String?
    var grid: [Int64]?
    var scale_type: String?
    var step: Double?
    var entries: Int?
    var codebook: [Double]?
    var scale_grid: [Int64]?
    var element_type: String?
    var ternary: Bool?
    var offset: Bool?
    var block: Int?
    var mode: Int?

    var scaleType: ElementType? { scale_type.flatMap { ElementType(rawValue: $0) } }
  }

  struct Descriptor: Decodable, Sendable {
    var bits: UInt64?
    var signed: Bool?
    var grid: [Int64]?
    var scale: Part?
    var zero_point: Part?
    var offset: Part?
    var group_axis: UInt64?
    var group_index: Part?
    var states: UInt64?
    var restart: UInt64?
    var codebook: Part?
    var scale_grid: [Int64]?
    var element_type: String?
    var ternary: Bool?
    var split: UInt64?
    var left: Part?
    var right: Part?
    var block: UInt64?
    var mode: UInt64?
    var kind: UInt64?
    var factors: [Part]?
    var alpha: Double?
    var rank: UInt64?
    var rank_stabilised: Bool?
    var transposed: Bool?
    var magnitude: Part?
    var axis: UInt64?
  }

  let name: String
  let stage: String
  let input: Part
  let settings: Settings?
  let descriptor: Descriptor?
  let payload: Part?
  let decoded: String?
  let refused: String?
  let base: Part?
  let unmerged: String?

  var testDescription: String {
    "\(stage) \(name) \(input.type)\(input.dims) \(settings.map { "\($0)" } ?? "")"
  }

  /// All fixtures of a stage; a missing file is a failure of every test that asks.
  static func all(_ stage: String) -> [StageFixture] { everything.filter { $0.stage == stage } }

  private static let everything: [StageFixture] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "Fixtures/stages.json")
    do {
      return try JSONDecoder().decode([StageFixture].self, from: Data(contentsOf: file))
    } catch {
      Issue.record(error)
      return []
    }
  }()

  /// Gives side tensors that stand inline, and the base.
  var decoding: Decoding {
    let base = base?.elements
    return Decoding(
      side: { tensor, path throws(Fault) in try inlineElements(tensor, path) },
      base: { reference throws(Fault) in
        guard let base else { throw Fault(CompressionFault.baseModelAvailable, at: Place()) }
        return base
      })
  }

  /// Encodes, and compares with what the second implementation gives or refuses.
  func checkEncoding<Stage>(
    _ encode: (Elements) throws(Fault) -> Encoded<Stage>, same: (Stage, Descriptor) -> Bool
  ) throws {
    let x = try #require(input.elements)
    do {
      let encoded = try encode(x)
      let descriptor = try #require(descriptor, "\(testDescription)")
      #expect(same(encoded.descriptor, descriptor), "\(testDescription)")
      #expect(encoded.output == payload?.elements, "\(testDescription)")
    } catch let error as Fault {
      #expect(error.code == refused, "\(testDescription): \(error)")
    }
  }

  /// Undoes a stage, and compares with what the second implementation gives or refuses.
  func checkDecoding(_ stage: some StageCodec, _ payload: Elements?, in decoding: Decoding? = nil) throws {
    let type = try #require(input.elementsType)
    do throws(Fault) {
      let result = try stage.decode(payload, as: type, in: decoding ?? self.decoding)
      #expect(refused == nil, "\(testDescription)")
      #expect(result.type == type)
      #expect(result.bytes == hexBytes(decoded ?? ""), "\(testDescription)")
    } catch {
      #expect(error.code == refused, "\(testDescription): \(error)")
    }
  }
}

func inlineElements(_ tensor: Tensor, _ path: String) throws(Fault) -> Elements {
  guard let type = ElementsType(tensor.type), case .inline(let bytes) = tensor.content,
    let elements = Elements(type, bytes)
  else { throw Fault(CompressionFault.stageSideTensorType, at: Place(path: path)) }
  return elements
}

func hexBytes(_ text: String) -> [UInt8] {
  let digits = Array(text.utf8).map { $0 < 58 ? $0 - 48 : $0 - 87 }
  return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

func hexText(_ bytes: [UInt8]) -> String {
  bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
}

/// Compares side tensors: both there, of the same type and bytes, or both absent.
func sameSide(_ tensor: Tensor?, _ part: StageFixture.Part?) -> Bool { tensor == part?.tensor }
