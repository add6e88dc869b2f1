import Representation
import Storage

/// The state of reading one ONNX file: what was made of it, what was wrong, and where in the model reading stands.
///
/// The messages are read by extensions, one for each part of the schema (facts: the public onnx.proto, IR version 13).
struct ONNXDecoder: ~Copyable {
  /// A step of the path to what is being read; turned into a path only where a fault is logged.
  enum Step {
    case field(String)
    case element(String, Int)
    case named(String, String)
  }

  /// The newest version of the format that is read.
  static let newestVersion: Int64 = 13

  var wire: WireReader
  let tree: any FileTree
  let limits: Limits
  var model = Model()
  var faults = FaultLog()
  var known = Set(Aspect.allCases)
  var trail: [Step] = []
  var external = ONNXExternalFiles()
  /// The version of the format that the file gives; zero where it gives none.
  var version: Int64 = 0
  /// How many tensors, nodes and values were read.
  var entities: UInt64 = 0
  /// The graph that is being read is the model's main graph, not one in an attribute or a function.
  var isMainGraph = false

  init(_ source: any ByteSource, _ tree: any FileTree, _ limits: Limits) {
    self.tree = tree
    self.limits = limits
    wire = WireReader(source, limits: WireLimits(limits)) { problem, place, expected, actual in
      let code = ONNXFault(problem)
      return Fault(
        code, code == .limits ? .unsupported : .malformed, at: place, expected: expected, actual: actual)
    }
  }

  /// The path to what is being read.
  var path: ModelPath {
    trail.reduce(ModelPath.model) { path, step in
      switch step {
      // The variables of the main graph are the model's, so that their path begins anew.
      case .element("parameters", let index): ModelPath.model.element("parameters", index)
      case .named("parameters", let name): ModelPath.model.named("parameters", name)
      case .field(let name): path.field(name)
      case .element(let list, let index): path.element(list, index)
      case .named(let list, let name): path.named(list, name)
      }
    }
  }

  /// A byte of the model's file, with the path to what is being read.
  func place(_ offset: UInt64) -> Place {
    Place(wire.source.name, offset: offset, path: trail.isEmpty ? nil : path.description)
  }

  /// Logs what is wrong with what is being read.
  mutating func log(
    _ code: ONNXFault, _ kind: Fault.Kind = .malformed, at offset: UInt64, expected: String? = nil,
    actual: String? = nil
  ) {
    faults.log(code, kind, at: place(offset), expected: expected, actual: actual)
  }

  /// Goes on after a fault within a message: logs it, forgets what was being read in it, and marks what is not known now.
  ///
  /// - Throws: the fault itself where the source has failed, so that nothing more can be read.
  mutating func recover(_ fault: Fault, to depth: Int, lost aspects: Set<Aspect>) throws(Fault) {
    var fault = fault
    if fault.occurrence.place.path == nil, !trail.isEmpty {
      fault.occurrence.place.path = Occurrence(place(0)).place.path
    }
    trail.removeLast(max(0, trail.count - depth))
    known.subtract(aspects)
    if FileFault(rawValue: fault.code) != nil { throw fault }
    faults.log(fault)
  }

  /// A text; one that is not UTF-8 is repaired, so that reading can go on.
  mutating func text(_ field: WireField) throws(Fault) -> String {
    let (text, isValid) = try wire.repairedString(field)
    if !isValid { log(.text, at: field.start, expected: "UTF-8", actual: text) }
    return text
  }

  /// A text that says nothing where it is empty.
  mutating func statement(_ field: WireField) throws(Fault) -> String? {
    let text = try text(field)
    return text.isEmpty ? nil : text
  }

  /// Appends a text to a list.
  mutating func append(_ field: WireField, to list: inout [String]) throws(Fault) {
    try wire.hold(UInt64(MemoryLayout<String>.stride), at: field.offset)
    list.append(try text(field))
  }

  /// Counts something that is held in memory beside its texts.
  mutating func count<Entity>(_ entity: Entity.Type, at field: WireField) throws(Fault) {
    entities += 1
    guard entities <= limits.entities else {
      throw Fault(
        ONNXFault.limits, .unsupported, at: place(field.offset), expected: "≤ \(limits.entities)",
        actual: "> \(limits.entities)")
    }
    try wire.hold(UInt64(MemoryLayout<Entity>.stride), at: field.offset)
  }

  /// Logs a field that the schema does not have.
  mutating func unknown(_ field: WireField, in message: String) {
    log(.unknownField, at: field.offset, actual: "\(message): \(field.number)")
  }

  /// Notes a field that may stand once in its message; the last one counts, as in every Protocol Buffers library.
  @inline(__always)
  mutating func once(_ field: WireField, _ seen: inout UInt64, in message: String) {
    let bit = UInt64(1) << UInt64(field.number & 63)
    if seen & bit != 0 { logRepeated(field, in: message) }
    seen |= bit
  }

  @inline(never)
  private mutating func logRepeated(_ field: WireField, in message: String) {
    log(.repeatedField, at: field.offset, expected: "1 ×", actual: "\(message): \(field.number)")
  }

  /// Logs a feature that is younger than the version that the file gives.
  @inline(__always)
  mutating func needs(_ needed: Int64, _ feature: String, at offset: UInt64) {
    if version < needed, version > 0 { logFeature(needed, feature, at: offset) }
  }

  @inline(never)
  private mutating func logFeature(_ needed: Int64, _ feature: String, at offset: UInt64) {
    log(
      .featureVersion, at: offset, expected: "ir_version ≥ \(needed) (\(feature))",
      actual: "ir_version \(version)")
  }
}
