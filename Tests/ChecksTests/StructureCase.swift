import Checks
import Formats
import Numerics
import Profile
import Representation
import Storage
import Testing

/// A model, a requirement and the verdict on it that a person worked out.
struct StructureCase: Sendable, CustomTestStringConvertible {
  let key: String
  let name: String
  let verdict: Verdict
  /// The place of the only finding.
  var path: String?
  var expected: String?
  var actual: String?
  /// The number of times that it was found.
  var count: UInt64 = 1
  let make: @Sendable (inout Given) -> Void

  var testDescription: String { "\(key): \(name)" }

  /// What is judged.
  struct Given {
    var model = Model()
    var files: [String: [UInt8]] = [:]
    var interleaved: Set<Int> = []
    var carries: Set<Container> = []

    /// A file of zeros that is in the file table, and is as long as the table says.
    mutating func addFile(_ path: String, _ size: Int, payload: Range<UInt64>? = nil) {
      files[path] = Array(repeating: 0, count: size)
      model.files.append(ParameterFile(path: path, size: UInt64(size), payload: payload))
    }
  }

  /// A case that meets the requirement.
  static func good(_ key: String, _ name: String, _ make: @escaping @Sendable (inout Given) -> Void) -> Self {
    Self(key: key, name: name, verdict: .pass, make: make)
  }

  /// A case that does not.
  static func bad(
    _ key: String, _ name: String, at path: String?, expected: String? = nil, actual: String? = nil,
    count: UInt64 = 1, verdict: Verdict = .fail, _ make: @escaping @Sendable (inout Given) -> Void
  ) -> Self {
    Self(
      key: key, name: name, verdict: verdict, path: path, expected: expected, actual: actual, count: count,
      make: make)
  }

  /// Judges the model by the requirement alone.
  func result() throws -> RequirementResult {
    let requirement = try #require(Catalogue.published[key])
    var given = Given()
    make(&given)
    var reading = Reading(format: .native)
    reading.model = given.model
    reading.interleavedFiles = given.interleaved
    reading.carries = given.carries
    // Where a case carries safetensors, all of its files are.
    if given.carries.contains(.safetensors) { reading.safetensorsFiles = Set(given.model.files.indices) }
    let judge = Judge(Catalogue(profile: "test", requirements: [requirement]))
    let results = judge.results(for: Sample(reading: reading, tree: MemoryTree(given.files)))
    return try #require(results.first)
  }

  /// Judges the model by the requirement alone, and compares.
  func check() throws {
    let result = try result()
    #expect(result.verdict == verdict)
    guard path != nil || expected != nil || actual != nil else {
      #expect(result.findings.isEmpty)
      return
    }
    let finding = try #require(result.findings.first)
    #expect(result.findings.count == 1)
    #expect(finding.occurrences.count == count)
    #expect(finding.occurrences.first.place.path == path)
    #expect(finding.occurrences.first.expected == expected)
    #expect(finding.occurrences.first.actual == actual)
    #expect(finding.kind == (verdict == .pass ? .remark : .violation))
  }
}

extension Tensor {
  /// A tensor whose bytes stand in the structure, as many as its type asks for.
  static func inline(_ type: ElementType, _ shape: [Int64], bytes: Int) -> Tensor {
    Tensor(TensorType(type, shape: shape), .inline(Array(repeating: 0, count: bytes)))
  }

  /// A tensor in a file.
  static func stored(
    _ type: ElementType, _ shape: [Int64], file: Int = 0, _ offset: UInt64, _ length: UInt64
  ) -> Tensor {
    Tensor(TensorType(type, shape: shape), .stored(ByteRange(file: file, offset: offset, length: length)))
  }
}

extension Graph {
  /// A graph that takes `x` and gives `y`, with these nodes between.
  static func between(_ nodes: OperatorNode..., name: String? = "main") -> Graph {
    var graph = Graph(name: name)
    graph.inputs = [Value("x", .tensor(TensorType(.f32, dims: [.symbolic("n")])))]
    graph.outputs = [Value("y", .tensor(TensorType(.f32, dims: [.symbolic("n")])))]
    graph.nodes = nodes
    return graph
  }
}

/// A node that is as it should be.
func relu(_ attributes: Attribute..., domain: String = "", type: String = "Relu") -> OperatorNode {
  OperatorNode(type, domain: domain, inputs: ["x"], outputs: ["y"], attributes: attributes)
}
