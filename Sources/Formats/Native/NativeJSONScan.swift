import Numerics
import Representation
import Storage

/// One pass over the text of the JSON form: its syntax, and what a decoder of messages does not tell of it.
struct NativeJSONScan {
  /// Enumerated values that the profile does not list: where their names stand in the text, quotation marks included.
  private(set) var unlistedValues: [(name: String, range: Range<Int>)] = []
  /// The fields of the top message in which names stand that the schema lacks.
  private(set) var fieldsWithUnknownNames: Set<String> = []
  /// Whether messages are nested more deeply than the form allows.
  private(set) var isTooDeep = false

  /// What is wrong with names: in a file of this minor version, and in one of a later version.
  private var faults = FaultLog()
  private var laterFaults = FaultLog()

  /// An object or array that is open.
  private struct Level {
    /// Whether it is an object.
    let isObject: Bool
    /// What it holds: the message that the object is, or what stands in the list; nil under a name that is not known.
    let content: NativeNames.Content?
    /// How many messages it stands in or is, the top one not counted.
    let depth: Int
    /// The names of an object's members.
    var names: Set<ExactString> = []
    /// The fields of these.
    var fields: Set<String> = []
    /// The member whose value comes next; nil where the schema lacks it.
    var next: NativeNames.Field?
  }

  private var levels: [Level] = []
  private let messageDepth: Int
  private let file: String

  /// A pass over the text of a file that allows messages to be nested so deep, the top one not counted.
  init(messageDepth: Int, file: String) {
    self.messageDepth = messageDepth
    self.file = file
  }

  /// What is wrong with names.
  ///
  /// - Parameter isNewer: whether the file's minor version is later than ours, so that an unknown name is no fault of the file.
  func faults(isNewer: Bool) -> FaultLog { isNewer ? laterFaults : faults }

  /// Reads the text; a name that stands twice in an object is refused, since readers differ on which one counts.
  ///
  /// - Throws: what the text breaks of RFC 8259, and nesting beyond what is read.
  mutating func read(_ bytes: [UInt8]) throws(JSONFault) {
    // A message takes an object, and where it stands in a list an array too.
    var reader = JSONReader(bytes, depthLimit: messageDepth * 3)
    while true {
      let token = try reader.next()
      switch token {
      case .end:
        return
      case .objectEnd, .arrayEnd:
        levels.removeLast()
      case .key(let text):
        try take(reader.string(text), reader)
      case .objectStart, .arrayStart:
        try open(token, reader)
      case .string(let text):
        look(at: text, reader)
      default:
        break
      }
    }
  }

  /// What the value that comes next is.
  private var content: NativeNames.Content? {
    guard let level = levels.last else { return .message("Model") }
    return level.isObject ? level.next?.content : level.content
  }

  private mutating func open(_ token: JSONToken, _ reader: JSONReader) throws(JSONFault) {
    var depth = levels.last?.depth ?? 0
    let content = content
    if token == .objectStart, case .message = content, !levels.isEmpty {
      depth += 1
      guard depth <= messageDepth else {
        isTooDeep = true
        throw reader.fault(.depth, expected: "≤ \(messageDepth)", actual: "\(depth)")
      }
    }
    levels.append(Level(isObject: token == .objectStart, content: content, depth: depth))
  }

  /// Takes the name of a member.
  private mutating func take(_ name: String, _ reader: JSONReader) throws(JSONFault) {
    let last = levels.count - 1
    guard levels[last].names.insert(ExactString(name)).inserted else {
      throw reader.fault(.duplicate, expected: "unique names", actual: name)
    }
    levels[last].next = nil
    guard case .message(let message)? = levels[last].content else { return }
    let place = Place(file, offset: reader.tokenOffset)
    if let field = NativeNames.messages[message]?[ExactString(name)] {
      levels[last].next = field
      if levels[last].fields.insert(field.name).inserted { return }
      faults.log(NativeFault.fieldsOnce, at: place, actual: name)
      laterFaults.log(NativeFault.fieldsOnce, at: place, actual: name)
      return
    }
    faults.log(NativeFault.fieldsKnown, at: place, actual: name)
    laterFaults.log(NativeFault.fieldsKnown, .unsupported, at: place, actual: name)
    // A name at the top adds to the model; one inside of a message may say what the message would otherwise lack.
    if last > 0, let field = levels[0].next { fieldsWithUnknownNames.insert(field.name) }
  }

  /// Looks whether a text that names an enumerated value is listed.
  private mutating func look(at text: JSONText, _ reader: JSONReader) {
    guard case .enumeration(let type) = content, let listed = Self.enumerations[type] else { return }
    let name = reader.string(text)
    if !listed.contains(name) { unlistedValues.append((name, reader.tokenRange)) }
  }

  /// The names of the values of each enumeration.
  private static let enumerations = [
    "ElementType": names("ELEMENT_TYPE", ElementType.nativeCodes.map(\.rawValue)),
    "VariableKind": names("VARIABLE_KIND", Variable.Kind.allCases.map(\.rawValue)),
    "SparseKind": names("SPARSE_KIND", ["bitmap", "rows", "n_m", "block"]),
    "EntropyMode": names("ENTROPY_MODE", ["levels", "symbols"]),
    "DeltaMode": names("DELTA_MODE", ["add", "code"]),
    "AdapterKind": names("ADAPTER_KIND", ["lora", "dora", "loha", "lokr", "ia3"]),
  ]

  private static func names(_ enumeration: String, _ values: [String]) -> Set<String> {
    Set((["unspecified"] + values).map { "\(enumeration)_\($0.uppercased())" })
  }
}
