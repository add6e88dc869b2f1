import Representation
import Storage

/// Turns JSON values into the parts of a statement, and logs what has not the form that the profile asks for.
///
/// It goes on after a fault, so that all of them are found; what it gives then is worth nothing.
struct StatementParser {
  /// The file that faults name.
  let file: String
  let limits: StatementLimits
  var faults = FaultLog()
  /// Whether everything was understood.
  var isSound = true
  /// Whether the fields were looked at.
  var isComplete = false
  /// The minor version that the text states.
  var minor: Int64 = 0

  init(file: String, limits: StatementLimits) {
    self.file = file
    self.limits = limits
  }

  /// An object whose members are read one after the other.
  struct Fields {
    let value: JSONValue
    let path: String
    /// What is broken where a member has another form.
    let form: StatementFault

    subscript(name: String) -> JSONValue? { value[name] }

    func path(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
  }

  mutating func log(
    _ fault: StatementFault, _ kind: Fault.Kind = .malformed, at value: JSONValue, _ path: String,
    expected: String, actual: String? = nil
  ) {
    faults.log(
      fault, kind, at: Place(file, offset: value.offset, path: path), expected: expected,
      actual: actual ?? Self.notation(of: value))
    isSound = false
  }

  /// How a value stands in findings: scalars as they are written, of others their kind.
  static func notation(of value: JSONValue) -> String {
    switch value.content {
    case .object: "{…}"
    case .array: "[…]"
    // Escaping a text of any length to show some of it would cost more than reading it.
    case .string(let string): "\"\(string.utf8.count > 4 * Occurrence.textLimit ? "…" : string)\""
    default: value.compact
    }
  }

  // MARK: Objects and lists

  /// The members of an object, all of which have to be among these names; nil, and a fault, where it is none.
  mutating func fields(
    _ value: JSONValue, at path: String, _ names: [String], form: StatementFault = .fieldsForm
  ) -> Fields? {
    guard let members = value.members else {
      log(form, at: value, path, expected: "{…}")
      return nil
    }
    let fields = Fields(value: value, path: path, form: form)
    for member in members where !names.contains(where: { $0.utf8.elementsEqual(member.key.utf8) }) {
      // A reader of an earlier minor version knows that it does not know.
      faults.log(
        StatementFault.fieldsKnown, minor > CompressionStatement.knownMinor ? .unsupported : .malformed,
        at: Place(file, offset: member.offset, path: fields.path(member.key)),
        expected: names.joined(separator: " "), actual: member.key)
    }
    return fields
  }

  /// The value of a member that has to be there.
  mutating func required(_ name: String, in fields: Fields, _ expected: String) -> JSONValue? {
    if let value = fields[name] { return value }
    log(fields.form, at: fields.value, fields.path(name), expected: expected, actual: "")
    return nil
  }

  /// The elements of a list with their paths; none where it is absent.
  mutating func list(
    _ name: String, in fields: Fields, isRequired: Bool = false
  ) -> [(value: JSONValue, path: String)] {
    let found = isRequired ? required(name, in: fields, "[…]") : fields[name]
    guard let value = found else { return [] }
    let path = fields.path(name)
    guard let elements = value.elements else {
      log(fields.form, at: value, path, expected: "[…]")
      return []
    }
    guard elements.count <= limits.entries else {
      log(
        .withinLimits, .unsupported, at: value, path, expected: "≤ \(limits.entries)",
        actual: "\(elements.count)")
      return []
    }
    return elements.enumerated().map { ($1, "\(path)[\($0)]") }
  }

  /// The texts of a list.
  mutating func texts(_ name: String, in fields: Fields, isRequired: Bool = false) -> [String] {
    list(name, in: fields, isRequired: isRequired).compactMap { text($0.value, at: $0.path, fields.form) }
  }

  // MARK: Scalars

  mutating func text(_ value: JSONValue, at path: String, _ form: StatementFault) -> String? {
    if let string = value.string { return string }
    log(form, at: value, path, expected: "\"…\"")
    return nil
  }

  mutating func text(_ name: String, in fields: Fields) -> String? {
    guard let value = fields[name] else { return nil }
    return text(value, at: fields.path(name), fields.form)
  }

  mutating func requiredText(_ name: String, in fields: Fields) -> String {
    guard let value = required(name, in: fields, "\"…\"") else { return "" }
    return text(value, at: fields.path(name), fields.form) ?? ""
  }

  /// A content digest: 64 lower-case hexadecimal digits.
  mutating func digest(_ name: String, in fields: Fields) -> String? {
    guard let value = fields[name] else { return nil }
    guard let string = value.string, Self.isDigest(string) else {
      log(fields.form, at: value, fields.path(name), expected: "[0-9a-f]{64}")
      return nil
    }
    return string
  }

  static func isDigest(_ text: String) -> Bool {
    text.utf8.count == 64
      && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }

  mutating func integer(_ value: JSONValue, at path: String, _ form: StatementFault) -> Int64? {
    if let integer = value.number?.integer { return integer }
    log(form, at: value, path, expected: "−2⁶³ … 2⁶³ − 1")
    return nil
  }

  mutating func integer(_ name: String, in fields: Fields) -> Int64? {
    guard let value = fields[name] else { return nil }
    return integer(value, at: fields.path(name), fields.form)
  }

  mutating func requiredInteger(_ name: String, in fields: Fields) -> Int64 {
    guard let value = required(name, in: fields, "0") else { return 0 }
    return integer(value, at: fields.path(name), fields.form) ?? 0
  }

  mutating func number(_ name: String, in fields: Fields) -> Double? {
    guard let value = fields[name] else { return nil }
    if let number = value.number?.double, number.isFinite { return number }
    log(fields.form, at: value, fields.path(name), expected: "f64, < ∞")
    return nil
  }

  mutating func requiredNumber(_ name: String, in fields: Fields) -> Double {
    guard required(name, in: fields, "0.0") != nil else { return 0 }
    return number(name, in: fields) ?? 0
  }

  mutating func requiredBoolean(_ name: String, in fields: Fields) -> Bool {
    guard let value = required(name, in: fields, "true false") else { return false }
    if let boolean = value.boolean { return boolean }
    log(fields.form, at: value, fields.path(name), expected: "true false")
    return false
  }

  /// A word of a list that the profile closes.
  mutating func requiredWord<Word: RawRepresentable<String> & CaseIterable>(
    _ name: String, in fields: Fields, or fallback: Word
  ) -> Word {
    let expected = Word.allCases.map(\.rawValue).joined(separator: " ")
    guard let value = required(name, in: fields, expected) else { return fallback }
    if let word = value.string.flatMap(Word.init(rawValue:)) { return word }
    log(fields.form, at: value, fields.path(name), expected: expected)
    return fallback
  }

  /// Whether a text is a name in reverse-DNS form: labels with dots between them.
  static func isReverseDNS(_ text: String) -> Bool {
    let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte & 0xDF) }
    return labels.count >= 2 && text.utf8.first.map(isLetter) == true
      && labels.allSatisfy { label in
        !label.isEmpty
          && label.allSatisfy {
            isLetter($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
          }
      }
  }
}
