public import Configuration
public import Profile
import Storage

/// The corpus of test vectors under a directory.
public struct Corpus: Sendable {
  /// The directory.
  public let directory: String
  /// The vectors, in the order of clauses and ids.
  public let vectors: [Vector]
  /// Mutations of the catalogue that change nothing, each with a reason.
  public let equivalents: [Equivalent]
  /// Vectors that the tool does not pass yet, each with the defect (`defects.yaml`).
  public let defects: [Defect]
  /// The flags with their explanations.
  public let flags: [Flag]
  let bases: [String: Base]
  let layouts: Layouts

  /// Why a family of vectors exists (`flags.yaml`).
  public struct Flag: Sendable, Hashable {
    /// Its name.
    public let name: String
    /// Why the case exists.
    public let purpose: Text
    /// What happens in the field where it is missed.
    public let consequence: Text
    /// Public reports of it.
    public let reports: [String]
  }

  /// A known defect of the tool (`defects.yaml`): the vector stays as the profile demands.
  public struct Defect: Sendable, Hashable {
    /// The vector's id.
    public let vector: String
    /// What the tool does wrong.
    public let reason: Text
  }

  /// A mutation of the catalogue that no vector can notice (`equivalents.yaml`).
  public struct Equivalent: Sendable, Hashable {
    /// Stands in place of a mutation where no sample can meet a requirement that applies to it.
    public static let neverMet = "never met"

    /// The requirement's id.
    public let requirement: String
    /// The mutation, as the kill matrix calls it.
    public let mutation: String
    /// Why it changes nothing.
    public let reason: Text
  }

  /// Reads the corpus under a directory.
  ///
  /// - Parameter selection: which vectors are read, by their ids; all where there are no patterns.
  /// - Throws: everything that is wrong with its files.
  public static func read(_ directory: String, selection: [Glob] = []) throws(CorpusError) -> Corpus {
    var complaints: [YAMLFault] = []
    func read<Content>(_ name: String, _ body: (String, YAMLFaults) -> Content?) -> Content? {
      let faults = YAMLFaults(file: "\(directory)/\(name)")
      defer { complaints += faults.list }
      guard let text = Disk.text("\(directory)/\(name)") else {
        faults.add(line: 1, zh: "文件不存在，或不是 UTF-8", en: "there is no such file, or it is not UTF-8")
        return nil
      }
      return body(text, faults)
    }
    let native = read("layouts/native.yaml", Layout.read)
    let onnx = read("layouts/onnx.yaml", Layout.read)
    let bases = read("bases.yaml", Base.read)
    let flags = read("flags.yaml", Flag.read)
    let equivalents = read("equivalents.yaml", Equivalent.read)
    let defects = read("defects.yaml", Defect.read)
    let folders = VectorFolder.all(directory).filter { folder in
      selection.isEmpty || selection.contains { $0.matches(folder.id) }
    }
    let vectors = ConcurrentMap.results(count: folders.count) { index in
      let folder = folders[index]
      let faults = YAMLFaults(file: folder.path + "/vector.yaml")
      let vector = Disk.text(folder.path + "/vector.yaml").flatMap {
        VectorFile.read($0, clause: folder.clause, faults)
      }
      if let vector, vector.id != folder.id {
        faults.add(line: 1, zh: "id 应为 \(folder.id)", en: "id must be \(folder.id)")
      }
      return (vector, faults.list)
    }
    complaints += vectors.flatMap(\.1)
    guard complaints.isEmpty, let native, let onnx, let bases, let flags, let equivalents,
      let defects
    else {
      throw CorpusError(faults: complaints)
    }
    return Corpus(
      directory: directory, vectors: vectors.compactMap(\.0), equivalents: equivalents,
      defects: defects, flags: flags,
      bases: bases,
      layouts: Layouts(
        native: native, onnx: onnx, keys: TestKeys(directory: "\(directory)/\(TestKeys.folder)")))
  }

  /// The directory of a vector.
  public func path(of vector: Vector) -> String { "\(directory)/\(vector.clause)/\(vector.id)" }
}

/// What is wrong with the files of a corpus, all of it.
public struct CorpusError: Error, Sendable {
  /// The complaints, in the order of the files.
  public let faults: [YAMLFault]
}

/// A directory that holds a vector.
struct VectorFolder {
  let path: String
  let clause: String
  let id: String

  /// All directories of vectors, `<clause>/<requirement id>/<name>`.
  static func all(_ directory: String) -> [VectorFolder] {
    let clauses = Disk.names(directory).filter { $0.first?.isNumber == true }.sorted(by: ClauseOrder.precedes)
    return clauses.flatMap { clause in
      Disk.names("\(directory)/\(clause)").flatMap { requirement in
        Disk.names("\(directory)/\(clause)/\(requirement)").map { name in
          let id = "\(requirement)/\(name)"
          return VectorFolder(path: "\(directory)/\(clause)/\(id)", clause: clause, id: id)
        }
      }
    }
  }
}

extension Corpus.Flag {
  fileprivate static func read(_ text: String, _ faults: YAMLFaults) -> [Corpus.Flag]? {
    guard let node = YAMLNode(document: text, faults), let fields = node.fields(required: ["flags"]),
      let entries = fields["flags"]?.entries()
    else { return nil }
    return entries.compactMap { name, entry in
      guard let fields = entry.fields(required: ["purpose", "consequence"], optional: ["reports"]),
        let purpose = fields["purpose"]?.bilingual(), let consequence = fields["consequence"]?.bilingual()
      else { return nil }
      return Corpus.Flag(
        name: name, purpose: purpose, consequence: consequence, reports: fields["reports"]?.texts() ?? [])
    }
  }
}

extension Corpus.Defect {
  fileprivate static func read(_ text: String, _ faults: YAMLFaults) -> [Corpus.Defect]? {
    guard let node = YAMLNode(document: text, faults), let fields = node.fields(required: ["defects"])
    else { return nil }
    return fields["defects"]?.items()?.compactMap { item in
      guard let fields = item.fields(required: ["vector", "reason"]), let vector = fields["vector"]?.text(),
        let reason = fields["reason"]?.bilingual()
      else { return nil }
      return Corpus.Defect(vector: vector, reason: reason)
    }
  }
}

extension Corpus.Equivalent {
  fileprivate static func read(_ text: String, _ faults: YAMLFaults) -> [Corpus.Equivalent]? {
    guard let node = YAMLNode(document: text, faults), let fields = node.fields(required: ["equivalents"])
    else { return nil }
    return fields["equivalents"]?.items()?.compactMap { item in
      guard let fields = item.fields(required: ["requirement", "mutation", "reason"]),
        let requirement = fields["requirement"]?.text(), let mutation = fields["mutation"]?.text(),
        let reason = fields["reason"]?.bilingual()
      else { return nil }
      return Corpus.Equivalent(requirement: requirement, mutation: mutation, reason: reason)
    }
  }
}
