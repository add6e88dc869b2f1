import Representation
import Yams

/// A value of a metadata file, with the place where it stands.
struct MetadataValue {
  let node: Node
  /// The key or the path of the value, for messages.
  let key: String
  let file: String

  init(_ node: Node, at key: String, file: String) {
    self.node = node
    self.key = key
    self.file = file
  }

  /// The value as a text; numbers are taken as they are written, so that `version: 1.0` is `1.0`.
  func text() throws(MetadataError) -> String {
    let scalar = try scalar(zh: "一段文字", en: "a text")
    return scalar.string
  }

  /// The value as a whole number, zero or more.
  func count() throws(MetadataError) -> UInt64 {
    let scalar = try scalar(zh: "非负整数", en: "a whole number")
    if scalar.isPlain, scalar.string.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let count = UInt64(scalar.string)
    {
      return count
    }
    throw wrongType(zh: "非负整数（只用数字，如 22713216）", en: "a whole number in digits, such as 22713216")
  }

  /// The value of a hyper-parameter: its type is that of its spelling.
  func hyperParameter() throws(MetadataError) -> HyperParameter.Value {
    let scalar = try scalar(zh: "数、文字或 true/false", en: "a number, a text, true or false")
    guard scalar.isPlain else { return .text(scalar.string) }
    switch scalar.string {
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    case "yes", "no", "on", "off", "Yes", "No", "On", "Off", "YES", "NO", "ON", "OFF", "True", "False",
      "TRUE",
      "FALSE":
      throw wrongType(zh: "true 或 false", en: "true or false (in quotes if a text is meant)")
    default: break
    }
    if let integer = Int64(scalar.string) { return .integer(integer) }
    let digits = scalar.string.utf8
    guard let first = digits.first, (0x30...0x39).contains(first) || "+-.".utf8.contains(first) else {
      return .text(scalar.string)
    }
    guard digits.allSatisfy({ (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }) else {
      return .text(scalar.string)
    }
    guard let real = Double(scalar.string), real.isFinite else {
      throw wrongType(zh: "64 位以内的有限数", en: "a finite number that fits into 64 bits")
    }
    return .float(real)
  }

  /// The value as a list.
  func list() throws(MetadataError) -> [MetadataValue] {
    guard case .sequence(let sequence) = node else {
      throw wrongType(zh: "列表（每项以 “- ” 开头）", en: "a list (each entry after “- ”)")
    }
    return sequence.enumerated().map { MetadataValue($1, at: "\(key)[\($0)]", file: file) }
  }

  /// The value as a mapping with keys of its own choice, in the order of the file.
  func pairs() throws(MetadataError) -> [(name: String, value: MetadataValue)] {
    guard case .mapping(let mapping) = node else {
      throw wrongType(zh: "“键: 值” 形式的映射", en: "a mapping of “key: value”")
    }
    var pairs: [(name: String, value: MetadataValue)] = []
    for (name, value) in mapping {
      let name = try MetadataValue(name, at: key, file: file).text()
      pairs.append((name, MetadataValue(value, at: key.isEmpty ? name : "\(key).\(name)", file: file)))
    }
    return pairs
  }

  /// An error at this value.
  func error(_ reason: MetadataError.Reason, zh: String, en: String) -> MetadataError {
    MetadataError(
      reason, file: file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1, zh: zh, en: en)
  }

  private func wrongType(zh: String, en: String) -> MetadataError {
    error(.wrongType, zh: "\(name.zh)应为\(zh)", en: "\(name.en) should be \(en)")
  }

  private var name: (zh: String, en: String) {
    key.isEmpty ? ("元数据文件", "the metadata file") : ("“\(key)” 的值", "the value of “\(key)”")
  }

  private func scalar(zh: String, en: String) throws(MetadataError) -> Node.Scalar {
    guard case .scalar(let scalar) = node else { throw wrongType(zh: zh, en: en) }
    // An explicit tag would turn the value into something else than what stands there.
    guard ["tag:yaml.org,2002:str", "!", ""].contains(node.tag.description) else {
      throw error(
        .wrongType, zh: "\(name.zh)带有 YAML 标签 \(node.tag)；请去掉标签",
        en: "\(name.en) has the YAML tag \(node.tag); leave tags out")
    }
    if scalar.isNothing {
      throw error(
        .missingValue, zh: "“\(key)” 没有值；请写出值或删去此键",
        en: "“\(key)” has no value; give one, or leave the key out")
    }
    return scalar
  }
}

extension Node.Scalar {
  /// Whether the scalar stands without quotes.
  var isPlain: Bool { style == .plain || style == .any }

  /// Whether the scalar stands for nothing, or is a text of nothing but white space.
  var isNothing: Bool {
    string.allSatisfy(\.isWhitespace) || (isPlain && ["~", "null", "Null", "NULL"].contains(string))
  }
}
