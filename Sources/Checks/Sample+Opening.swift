public import Formats
public import Profile
public import Storage

extension Sample {
  /// Opens and reads what a path stands for; whatever happens there is a sample to judge.
  ///
  /// - Parameters:
  ///   - path: the path of a file or of a directory.
  ///   - format: the format that the user names, which overrides recognition.
  ///   - metadata: the metadata that the user supplied.
  ///   - root: a directory that holds everything which may be opened (`--root`).
  ///   - followLinks: whether links may lead anywhere (`--follow-links`).
  ///   - verification: what a package is verified with.
  ///   - limits: what listing a directory may cost.
  ///   - depth: how deep weights are read.
  public init(
    path: String, format: Format? = nil, metadata: Metadata? = nil, root: String? = nil,
    followLinks: Bool = false, verifying verification: PackageVerification = PackageVerification(),
    limits: DirectoryTree.Limits = DirectoryTree.Limits(), depth: Requirement.Depth = .values
  ) {
    do throws(Fault) {
      let location = try SampleLocation.resolve(
        path: path, root: root, followLinks: followLinks, limits: limits)
      let reading = SampleReader.read(location.tree, name: location.name, as: format, verifying: verification)
      self.init(reading: reading, tree: location.tree, metadata: metadata, depth: depth)
    } catch {
      self.init(reading: Reading(unopened: error), tree: MemoryTree([:]), metadata: metadata)
    }
  }
}

extension DirectoryTree.Limits {
  /// The limits that a catalogue sets; an overlay may have changed them.
  public init(_ catalogue: Catalogue) {
    self.init()
    if let requirement = catalogue[Self.key] { self = changed(by: requirement) }
  }

  /// The limits with those that a requirement sets; of all requirements but one, as they are.
  public func changed(by requirement: Requirement) -> DirectoryTree.Limits {
    guard requirement.key == Self.key else { return self }
    var limits = self
    if let number = try? requirement.limit("files") { limits.files = Int(clamping: number) }
    if let number = try? requirement.limit("folders") { limits.folders = Int(clamping: number) }
    return limits
  }

  private static var key: String { FileFault.countWithinLimit.rawValue }
}
