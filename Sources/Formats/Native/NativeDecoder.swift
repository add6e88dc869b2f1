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
  /// Whether something had to be left out, or was not understood, since the flag was last lowered.
  var isDamaged = false
  /// Whether a text was not UTF-8 since the flag was last lowered.
  var isGarbled = false
  /// Whether the file's minor version is later than ours, so that unknown fields and codes are no faults of the file.
  var isNewer = false
  /// The minor version that the file states.
  var minor: UInt64 = 0
  /// How many stages had methods that this version does not have.
  var unknownMethods = 0

  /// The JSON that the bytes stand for; nil where they are the file itself.
  let json: NativeJSON?
  /// The texts that are not UTF-8, by what they were repaired to.
  var repairedTexts: [ExactString: [[UInt8]: Int]] = [:]
  /// Whether the file gives a major version other than zero.
  var statesMajor = false
  /// Whether the file says that it is complete.
  var statesEnd = false
  /// Whether an entry of the file table was left out: those behind it would stand at wrong places, and are left out too.
  var isFileTableCut = false
  private let messageLimit: UInt64
  private var messages: UInt64 = 0
  private var steps: [Step] = []

  /// How many messages are read: each of them may take two bytes in the file and a hundred times as many in memory.
  private static let messageLimit: UInt64 = 1 << 22
  /// What one message is counted as in memory, whatever its size in the file.
  private static let messageCost: UInt64 = 32

  /// A decoder.
  ///
  /// - Parameter json: the JSON that the bytes stand for: offsets in them mean nothing to the user then.
  init(_ source: any ByteSource, limits: Limits, from json: NativeJSON? = nil) {
    self.json = json
    let hasOffsets = json == nil
    messageLimit = min(limits.entities, Self.messageLimit)
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
        seen.hasUnknown = true
        // What it says may be what the message would otherwise lack.
        isDamaged = true
        log(.fieldsKnown, field, kind: isNewer ? .unsupported : .malformed, actual: "\(field.number)")
        continue
      }
      let rivals = fields.oneof & bit != 0 ? fields.oneof : fields.once & bit
      if seen.numbers & rivals != 0 {
        log(.fieldsOnce, field, actual: "\(field.number)")
      }
      // A field of a wrong wire type is a finding of its own, and no list or zero.
      if fields.packed & bit != 0,
        field.type == .length ? seen.numbers & bit != 0 : field.type == fields.single
      {
        log(.packedLists, field, actual: "\(field.number)")
      }
      if field.value == 0, (fields.implicit | fields.packed) & bit != 0,
        field.type == ((fields.texts | fields.packed) & bit != 0 ? .length : .varint)
      {
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
    // What is too much is said once, and nothing more is made of the rest.
    guard messages <= messageLimit, !wire.isExhausted else {
      isDamaged = true
      return nil
    }
    steps.append(Step(field: name, index: index))
    defer { steps.removeLast() }
    do throws(Fault) {
      messages += 1
      guard messages <= messageLimit else {
        throw Fault(
          NativeFault.size, .unsupported, at: place(field.offset), expected: "≤ \(messageLimit)",
          actual: "> \(messageLimit)")
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

  /// Logs that the message lacks a field without which it means nothing; what depends on it cannot be judged.
  mutating func logMissing(_ name: String, _ message: WireMessage) {
    isDamaged = true
    faults.log(NativeFault.requiredFields, at: place(message.end), expected: name)
  }

  /// Logs that the message has none of the members of which it needs one; one that the schema lacks may be it.
  mutating func logMissing(anyOf names: String, _ message: WireMessage, _ seen: SeenFields) {
    let mayBeUnknown = seen.hasUnknown || json?.fieldsWithUnknownNames.isEmpty == false
    if mayBeUnknown { isDamaged = true } else { logMissing(names, message) }
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
    Place(wire.source.name, offset: json == nil ? offset : nil, path: path)
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
