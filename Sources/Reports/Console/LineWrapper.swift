/// Breaks text into lines: at spaces, and between wide characters, where Chinese may be broken almost anywhere.
///
/// A path, a digest or another long word is never broken, so that it can be copied; such a line is longer than asked.
enum LineWrapper {
  /// The lines of a text, each at most that many columns wide where that is possible.
  static func lines(_ text: String, width: Int) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { wrap($0, max(1, width)) }
  }

  private static func wrap(_ text: Substring, _ width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    var columns = 0
    for word in words(text) {
      let wordColumns = DisplayWidth.of(word)
      if columns > 0, columns + wordColumns > width {
        lines.append(trimmed(line))
        line = ""
        columns = 0
      }
      if line.isEmpty, word == " " { continue }
      line += word
      columns += wordColumns
    }
    lines.append(trimmed(line))
    return lines
  }

  /// The pieces between which a line may be broken; a space is a piece.
  private static func words(_ text: Substring) -> [Substring] {
    var words: [Substring] = []
    var start = text.startIndex
    var previous: Character?
    for index in text.indices {
      let character = text[index]
      if let previous, mayBreak(between: previous, and: character) {
        words.append(text[start..<index])
        start = index
      }
      previous = character
    }
    if start < text.endIndex { words.append(text[start...]) }
    return words
  }

  private static func mayBreak(between left: Character, and right: Character) -> Bool {
    if left == " " || right == " " { return true }
    guard isWide(left) || isWide(right) else { return false }
    return !closing.contains(right) && !opening.contains(left)
  }

  /// What no line begins with.
  private static let closing = Set("，。；：、！？）】》」』”’…—·,.;:!?)]}%")
  /// What no line ends with.
  private static let opening = Set("（【《「『“‘([{")

  private static func isWide(_ character: Character) -> Bool {
    DisplayWidth.of(character) == 2
  }

  private static func trimmed(_ line: String) -> String {
    var line = line
    while line.hasSuffix(" ") { line.removeLast() }
    return line
  }
}
