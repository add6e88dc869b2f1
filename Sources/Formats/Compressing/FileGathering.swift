import Packaging
import Representation
import Storage

/// Copies what a model still refers to into the folder that is written: assets, and files with tensors that were left as they are.
struct FileGathering {
  private let tree: any FileTree
  private let folder: AsideFolder
  /// The folder, below the output, into which files are copied.
  private static let subfolder = "model.files"

  init(_ tree: any FileTree, into folder: AsideFolder) {
    self.tree = tree
    self.folder = folder
  }

  /// Copies the files, and makes the model name the copies.
  ///
  /// - Parameter written: the file of elements, which is in the folder already.
  func gather(_ model: inout Model, besides written: String) throws(ConversionFailure) {
    Conversion.dropUnusedFiles(&model)
    do throws(Fault) {
      for index in model.files.indices where model.files[index].path != written {
        model.files[index].path = try copy(model.files[index].path)
      }
      for index in model.assets.indices {
        let source = try tree.open(model.assets[index].path)
        if model.assets[index].size == nil { model.assets[index].size = source.size }
        model.assets[index].path = try copy(model.assets[index].path)
      }
    } catch {
      throw .file(error)
    }
  }

  private func copy(_ name: String) throws(Fault) -> String {
    let path = Self.subfolder + "/" + name
    try folder.makeFolders(of: path)
    let source = try tree.open(name)
    let file = try AtomicFile(folder.path + "/" + path)
    try file.append(copying: source, range: 0..<source.size)
    try file.commit()
    return path
  }
}
