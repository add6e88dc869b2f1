import Formats
import Foundation
import Profile
import Storage
import Testing

@testable import Checks

/// A sample that means harm, read and judged by the whole catalogue in memory.
enum HostileSample {
  private static let judge = Judge(.published)

  /// Reads and judges; whatever the bytes, the tool itself is at fault in nothing.
  ///
  /// - Returns: the verdicts by key, without those that do not apply.
  @discardableResult
  static func verdicts(
    _ files: [String: [UInt8]], _ name: String, as format: Format? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) -> [String: Verdict] {
    verdicts(MemoryTree(files), name, as: format, sourceLocation: sourceLocation)
  }

  @discardableResult
  static func verdicts(
    _ tree: any FileTree, _ name: String, as format: Format? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) -> [String: Verdict] {
    let reading = SampleReader.read(tree, name: name, as: format)
    var verdicts: [String: Verdict] = [:]
    for result in judge.results(for: Sample(reading: reading, tree: tree))
    where result.verdict != .notApplicable {
      verdicts[result.requirement.key] = result.verdict
      #expect(result.verdict != .error, "\(result.requirement.id)", sourceLocation: sourceLocation)
    }
    return verdicts
  }

  /// The files of a base model of the corpus, below a prefix.
  static func base(_ name: String) throws -> [String: [UInt8]] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("vectors/bases/\(name)")
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
    var files: [String: [UInt8]] = [:]
    for name in names {
      let file = folder.appendingPathComponent(name)
      if let data = try? Data(contentsOf: file) { files[name] = [UInt8](data) }
    }
    try #require(!files.isEmpty)
    return files
  }

  /// Where that base lies.
  static func path(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("vectors/bases/\(name)")
      .path
  }
}

/// A safetensors file by hand: the header as it is, under the length that it has or another.
func safetensors(_ header: String, payload: Int = 8, length: UInt64? = nil) -> [UInt8] {
  let stated = (length ?? UInt64(header.utf8.count)).littleEndian
  return withUnsafeBytes(of: stated) { Array($0) } + Array(header.utf8) + Array(repeating: 0, count: payload)
}

/// Protocol Buffers by hand.
enum Proto {
  static func variable(_ number: UInt64) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = number
    while rest > 0x7F {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  static func number(_ field: UInt64, _ value: UInt64) -> [UInt8] { variable(field << 3) + variable(value) }

  /// A field with a length, which may be another than that of its bytes.
  static func bytes(_ field: UInt64, _ content: [UInt8], length: UInt64? = nil) -> [UInt8] {
    variable(field << 3 | 2) + variable(length ?? UInt64(content.count)) + content
  }

  static func text(_ field: UInt64, _ content: String) -> [UInt8] { bytes(field, Array(content.utf8)) }
}

/// A small ONNX model by hand; the numbers are the fields of onnx.proto.
enum HandMadeONNX {
  static let relu = Proto.bytes(
    1, Proto.text(1, "x") + Proto.text(2, "y") + Proto.text(3, "n") + Proto.text(4, "Relu"))

  static func graph(_ nodes: [UInt8], _ initializers: [UInt8] = []) -> [UInt8] {
    func value(_ name: String) -> [UInt8] {
      let shape = Proto.bytes(2, Proto.bytes(1, Proto.number(1, 2)))
      return Proto.text(1, name) + Proto.bytes(2, Proto.bytes(1, Proto.number(1, 1) + shape))
    }
    return nodes + Proto.text(2, "g") + initializers + Proto.bytes(11, value("x"))
      + Proto.bytes(12, value("y"))
  }

  static func model(_ graph: [UInt8], _ more: [UInt8] = []) -> [UInt8] {
    Proto.number(1, 8) + Proto.text(2, "test") + Proto.bytes(7, graph)
      + Proto.bytes(8, Proto.text(1, "") + Proto.number(2, 17)) + more
  }

  /// A model with one initializer of those fields, named `w`.
  static func model(initializer fields: [UInt8]) -> [UInt8] {
    model(graph(relu, Proto.bytes(5, fields + Proto.text(8, "w"))))
  }

  /// Two floats in another file.
  static func external(_ location: String, offset: String, length: String) -> [UInt8] {
    func entry(_ key: String, _ value: String) -> [UInt8] {
      Proto.bytes(13, Proto.text(1, key) + Proto.text(2, value))
    }
    return model(
      initializer: Proto.number(1, 2) + Proto.number(2, 1) + entry("location", location)
        + entry("offset", offset) + entry("length", length) + Proto.number(14, 1))
  }
}
