import Yams

/// The YAML of a metadata file, bounded before it is parsed.
enum MetadataDocument {
  /// How many nodes the aliases of a file may stand for.
  static let expansionLimit = 10_000.0

  /// The mapping at the root of a file.
  static func root(of bytes: [UInt8], file: String) throws(MetadataError) -> MetadataMapping {
    let text = try text(of: bytes, file: file)
    try refuseMultiplyingAliases(text, file: file)
    let node = try compose(text, file: file)
    guard let node, !isNothing(node) else {
      throw MetadataError(
        .empty, file: file, line: 1, column: 1,
        zh: "元数据文件是空的；请至少写出一个字段，例如 licence: Apache-2.0",
        en: "the metadata file is empty; give at least one field, such as licence: Apache-2.0")
    }
    return try MetadataMapping(node, at: "", file: file)
  }

  private static func isNothing(_ node: Node) -> Bool {
    guard case .scalar(let scalar) = node else { return false }
    return scalar.string.isEmpty && scalar.style == .plain
  }

  private static func text(of bytes: [UInt8], file: String) throws(MetadataError) -> String {
    guard bytes.count <= Metadata.byteLimit else {
      throw MetadataError(
        .tooLarge, file: file, line: 1, column: 1,
        zh: "元数据文件有 \(bytes.count) 字节，上限为 \(Metadata.byteLimit) 字节",
        en: "the metadata file has \(bytes.count) bytes; at most \(Metadata.byteLimit) are read")
    }
    // A byte order mark is allowed at the beginning, and says nothing.
    let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
    if let text = String(validating: content, as: UTF8.self) { return text }
    var line = 1
    for part in content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if String(validating: part, as: UTF8.self) == nil { break }
      line += 1
    }
    throw MetadataError(
      .encoding, file: file, line: line, column: 1,
      zh: "此行不是有效的 UTF-8；请将文件另存为 UTF-8", en: "this line is not UTF-8; save the file as UTF-8")
  }

  /// Refuses what could multiply: an alias in a key is compared with the other keys, however much it stands for.
  ///
  /// Every `&` and `*` that might begin an anchor or an alias counts, so that none is overlooked.
  private static func refuseMultiplyingAliases(_ text: String, file: String) throws(MetadataError) {
    var anchors = 0.0
    var aliases = 0.0
    var previous = UInt8(ascii: "\n")
    var candidate: UInt8?
    for byte in text.utf8 {
      if let mark = candidate, byte > 0x20 {
        if mark == UInt8(ascii: "&") { anchors += 1 } else { aliases += 1 }
      }
      let word = previous >= 0x80 || isLetterOrDigit(previous)
      candidate = (byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*")) && !word ? byte : nil
      previous = byte
    }
    guard anchors > 0, aliases > 0 else { return }
    var expansion = 1.0
    for _ in 0..<Int(min(anchors, 64)) where expansion <= expansionLimit {
      expansion *= 1 + aliases / anchors
    }
    guard expansion <= expansionLimit else {
      throw MetadataError(
        .aliases, file: file, line: 1, column: 1,
        zh: "YAML 锚点（&）与别名（*）过多；请直接写出各值",
        en: "too many YAML anchors (&) and aliases (*); write the values out")
    }
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: false
    }
  }

  private static func compose(_ text: String, file: String) throws(MetadataError) -> Node? {
    do {
      // No resolver: whether 1.0 is a text or a number is for the key to say, not for its looks.
      return try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot()
    } catch {
      throw MetadataError(yaml: error, file: file)
    }
  }
}

extension MetadataError {
  /// What the YAML parser complains of.
  fileprivate init(yaml error: any Error, file: String) {
    var (line, column) = (1, 1)
    var problem = "\(error)"
    switch error {
    case YamlError.scanner(_, let text, let place, _), YamlError.parser(_, let text, let place, _),
      YamlError.composer(_, let text, let place, _):
      (problem, line, column) = (text, place.line, place.column)
    case YamlError.reader(let text, let offset, _, let yaml):
      let before = yaml.prefix(offset ?? 0)
      let lineStart =
        before.lastIndex(where: \.isNewline).map { before.index(after: $0) } ?? before.startIndex
      line = before.count(where: \.isNewline) + 1
      column = before[lineStart...].unicodeScalars.count + 1
      problem = text
    case YamlError.duplicatedKeysInMapping(let keys, let context):
      let names = keys.map { "“\($0)”" }.joined(separator: ", ")
      self.init(
        .duplicateKey, file: file, line: context.mark.line, column: context.mark.column,
        zh: "键 \(names) 重复；每个键只能写一次", en: "the key \(names) stands twice; write each key once")
      return
    default:
      break
    }
    self.init(
      .syntax, file: file, line: line, column: column,
      zh: "YAML 语法有误：\(problem)", en: "this is not YAML: \(problem)")
  }
}
