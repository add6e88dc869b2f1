import Configuration
import Foundation
import Profile

/// What stands in `conformance/requirements` and `conformance/interpretations`, read and cross-checked.
struct CatalogueSource {
  /// A file and what it holds.
  struct File<Entry> {
    /// The file's name without its suffix.
    let name: String
    var entries: [Entry] = []
  }

  private(set) var profile = ""
  private(set) var requirements: [File<Requirement>] = []
  private(set) var interpretations: [File<Interpretation>] = []
  /// What is wrong, in the order of the files.
  private(set) var faults: [YAMLFault] = []

  /// Reads the files below the root of the repository.
  init(root: String) throws {
    let requirementFolder = "conformance/requirements"
    var seen = Seen()
    for name in try Self.names(in: root + "/" + requirementFolder) {
      let path = "\(requirementFolder)/\(name).yaml"
      let collected = YAMLFaults(file: path)
      let text = try String(contentsOfFile: root + "/" + path, encoding: .utf8)
      if let node = YAMLNode(document: text, collected) {
        switch name {
        case "profile": profile = node.fields(required: ["profile"])?["profile"]?.text() ?? ""
        case "tombstones": seen.readTombstones(node)
        default: requirements.append(File(name: name, entries: seen.readRequirements(node)))
        }
      }
      faults += collected.list
    }
    let interpretationFolder = "conformance/interpretations"
    for name in try Self.names(in: root + "/" + interpretationFolder) {
      let path = "\(interpretationFolder)/\(name).yaml"
      let collected = YAMLFaults(file: path)
      let text = try String(contentsOfFile: root + "/" + path, encoding: .utf8)
      if let node = YAMLNode(document: text, collected) {
        interpretations.append(File(name: name, entries: seen.readInterpretations(node)))
      }
      faults += collected.list
    }
    faults += seen.crossFaults()
    if profile.isEmpty {
      let message = Text(zh: "缺少技术规程的编号", en: "the profile's id is missing")
      faults.append(YAMLFault(file: requirementFolder + "/profile.yaml", line: 1, message: message))
    }
  }

  private static func names(in folder: String) throws -> [String] {
    guard FileManager.default.fileExists(atPath: folder) else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
  }
}

/// What was seen so far, to find what is there twice, missing, or back from the dead.
private struct Seen {
  private struct Site {
    let faults: YAMLFaults
    let line: Int
    func fault(zh: String, en: String) -> YAMLFault {
      YAMLFault(file: faults.file, line: line, message: Text(zh: zh, en: en))
    }
    var place: String { "\(faults.file):\(line)" }
  }

  private var ids: [String: Site] = [:]
  private var keys: [String: Site] = [:]
  private var interpretations: [String: Site] = [:]
  private var cited: [(interpretation: String, site: Site)] = []
  private var retired: [(name: String, site: Site)] = []

  mutating func readRequirements(_ node: YAMLNode) -> [Requirement] {
    guard let items = node.fields(required: ["requirements"])?["requirements"]?.items() else { return [] }
    var list: [Requirement] = []
    for item in items {
      guard let requirement = RequirementReader.read(item) else { continue }
      let site = Site(faults: item.faults, line: item.line)
      if let first = ids.updateValue(site, forKey: requirement.id) {
        item.complain(
          zh: "编号 \(requirement.id) 已用于 \(first.place)", en: "id \(requirement.id) stands at \(first.place)")
      }
      if let first = keys.updateValue(site, forKey: requirement.key) {
        item.complain(
          zh: "键 \(requirement.key) 已用于 \(first.place)", en: "key \(requirement.key) stands at \(first.place)"
        )
      }
      cited += requirement.interpretations.map { ($0, site) }
      list.append(requirement)
    }
    return list.sorted { $0.id < $1.id }
  }

  mutating func readInterpretations(_ node: YAMLNode) -> [Interpretation] {
    guard let items = node.fields(required: ["interpretations"])?["interpretations"]?.items() else {
      return []
    }
    var list: [Interpretation] = []
    for item in items {
      guard let interpretation = InterpretationReader.read(item) else { continue }
      let site = Site(faults: item.faults, line: item.line)
      if let first = interpretations.updateValue(site, forKey: interpretation.id) {
        item.complain(
          zh: "编号 \(interpretation.id) 已用于 \(first.place)",
          en: "id \(interpretation.id) stands at \(first.place)")
      }
      list.append(interpretation)
    }
    return list.sorted { $0.id < $1.id }
  }

  mutating func readTombstones(_ node: YAMLNode) {
    guard let items = node.fields(required: ["retired"])?["retired"]?.items() else { return }
    for item in items {
      guard let (id, key) = InterpretationReader.readTombstone(item) else { continue }
      let site = Site(faults: item.faults, line: item.line)
      retired += [(id, site), (key, site)]
    }
  }

  /// What only shows once every file was read.
  func crossFaults() -> [YAMLFault] {
    let unknown = cited.filter { interpretations[$0.interpretation] == nil }.map { name, site in
      site.fault(zh: "没有解释 \(name)", en: "there is no interpretation \(name)")
    }
    let reused = retired.compactMap { name, site in
      (ids[name] ?? keys[name])?.fault(
        zh: "\(name) 已停用（\(site.place)）", en: "\(name) was retired at \(site.place)")
    }
    return unknown + reused
  }
}
