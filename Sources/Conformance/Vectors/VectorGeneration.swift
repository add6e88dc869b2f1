import Storage

extension Corpus {
  /// The files of a vector: its base with the recorded changes made.
  func files(of vector: Vector) throws(RecipeError) -> VectorFiles {
    guard let base = bases[vector.base] else {
      throw RecipeError(zh: "没有基础模型 \(vector.base)", en: "there is no base \(vector.base)")
    }
    var files = VectorFiles()
    files.entries = Disk.entries("\(directory)/\(base.directory)")
    files.metadata = base.metadata.flatMap { Disk.bytes("\(directory)/\($0)") }
    try files.apply(vector.mutation, layouts)
    return files
  }

  /// The path of a vector's sample below a directory that holds its input.
  func sample(of vector: Vector, in input: String) -> String {
    guard let sample = bases[vector.base]?.sample, !sample.isEmpty else { return input }
    return "\(input)/\(sample)"
  }

  /// Makes the files of a vector that lie beside it.
  ///
  /// - Returns: what was written or removed, relative to the vector; empty where all of it was as it should be.
  /// - Throws: `RecipeError` where the recipe does not fit its base, `Fault` where the system refuses.
  public func generate(_ vector: Vector) throws -> [String] {
    let files = try files(of: vector)
    let folder = path(of: vector)
    var wanted: [ExactString: VectorFiles.Entry] = [:]
    if let text = Disk.text("\(folder)/vector.yaml").flatMap(VectorText.canonical) {
      wanted[ExactString("vector.yaml")] = .file(Array(text.utf8), size: nil)
    }
    if vector.isStored {
      for (name, entry) in files.entries { wanted[ExactString("input/\(name)")] = entry }
    }
    if let metadata = files.metadata {
      wanted[ExactString(VectorFiles.metadataName)] = .file(metadata, size: nil)
    }
    var present = Disk.entries(folder)
    present[ExactString("decoded.json")] = nil
    let outdated = present.keys.filter { present[$0] != wanted[$0] }
    for name in outdated {
      // A file that only changes is replaced in one step, so that nobody's work is lost half-way.
      if case .file? = present[name], case .file? = wanted[name] { continue }
      Disk.remove("\(folder)/\(name)")
      // A folder goes with the last of its files: git does not keep it either.
      Disk.removeEmptyDirectories(above: name.value, in: folder)
    }
    let missing = wanted.filter { present[$0.key] != $0.value }
    try write(missing, to: folder)
    return Set(outdated).union(missing.keys).sorted().map(\.value)
  }

  /// Writes an input below a new directory.
  ///
  /// - Returns: the directory.
  func materialise(_ files: VectorFiles) throws -> String {
    let folder = try Disk.temporaryDirectory()
    try write(files.entries, to: folder)
    return folder
  }

  /// Writes the files of an input below a directory that is there.
  func write(_ entries: [ExactString: VectorFiles.Entry], to folder: String) throws {
    for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
      let path = "\(folder)/\(name)"
      if let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) { Disk.makeDirectory(String(path[..<slash])) }
      try Disk.write(entry, to: path)
    }
  }
}
