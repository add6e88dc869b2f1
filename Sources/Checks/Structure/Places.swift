import Profile
import Representation
import Storage

extension Findings {
  /// Adds what was seen at a path in the model.
  mutating func add(
    _ kind: Finding.Kind = .violation, at path: ModelPath, expected: String? = nil, actual: String? = nil
  ) {
    add(kind, at: Place(path: path.description), expected: expected, actual: actual)
  }
}

extension Sample {
  /// The place of the tensor with that index in the structure: the path, and the first byte where it lies in a file.
  func place(ofTensor index: Int) -> Place {
    let path = structure.path(index).description
    switch structure.tensors[index].place {
    case .stored(let range):
      return Place(fileName(range.file), offset: range.offset, path: path)
    case .encoded:
      guard case .encoded(let content)? = structure.tensor(index)?.content, let range = content.ranges.first
      else { break }
      return Place(fileName(range.file), offset: range.offset, path: path)
    default:
      break
    }
    return Place(path: path)
  }
}

extension ModelPath {
  /// The path to a value of a graph: by its name where it has one.
  func element(_ list: String, of values: [Value], _ index: Int) -> ModelPath {
    let name = values[index].name
    return name.isEmpty ? element(list, index) : named(list, name)
  }
}
