public import Profile

/// What is wrong with a YAML file that people wrote: the file, the line, and the complaint in both languages.
public struct YAMLFault: Error, Sendable, Hashable {
  /// The file's name as the user gave it.
  public let file: String
  /// The line, counted from one.
  public let line: Int
  /// The complaint.
  public let message: Text

  /// A complaint about a line.
  public init(file: String, line: Int, message: Text) {
    self.file = file
    self.line = line
    self.message = message
  }

  /// The complaint with its place before it, as compilers write it.
  public subscript(language: Language) -> String { "\(file):\(line): \(message[language])" }
}

/// Collects the complaints about one file, so that its author sees all of them at once.
public final class YAMLFaults {
  /// The file's name as the user gave it.
  public let file: String
  /// The complaints, in the order in which they were made.
  public private(set) var list: [YAMLFault] = []

  /// No complaints about a file.
  public init(file: String) {
    self.file = file
  }

  /// Adds a complaint about a line.
  public func add(line: Int, zh: String, en: String) {
    list.append(YAMLFault(file: file, line: line, message: Text(zh: zh, en: en)))
  }
}
