import Foundation

/// The folder of generated Swift: nothing else may stand in it.
struct GeneratedFolder {
  private let path: String

  init(_ path: String) {
    self.path = path
  }

  /// Writes the files that differ and removes those that are not among them.
  func write(_ files: [String: String]) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for name in present where files[name] == nil {
      try FileManager.default.removeItem(atPath: path + "/" + name)
    }
    // An unchanged file keeps its time stamp, so that nothing is compiled again.
    for (name, content) in files where self.content(name) != content {
      try content.write(toFile: path + "/" + name, atomically: true, encoding: .utf8)
    }
  }

  /// What differs from the files as they should be, one line for each file, with the first line that is not the same.
  func differences(from files: [String: String]) -> [String] {
    var differences = present.filter { files[$0] == nil }.map {
      "\(path)/\($0): no YAML file stands behind it"
    }
    for (name, expected) in files.sorted(by: { $0.key < $1.key }) {
      guard let found = content(name) else {
        differences.append("\(path)/\(name): missing")
        continue
      }
      guard found != expected else { continue }
      let left = found.split(separator: "\n", omittingEmptySubsequences: false)
      let right = expected.split(separator: "\n", omittingEmptySubsequences: false)
      let line = zip(left, right).prefix { $0 == $1 }.reduce(0) { count, _ in count + 1 }
      let actual = line < left.count ? left[line] : "(end of file)"
      let should = line < right.count ? right[line] : "(end of file)"
      differences.append("\(path)/\(name):\(line + 1):\n  is     \(actual)\n  should \(should)")
    }
    return differences
  }

  private var present: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  private func content(_ name: String) -> String? {
    try? String(contentsOfFile: path + "/" + name, encoding: .utf8)
  }
}
