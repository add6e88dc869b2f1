import Glibc

/// What the system said when it refused.
struct SystemError: Error {
  let number: Int32

  /// The refusal of the last system call.
  static var last: SystemError { SystemError(number: errno) }

  /// The system's own words, with the number.
  var text: String { "\(String(cString: strerror(number))) (errno \(number))" }

  /// The fault of kind `system` that stands for it.
  func fault(_ code: some FaultCode, at place: Place) -> Fault {
    Fault(code, .system, at: place, actual: text)
  }
}

/// What the system says of a path.
struct FileStatus {
  let value: stat

  /// The status of what the path leads to; with `link`, of the link itself.
  init(_ path: String, link: Bool = false) throws(SystemError) {
    var value = stat()
    guard (link ? lstat(path, &value) : stat(path, &value)) == 0 else { throw .last }
    self.value = value
  }

  /// The status of an open file.
  init(descriptor: Int32) throws(SystemError) {
    var value = stat()
    guard fstat(descriptor, &value) == 0 else { throw .last }
    self.value = value
  }

  private var type: mode_t { value.st_mode & S_IFMT }
  var isRegular: Bool { type == S_IFREG }
  var isDirectory: Bool { type == S_IFDIR }
  var isLink: Bool { type == S_IFLNK }
  var size: UInt64 { UInt64(exactly: value.st_size) ?? 0 }

  /// The kind of file, in words that are the same in both languages.
  var kind: String {
    switch type {
    case S_IFREG: "file"
    case S_IFDIR: "directory"
    case S_IFLNK: "link"
    case S_IFIFO: "FIFO"
    case S_IFSOCK: "socket"
    case S_IFCHR, S_IFBLK: "device"
    default: "?"
    }
  }

  /// The device and file number: equal for two paths that lead to the same file.
  var identity: FileIdentity { FileIdentity(device: UInt64(value.st_dev), number: UInt64(value.st_ino)) }
}

/// What tells a file from every other one on a running system.
struct FileIdentity: Hashable {
  let device: UInt64
  let number: UInt64
}

/// Paths of the file system.
enum FilePath {
  /// The absolute path without links, `.` or `..`.
  static func resolved(_ path: String) throws(SystemError) -> String {
    guard let pointer = realpath(path, nil) else { throw .last }
    defer { free(pointer) }
    guard let text = String(validatingCString: pointer) else { throw SystemError(number: EILSEQ) }
    return text
  }

  /// Where a link points, as it is written; nil where the path is no link.
  static func linkText(_ path: String) -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &buffer, buffer.count)
    guard count > 0 else { return nil }
    return String(decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// Whether a resolved path is a resolved directory or lies below it.
  static func isInside(_ path: String, _ directory: String) -> Bool {
    if directory == "/" { return true }
    let (bytes, root) = (path.utf8, directory.utf8)
    guard bytes.starts(with: root) else { return false }
    let rest = bytes.dropFirst(root.count)
    return rest.isEmpty || rest.first == UInt8(ascii: "/")
  }

  /// The folder and the last component of a path.
  static func split(_ path: String) -> (folder: String, last: String) {
    guard let end = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
    let last = String(path[path.utf8.index(after: end)...])
    return (end == path.startIndex ? "/" : String(path[..<end]), last)
  }

  /// The parts between slashes; split by bytes, since a slash and a combining mark after it are one `Character`.
  static func components(_ path: String) -> [String] {
    path.utf8.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) }
  }

  /// A path below a folder.
  static func join(_ folder: String, _ name: String) -> String {
    name.isEmpty ? folder : folder.utf8.last == UInt8(ascii: "/") ? folder + name : folder + "/" + name
  }
}
