public import Profile
import Yams

/// A value in a YAML file, read strictly: whatever is not as asked becomes a complaint with its line.
public struct YAMLNode {
  private let node: Node
  /// Where complaints go.
  public let faults: YAMLFaults
  /// What the value is called in complaints, such as `title.zh`.
  public let name: String

  /// The only document of a file.
  public init?(document text: String, _ faults: YAMLFaults) {
    do {
      guard let node = try Yams.compose(yaml: text) else {
        faults.add(line: 1, zh: "文件为空", en: "the file is empty")
        return nil
      }
      self.init(node, faults, name: "")
    } catch let error as YamlError {
      faults.add(line: error.line, zh: "不是合法的 YAML：\(error)", en: "not valid YAML: \(error)")
      return nil
    } catch {
      faults.add(line: 1, zh: "不是合法的 YAML：\(error)", en: "not valid YAML: \(error)")
      return nil
    }
  }

  private init(_ node: Node, _ faults: YAMLFaults, name: String) {
    self.node = node
    self.faults = faults
    self.name = name
  }

  /// The line at which the value starts, counted from one.
  public var line: Int { node.mark?.line ?? 1 }

  /// Complains about this value.
  public func complain(zh: String, en: String) {
    let prefix = name.isEmpty ? "" : "\(name): "
    faults.add(line: line, zh: prefix + zh, en: prefix + en)
  }

  /// The fields of a mapping; unknown and missing keys are complaints.
  public func fields(required: [String], optional: [String] = []) -> YAMLFields? {
    guard case .mapping(let mapping) = node else {
      complain(zh: "应为映射", en: "must be a mapping")
      return nil
    }
    var values: [String: YAMLNode] = [:]
    for (key, value) in mapping {
      guard case .scalar(let scalar) = key else {
        complain(zh: "键应为文本", en: "keys must be texts")
        continue
      }
      let path = name.isEmpty ? scalar.string : "\(name).\(scalar.string)"
      if required.contains(scalar.string) || optional.contains(scalar.string) {
        values[scalar.string] = YAMLNode(value, faults, name: path)
      } else {
        faults.add(
          line: key.mark?.line ?? line,
          zh: "未知的键 \(path)；可用的键：\((required + optional).joined(separator: "、"))",
          en: "unknown key \(path); known: \((required + optional).joined(separator: ", "))")
      }
    }
    for key in required where values[key] == nil {
      complain(zh: "缺少键 \(key)", en: "key \(key) is missing")
    }
    return YAMLFields(line: line, values: values)
  }

  /// The items of a sequence.
  public func items() -> [YAMLNode]? {
    guard case .sequence(let sequence) = node else {
      complain(zh: "应为序列", en: "must be a sequence")
      return nil
    }
    return sequence.enumerated().map { index, item in YAMLNode(item, faults, name: "\(name)[\(index)]") }
  }

  /// A text that is not empty; what YAML takes for a number, a truth value or a date has to be quoted.
  public func text() -> String? {
    guard case .scalar(let scalar) = node, node.tag == Tag(.str) else {
      complain(zh: "应为文本（必要时加引号）", en: "must be a text (quote it)")
      return nil
    }
    guard !scalar.string.isEmpty else {
      complain(zh: "不得为空", en: "must not be empty")
      return nil
    }
    return scalar.string
  }

  /// A finite number.
  public func number() -> Double? {
    var number: Double?
    if node.tag == Tag(.int) { number = node.int.flatMap(Double.init(exactly:)) }
    if node.tag == Tag(.float) { number = node.float }
    guard let number, number.isFinite else {
      complain(zh: "应为有限的数", en: "must be a finite number")
      return nil
    }
    return number
  }

  /// A whole number of a range.
  public func integer(in range: ClosedRange<Int>) -> Int? {
    guard node.tag == Tag(.int), let integer = node.int, range.contains(integer) else {
      complain(
        zh: "应为 \(range.lowerBound) 至 \(range.upperBound) 的整数",
        en: "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
      return nil
    }
    return integer
  }

  /// A truth value: `true` or `false`.
  public func truth() -> Bool? {
    guard node.tag == Tag(.bool), let truth = node.bool else {
      complain(zh: "应为 true 或 false", en: "must be true or false")
      return nil
    }
    return truth
  }

  /// One of the values of an enumeration.
  public func choice<Choice: RawRepresentable<String> & CaseIterable>(_: Choice.Type) -> Choice? {
    guard let text = text() else { return nil }
    guard let choice = Choice(rawValue: text) else {
      let known = Choice.allCases.map(\.rawValue)
      complain(
        zh: "未知的取值 \(text)；可用：\(known.joined(separator: "、"))",
        en: "unknown value \(text); known: \(known.joined(separator: ", "))")
      return nil
    }
    return choice
  }

  /// Values of an enumeration, none twice.
  public func choices<Choice: RawRepresentable<String> & CaseIterable & Equatable>(
    _ type: Choice.Type
  ) -> [Choice]? {
    guard let items = items() else { return nil }
    var choices: [Choice] = []
    for item in items {
      guard let choice = item.choice(type) else { continue }
      if choices.contains(choice) {
        item.complain(zh: "重复的取值 \(choice.rawValue)", en: "\(choice.rawValue) is given twice")
      }
      choices.append(choice)
    }
    return choices
  }

  /// Texts, none twice.
  public func texts() -> [String]? {
    guard let items = items() else { return nil }
    var texts: [String] = []
    for item in items {
      guard let text = item.text() else { continue }
      if texts.contains(text) { item.complain(zh: "重复的取值 \(text)", en: "\(text) is given twice") }
      texts.append(text)
    }
    return texts
  }

  /// A text in both languages.
  public func bilingual() -> Text? {
    guard let fields = fields(required: ["zh", "en"]) else { return nil }
    let zh = fields["zh"]?.text()
    let en = fields["en"]?.text()
    guard let zh, let en else { return nil }
    return Text(zh: zh, en: en)
  }
}

/// The fields of a mapping whose keys were found to be the ones that were asked for.
public struct YAMLFields {
  /// The line at which the mapping starts.
  public let line: Int
  fileprivate let values: [String: YAMLNode]

  /// The value of a key, nil where it is absent.
  public subscript(key: String) -> YAMLNode? { values[key] }
}

extension YamlError {
  fileprivate var line: Int {
    switch self {
    case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
    case .duplicatedKeysInMapping(_, let context): context.mark.line
    default: 1
    }
  }
}

extension YAMLNode {
  /// What a scalar is taken for.
  enum ScalarKind {
    case null, boolean, number, text
  }

  /// What a value is made of.
  enum Content {
    case mapping([(key: String, node: YAMLNode)])
    case sequence([YAMLNode])
    case scalar(ScalarKind, String)
  }

  /// What the value is made of; nil for aliases, and for mappings whose keys are no texts.
  var content: Content? {
    switch node {
    case .mapping(let mapping):
      var pairs: [(key: String, node: YAMLNode)] = []
      for (key, value) in mapping {
        guard case .scalar(let scalar) = key else { return nil }
        let path = name.isEmpty ? scalar.string : "\(name).\(scalar.string)"
        pairs.append((scalar.string, YAMLNode(value, faults, name: path)))
      }
      return .mapping(pairs)
    case .sequence: return items().map(Content.sequence)
    case .scalar(let scalar):
      let kind: ScalarKind =
        switch node.tag {
        case Tag(.null): .null
        case Tag(.bool): .boolean
        case Tag(.int), Tag(.float): .number
        default: .text
        }
      return .scalar(kind, scalar.string)
    case .alias: return nil
    }
  }
}

extension YAMLNode {
  /// The entries of a mapping, whatever their keys, in the order of the text.
  public func entries() -> [(key: String, node: YAMLNode)]? {
    guard case .mapping(let pairs)? = content else {
      complain(zh: "应为映射", en: "must be a mapping")
      return nil
    }
    return pairs
  }
}
