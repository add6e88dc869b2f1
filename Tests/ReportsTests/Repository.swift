import Foundation
import Testing

/// The files of this repository.
enum Repository {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: root.appending(path: path)))
  }

  /// Compares a text with the golden file of that name, which a person has read; shows the first line that differs.
  ///
  /// With `UPDATE_GOLDEN` in the environment the file is written instead, to be read and committed.
  static func expectGolden(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation)
    throws
  {
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
      try text.write(
        to: root.appending(path: "Tests/ReportsTests/Golden/\(name)"), atomically: true, encoding: .utf8)
      return
    }
    let golden = String(decoding: try bytes("Tests/ReportsTests/Golden/\(name)"), as: UTF8.self)
    guard text != golden else { return }
    let left = text.split(separator: "\n", omittingEmptySubsequences: false)
    let right = golden.split(separator: "\n", omittingEmptySubsequences: false)
    let line = zip(left, right).prefix { $0 == $1 }.reduce(0) { count, _ in count + 1 }
    let actual = line < left.count ? left[line] : "(end)"
    let expected = line < right.count ? right[line] : "(end)"
    Issue.record(
      "\(name):\(line + 1): expected \(expected.debugDescription), got \(actual.debugDescription)\n\(text)",
      sourceLocation: sourceLocation)
  }
}
