/// A token of a JSON text.
public enum JSONToken: Sendable, Hashable {
  case objectStart, objectEnd
  case arrayStart, arrayEnd
  /// The name of a member; its value comes next.
  case key(JSONText)
  case string(JSONText)
  case number(JSONDigits)
  /// `NaN`, `Infinity` or `-Infinity`; only where the reader was told to let them pass.
  case nonFinite(Double)
  case boolean(Bool)
  case null
  /// The end of the text, after its value.
  case end
}

/// A string as it stands in a JSON text: the bytes between its quotation marks.
public struct JSONText: Sendable, Hashable {
  let range: Range<Int>
  /// Whether it holds escapes, so that its bytes are not yet its characters.
  let escaped: Bool
}

/// A number as it stands in a JSON text.
public struct JSONDigits: Sendable, Hashable {
  let range: Range<Int>
  /// Whether it has neither fraction nor exponent.
  public let isInteger: Bool
}
