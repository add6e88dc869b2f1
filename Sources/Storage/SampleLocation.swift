/// A sample as the user names it: the files, and which of them to start from.
public struct SampleLocation: Sendable {
  /// The files of the sample.
  public let tree: DirectoryTree
  /// The file to start from, relative to the tree; empty where the sample is the directory itself.
  public let name: String

  /// Whether the sample is a directory.
  public var isDirectory: Bool { name.isEmpty }

  /// Finds out what a path on the command line stands for.
  ///
  /// A directory is the root of its own tree; of a file it is its folder, or `root` where that is given.
  ///
  /// - Parameters:
  ///   - path: the path of a file or of a directory.
  ///   - root: a directory that holds everything which may be opened (`--root`).
  ///   - followLinks: whether links may lead anywhere (`--follow-links`).
  ///   - limits: what listing a directory may cost.
  /// - Throws: `FileFault.readable` of kind `system` where the path or the root cannot be found, `.regular` of kind
  ///   `system` where it is a pipe or a device, `.linkInsideRoot` where the file does not lie below the root.
  public static func resolve(
    path: String, root: String? = nil, followLinks: Bool = false,
    limits: DirectoryTree.Limits = DirectoryTree.Limits()
  ) throws(Fault) -> SampleLocation {
    let status = try status(of: path)
    if let root, try !Self.status(of: root).isDirectory {
      throw Fault(FileFault.regular, .system, at: Place(root), expected: "directory", actual: "file")
    }
    if status.isDirectory {
      let tree = DirectoryTree(root: path, containment: root, followLinks: followLinks, limits: limits)
      return SampleLocation(tree: tree, name: "")
    }
    guard status.isRegular else {
      throw Fault(
        FileFault.regular, .system, at: Place(path), expected: "file | directory", actual: status.kind)
    }
    let (folder, last) = FilePath.split(path)
    guard let root else {
      return SampleLocation(
        tree: DirectoryTree(root: folder, followLinks: followLinks, limits: limits), name: last)
    }
    let name = try name(of: last, in: try resolved(folder), below: try resolved(root), path)
    return SampleLocation(
      tree: DirectoryTree(root: root, followLinks: followLinks, limits: limits), name: name)
  }

  private static func name(
    of last: String, in folder: String, below root: String, _ path: String
  ) throws(Fault) -> String {
    guard FilePath.isInside(folder, root) else {
      throw Fault(FileFault.linkInsideRoot, .unsafe, at: Place(path), expected: "--root")
    }
    let inner = folder.utf8.dropFirst(root.utf8.count).drop { $0 == UInt8(ascii: "/") }
    return inner.isEmpty ? last : FilePath.join(String(decoding: inner, as: UTF8.self), last)
  }

  private static func status(of path: String) throws(Fault) -> FileStatus {
    do throws(SystemError) {
      return try FileStatus(path)
    } catch {
      throw error.fault(FileFault.readable, at: Place(path))
    }
  }

  private static func resolved(_ path: String) throws(Fault) -> String {
    do throws(SystemError) {
      return try FilePath.resolved(path)
    } catch {
      throw error.fault(FileFault.readable, at: Place(path))
    }
  }
}
