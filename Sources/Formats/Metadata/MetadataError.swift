/// Why a metadata file cannot be used, and where: wrong usage, since the user wrote the file.
public struct MetadataError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong.
  public enum Reason: String, Sendable, Hashable, CaseIterable {
    /// More bytes than `Metadata.byteLimit`.
    case tooLarge = "too-large"
    /// The bytes are not UTF-8.
    case encoding
    /// Anchors and aliases that would multiply to more than the file holds.
    case aliases
    /// The text is not YAML.
    case syntax
    /// Nothing is in the file.
    case empty
    /// A key stands twice in a mapping.
    case duplicateKey = "duplicate-key"
    /// A key that metadata does not have.
    case unknownKey = "unknown-key"
    /// A key without a value.
    case missingValue = "missing-value"
    /// A value of another type than the key asks for.
    case wrongType = "wrong-type"
    /// A key that has to be there beside others.
    case missingKey = "missing-key"
  }

  /// What is wrong.
  public let reason: Reason
  /// The name of the file.
  public let file: String
  /// The line, counted from one.
  public let line: Int
  /// The column, counted from one in Unicode scalars.
  public let column: Int
  /// What is wrong and how to mend it, in Simplified Chinese.
  public let zh: String
  /// What is wrong and how to mend it, in English.
  public let en: String

  init(_ reason: Reason, file: String, line: Int, column: Int, zh: String, en: String) {
    self.reason = reason
    self.file = file
    self.line = line
    self.column = column
    self.zh = zh
    self.en = en
  }

  public var description: String { "\(file):\(line):\(column): \(en)" }
}
