import Representation
import Storage

/// Decodes the messages of the native form, and logs where they are broken and where they are not canonical.
///
/// The messages of the schema are in extensions; this is what they share.
struct NativeDecoder: ~Copyable {
  /// A step of the path from the model to the message that is being read.
  private struct Step {
    let field: StaticString
    let index: Int
  }

  /// The bytes.
  var wire: WireReader
  /// What is wrong.
  var faults = FaultLog()
  /// Whether a message had to be left out since the flag was last lowered.
  var isDamaged = false
  /// Whether the file's minor version is later than ours, so that unknown fields and codes are no faults of the file.
  var isNewer = false

  private let entityLimit: UInt64
  private var entities: UInt64 = 0
  private var steps: [Step] = []
  private let hasOffsets: Bool

  /// What one message is counted as in memory, whatever its size in the file.
  private static let messageCost: UInt64 = 64

  /// A decoder.
  ///
  /// - Parameter hasOffsets: whether offsets in the source mean something to the user; not so where it stands for JSON.
  init(_ source: any ByteSource, limits: Limits, hasOffsets: Bool) {
    self.hasOffsets = hasOffsets
    entityLimit = limits.entities
    wire = WireReader(source, limits: WireLimits(limits)) { problem, place, expected, actual in
      Fault(
        NativeFault(problem), NativeFault.kind(of: problem), at: hasOffsets ? place : Place(place.file),
        expected: expected, actual: actual)
    }
  }

  /// The next field that the schema knows; nil at the end of the message.
  mutating func next(
    _ message: inout WireMessage, _ seen: inout SeenFields, _ fields: NativeFields
  ) throws(Fault) -> WireField? {
    while let field = try wire.next(&message) {
      if !field.isMinimal {
        log(.minimalIntegers, field, actual: "\(field.start - field.offset) B")
      }
      if field.number < seen.highest {
        log(.fieldOrder, field, expected: "> \(seen.highest)", actual: "\(field.number)")
      }
      let bit: UInt64 = field.number < 64 ? 1 << UInt64(field.number) : 0
      guard fields.known & bit != 0 else {
        seen.add(field.number)
        log(.fieldsKnown, field, kind: isNewer ? .unsupported : .malformed, actual: "\(field.number)")
        continue
      }
      let rivals = fields.oneof & bit != 0 ? fields.oneof : fields.once & bit
      if seen.numbers & rivals != 0 {
        log(.fieldsOnce, field, actual: "\(field.number)")
      }
      if fields.packed & bit != 0, seen.numbers & bit != 0 || field.type != .length {
        log(.packedLists, field, actual: "\(field.number)")
      }
      if field.value == 0, fields.implicit & bit != 0 || fields.packed & bit != 0 && field.type == .length {
        log(.zeroValues, field, actual: "\(field.number)")
      }
      seen.add(field.number)
      return field
    }
    return nil
  }

  /// Reads the message in a field's payload; one that is broken is logged and left out.
  mutating func nested<Result>(
    _ field: WireField, in parent: WireMessage, _ name: StaticString, _ index: Int = -1,
    _ read: (inout NativeDecoder, inout WireMessage) throws(Fault) -> Result
  ) throws(Fault) -> Result? {
    steps.append(Step(field: name, index: index))
    defer { steps.removeLast() }
    do throws(Fault) {
      entities += 1
      guard entities <= entityLimit else {
        throw Fault(
          NativeFault.size, .unsupported, at: place(field.offset), expected: "≤ \(entityLimit)",
          actual: "> \(entityLimit)")
      }
      try wire.hold(Self.messageCost, at: field.offset)
      var message = try wire.message(field, in: parent)
      return try read(&self, &message)
    } catch {
      isDamaged = true
      if error.kind == .system { throw error }
      var fault = error
      if fault.occurrence.place.path == nil { fault.occurrence.place.path = path }
      faults.log(fault)
      return nil
    }
  }

  /// Reads the message in a field's payload into a list; one that is broken is logged and left out.
  mutating func append<Element>(
    _ field: WireField, in parent: WireMessage, _ name: StaticString, to list: inout [Element],
    _ read: (inout NativeDecoder, inout WireMessage) throws(Fault) -> Element
  ) throws(Fault) {
    if let element = try nested(field, in: parent, name, list.count, read) { list.append(element) }
  }

  /// Logs that the message lacks a field without which it means nothing.
  mutating func logMissing(_ name: String, _ message: WireMessage) {
    faults.log(NativeFault.requiredFields, at: place(message.end), expected: name)
  }

  /// Logs a fault at a field.
  mutating func log(
    _ code: NativeFault, _ field: WireField, kind: Fault.Kind = .malformed, expected: String? = nil,
    actual: String? = nil
  ) {
    faults.log(code, kind, at: place(field.offset), expected: expected, actual: actual)
  }

  /// The place of an offset in the message that is being read.
  func place(_ offset: UInt64) -> Place {
    Place(wire.source.name, offset: hasOffsets ? offset : nil, path: path)
  }

  private var path: String? {
    if steps.isEmpty { return nil }
    return steps.map { $0.index < 0 ? "\($0.field)" : "\($0.field)[\($0.index)]" }.joined(separator: ".")
  }
}

extension NativeFault {
  /// The requirement that a problem of the wire format breaks.
  init(_ problem: WireProblem) {
    self =
      switch problem {
      case .varint, .fieldNumber, .wireType, .group, .length, .truncated: .wireSyntax
      case .fieldType: .fieldTypes
      case .depth: .depth
      case .text: .textEncoding
      case .textLimit, .memory: .size
      }
  }

  /// A structure that is too large for this reader may be perfectly right.
  static func kind(of problem: WireProblem) -> Fault.Kind {
    switch problem {
    case .textLimit, .memory: .unsupported
    default: .malformed
    }
  }
}
