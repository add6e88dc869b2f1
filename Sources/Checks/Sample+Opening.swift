public import Formats
import Storage

extension Sample {
  /// Opens and reads what a path stands for; whatever happens there is a sample to judge.
  ///
  /// - Parameters:
  ///   - path: the path of a file or of a directory.
  ///   - format: the format that the user names, which overrides recognition.
  ///   - metadata: the metadata that the user supplied.
  ///   - root: a directory that holds everything which may be opened (`--root`).
  ///   - followLinks: whether links may lead anywhere (`--follow-links`).
  public init(
    path: String, format: Format? = nil, metadata: Metadata? = nil, root: String? = nil,
    followLinks: Bool = false
  ) {
    do throws(Fault) {
      let location = try SampleLocation.resolve(path: path, root: root, followLinks: followLinks)
      let reading = SampleReader.read(location.tree, name: location.name, as: format)
      self.init(reading: reading, tree: location.tree, metadata: metadata)
    } catch {
      self.init(reading: Reading(unopened: error), tree: MemoryTree([:]), metadata: metadata)
    }
  }
}
