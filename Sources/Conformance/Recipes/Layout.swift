import Configuration

/// The messages of a Protocol Buffers format: what recipes call fields, and how their values are written.
public struct Layout: Sendable {
  /// How the value of a field is written.
  enum Kind: Sendable, Hashable {
    case integer, zigzag, boolean, float, double, text, bytes
    case message(String)
  }

  /// A field of a message.
  struct Field: Sendable, Hashable {
    let name: String
    let number: UInt64
    let kind: Kind
    let isRepeated: Bool
    let isPacked: Bool
  }

  /// The message at the top of a file.
  let root: String
  private let messages: [String: [String: Field]]

  /// Reads a layout (`vectors/layouts/*.yaml`).
  ///
  /// - Returns: nil where the file is faulty; the complaints are in `faults`.
  static func read(_ text: String, _ faults: YAMLFaults) -> Layout? {
    guard let node = YAMLNode(document: text, faults),
      let fields = node.fields(required: ["root", "messages"]), let root = fields["root"]?.text(),
      case .mapping(let messages)? = fields["messages"]?.value()
    else { return nil }
    var layout: [String: [String: Field]] = [:]
    for message in messages {
      guard case .mapping(let entries) = message.value else { continue }
      for entry in entries {
        guard let field = Field(entry.key, entry.value) else {
          node.complain(
            zh: "无法理解字段 \(message.key).\(entry.key)", en: "cannot read field \(message.key).\(entry.key)")
          return nil
        }
        layout[message.key, default: [:]][entry.key] = field
      }
    }
    return Layout(root: root, messages: layout)
  }

  /// The field of that name.
  func field(_ name: String, of message: String) throws(RecipeError) -> Field {
    guard let field = messages[message]?[name] else {
      throw RecipeError(zh: "\(message) 没有字段 \(name)", en: "\(message) has no field \(name)")
    }
    return field
  }
}

extension Layout.Field {
  fileprivate init?(_ name: String, _ value: YAMLValue) {
    guard case .mapping(let pairs) = value else { return nil }
    var number: UInt64?
    var type = ""
    var isRepeated = false
    var isPacked = false
    for pair in pairs {
      switch (pair.key, pair.value) {
      case ("number", .number(let text)): number = UInt64(text)
      case ("type", .text(let text)): type = text
      case ("repeated", .boolean(let flag)): isRepeated = flag
      case ("packed", .boolean(let flag)): isPacked = flag
      default: return nil
      }
    }
    guard let number, !type.isEmpty else { return nil }
    let kind: Layout.Kind =
      switch type {
      case "int32", "int64", "uint32", "uint64", "enum": .integer
      case "sint32", "sint64": .zigzag
      case "bool": .boolean
      case "float": .float
      case "double": .double
      case "string": .text
      case "bytes": .bytes
      default: .message(type)
      }
    self.init(name: name, number: number, kind: kind, isRepeated: isRepeated, isPacked: isPacked)
  }
}
