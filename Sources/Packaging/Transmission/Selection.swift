public import Storage

/// What of a package is wanted (profile clause 8.3, section 7).
public struct Selection: Sendable, Hashable {
  /// Patterns of files.
  public private(set) var files: [NameGlob] = []
  /// Patterns of tensors.
  public private(set) var tensors: [NameGlob] = []

  /// A selection by what the user wrote: patterns of files, `tensors:GLOB`.
  ///
  /// - Throws: `TransferFault.selectionSupported` of kind `unsupported` for `partition:`, which is reserved.
  public init(_ patterns: [String]) throws(Fault) {
    for pattern in patterns {
      if let tensors = Selection.rest(of: pattern, after: "tensors:") {
        self.tensors.append(NameGlob(tensors))
      } else if Selection.rest(of: pattern, after: "partition:") != nil {
        throw Fault(TransferFault.selectionSupported, .unsupported, at: Place(), actual: pattern)
      } else {
        files.append(NameGlob(pattern))
      }
    }
  }

  /// Whether a file is selected whole.
  func selects(file: String) -> Bool { files.contains { $0.matches(file) } }

  /// Whether a tensor is selected.
  func selects(tensor: String) -> Bool { tensors.contains { $0.matches(tensor) } }

  private static func rest(of text: String, after prefix: StaticString) -> String? {
    let prefix = "\(prefix)".utf8
    guard text.utf8.starts(with: prefix) else { return nil }
    return String(decoding: text.utf8.dropFirst(prefix.count), as: UTF8.self)
  }
}
