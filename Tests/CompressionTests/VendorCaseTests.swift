import Compression
import Foundation
import Numerics
import Storage
import Testing

/// Weights that the tools of vendors stored, against what these tools make of them themselves (`conformance/integration/vendors_*.py`).
@Suite struct VendorCaseTests {
  @Test(arguments: VendorCase.all) func decodesAsItsToolDoes(_ file: String) throws {
    let vendorCase = try VendorCase(file)
    let weight = try vendorCase.weight()
    let decoded = try weight.decode(vendorCase.tensors)
    #expect(decoded.type == weight.type)
    #expect(decoded.type.dims == vendorCase.expected.type.dims)
    #expect(!weight.stages.isEmpty)
    // What the tool computes in a narrower type is ours rounded to it.
    let type = vendorCase.expected.type.element
    let width = try #require(type.bits) / 8
    var differences = 0
    for index in 0..<decoded.type.count {
      let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(decoded.bytes[4 * index + $1]) << UInt32(8 * $1) }
      let expected = (0..<width).reduce(UInt64(0)) {
        $0 | UInt64(vendorCase.expected.bytes[width * index + $1]) << UInt64(8 * $1)
      }
      let ours = type == .f32 ? UInt64(bits) : type.code(nearestTo: Double(Float(bitPattern: bits)))
      // Where a tool gives −0 for 0, the value is the same.
      if ours != expected, ours.flatMap({ type.value(ofCode: $0) }) != type.value(ofCode: expected) {
        differences += 1
      }
    }
    #expect(differences == 0, "of \(decoded.type.count) elements, \(vendorCase.tool)")
  }
}

/// A case as a script wrote it.
struct VendorCase {
  let tool: String
  let kind: String
  let settings: JSONValue
  private(set) var tensors: VendorTensors
  private var parts: [String: Elements]
  let expected: Elements

  /// The files of the cases in the repository, and of those that an environment variable names.
  static let all: [String] = {
    let tests = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    let kept = tests.deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("conformance/integration/vendors").path
    let folders = [kept, ProcessInfo.processInfo.environment["GBT42382_VENDOR_CASES"] ?? ""]
    return folders.flatMap { folder in
      ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".json") }
        .sorted().map { folder + "/" + $0 }
    }
  }()

  init(_ file: String) throws {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
    let value = try JSONValue.read(bytes, depthLimit: 16, allowsNonFinite: false) { _ in }
    tool = try #require(value["tool"]?.string)
    kind = try #require(value["kind"]?.string)
    settings = try #require(value["settings"])
    let held = try #require(value["expected"])
    expected = try Self.elements(held)
    var parts: [String: Elements] = [:]
    let members = try #require(value["parts"]?.members)
    for part in members { parts[part.key] = try Self.elements(part.value) }
    self.parts = parts
    tensors = VendorTensors(parts)
  }

  /// Changes the stored tensors.
  mutating func change(_ change: (inout [String: Elements]) throws -> Void) throws {
    try change(&parts)
    tensors = VendorTensors(parts)
  }

  private static func elements(_ value: JSONValue) throws -> Elements {
    let name = try #require(value["type"]?.string)
    let element = try #require(ElementType(rawValue: name))
    let dims = try #require(value["dims"]?.elements).map { Int($0.number?.integer ?? -1) }
    let digits = Array(try #require(value["bytes"]?.string).utf8)
    func digit(_ code: UInt8) -> UInt8 { code < 0x3A ? code &- 0x30 : code &- 0x57 }
    let bytes = stride(from: 0, to: digits.count, by: 2).map {
      digit(digits[$0]) << 4 | digit(digits[$0 + 1])
    }
    let type = try #require(ElementsType(element, dims))
    return try #require(Elements(type, bytes))
  }

  private func number(_ key: String) -> Int? { settings[key]?.number?.integer.map { Int($0) } }

  /// The weight, by its settings.
  func weight() throws -> any VendorWeight {
    switch kind {
    case "compressed-tensors": return try CompressedTensorsWeight(tensors, compressedTensors())
    case "gptq":
      return try GPTQWeight(
        tensors, bits: try #require(number("bits")), groupSize: number("group_size"),
        format: settings["checkpoint_format"]?.string == "gptq_v2" ? .second : .first)
    case "awq":
      return try AWQWeight(tensors, bits: try #require(number("bits")), groupSize: number("group_size"))
    case "bitsandbytes-4bit": return try BitsandbytesFourBitWeight(tensors)
    case "bitsandbytes-8bit": return try BitsandbytesEightBitWeight(tensors)
    case "fp8":
      let block = settings["weight_block_size"]?.elements?.compactMap { $0.number?.integer.map { Int($0) } }
      return try ScaledFloatWeight(tensors, scale: try #require(settings["scale"]?.string), block: block)
    case "onnx-linear":
      return try ONNXLinearWeight(tensors, axis: number("axis") ?? 1, blockSize: number("block_size") ?? 0)
    case "onnx-matmul":
      return try ONNXMatMulWeight(
        tensors, rows: try #require(number("N")), columns: try #require(number("K")),
        bits: try #require(number("bits")), blockSize: try #require(number("block_size")))
    default:
      Issue.record("kind \(kind)")
      throw CancellationError()
    }
  }

  private func compressedTensors() throws -> CompressedTensorsSettings {
    let strategy: CompressedTensorsSettings.Strategy
    switch settings["strategy"]?.string {
    case "tensor": strategy = .tensor
    case "channel": strategy = .channel
    case "block":
      let sizes = try #require(settings["block_structure"]?.elements).map { Int($0.number?.integer ?? 0) }
      strategy = .block(sizes[0], sizes[1])
    default: strategy = .group(try #require(number("group_size")))
    }
    let version = try #require(settings["version"]?.string)
    let minor = try #require(Int(version.split(separator: ".")[1]))
    let form = try #require(settings["format"]?.string)
    return CompressedTensorsSettings(
      form: try #require(CompressedTensorsSettings.Form(rawValue: form)),
      bits: try #require(number("num_bits")), strategy: strategy,
      symmetric: settings["symmetric"]?.boolean == true, dense: minor >= 18)
  }
}
