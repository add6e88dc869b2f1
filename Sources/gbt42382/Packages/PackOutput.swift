import Formats
import Glibc
import Profile
import Storage

/// Where `pack` may write to: not into what it packs, since the second run would pack the package of the first.
enum PackOutput {
  /// Refuses an output that lies among the inputs.
  ///
  /// - Throws: `CommandFailure` with `usage`.
  static func requireApart(
    _ output: String, from location: SampleLocation, names: [String], followLinks: Bool
  ) throws(CommandFailure) {
    guard output != "-", let place = place(of: output) else { return }
    var isAmong = false
    if location.isDirectory, let root = resolved(location.tree.root) {
      isAmong = place.utf8.starts(with: (root == "/" ? root : root + "/").utf8)
    }
    if !location.isDirectory || followLinks {
      isAmong = isAmong || names.contains { (try? location.tree.path(of: $0)) == place }
    }
    guard isAmong else { return }
    throw CommandFailure(
      .usage, zh: "\(output) 位于要打包的内容之中；请把封装写到别处",
      en: "\(output) lies among what is packed; write the package elsewhere")
  }

  /// Where a file is, or would be, without links; nil where its folder is not there.
  private static func place(of path: String) -> String? {
    if let existing = resolved(path) { return existing }
    let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    let folder = parts.dropLast().map { String(decoding: $0, as: UTF8.self) }.joined(separator: "/")
    let last = parts.last.map { String(decoding: $0, as: UTF8.self) } ?? ""
    let start = folder.isEmpty ? (parts.count > 1 ? "/" : ".") : folder
    return resolved(start).map { ($0 == "/" ? "" : $0) + "/" + last }
  }

  private static func resolved(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }
}
