import Configuration
import Profile

/// Reads the entries of `mutation` in a vector.
struct EditReader {
  private let node: YAMLNode
  private let keys: [String: YAMLValue]

  /// The edit that a mapping describes; nil, with a complaint, where it describes none.
  static func read(_ node: YAMLNode) -> Edit? {
    guard case .mapping(let pairs)? = node.value() else {
      node.complain(zh: "应为映射", en: "must be a mapping")
      return nil
    }
    let keys = Dictionary(pairs.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    let reader = EditReader(node: node, keys: keys)
    do throws(RecipeError) {
      guard let file = reader.text("file") else {
        throw RecipeError(zh: "缺少键 file", en: "key file is missing")
      }
      return Edit(file: file, inside: reader.text("inside"), change: try reader.change())
    } catch {
      node.complain(zh: error.message.zh, en: error.message.en)
      return nil
    }
  }

  private func change() throws(RecipeError) -> Edit.Change {
    if keys["truncate"] != nil {
      try only(["truncate", "plus"])
      return .bytes(.truncate, at: try place("truncate"), plus: number("plus") ?? 0)
    }
    if let pointer = text("pointer") { return .json(try jsonEdit(), pointer: pointer) }
    if keys["at"] != nil {
      if let edit = try byteEdit() { return .bytes(edit, at: try place("at"), plus: number("plus") ?? 0) }
      guard let path = text("at") else { throw .unclear }
      if isOfParts { return .part(try partEdit(), at: path) }
      return .field(try fieldEdit(), at: path)
    }
    return .file(try fileEdit())
  }

  private func fileEdit() throws(RecipeError) -> FileEdit {
    if let old = text("replace"), let new = text("with") {
      try only(["replace", "with", "times"])
      return .replace(old, with: new, times: number("times") ?? 1)
    }
    guard let verb = keys.keys.first(where: { $0 != "file" && $0 != "inside" }) else { throw .unclear }
    try only([verb])
    switch (verb, keys[verb]) {
    case ("delete", .boolean(true)?): return .delete
    case ("rename", .text(let name)?): return .rename(name)
    case ("copy", .text(let name)?): return .copy(name)
    case ("write", .text(let text)?): return .write(Array(text.utf8))
    case ("write-hex", _): return .write(try hex("write-hex"))
    case ("link", .text(let target)?): return .link(target)
    case ("fifo", .boolean(true)?): return .pipe
    case ("directory", .boolean(true)?): return .directory
    case ("extend", .number(let text)?): if let size = UInt64(text) { return .extend(size) }
    case ("shrink", .number(let text)?): if let size = UInt64(text) { return .shrink(size) }
    case ("many", .number(let text)?): if let count = Int(text) { return .many(count) }
    default: break
    }
    throw .unclear
  }

  /// Whether the file is one of clause 8.
  private var isOfParts: Bool {
    guard let file = text("file"), keys["inside"] == nil else { return false }
    return [".pmp", ".pmm", ".pms"].contains { file.hasSuffix($0) }
  }

  private func partEdit() throws(RecipeError) -> PartEdit {
    let verbs = [
      "set", "text", "hex", "counting", "flip", "by", "cut", "remove", "twice", "swap", "move-to",
      "insert-before", "insert-after", "add", "sign", "seal",
    ]
    guard let verb = verbs.first(where: { keys[$0] != nil }), let value = keys[verb] else { throw .unclear }
    try only(["at", verb] + (["text", "hex", "twice"].contains(verb) ? ["times"] : []))
    let times = number("times")
    switch (verb, value) {
    case ("set", _): return .set(value)
    case ("text", .text(let text)): return .become([UInt8](repeating: Array(text.utf8), times: times ?? 1))
    case ("hex", _): return .become([UInt8](repeating: try hex(verb), times: times ?? 1))
    case ("counting", _): if let count = number(verb) { return .become(PartEdit.counting(count)) }
    case ("flip", _): if let index = number(verb) { return .change(.flip(index)) }
    case ("by", .number(let text)): if let difference = Int64(text) { return .change(.by(difference)) }
    case ("cut", _): if let count = number(verb) { return .change(.cut(count)) }
    case ("remove", .boolean(true)): return .remove
    case ("twice", .boolean(true)): return .repeat(times ?? 2)
    case ("swap", .boolean(true)): return .swap
    case ("move-to", _): if let place = number(verb) { return .move(to: place) }
    case ("insert-before", _): return .insert(value, after: false)
    case ("insert-after", _): return .insert(value, after: true)
    case ("add", _): return .add(value)
    case ("sign", .text(let key)): return .sign(key)
    case ("seal", .text(let key)): return .seal(key)
    default: break
    }
    throw .unclear
  }

  private func byteEdit() throws(RecipeError) -> ByteEdit? {
    for verb in ["bytes", "u64", "u32", "insert", "erase"] where keys[verb] != nil {
      try only(["at", "plus", verb] + (verb == "insert" ? ["times"] : []))
      switch verb {
      case "bytes": return .overwrite(try hex(verb))
      case "insert": return .insert([UInt8](repeating: try hex(verb), times: number("times") ?? 1))
      case "erase": if let count = number(verb) { return .erase(count) }
      case "u64": if let value = unsigned(verb) { return .overwrite(value.littleEndianBytes) }
      default:
        if let value = unsigned(verb).flatMap(UInt32.init(exactly:)) {
          return .overwrite(value.littleEndianBytes)
        }
      }
      throw .unclear
    }
    return nil
  }

  private func jsonEdit() throws(RecipeError) -> JSONEdit {
    if let name = text("member") {
      try only(["pointer", "member", "set", "raw"])
      if let value = keys["set"] { return .member(name, .value(value)) }
      if let raw = text("raw") { return .member(name, .raw(raw)) }
      throw .unclear
    }
    for verb in ["set", "raw", "remove", "key", "twice", "append", "append-raw", "nest"] {
      guard let value = keys[verb] else { continue }
      try only(["pointer", verb] + (verb == "raw" ? ["times"] : []))
      switch (verb, value) {
      case ("set", _): return .set(value)
      case ("raw", .text(let text)): return .raw(text, times: number("times") ?? 1)
      case ("remove", .boolean(true)): return .remove
      case ("key", .text(let name)): return .key(name)
      case ("twice", .boolean(true)): return .twice
      case ("append", _): return .append(.value(value))
      case ("append-raw", .text(let text)): return .append(.raw(text))
      case ("nest", _): if let levels = number(verb) { return .nest(levels) }
      default: break
      }
      throw .unclear
    }
    throw .unclear
  }

  private func fieldEdit() throws(RecipeError) -> FieldEdit {
    let verbs = [
      "set", "text", "add", "remove", "twice", "swap", "raw", "raw-after", "claim", "widen", "unpack", "pack",
      "nest",
    ]
    guard let verb = verbs.first(where: { keys[$0] != nil }), let value = keys[verb] else { throw .unclear }
    let extra = [
      "text": ["times"], "twice": ["times"], "raw": ["times"], "raw-after": ["times"], "nest": ["through"],
    ]
    try only(["at", verb] + (extra[verb] ?? []))
    let times = number("times")
    switch (verb, value) {
    case ("set", _): return .set(value)
    case ("add", _): return .add(value)
    case ("text", .text(let text)): return .text(text, times: times ?? 1)
    case ("remove", .boolean(true)): return .remove
    case ("twice", .boolean(true)): return .repeat(times ?? 2)
    case ("swap", .boolean(true)): return .swap
    case ("raw", _): return .raw([UInt8](repeating: try hex(verb), times: times ?? 1))
    case ("raw-after", _): return .rawAfter([UInt8](repeating: try hex(verb), times: times ?? 1))
    case ("claim", _): if let length = unsigned(verb) { return .claim(length) }
    case ("widen", _): if let width = number(verb) { return .widen(width) }
    case ("unpack", .boolean(true)): return .unpack
    case ("pack", .boolean(true)): return .pack
    case ("nest", _):
      if let levels = number(verb), let through = text("through") { return .nest(levels, through: through) }
    default: break
    }
    throw .unclear
  }

  private func only(_ known: [String]) throws(RecipeError) {
    for key in keys.keys.sorted() where key != "file" && key != "inside" && !known.contains(key) {
      throw RecipeError(
        zh: "键 \(key) 与 \(known.joined(separator: "、")) 不能同用",
        en: "key \(key) does not go with \(known.joined(separator: ", "))")
    }
  }

  private func text(_ key: String) -> String? {
    switch keys[key] {
    case .text(let text)?: text
    default: nil
    }
  }

  /// Hexadecimal digits; those that YAML takes for a number are as good.
  private func hex(_ key: String) throws(RecipeError) -> [UInt8] {
    switch keys[key] {
    case .text(let text)?, .number(let text)?: return try [UInt8](hexadecimal: text)
    default: throw .unclear
    }
  }

  private func number(_ key: String) -> Int? {
    if case .number(let text)? = keys[key] { Int(text) } else { nil }
  }

  private func unsigned(_ key: String) -> UInt64? {
    if case .number(let text)? = keys[key] { UInt64(text) } else { nil }
  }

  private func place(_ key: String) throws(RecipeError) -> BytePlace {
    switch keys[key] {
    case .number(let text)?: if let offset = Int(text) { return .offset(offset) }
    case .text(let text)?: return .mark(text)
    default: break
    }
    throw .unclear
  }
}

extension RecipeError {
  fileprivate static let unclear = RecipeError(
    zh: "此变更不合 conformance/vectors.md 的任何一种写法", en: "this change is none of those in conformance/vectors.md")
}
