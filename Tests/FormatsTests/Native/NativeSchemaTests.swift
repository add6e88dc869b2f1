import Foundation
import Testing

@testable import Formats

/// The reader's own table of fields says what the schema says.
@Suite struct NativeSchemaTests {
  private struct Fields: Equatable {
    var known: UInt64 = 0
    var once: UInt64 = 0
    var oneof: UInt64 = 0
    var implicit: UInt64 = 0
    var packed: UInt64 = 0
  }

  private static let tables: [String: NativeFields] = [
    "Model": .model, "Producer": .producer, "Contributor": .contributor, "Architecture": .architecture,
    "HyperParameter": .hyperParameter, "PreTraining": .preTraining, "Asset": .asset, "Digest": .digest,
    "OperatorSet": .operatorSet, "Graph": .graph, "Value": .value, "OperatorNode": .operatorNode,
    "Attribute": .attribute, "Integers": .numbers, "Floats": .numbers, "Texts": .list, "Tensors": .list,
    "Graphs": .list, "Types": .list, "Variable": .variable, "Block": .block, "Partition": .partition,
    "Type": .type, "ElementsOf": .elementsOf, "MapType": .mapType, "TensorType": .tensorType, "Shape": .shape,
    "Dimension": .dimension, "Tensor": .tensor, "SparseContent": .sparseContent, "ByteRange": .byteRange,
    "Property": .property, "Extension": .addition, "ParameterFile": .parameterFile, "Region": .region,
  ]

  /// The messages of the schema, by name.
  private func messages() throws -> [String: Fields] {
    let schema = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "conformance/schema/representation.proto")
    let numeric: Set = ["sint64", "float"]
    let scalars: Set = [
      "string", "bytes", "bool", "uint32", "uint64", "double", "VariableKind", "ElementType",
    ]
    var result: [String: Fields] = [:]
    var name = ""
    var isInOneof = false
    for line in try String(contentsOf: schema, encoding: .utf8).split(separator: "\n") {
      if let match = line.firstMatch(of: /^message (\w+) \{/) {
        name = String(match.1)
        result[name] = Fields()
      } else if line.hasPrefix("enum ") {
        name = ""
      } else if line.hasPrefix("  oneof ") {
        isInOneof = true
      } else if line == "  }" {
        isInOneof = false
      } else if !name.isEmpty,
        let match = line.firstMatch(of: /^ +(optional |repeated )?(\w+) \w+ = (\d+);/),
        let number = UInt64(match.3)
      {
        let bit: UInt64 = 1 << number
        let type = String(match.2)
        var fields = result[name] ?? Fields()
        fields.known |= bit
        if match.1 == "repeated " {
          if numeric.contains(type) { fields.packed |= bit }
        } else {
          fields.once |= bit
          if isInOneof { fields.oneof |= bit }
          if match.1 == nil, !isInOneof, numeric.union(scalars).contains(type) { fields.implicit |= bit }
        }
        result[name] = fields
      }
    }
    return result
  }

  @Test func fieldsAreThoseOfTheSchema() throws {
    let messages = try messages()
    #expect(Set(messages.keys) == Set(Self.tables.keys))
    for (name, table) in Self.tables {
      let fields = Fields(
        known: table.known, once: table.once, oneof: table.oneof, implicit: table.implicit,
        packed: table.packed)
      #expect(fields == messages[name], "\(name)")
    }
  }
}
