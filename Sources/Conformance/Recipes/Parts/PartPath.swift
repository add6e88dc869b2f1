/// A path such as `units[model.safetensors].header.flags`, from a file of clause 8 down to a member.
struct PartPath: Sendable, Hashable {
  /// Which item of a list is meant.
  enum Selector: Sendable, Hashable {
    case number(Int)
    /// The item with that identifier or subject.
    case named(String)
  }

  struct Step: Sendable, Hashable {
    let name: String
    let selector: Selector?
  }

  let steps: [Step]

  init(_ text: String) throws(RecipeError) {
    var steps: [Step] = []
    var rest = text[...]
    while true {
      // A selector may hold dots, as file names do.
      let name = rest.prefix { $0 != "." && $0 != "[" }
      rest = rest.dropFirst(name.count)
      var selector: Selector?
      if rest.first == "[" {
        guard let close = rest.firstIndex(of: "]") else { throw Self.malformed(text) }
        let inside = String(rest[rest.index(after: rest.startIndex)..<close])
        selector = Int(inside).map(Selector.number) ?? .named(inside)
        rest = rest[rest.index(after: close)...]
      }
      guard !name.isEmpty else { throw Self.malformed(text) }
      steps.append(Step(name: String(name), selector: selector))
      guard let next = rest.first else { break }
      guard next == "." else { throw Self.malformed(text) }
      rest = rest.dropFirst()
    }
    self.steps = steps
  }

  private static func malformed(_ text: String) -> RecipeError {
    RecipeError(zh: "路径写法有误：\(text)", en: "not a path: \(text)")
  }
}

extension [Part] {
  /// The place of the item that a path means.
  func place(_ selector: PartPath.Selector?, of name: String) throws(RecipeError) -> Int {
    switch selector {
    case .number(let index)? where indices.contains(index): return index
    case .named(let text)?:
      let found = indices.filter { index in
        [self[index].values["identifier"], self[index].values["subject"]].contains(Array<UInt8>(text.utf8))
      }
      if found.count == 1 { return found[0] }
      throw RecipeError(
        zh: "\(name) 中名为 \(text) 的有 \(found.count) 项",
        en: "\(found.count) items of \(name) are called \(text)")
    default:
      throw RecipeError(
        zh: "\(name) 有 \(count) 项，路径未指明其中一项", en: "\(name) has \(count) items, and the path leads to none")
    }
  }
}
