/// What a user changes of the catalogue without code (`--profile FILE`): values, how binding a requirement is, its title.
public struct Overlay: Sendable, Hashable {
  /// The changes to one requirement.
  public struct Change: Sendable, Hashable {
    /// The id or the key of the requirement.
    public var requirement: String
    /// How binding it becomes.
    public var modality: Requirement.Modality?
    /// The title that it gets.
    public var title: Text?
    /// The values that it gets, by name.
    public var values: [Value]

    /// Changes to a requirement.
    public init(
      requirement: String, modality: Requirement.Modality? = nil, title: Text? = nil, values: [Value] = []
    ) {
      self.requirement = requirement
      self.modality = modality
      self.title = title
      self.values = values
    }
  }

  /// The new content of one value.
  public struct Value: Sendable, Hashable {
    /// The name of the value.
    public var name: String
    /// Its content; of the same type as in the catalogue.
    public var content: Requirement.Value.Content

    /// A value.
    public init(name: String, content: Requirement.Value.Content) {
      self.name = name
      self.content = content
    }
  }

  /// What the overlay calls itself; reports print it.
  public var name: String
  /// The changes, at most one for each requirement.
  public var changes: [Change]

  /// An overlay.
  public init(name: String, changes: [Change]) {
    self.name = name
    self.changes = changes
  }
}

/// Why an overlay cannot be applied to a catalogue: a wrong use of the tool.
public enum OverlayError: Error, Sendable, Hashable {
  /// The catalogue has no requirement of that id or key.
  case unknownRequirement(String)
  /// Two changes speak of the same requirement.
  case changedTwice(String)
  /// The requirement has no value of that name; `known` are those that it has.
  case unknownValue(requirement: String, name: String, known: [String])
  /// The value is a number in the catalogue and a list of texts in the overlay, or the other way round.
  case wrongType(requirement: String, name: String)

  /// What is wrong, for people.
  public var message: Text {
    switch self {
    case .unknownRequirement(let name):
      Text(zh: "目录中没有要求 \(name)", en: "the catalogue has no requirement \(name)")
    case .changedTwice(let id):
      Text(zh: "对要求 \(id) 作了两次修改", en: "requirement \(id) is changed twice")
    case .unknownValue(let requirement, let name, let known):
      Text(
        zh: "要求 \(requirement) 没有取值 \(name)；可用：\(known.isEmpty ? "无" : known.joined(separator: "、"))",
        en:
          "requirement \(requirement) has no value \(name); it has \(known.isEmpty ? "none" : known.joined(separator: ", "))"
      )
    case .wrongType(let requirement, let name):
      Text(
        zh: "要求 \(requirement) 的取值 \(name) 类型不符（数与文本列表不可互换）",
        en: "value \(name) of requirement \(requirement) has the wrong type: a number is not a list of texts")
    }
  }
}

extension Catalogue {
  /// The catalogue with an overlay applied; the original stays as it is.
  public func applying(_ overlay: Overlay) throws(OverlayError) -> Catalogue {
    var result = self
    result.overlay = overlay.name
    var changed: Set<String> = []
    for change in overlay.changes {
      guard
        let index = result.requirements.firstIndex(where: {
          $0.id == change.requirement || $0.key == change.requirement
        })
      else { throw .unknownRequirement(change.requirement) }
      let id = result.requirements[index].id
      guard changed.insert(id).inserted else { throw .changedTwice(id) }
      result.requirements[index] = try result.requirements[index].changed(change)
    }
    return result
  }
}

extension Requirement {
  fileprivate func changed(_ change: Overlay.Change) throws(OverlayError) -> Requirement {
    var values = values
    for value in change.values {
      guard let index = values.firstIndex(where: { $0.name == value.name }) else {
        throw .unknownValue(requirement: id, name: value.name, known: values.map(\.name))
      }
      switch (values[index].content, value.content) {
      case (.number, .number), (.texts, .texts): values[index].content = value.content
      default: throw .wrongType(requirement: id, name: value.name)
      }
    }
    return changed(modality: change.modality, title: change.title, values: values)
  }
}
