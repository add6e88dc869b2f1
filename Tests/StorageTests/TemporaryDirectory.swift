import Glibc
import Testing

/// A directory of a test's own, removed with everything in it when the test ends.
final class TemporaryDirectory: Sendable {
  let path: String

  init() throws {
    var template = Array("/tmp/storage-tests-XXXXXX".utf8CString)
    let made = try #require(mkdtemp(&template))
    // The folder of temporary files may itself be a link.
    let resolved = try #require(realpath(made, nil))
    defer { free(resolved) }
    path = String(cString: resolved)
  }

  deinit {
    TemporaryDirectory.remove(path)
  }

  subscript(_ name: String) -> String { path + "/" + name }

  func folder(_ name: String) throws {
    var prefix = path
    for component in name.split(separator: "/") {
      prefix += "/" + component
      try #require(mkdir(prefix, 0o755) == 0 || errno == EEXIST)
    }
  }

  func file(_ name: String, _ text: String = "x") throws {
    let file = try #require(fopen(self[name], "w"))
    let bytes = Array(text.utf8)
    try #require(fwrite(bytes, 1, bytes.count, file) == bytes.count)
    try #require(fclose(file) == 0)
  }

  func link(_ name: String, to target: String) throws {
    try #require(symlink(target, self[name]) == 0)
  }

  func pipe(_ name: String) throws {
    try #require(mkfifo(self[name], 0o600) == 0)
  }

  /// The names of everything directly inside, sorted.
  func entries() throws -> [String] {
    let stream = try #require(opendir(path))
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  func text(_ name: String) throws -> String {
    let file = try #require(fopen(self[name], "r"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }

  private static func remove(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    if status.st_mode & S_IFMT == S_IFDIR, let stream = opendir(path) {
      chmod(path, 0o700)
      while let entry = readdir(stream) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in Array(bytes.prefix { $0 != 0 }) }
        if name == [0x2E] || name == [0x2E, 0x2E] { continue }
        // Byte by byte, since a test may have made a name that is no text.
        let inner = (Array(path.utf8) + [0x2F] + name).map(CChar.init(bitPattern:)) + [0]
        if unlink(inner) != 0 { remove(path + "/" + String(decoding: name, as: UTF8.self)) }
      }
      closedir(stream)
    }
    Glibc.remove(path)
  }
}
