import Glibc
import Storage

/// The files of the corpus on disk: ours, so that plain calls of the system are enough.
enum Disk {
  /// The bytes of a file; nil where there is none.
  static func bytes(_ path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    let size = Int(status.st_size)
    return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size, let base = buffer.baseAddress {
        let read = Glibc.read(descriptor, base + count, size - count)
        guard read > 0 else { return }
        count += read
      }
    }
  }

  /// A text file; nil where there is none, or where it is not UTF-8.
  static func text(_ path: String) -> String? {
    bytes(path).flatMap { String(validating: $0, as: UTF8.self) }
  }

  /// The names in a directory, sorted by their bytes; empty where there is none.
  static func names(_ path: String) -> [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether anything has that name.
  static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  /// Gives a directory another name.
  static func rename(_ path: String, to target: String) throws(Fault) {
    try check(Glibc.rename(path, target), target)
  }

  /// The files, links and empty directories below a directory.
  static func entries(_ path: String) -> [ExactString: VectorFiles.Entry] {
    var entries: [ExactString: VectorFiles.Entry] = [:]
    collect(path, below: "", &entries)
    return entries
  }

  private static func collect(
    _ root: String, below folder: String, _ entries: inout [ExactString: VectorFiles.Entry]
  ) {
    for name in names(folder.isEmpty ? root : "\(root)/\(folder)") {
      let relative = folder.isEmpty ? name : "\(folder)/\(name)"
      let path = "\(root)/\(relative)"
      if isDirectory(path) {
        let before = entries.count
        collect(root, below: relative, &entries)
        if entries.count == before { entries[ExactString(relative)] = .directory }
      } else if let target = link(path) {
        entries[ExactString(relative)] = .link(target)
      } else if let bytes = bytes(path) {
        entries[ExactString(relative)] = .file(bytes, size: nil)
      }
    }
  }

  private static func link(_ path: String) -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &buffer, buffer.count)
    return count > 0 ? String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self) : nil
  }

  /// Makes a directory and those above it.
  static func makeDirectory(_ path: String) {
    if isDirectory(path) { return }
    if let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), slash > path.startIndex {
      makeDirectory(String(path[..<slash]))
    }
    mkdir(path, 0o777)
  }

  /// Removes a file, or a directory with all that it holds.
  static func remove(_ path: String) {
    if isDirectory(path) {
      for name in names(path) { remove("\(path)/\(name)") }
      rmdir(path)
    } else {
      unlink(path)
    }
  }

  /// Removes the directories above a name that hold nothing, from the innermost outwards.
  static func removeEmptyDirectories(above name: String, in root: String) {
    var folder = name
    while let slash = folder.utf8.lastIndex(of: UInt8(ascii: "/")) {
      folder = String(folder[..<slash])
      // The system refuses where something is left in it.
      guard rmdir("\(root)/\(folder)") == 0 else { return }
    }
  }

  /// A new, empty directory for what is made only for a while.
  static func temporaryDirectory() throws(Fault) -> String {
    // In memory where there is such a place: hundreds of small files are made and read once.
    let inMemory = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? inMemory
    var template = Array("\(folder)/gbt42382-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw Fault(FileFault.readable, .system, at: Place(folder), actual: String(cString: strerror(errno)))
    }
    return template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? folder }
  }

  /// Writes an entry; its directory has to be there.
  static func write(_ entry: VectorFiles.Entry, to path: String) throws(Fault) {
    switch entry {
    case .file(let bytes, nil) where exists(path): try AtomicFile.write(bytes, to: path)
    case .file(let bytes, let size): try write(bytes, size: size, to: path)
    case .link(let target): try check(symlink(target, path), path)
    case .pipe: try check(mkfifo(path, 0o666), path)
    case .directory: makeDirectory(path)
    }
  }

  private static func write(_ bytes: [UInt8], size: UInt64?, to path: String) throws(Fault) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o666)
    try check(descriptor, path)
    defer { close(descriptor) }
    var done = 0
    while done < bytes.count {
      let written = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress?.advanced(by: done), bytes.count - done)
      }
      try check(Int32(clamping: written), path)
      done += written
    }
    if let size, let length = Int(exactly: size) { try check(ftruncate(descriptor, length), path) }
  }

  private static func check(_ result: Int32, _ path: String) throws(Fault) {
    guard result >= 0 else {
      throw Fault(FileFault.readable, .system, at: Place(path), actual: String(cString: strerror(errno)))
    }
  }
}
