/// A pattern for ids: `*` stands for any characters, `?` for one.
public struct Glob: Sendable, Hashable {
  private let pattern: [Character]

  /// A pattern.
  public init(_ pattern: String) {
    self.pattern = Array(pattern)
  }

  /// Whether a text is such a one.
  public func matches(_ text: String) -> Bool {
    let text = Array(text)
    // Where to go back to: the last star, and how much of the text it has taken.
    var star: (pattern: Int, text: Int)?
    var (place, position) = (0, 0)
    while position < text.count {
      if place < pattern.count, pattern[place] == "?" || pattern[place] == text[position],
        pattern[place] != "*"
      {
        place += 1
        position += 1
      } else if place < pattern.count, pattern[place] == "*" {
        star = (place, position)
        place += 1
      } else if let last = star {
        star = (last.pattern, last.text + 1)
        (place, position) = (last.pattern + 1, last.text + 1)
      } else {
        return false
      }
    }
    return pattern[place...].allSatisfy { $0 == "*" }
  }
}
