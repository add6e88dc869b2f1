import Configuration

/// A unit as a recipe describes it.
struct UnitDescription {
  private static let keys = [
    "type", "flags", "identifier", "identifier-hex", "payload", "text", "hex", "counting", "times", "sign",
  ]

  private(set) var type: UInt64 = 0
  private(set) var flags: UInt64 = 0
  private(set) var identifier: [UInt8] = []
  private(set) var signer: String?
  private var members: YAMLValue?
  private var content: [UInt8] = []

  var layout: PartLayout { .payload(ofType: type) }

  init(_ value: YAMLValue) throws(RecipeError) {
    guard case .mapping(let pairs) = value else {
      throw RecipeError(zh: "单元应写为映射", en: "a unit is written as a mapping")
    }
    let given = Dictionary(pairs.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    for key in given.keys.sorted() where !Self.keys.contains(key) {
      let known = Self.keys.joined(separator: ", ")
      throw RecipeError(zh: "单元没有键 \(key)；有：\(known)", en: "a unit has no key \(key); there are: \(known)")
    }
    switch given["type"] {
    case .number(let text)?: type = UInt64(text) ?? 0
    case .text(let name)?: type = UnitType.names[name] ?? 0
    default: break
    }
    guard type > 0 else { throw RecipeError(zh: "单元类型未知", en: "the type of the unit is not known") }
    // Assets, signatures and what vendors add are not critical.
    let isCritical = UnitType.names.values.contains(type) && type != 6 && type != UnitType.signature
    flags = isCritical ? 1 : 0
    if case .number(let text)? = given["flags"], let number = UInt64(text) { flags = number }
    if case .text(let text)? = given["identifier"] { identifier = Array(text.utf8) }
    if let value = given["identifier-hex"] { identifier = try Self.hex(value) }
    if case .text(let text)? = given["sign"] { signer = text }
    members = given["payload"]
    var times = 1
    if case .number(let text)? = given["times"] { times = Int(text) ?? 1 }
    if case .text(let text)? = given["text"] { content = [UInt8](repeating: Array(text.utf8), times: times) }
    if let value = given["hex"] { content = [UInt8](repeating: try Self.hex(value), times: times) }
    if case .number(let text)? = given["counting"], let count = Int(text) {
      content = PartEdit.counting(count)
    }
  }

  /// The payload: by its members, or bytes.
  func payload() throws(RecipeError) -> Part {
    if let members { return try Part(layout, members) }
    var payload = Part(layout)
    if layout == .content {
      payload.lists["chunks"] = Part.runs(of: PackageAssembly.chunk, in: content[...], "content")
    } else if !content.isEmpty {
      payload.changes[""] = [.become(content)]
    }
    return payload
  }

  private static func hex(_ value: YAMLValue) throws(RecipeError) -> [UInt8] {
    switch value {
    case .text(let text), .number(let text): return try [UInt8](hexadecimal: text)
    default: throw RecipeError(zh: "应为十六进制数字", en: "must be hexadecimal digits")
    }
  }
}
