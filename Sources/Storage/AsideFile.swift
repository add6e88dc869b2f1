import Glibc

/// The file beside its final place into which an output is written.
struct AsideFile {
  /// How the bytes reach their place.
  private enum Way {
    /// The file has no name yet.
    case unnamed
    /// The file has a name of its own, which becomes the final one or is removed.
    case named(String)
    /// The bytes go straight into a device or a pipe.
    case direct
  }

  private let target: String
  private let folder: String
  let descriptor: Int32
  private var way: Way
  /// Up to where the system was told to begin writing to disk.
  private var begun: off_t = 0

  /// As many bytes are handed to the disk at once.
  private static let writebackBytes: off_t = 16 << 20

  /// - Parameter mayBeUnnamed: whether to try for a file without a name.
  init(_ path: String, mayBeUnnamed: Bool) throws(SystemError) {
    let status = try? FileStatus(path)
    if status?.isDirectory == true { throw SystemError(number: EISDIR) }
    if let status, !status.isRegular || path.utf8.starts(with: "/dev/".utf8) {
      target = path
      folder = ""
      descriptor = try AsideFile.opened(open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY))
      way = .direct
      return
    }
    // A link to a file stays a link; a dangling one is replaced, since there is nothing it could lead to.
    target = status == nil ? path : try FilePath.resolved(path)
    let (folder, last) = FilePath.split(target)
    if last.isEmpty { throw SystemError(number: EISDIR) }
    self.folder = folder
    if mayBeUnnamed, let unnamed = AsideFile.unnamed(in: folder) {
      descriptor = unnamed
      way = .unnamed
    } else {
      let named = try AsideFile.named(in: folder)
      descriptor = named.descriptor
      way = .named(named.path)
    }
    // What replaces a file is as open or as closed as that was.
    if let status { _ = fchmod(descriptor, status.value.st_mode & 0o777) }
  }

  mutating func write(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
    guard let base = bytes.baseAddress else { return }
    var done = 0
    while done < bytes.count {
      let count = Glibc.write(descriptor, base + done, bytes.count - done)
      if count >= 0 {
        done += count
      } else if errno != EINTR {
        throw .last
      }
    }
    beginWriteback()
  }

  /// Has the disk begin with what is there, so that `commit` does not have to wait for everything at once.
  private mutating func beginWriteback() {
    if case .direct = way { return }
    let end = lseek(descriptor, 0, SEEK_CUR)
    guard end - begun >= AsideFile.writebackBytes else { return }
    // Linux begins to write what is dirty before it looks for what it may forget. Nothing depends on it: what fails here fails again
    // in `commit`.
    _ = posix_fadvise(descriptor, begun, end - begun, POSIX_FADV_DONTNEED)
    begun = end
  }

  /// Brings the bytes to disk, then the file to its place.
  mutating func commit() throws(SystemError) {
    if case .direct = way { return }
    guard fsync(descriptor) == 0 else { throw .last }
    if case .unnamed = way {
      // A file without a name cannot replace another one; a name of its own comes first.
      way = .named(try name())
    }
    guard case .named(let path) = way else { return }
    guard rename(path, target) == 0 else { throw .last }
    way = .direct
    syncFolder()
  }

  /// Closes the file and removes what did not reach its place.
  func close() {
    if case .named(let path) = way { unlink(path) }
    Glibc.close(descriptor)
  }

  /// Links the unnamed file under a name of its own.
  private func name() throws(SystemError) -> String {
    let here = "/proc/self/fd/\(descriptor)"
    while true {
      let path = AsideFile.freshPath(in: folder)
      if linkat(AT_FDCWD, here, AT_FDCWD, path, Int32(AT_SYMLINK_FOLLOW)) == 0 { return path }
      guard errno == EEXIST else { throw .last }
    }
  }

  /// Makes the new entry of the folder last; not every file system can, and the file itself is already safe.
  private func syncFolder() {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    Glibc.close(descriptor)
  }

  /// Linux's `__O_TMPFILE`, which is the same number on every architecture that Swift runs on.
  private static let temporaryFlag: Int32 = 0o20_000_000

  /// A file without a name; nil where the file system or the system has none.
  private static func unnamed(in folder: String) -> Int32? {
    guard access("/proc/self/fd", X_OK) == 0 else { return nil }
    let descriptor = open(folder, temporaryFlag | O_DIRECTORY | O_WRONLY | O_CLOEXEC, 0o666)
    return descriptor >= 0 ? descriptor : nil
  }

  private static func named(in folder: String) throws(SystemError) -> (path: String, descriptor: Int32) {
    while true {
      let path = freshPath(in: folder)
      let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
      if descriptor >= 0 { return (path, descriptor) }
      guard errno == EEXIST else { throw .last }
    }
  }

  private static func freshPath(in folder: String) -> String {
    let random = String(UInt64.random(in: 0 ... .max), radix: 16)
    return FilePath.join(folder, ".gbt42382-\(getpid())-\(random).tmp")
  }

  private static func opened(_ descriptor: Int32) throws(SystemError) -> Int32 {
    guard descriptor >= 0 else { throw .last }
    return descriptor
  }
}
