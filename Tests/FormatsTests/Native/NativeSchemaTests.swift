import Foundation
import Storage
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
    "Attribute": .attribute, "Integers": .integers, "Floats": .floats, "Texts": .list, "Tensors": .list,
    "Graphs": .list, "Types": .list, "Variable": .variable, "Block": .block, "Partition": .partition,
    "Type": .type, "ElementsOf": .elementsOf, "MapType": .mapType, "TensorType": .tensorType, "Shape": .shape,
    "Dimension": .dimension, "Tensor": .tensor, "SparseContent": .sparseContent, "ByteRange": .byteRange,
    "Property": .property, "Extension": .addition, "ParameterFile": .parameterFile, "Region": .region,
    "CompressedContent": .compressedContent, "Stage": .stage, "PermuteStage": .numbersStage,
    "ReshapeStage": .numbersStage, "PartsStage": .emptyStage, "CodesStage": .emptyStage,
    "PlanesStage": .emptyStage, "PackStage": .numberStage, "TritsStage": .emptyStage,
    "SparseStage": .sparseStage, "OutliersStage": .outliersStage, "LowRankStage": .lowRankStage,
    "CirculantStage": .numberStage, "BaseTensor": .baseTensor, "ReferenceStage": .referenceStage,
    "UniformStage": .uniformStage, "CodebookStage": .codebookStage, "ScaledFloatStage": .scaledFloatStage,
    "SignStage": .signStage, "EntropyStage": .entropyStage, "ZstdStage": .emptyStage,
    "DeltaStage": .deltaStage, "AdapterStage": .adapterStage,
  ]

  private func schema() throws -> String {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "conformance/schema/representation.proto")
    return try String(contentsOf: file, encoding: .utf8)
  }

  /// The messages of the schema, by name.
  private func messages() throws -> [String: Fields] {
    let numeric: Set = ["sint64", "float"]
    let scalars: Set = [
      "string", "bytes", "bool", "uint32", "uint64", "double", "VariableKind", "ElementType", "SparseKind",
      "EntropyMode", "DeltaMode", "AdapterKind",
    ]
    var result: [String: Fields] = [:]
    var name = ""
    var isInOneof = false
    for line in try schema().split(separator: "\n") {
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

  @Test func namesAreThoseOfTheSchema() throws {
    var found: [String: [String]] = [:]
    var types: [String: String] = [:]
    var enumerations: Set<String> = []
    var message = ""
    for line in try schema().split(separator: "\n") {
      if let match = line.firstMatch(of: /^(message|enum) (\w+) \{/) {
        message = match.1 == "message" ? String(match.2) : ""
        if match.1 == "enum" { enumerations.insert(String(match.2)) }
        if !message.isEmpty { found[message] = [] }
      } else if !message.isEmpty,
        let match = line.firstMatch(of: /^ +(optional |repeated )?(\w+) (\w+) = \d+;/)
      {
        found[message]?.append(String(match.3))
        types["\(message).\(match.3)"] = String(match.2)
      }
    }
    #expect(Set(found.keys) == Set(NativeNames.messages.keys))
    for (message, spellings) in found {
      let fields = try #require(NativeNames.messages[message])
      // Each field stands under both spellings, which are the same for a single word.
      #expect(Set(fields.values.map(\.name)).count == spellings.count, "\(message)")
      let names = try spellings.map { try #require(fields[ExactString($0)], "\(message).\($0)").name }
      #expect(NativeNames.names(ofMessage: message) == names, "\(message)")
      for (spelling, name) in zip(spellings, names) {
        #expect(name.lowercased() == spelling.replacing("_", with: ""))
        let content: NativeNames.Content? =
          switch types["\(message).\(spelling)"] {
          case let type? where enumerations.contains(type): .enumeration(type)
          case let type?: found[type] == nil ? .scalar : .message(type)
          case nil: nil
          }
        #expect(fields[ExactString(name)]?.content == content, "\(message).\(spelling)")
      }
    }
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
