public import Profile

/// How a report for people is written.
public struct ConsoleOptions: Sendable, Hashable {
  /// The language.
  public var language: Language
  /// Whether escape sequences for colours are used.
  public var colour = false
  /// The columns of a line.
  public var width = 100
  /// Whether a sample takes one line.
  public var quiet = false

  /// Without colours, 100 columns wide, in full.
  public init(language: Language) {
    self.language = language
  }
}

/// Lines for a terminal: wrapped, indented and coloured; whatever a file smuggled into a text is made visible.
struct ConsolePage {
  /// How a line looks where colours are used.
  enum Style: String {
    case plain = ""
    case strong = "1"
    case faint = "2"
    case good = "1;32"
    case bad = "1;31"
    case doubtful = "1;33"
    case mild = "33"
    case link = "36"
  }

  let options: ConsoleOptions
  /// The lines so far.
  private(set) var text = ""

  init(_ options: ConsoleOptions) {
    self.options = options
  }

  /// The text in the language of the page.
  func say(_ zh: String, _ en: String) -> String {
    options.language == .zh ? zh : en
  }

  /// Adds an empty line.
  mutating func skip() {
    text += "\n"
  }

  /// Adds a line of pieces, each with a look of its own; it is not wrapped.
  mutating func line(indent: Int = 0, _ pieces: (String, Style)...) {
    text += String(repeating: " ", count: indent)
    for (piece, style) in pieces { text += styled(VisibleText.forTerminal(piece), style) }
    text += "\n"
  }

  /// Adds a paragraph; a mark stands before its first line, the others are indented as far.
  mutating func paragraph(_ content: String, indent: Int, mark: String = "", _ style: Style = .plain) {
    let hang = indent + DisplayWidth.of(mark)
    // A line feed from a file would let it write lines of its own; only single lines are wrapped.
    let lines = LineWrapper.lines(VisibleText.forTerminal(content), width: max(20, options.width - hang))
    for (index, line) in lines.enumerated() {
      let lead = index == 0 ? mark : String(repeating: " ", count: hang - indent)
      text += String(repeating: " ", count: indent) + styled(lead + line, style) + "\n"
    }
  }

  /// Adds several lines as they stand, such as an example; control characters other than the line feeds become visible.
  mutating func block(_ content: String, indent: Int, _ style: Style = .plain) {
    for line in content.split(separator: "\n", omittingEmptySubsequences: false) {
      text += String(repeating: " ", count: indent) + styled(VisibleText.forTerminal(String(line)), style)
      text += "\n"
    }
  }

  /// Takes the lines so far.
  mutating func take() -> String {
    defer { text = "" }
    return text
  }

  private func styled(_ text: String, _ style: Style) -> String {
    guard options.colour, style != .plain, !text.isEmpty else { return text }
    return "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m"
  }
}
