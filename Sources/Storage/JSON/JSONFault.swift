/// What breaks a JSON text, and where.
///
/// JSON is used by several containers, so that a fault of it has no code of its own: whoever reads the container gives it one.
public struct JSONFault: Error, Sendable, Hashable {
  /// What kind of rule is broken.
  public enum Reason: String, Sendable, Hashable, CaseIterable {
    /// A byte that cannot stand there, or the end of the text where more is needed (RFC 8259, 2–7).
    case syntax
    /// Bytes that are no UTF-8 (RFC 8259, 8.1).
    case encoding
    /// A byte order mark before the text (RFC 8259, 8.1).
    case byteOrderMark
    /// An escaped UTF-16 surrogate without its other half (RFC 8259, 8.2).
    case surrogate
    /// Deeper nesting than the reader's limit.
    case depth
    /// Something after the value.
    case trailing
    /// A name that an object holds already (RFC 8259, 4).
    case duplicate
    /// `NaN`, `Infinity` or `-Infinity`, which JSON does not have and Python writes (RFC 8259, 6).
    case nonFinite
  }

  /// What kind of rule is broken.
  public let reason: Reason
  /// The byte, counted from the start of the file.
  public let offset: UInt64
  /// What could have stood there.
  public let expected: String
  /// What stood there.
  public let actual: String
  /// The JSON pointer to the value, where it is known.
  public var pointer: String?

  init(
    _ reason: Reason, at offset: UInt64, expected: String, actual: String, pointer: String? = nil
  ) {
    self.reason = reason
    self.offset = offset
    self.expected = expected
    self.actual = actual
    self.pointer = pointer
  }

  /// The fault of a container, with the code that the container's reader gives it.
  ///
  /// Nesting beyond the limit is `unsupported`, for the text may well be JSON; everything else is `malformed`.
  public func fault(_ code: some FaultCode, file: String) -> Fault {
    Fault(
      code, reason == .depth ? .unsupported : .malformed, at: Place(file, offset: offset, path: pointer),
      expected: expected, actual: actual)
  }
}

/// A path to a value in a JSON text (RFC 6901).
public enum JSONPointer {
  /// The most characters of a name that a pointer repeats: a hostile name may have millions.
  public static let stepLimit = 240

  /// The pointer that leads through these names and indices, each cut to `stepLimit` characters.
  public static func through(_ steps: some Sequence<String>) -> String {
    var pointer = ""
    for step in steps {
      let isLong = step.utf8.count > stepLimit && step.unicodeScalars.count > stepLimit
      pointer += "/" + escaped(isLong ? String(step.unicodeScalars.prefix(stepLimit)) + "…" : step)
    }
    return pointer
  }

  /// A name as it stands in a pointer: `~` becomes `~0`, `/` becomes `~1`.
  private static func escaped(_ step: String) -> String {
    guard step.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else {
      return step
    }
    var result = ""
    for scalar in step.unicodeScalars {
      switch scalar {
      case "~": result += "~0"
      case "/": result += "~1"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
