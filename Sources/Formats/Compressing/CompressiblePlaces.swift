import Compression
import Representation

/// Where a variable stands that may be compressed: in the model's list of parameters, or in a graph.
struct CompressiblePlace: Sendable, Hashable {
  /// The graph; nil for the model's list.
  var graph: Int?
  /// The place in the list of variables.
  var index: Int
}

extension Model {
  /// The variables that may be compressed: those with elements of a fixed size, whatever their kind.
  var compressiblePlaces: [CompressiblePlace] {
    var places = parameters.indices.map { CompressiblePlace(graph: nil, index: $0) }
    for (graph, content) in graphs.enumerated() {
      places += content.variables.indices.map { CompressiblePlace(graph: graph, index: $0) }
    }
    return places.filter { byteCount(at: $0) != nil }
  }

  /// The variable at a place.
  subscript(place: CompressiblePlace) -> Variable {
    get { place.graph.map { graphs[$0].variables[place.index] } ?? parameters[place.index] }
    set {
      if let graph = place.graph {
        graphs[graph].variables[place.index] = newValue
      } else {
        parameters[place.index] = newValue
      }
    }
  }

  /// The bytes of the elements of a variable; nil where it has none of its own, or none of a fixed size.
  func byteCount(at place: CompressiblePlace) -> Int? {
    let tensor = self[place].tensor
    switch tensor.content {
    case .stored, .encoded, .inline, .compressed: return ElementsType(tensor.type)?.byteCount
    case .strings, .sparse, .absent, .withheld: return nil
    }
  }
}
