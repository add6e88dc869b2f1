/// A path in a model, such as `graphs[0].nodes[3].attributes["axis"]`; it costs next to nothing until it is printed.
public indirect enum ModelPath: Sendable, Hashable, CustomStringConvertible {
  /// The model itself.
  case model
  /// A field of what another path leads to.
  case field(ModelPath, String)
  /// An element of a list field, by its place in the list.
  case element(ModelPath, String, Int)
  /// An element of a list field, by its name.
  case named(ModelPath, String, String)

  /// The field of that name.
  public func field(_ name: String) -> ModelPath { .field(self, name) }

  /// The element at that place in the list field.
  public func element(_ list: String, _ index: Int) -> ModelPath { .element(self, list, index) }

  /// The element of that name in the list field.
  public func named(_ list: String, _ name: String) -> ModelPath { .named(self, list, name) }

  /// What stands at a path from here that begins with a point, such as `.stages[1].scale`.
  public func part(_ path: String) -> ModelPath { .field(self, String(path.dropFirst())) }

  /// The path as text.
  public var description: String {
    switch self {
    case .model: ""
    case .field(let parent, let name): parent.prefix + name
    case .element(let parent, let list, let index): "\(parent.prefix)\(list)[\(index)]"
    case .named(let parent, let list, let name): "\(parent.prefix)\(list)[\"\(name)\"]"
    }
  }

  private var prefix: String {
    if case .model = self { "" } else { description + "." }
  }
}
