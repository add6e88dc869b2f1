import Packaging
import Storage

extension Recognition {
  /// The only unit of structure of a package that is a model file; nil where there is none, or more than one.
  init?(onlyStructureOf tree: PackageTree) throws(Fault) {
    var found: [Recognition] = []
    for entry in tree.entries where entry.type == .structure {
      let name = String(decoding: entry.identifier, as: UTF8.self)
      guard let format = try FileSignature(tree.open(name)).format else { continue }
      found.append(Recognition(format: format, name: name))
    }
    guard found.count == 1, let only = found.first else { return nil }
    self = only
  }
}
