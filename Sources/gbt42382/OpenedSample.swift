import Formats
import Profile
import Storage

/// A sample that a command works on, rather than judges: opened and read, or the command ends with the reason.
struct OpenedSample {
  /// The files that the reading speaks of: those in the folder of the sample, or inside a package.
  let tree: any FileTree
  let reading: Reading
  let format: Format

  /// Opens and reads a sample.
  ///
  /// - Throws: `CommandFailure` with `inputOutput` where the system refuses, `notRecognised` where no format fits, `failed` where the
  ///   input is refused.
  init(_ path: String, _ input: InputOptions) throws {
    try self.init(path, format: input.format, root: input.root, followLinks: input.followLinks)
  }

  /// Opens and reads a sample beside the one that the options speak of.
  ///
  /// - Throws: as above.
  init(_ path: String, format: Format? = nil, root: String? = nil, followLinks: Bool = false) throws {
    let location: SampleLocation
    do throws(Fault) {
      location = try SampleLocation.resolve(path: path, root: root, followLinks: followLinks)
    } catch {
      throw CommandFailure(error.code, error.kind, error.occurrence, path: path)
    }
    reading = SampleReader.read(location.tree, name: location.name, as: format)
    tree = reading.contents ?? location.tree
    guard let format = reading.format else {
      let entry = reading.faults.entries.first { $0.kind != .unsupported }
      if let entry {
        throw CommandFailure(entry.code, entry.kind, entry.occurrences.first, path: path)
      }
      throw CommandFailure(
        .notRecognised, zh: "\(path)：无法识别为任何支持的格式", en: "\(path): not recognised as any supported format")
    }
    self.format = format
  }
}

extension CommandFailure {
  /// A fault that leaves a command nothing to work on.
  init(_ code: String, _ kind: Fault.Kind, _ occurrence: Occurrence, path: String) {
    let place = occurrence.place.file.isEmpty ? path : occurrence.place.file
    let detail = occurrence.actual.map { ": \($0)" } ?? ""
    self.init(
      kind == .system ? .inputOutput : .failed,
      zh: "\(place)：无法读取（\(code)）\(detail)", en: "\(place): cannot be read (\(code))\(detail)")
  }
}
