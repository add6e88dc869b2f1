import Glibc

/// One walk through a directory tree: bounded in number and depth, and the same whatever order the system lists in.
struct DirectoryListing {
  private struct Folder {
    let path: String
    let name: String
    let depth: Int
  }

  private let tree: DirectoryTree
  private var root = ""
  private var names: [String] = []
  private var entryCount = 0
  private var visited: Set<FileIdentity> = []
  private var pending: [Folder] = []
  /// Links to directories wait until every directory proper was walked: what lies inside keeps its own name.
  private var linked: [Folder] = []

  init(tree: DirectoryTree) {
    self.tree = tree
  }

  /// The names of the regular files that may be opened, sorted by their bytes.
  mutating func list(from root: String, _ faults: inout FaultLog) throws(Fault) -> [String] {
    self.root = root
    if let error = walk(Folder(path: root, name: "", depth: 0), &faults) { throw error }
    repeat {
      while let folder = pending.popLast() {
        if let fault = walk(folder, &faults) { faults.log(fault) }
      }
      pending = linked.sorted { $1.name.utf8.lexicographicallyPrecedes($0.name.utf8) }
      linked = []
    } while !pending.isEmpty
    if entryCount > tree.limits.files {
      faults.log(
        FileFault.countWithinLimit, .unsupported, at: Place(), expected: "≤ \(tree.limits.files)",
        actual: "> \(tree.limits.files)")
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Reads one directory; returns the fault where it cannot be read.
  private mutating func walk(_ folder: Folder, _ faults: inout FaultLog) -> Fault? {
    let entries: [Entry]
    do throws(SystemError) {
      guard let read = try read(folder) else { return nil }
      entries = read
    } catch {
      return error.fault(FileFault.readable, at: Place(folder.name))
    }
    var folders: [Folder] = []
    for entry in entries where !(folder.depth == 0 && entry.isHiddenFolder) {
      let name = folder.name.isEmpty ? entry.name : FilePath.join(folder.name, entry.name)
      take(
        entry,
        Folder(
          path: FilePath.join(folder.path, entry.name), name: name,
          depth: folder.depth + 1), &folders, &faults)
    }
    // The last one is walked first.
    pending += folders.reversed()
    return nil
  }

  private mutating func take(
    _ entry: Entry, _ here: Folder, _ folders: inout [Folder], _ faults: inout FaultLog
  ) {
    guard entry.isText, FileName.isSafe(here.name) else {
      faults.log(
        FileFault.nameSafe, .unsafe, at: Place(here.name),
        expected: entry.isText ? FileName.brokenRule(here.name) : "UTF-8", actual: here.name)
      return
    }
    switch entry.kind {
    case .regular:
      names.append(here.name)
    case .directory:
      if here.depth > tree.limits.folders {
        faults.log(
          FileFault.countWithinLimit, .unsupported, at: Place(here.name),
          expected: "≤ \(tree.limits.folders) /", actual: "> \(tree.limits.folders) /")
      } else {
        folders.append(here)
      }
    case .link:
      takeLink(here, &faults)
    case .other(let kind):
      faults.log(
        FileFault.regular, .unsafe, at: Place(here.name), expected: "file", actual: kind)
    }
  }

  private mutating func takeLink(_ here: Folder, _ faults: inout FaultLog) {
    do throws(Fault) {
      let path = try tree.path(of: here.name)
      let status = try FileByteSource.asking(here.name) { () throws(SystemError) in
        try FileStatus(path, link: true)
      }
      if status.isRegular {
        names.append(here.name)
      } else if status.isDirectory {
        // A directory inside the root is listed under its own name, not again under every link to it.
        if !FilePath.isInside(path, root), here.depth <= tree.limits.folders {
          linked.append(Folder(path: path, name: here.name, depth: here.depth))
        }
      } else {
        throw Fault(
          FileFault.regular, .unsafe, at: Place(here.name), expected: "file", actual: status.kind)
      }
    } catch {
      faults.log(error)
    }
  }

  /// The entries of a directory, sorted; nil where it was read before, so that no walk goes round in a circle.
  private mutating func read(_ folder: Folder) throws(SystemError) -> [Entry]? {
    let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { throw .last }
    guard let stream = fdopendir(descriptor) else {
      let error = SystemError.last
      close(descriptor)
      throw error
    }
    defer { closedir(stream) }
    guard visited.insert(try FileStatus(descriptor: descriptor).identity).inserted else { return nil }
    var entries: [Entry] = []
    while entryCount <= tree.limits.files {
      errno = 0
      guard let pointer = readdir(stream) else {
        if errno != 0 { throw .last }
        break
      }
      guard let entry = try Entry(pointer, in: folder.path) else { continue }
      entries.append(entry)
      entryCount += 1
    }
    return entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }
}

/// One entry of a directory.
private struct Entry {
  enum Kind {
    case regular, directory, link
    case other(String)
  }

  let name: String
  let kind: Kind
  /// Whether the name is well-formed UTF-8; if not, `name` is a likeness of it.
  let isText: Bool

  var isHiddenFolder: Bool {
    if case .directory = kind { name.utf8.first == UInt8(ascii: ".") } else { false }
  }

  /// Nil for the directory itself and the one above it.
  init?(_ pointer: UnsafeMutablePointer<dirent>, in folder: String) throws(SystemError) {
    // Only as many bytes as the name has are there, so the field must not be copied as a whole.
    guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return nil }
    let characters = UnsafeRawPointer(pointer).advanced(by: offset).assumingMemoryBound(to: CChar.self)
    let text = String(validatingCString: characters)
    isText = text != nil
    name = text ?? String(cString: characters)
    if name == "." || name == ".." { return nil }
    switch Int(pointer.pointee.d_type) {
    case Int(DT_REG): kind = .regular
    case Int(DT_DIR): kind = .directory
    case Int(DT_LNK): kind = .link
    default:
      guard isText else {
        kind = .other("?")
        return
      }
      let status = try FileStatus(FilePath.join(folder, name), link: true)
      if status.isRegular {
        kind = .regular
      } else if status.isDirectory {
        kind = .directory
      } else if status.isLink {
        kind = .link
      } else {
        kind = .other(status.kind)
      }
    }
  }
}
