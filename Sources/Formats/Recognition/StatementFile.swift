import Compression
import Representation
import Storage

extension Reading {
  /// Reads the compression statement that the model names, and logs what is wrong with it as a text.
  ///
  /// That it is not there, or must not be opened, is a finding of the requirements on files.
  mutating func readStatement(in tree: any FileTree) {
    guard let path = model.compressionStatement, FileName.isSafe(path), tree.contains(path) else { return }
    do throws(Fault) {
      let found = try CompressionStatement.read(try tree.open(path))
      statement = found
      faults.append(found.faults)
      for fault in StatementFault.allCases where !found.isJudged(fault) { undecided.insert(fault.rawValue) }
    } catch {
      // Whoever resolved the file table has logged what keeps it from being opened.
      faults.log(error)
    }
  }
}
