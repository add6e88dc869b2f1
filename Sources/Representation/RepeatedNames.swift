import Storage

/// The names that stand more than once in a list, so that a name alone does not tell which element is meant.
public struct RepeatedNames: Sendable {
  private var names: Set<ExactString> = []

  /// Looks for names that are repeated.
  public init(_ list: some Collection<String>) {
    guard list.count > 1 else { return }
    var seen = Set<ExactString>(minimumCapacity: list.count)
    for name in list where !seen.insert(ExactString(name)).inserted { names.insert(ExactString(name)) }
  }

  /// Whether no name stands twice.
  public var isEmpty: Bool { names.isEmpty }

  /// Whether a name stands more than once.
  public func contains(_ name: String) -> Bool { !names.isEmpty && names.contains(ExactString(name)) }
}

extension ModelPath {
  /// The element of a list field: by its name where it has one that no other element has, by its place elsewhere.
  public func element(
    _ list: String, _ index: Int, named name: String, repeated: RepeatedNames
  ) -> ModelPath {
    name.isEmpty || repeated.contains(name) ? element(list, index) : named(list, name)
  }
}
