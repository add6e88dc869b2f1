import Glibc

/// A directory of the file system as a tree (profile clause 6.1, files).
///
/// Nothing outside the root is opened, whatever names and links say, but for two cases: a link of a snapshot in a
/// Hugging Face cache may lead into that model's own `blobs`, and the user may widen the bounds.
public struct DirectoryTree: FileTree {
  /// What a listing may cost (profile clause 6.1, files).
  public struct Limits: Sendable, Hashable {
    /// How many files and directories are listed at most.
    public var files = 100_000
    /// How many directories deep a listing goes at most.
    public var folders = 32

    /// The limits of the profile as it is published.
    public init() {}
  }

  /// The directory as the user gave it.
  public let root: String
  /// What a listing may cost.
  public let limits: Limits

  private let followLinks: Bool
  private let containment: String?
  private let place: Result<String, SystemError>

  /// A tree over a directory.
  ///
  /// - Parameters:
  ///   - root: the directory; a link to one is followed, since it is the user who names it.
  ///   - containment: a directory that links may lead into as well (`--root`).
  ///   - followLinks: whether links may lead anywhere (`--follow-links`).
  ///   - limits: what a listing may cost.
  public init(
    root: String, containment: String? = nil, followLinks: Bool = false, limits: Limits = Limits()
  ) {
    self.root = root
    self.limits = limits
    self.followLinks = followLinks
    self.containment = containment.flatMap { try? FilePath.resolved($0) }
    do throws(SystemError) {
      place = .success(try FilePath.resolved(root))
    } catch {
      place = .failure(error)
    }
  }

  public func names(_ faults: inout FaultLog) throws(Fault) -> [String] {
    var listing = DirectoryListing(tree: self)
    let names = try listing.list(from: try resolvedRoot(), &faults)
    NameFolding.logCollisions(of: names, &faults)
    return names
  }

  public func contains(_ name: String) -> Bool {
    guard FileName.isSafe(name), let root = try? place.get() else { return false }
    let (folder, last) = FilePath.split(FilePath.join(root, name))
    // What lies beyond a link that leads out is none of our business, not even whether it exists.
    guard let resolved = try? FilePath.resolved(folder), allows(resolved, from: root) else { return false }
    return (try? FileStatus(FilePath.join(resolved, last), link: true)) != nil
  }

  public func open(_ name: String) throws(Fault) -> any ByteSource {
    try FileByteSource(path: try path(of: name), name: name)
  }

  /// The path in the file system, without links, of what a name stands for.
  ///
  /// - Throws: `FileFault.nameSafe`, `.linkInsideRoot`, `.present` or `.readable`.
  public func path(of name: String) throws(Fault) -> String {
    try FileName.check(name)
    let root = try resolvedRoot()
    let resolved: String
    do throws(SystemError) {
      resolved = try FilePath.resolved(FilePath.join(root, name))
    } catch {
      // What a folder outside the root holds is none of our business, not even that it holds no such file.
      if let text = linkText(FileName.folder(of: name), root) { throw leadsOut(name, text) }
      throw FileByteSource.fault(error, name)
    }
    guard allows(resolved, from: root) else { throw leadsOut(name, linkText(name, root)) }
    return resolved
  }

  private func leadsOut(_ name: String, _ linkText: String?) -> Fault {
    Fault(FileFault.linkInsideRoot, .unsafe, at: Place(name), actual: linkText)
  }

  /// Whether a resolved path may be opened.
  func allows(_ path: String, from root: String) -> Bool {
    if followLinks || FilePath.isInside(path, root) { return true }
    if let containment, FilePath.isInside(path, containment) { return true }
    guard let blobs = HuggingFaceCache.blobs(ofSnapshot: root) else { return false }
    return FilePath.split(path).folder.utf8.elementsEqual(blobs.utf8)
  }

  private func resolvedRoot() throws(Fault) -> String {
    do throws(SystemError) {
      return try place.get()
    } catch {
      throw error.fault(FileFault.readable, at: Place())
    }
  }

  /// What the first link on the way that leads out says: its text, which is part of the sample, never a resolved path,
  /// which would differ from machine to machine.
  private func linkText(_ name: String, _ root: String) -> String? {
    var prefix = root
    for component in FilePath.components(name) {
      prefix = FilePath.join(prefix, component)
      if let text = FilePath.linkText(prefix),
        let target = try? FilePath.resolved(prefix), !allows(target, from: root)
      {
        return "→ \(text)"
      }
    }
    return nil
  }
}

/// The layout of the cache that Hugging Face tools keep: `models--X/snapshots/REVISION/NAME → ../../blobs/DIGEST`.
enum HuggingFaceCache {
  /// The folder of blobs that belongs to a snapshot, or to a folder in one; nil for any other directory.
  static func blobs(ofSnapshot path: String) -> String? {
    let components = FilePath.components(path)
    guard
      let model = components.indices.dropLast(2).last(where: {
        components[$0].hasPrefix("models--") && components[$0 + 1] == "snapshots"
      })
    else { return nil }
    return "/" + components[...model].joined(separator: "/") + "/blobs"
  }
}
