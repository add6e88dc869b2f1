import Glibc
import Storage

/// Brings the files of an input below the folder of an output, or finds that they are there already.
struct Relocation {
  /// The folder of the output, without links.
  let folder: String
  /// The folder of the input, without links; nil where its files lie in no folder but in a package.
  private let root: String?
  private let placement: Conversion.Placement
  /// The folder, below that of the output, into which files are copied or linked.
  private let subfolder: String

  /// A relocation.
  ///
  /// - Parameters:
  ///   - tree: the files of the input.
  ///   - output: the path of the structure that is written.
  ///   - stem: its name without suffix.
  init(
    _ tree: any FileTree, to output: String, stem: String, _ placement: Conversion.Placement
  ) throws(ConversionFailure) {
    folder = try Self.resolved(Self.folder(of: output))
    if let directory = tree as? DirectoryTree {
      root = try Self.resolved(directory.root)
    } else {
      root = nil
    }
    self.placement = placement
    subfolder = stem + ".files"
  }

  /// The path of a file of the input relative to the folder of the output; with copies or links asked for, where it is put.
  func path(of name: String) throws(ConversionFailure) -> String {
    let absolute = root.map { Self.join($0, name) }
    if let absolute, let below = Self.relative(absolute, to: folder) { return below }
    guard placement != .inPlace else { throw .filesElsewhere(first: absolute ?? name, folder: folder) }
    return subfolder + "/" + name
  }

  /// Copies or links a file of the input to where `path(of:)` says, unless it is there anyway.
  func place(_ name: String, in tree: any FileTree) throws(ConversionFailure) {
    if let root, Self.relative(Self.join(root, name), to: folder) != nil { return }
    let target = Self.join(folder, try path(of: name))
    try Self.createFolders(of: target, below: folder)
    if placement == .copied {
      do throws(Fault) {
        let file = try AtomicFile(target)
        try file.append(try tree.open(name))
        try file.commit()
      } catch {
        throw .file(error)
      }
    } else {
      try Self.link(try source(name, in: tree), to: target)
    }
  }

  private func source(_ name: String, in tree: any FileTree) throws(ConversionFailure) -> String {
    guard let tree = tree as? DirectoryTree else {
      throw .link(from: name, to: folder, reason: "package")
    }
    do throws(Fault) {
      return try tree.path(of: name)
    } catch {
      throw .file(error)
    }
  }

  private static func link(_ source: String, to target: String) throws(ConversionFailure) {
    // A link under a name of its own is put in place of what was there, so that at no time nothing is there.
    let aside = target + ".new"
    unlink(aside)
    guard Glibc.link(source, aside) == 0, rename(aside, target) == 0 else {
      let reason = String(cString: strerror(errno))
      unlink(aside)
      throw .link(from: source, to: target, reason: reason)
    }
    // Where both names were links to one file already, renaming does nothing.
    unlink(aside)
  }

  private static func createFolders(of target: String, below folder: String) throws(ConversionFailure) {
    guard let rest = relative(target, to: folder) else { return }
    var path = folder
    for component in rest.split(separator: "/").dropLast() {
      path = join(path, String(component))
      guard mkdir(path, 0o777) == 0 || errno == EEXIST else {
        throw .file(
          Fault(OutputFault.writable, .system, at: Place(path), actual: String(cString: strerror(errno))))
      }
    }
  }

  /// The folder of a path; the working directory where it names none.
  private static func folder(of path: String) -> String {
    guard let end = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return end == path.startIndex ? "/" : String(path[..<end])
  }

  /// A path below a folder, relative to it; nil where it does not lie below it.
  private static func relative(_ path: String, to folder: String) -> String? {
    let prefix = folder.utf8.last == UInt8(ascii: "/") ? folder : folder + "/"
    guard path.utf8.starts(with: prefix.utf8) else { return nil }
    return String(decoding: path.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
  }

  private static func join(_ folder: String, _ name: String) -> String {
    folder.utf8.last == UInt8(ascii: "/") ? folder + name : folder + "/" + name
  }

  private static func resolved(_ path: String) throws(ConversionFailure) -> String {
    guard let pointer = realpath(path, nil) else {
      throw .file(
        Fault(OutputFault.writable, .system, at: Place(path), actual: String(cString: strerror(errno))))
    }
    defer { free(pointer) }
    return String(cString: pointer)
  }
}
