public import Storage

/// The native form of a representation (profile clause 6.1, chapter "Native form").
public enum NativeForm {
  /// The name that stands first in each file, as the value of field 1.
  public static let name = "GB42382-PMR"
  /// The major version that is written and read; any other is refused.
  public static let major: UInt32 = 1
  /// The latest minor version that is written and read; later ones are read as far as they are known.
  public static let minor: UInt32 = 1
  /// The minor version that brought compressed content.
  static let minorOfCompression: UInt32 = 1
  /// The profile that the writer writes for.
  public static let profile = "2026.1"
  /// The bytes with which each file in canonical form begins: the tag of field 1, the length of the name, the name.
  public static let prefix: [UInt8] = [0x0a, UInt8(truncatingIfNeeded: name.utf8.count)] + Array(name.utf8)

  /// Whether the bytes begin as a binary native file does.
  public static func isPrefix(of bytes: some Collection<UInt8>) -> Bool {
    bytes.starts(with: prefix)
  }
}

/// What can be wrong with a file in native form; requirements PMR-001 and following.
public enum NativeFault: String, FaultCode {
  /// The bytes are no Protocol Buffers message.
  case wireSyntax = "native-wire-syntax"
  /// The first field is not the format's name.
  case formatName = "native-format-name-first"
  /// The major version is not the one that the profile defines.
  case majorVersion = "native-major-version-supported"
  /// A known field has another wire type than the schema gives it.
  case fieldTypes = "native-field-types"
  /// A singular field, or a second member of a oneof, stands twice.
  case fieldsOnce = "native-singular-fields-once"
  /// A field that the schema does not have.
  case fieldsKnown = "native-fields-known"
  /// Fields of a message are not in ascending order of their numbers.
  case fieldOrder = "native-fields-ascending"
  /// A variable-length integer has more bytes than it needs.
  case minimalIntegers = "native-integers-minimal"
  /// A list of numbers is not packed, or packed in several pieces.
  case packedLists = "native-number-lists-packed"
  /// A field without presence is written though it has its zero value.
  case zeroValues = "native-zero-values-omitted"
  /// A NaN has another bit pattern than the canonical one.
  case canonicalNaN = "native-nan-canonical"
  /// A shape is not written in its one canonical way.
  case canonicalShapes = "native-shapes-canonical"
  /// A text is not UTF-8.
  case textEncoding = "native-texts-utf8"
  /// An integer does not fit into its field's type.
  case integerRange = "native-integers-in-range"
  /// An enumerated value that the profile does not list.
  case enumeratedValues = "native-enumerated-values-known"
  /// A field without which its message means nothing is missing.
  case requiredFields = "native-required-fields-present"
  /// A shape gives sizes and dims at once.
  case shapeForms = "native-shape-in-one-form"
  /// Messages are nested more deeply than the declared limit.
  case depth = "native-depth-within-limit"
  /// The structure, or the number of its entities, goes beyond the declared limit.
  case size = "native-structure-within-limit"
  /// A payload region leaves its file, or ends beyond 64 bits.
  case payloadRegions = "native-payload-in-file"
  /// A safetensors file's own header says something else than the structure.
  case safetensorsAgreement = "native-safetensors-header-agrees"
  /// An extension is critical, and this reader does not know it.
  case criticalExtensions = "native-critical-extensions-known"
  /// The text of the JSON form is no JSON.
  case jsonSyntax = "native-json-syntax"
  /// The JSON does not follow the schema.
  case jsonSchema = "native-json-follows-schema"
}
