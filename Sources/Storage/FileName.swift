/// What a file of a sample may be called (profile clause 6.1, file names).
///
/// A name is a relative path with `/` between components, and means the same file on every system that it is copied to.
public enum FileName {
  /// The longest name, in bytes.
  public static let byteLimit = 4096

  /// Accepts a safe name.
  ///
  /// - Throws: `FileFault.nameSafe` of kind `unsafe`, with the broken rule as what was expected.
  public static func check(_ name: String, at place: Place? = nil) throws(Fault) {
    if let rule = brokenRule(name) {
      throw Fault(FileFault.nameSafe, .unsafe, at: place ?? Place(name), expected: rule, actual: name)
    }
  }

  /// Whether a name is safe.
  public static func isSafe(_ name: String) -> Bool { brokenRule(name) == nil }

  /// The name of a file that another one names relative to its own folder; `..` is not resolved and stays unsafe.
  ///
  /// - Parameters:
  ///   - relative: the name as it stands in the file.
  ///   - file: the name of the file in which it stands.
  public static func join(_ relative: String, besides file: String) -> String {
    // An absolute name must stay recognisable as one.
    guard relative.utf8.first != slash, let end = file.utf8.lastIndex(of: slash) else { return relative }
    return String(file[..<file.utf8.index(after: end)]) + relative
  }

  /// The last component of a name.
  public static func last(of name: String) -> String {
    guard let end = name.utf8.lastIndex(of: slash) else { return name }
    return String(name[name.utf8.index(after: end)...])
  }

  /// The folder of a name, without a slash at its end; empty for a name without one.
  static func folder(of name: String) -> String {
    guard let end = name.utf8.lastIndex(of: slash) else { return "" }
    return String(name[..<end])
  }

  private static let slash = UInt8(ascii: "/")

  /// The first rule that a name breaks, as a language-neutral text.
  static func brokenRule(_ name: String) -> String? {
    let bytes = name.utf8
    if bytes.isEmpty { return "1–\(byteLimit) B" }
    if bytes.count > byteLimit { return "≤ \(byteLimit) B" }
    if bytes.first == slash { return "≠ /…" }
    if hasDrive(bytes) { return "≠ X:…" }
    var component: [UInt8] = []
    var previous: UInt8 = 0
    for byte in bytes {
      if byte < 0x20 || byte == 0x7F { return "≠ U+0000–U+001F, U+007F–U+009F" }
      // C1 control characters are C2 80 to C2 9F; Swift strings are always well-formed UTF-8.
      if previous == 0xC2, byte < 0xA0 { return "≠ U+0000–U+001F, U+007F–U+009F" }
      if byte == UInt8(ascii: "\\") { return "≠ \\" }
      previous = byte
      if byte == slash {
        if let rule = brokenRule(ofComponent: component) { return rule }
        component.removeAll(keepingCapacity: true)
      } else if component.count < 3 {
        component.append(byte)
      }
    }
    return brokenRule(ofComponent: component)
  }

  /// The rule that a component breaks; its first three bytes are enough to tell.
  private static func brokenRule(ofComponent component: [UInt8]) -> String? {
    let dot = UInt8(ascii: ".")
    switch component {
    case []: return "≠ //"
    case [dot], [dot, dot]: return "≠ ., .."
    default: return nil
    }
  }

  private static func hasDrive(_ bytes: String.UTF8View) -> Bool {
    guard let letter = bytes.first, bytes.dropFirst().first == UInt8(ascii: ":") else { return false }
    return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter | 0x20)
  }
}
