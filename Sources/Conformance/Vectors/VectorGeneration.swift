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
    var wanted: [String: VectorFiles.Entry] = [:]
    if let text = Disk.text("\(folder)/vector.yaml").flatMap(VectorText.canonical) {
      wanted["vector.yaml"] = .file(Array(text.utf8), size: nil)
    }
    if vector.isStored {
      for (name, entry) in files.entries { wanted["input/\(name)"] = entry }
    }
    if let metadata = files.metadata { wanted[VectorFiles.metadataName] = .file(metadata, size: nil) }
    var present = Disk.entries(folder)
    present["decoded.json"] = nil
    var changed: [String] = []
    for name in present.keys.sorted() where present[name] != wanted[name] {
      changed.append(name)
      // A file that only changes is replaced in one step, so that nobody's work is lost half-way.
      if case .file? = present[name], case .file? = wanted[name] { continue }
      Disk.remove("\(folder)/\(name)")
    }
    for (name, entry) in wanted.sorted(by: { $0.key < $1.key }) where present[name] != entry {
      let path = "\(folder)/\(name)"
      if let slash = path.lastIndex(of: "/") { Disk.makeDirectory(String(path[..<slash])) }
      try Disk.write(entry, to: path)
      if !changed.contains(name) { changed.append(name) }
    }
    return changed
  }

  /// Writes the input of a vector below a new directory.
  ///
  /// - Returns: the directory.
  func materialise(_ vector: Vector) throws -> String {
    let folder = try Disk.temporaryDirectory()
    try write(try files(of: vector), to: folder)
    return folder
  }

  /// Writes the files of an input below a directory that is there.
  func write(_ files: VectorFiles, to folder: String) throws {
    for (name, entry) in files.entries.sorted(by: { $0.key < $1.key }) {
      let path = "\(folder)/\(name)"
      if let slash = path.lastIndex(of: "/") { Disk.makeDirectory(String(path[..<slash])) }
      try Disk.write(entry, to: path)
    }
  }
}
