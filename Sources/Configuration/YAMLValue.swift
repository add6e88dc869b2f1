import Yams

/// Any value of a YAML file, in the order of its text: what a recipe sets in a model.
public indirect enum YAMLValue: Sendable, Hashable {
  case null
  case boolean(Bool)
  /// A number as it is written; `.nan`, `.inf` and `-.inf` too.
  case number(String)
  case text(String)
  case list([YAMLValue])
  case mapping([Pair])

  /// A key of a mapping with its value.
  public struct Pair: Sendable, Hashable {
    /// The key.
    public let key: String
    /// The value.
    public let value: YAMLValue

    /// A key with its value.
    public init(key: String, value: YAMLValue) {
      self.key = key
      self.value = value
    }
  }
}

extension YAMLNode {
  /// The value, whatever it is.
  public func value() -> YAMLValue? {
    switch content {
    case .mapping(let pairs):
      var values: [YAMLValue.Pair] = []
      for (key, node) in pairs {
        guard let value = node.value() else { return nil }
        values.append(YAMLValue.Pair(key: key, value: value))
      }
      return .mapping(values)
    case .sequence(let nodes):
      var values: [YAMLValue] = []
      for node in nodes {
        guard let value = node.value() else { return nil }
        values.append(value)
      }
      return .list(values)
    case .scalar(let tag, let text):
      switch tag {
      case .null: return .null
      case .boolean: return .boolean(text.lowercased() == "true")
      case .number: return .number(text)
      case .text: return .text(text)
      }
    case nil:
      complain(zh: "不支持的内容", en: "is not supported")
      return nil
    }
  }
}
