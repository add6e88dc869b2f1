/// A named set of files that belong together: a directory, a package, segments that were received.
///
/// Names are relative paths with `/` between components. An implementation never opens anything outside its root.
public protocol FileTree: Sendable {
  /// The relative paths of all regular files, sorted by their UTF-8 bytes; reading stops at a declared limit.
  ///
  /// Files that must not be opened (links that leave the root, pipes, devices) are left out and logged.
  func names(_ faults: inout FaultLog) throws(Fault) -> [String]

  /// Whether something is there under that name, whatever it is.
  func contains(_ name: String) -> Bool

  /// Opens the regular file of that name.
  ///
  /// - Throws: `FileFault.nameSafe`, `.linkInsideRoot`, `.present`, `.regular` or `.readable`.
  func open(_ name: String) throws(Fault) -> any ByteSource
}
