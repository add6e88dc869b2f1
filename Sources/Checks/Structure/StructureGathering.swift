import Numerics
import Representation
import Storage

/// How the lists are filled.
extension StructureIndex {
  mutating func gatherScopes() {
    scopes.append(Scope(.model, .model, nil, model.parameters, parent: nil, root: 0))
    for (index, graph) in model.graphs.enumerated() {
      gather(graph, .main, at: .model.element("graphs", index), parent: 0, root: scopes.count)
    }
    for (index, block) in model.blocks.enumerated() {
      let path = blockPath(index)
      gather(block.body, .block(index), at: path.field("body"), parent: 0, root: scopes.count)
      // A default stands in for what a call gives, so that it lies in no body.
      for (number, attribute) in block.defaultAttributes.enumerated() {
        attribute.forEachOwnGraph(
          at: path.element("defaultAttributes", of: block.defaultAttributes, number)
        ) { graph, path in
          gather(graph, .blockDefault(index), at: path, parent: 0, root: scopes.count)
        }
      }
    }
  }

  // The depth of graphs in attributes is limited by every reader (Limits.depth).
  private mutating func gather(_ graph: Graph, _ role: Scope.Role, at path: ModelPath, parent: Int, root: Int)
  {
    let place = scopes.count
    scopes.append(Scope(role, path, graph, graph.variables, parent: parent, root: root))
    for (index, node) in graph.nodes.enumerated() where !node.attributes.isEmpty {
      for (number, attribute) in node.attributes.enumerated() {
        attribute.forEachOwnGraph(
          at: path.element("nodes", index).element("attributes", of: node.attributes, number)
        ) { inner, path in
          gather(inner, .nested, at: path, parent: place, root: root)
        }
      }
    }
  }

  mutating func gatherTensors() {
    tensors.reserveCapacity(model.parameters.count)
    for place in scopes.indices {
      let variables = scopes[place].variables
      for index in variables.indices {
        let isTied = variables[index].tiedTo != nil
        hasTies = hasTies || isTied
        gather(variables[index].tensor, Origin(scope: place, holder: .variable(index)), isTied: isTied)
      }
      guard let nodes = scopes[place].graph?.nodes else { continue }
      for node in nodes.indices where !nodes[node].attributes.isEmpty {
        for (number, attribute) in nodes[node].attributes.enumerated() {
          gather(attribute, place) { .attribute(node: node, attribute: number, element: $0) }
        }
      }
    }
    for (block, content) in model.blocks.enumerated() {
      for (number, attribute) in content.defaultAttributes.enumerated() {
        gather(attribute, 0) { .blockDefault(block: block, attribute: number, element: $0) }
      }
    }
  }

  private mutating func gather(_ attribute: Attribute, _ scope: Int, _ holder: (Int?) -> Origin.Holder) {
    switch attribute.value {
    case .tensor(let tensor):
      gather(tensor, Origin(scope: scope, holder: holder(nil)), isTied: false)
    case .tensors(let list):
      for (element, tensor) in list.enumerated() {
        gather(tensor, Origin(scope: scope, holder: holder(element)), isTied: false)
      }
    default:
      break
    }
  }

  private mutating func gather(_ tensor: Tensor, _ origin: Origin, isTied: Bool) {
    let (extent, byteCount) = Self.extent(of: tensor.type)
    let place: Whereabouts =
      switch tensor.content {
      case .stored(let range): .stored(range)
      case .encoded(let content): .encoded(count: content.count)
      case .inline(let bytes): .inline(UInt64(bytes.count))
      case .strings(let strings): .strings(UInt64(strings.count))
      case .sparse: .sparse
      case .compressed: .compressed
      case .absent: .absent
      case .withheld: .withheld
      }
    if tensor.digest != nil { tensorsWithDigests.append(tensors.count) }
    if tensor.compressionChain != nil { tensorsWithChains.append(tensors.count) }
    tensors.append(
      TensorFacts(
        origin: origin, elementType: tensor.type.elementType, extent: extent, byteCount: byteCount,
        place: place, isTied: isTied))
    if case .compressed(let content) = tensor.content, origin.part == .whole {
      hasCompressedTensors = true
      content.forEachTensor { tensor, path in
        // What is compressed itself is told of by its own parts.
        if case .compressed = tensor.content { return }
        var part = origin
        part.part = .inChain(chainParts.count)
        chainParts.append((tensor, path))
        gather(tensor, part, isTied: false)
      }
    }
    // The parts of a sparse tensor are dense; a sparse part is a finding of its own and is not followed.
    guard case .sparse(let values, let indices) = tensor.content, origin.part == .whole else { return }
    hasSparseTensors = true
    var part = origin
    part.part = .values
    gather(values, part, isTied: false)
    part.part = .indices
    gather(indices, part, isTied: false)
  }

  private static func extent(of type: TensorType) -> (Extent, byteCount: UInt64?) {
    guard let dims = type.dims else { return (.unsized(isOpen: true, isNegative: false), nil) }
    var isOpen = false
    var isNegative = false
    for dim in dims {
      if case .fixed(let size) = dim { isNegative = isNegative || size < 0 } else { isOpen = true }
    }
    if isOpen || isNegative { return (.unsized(isOpen: isOpen, isNegative: isNegative), nil) }
    guard let count = type.elementCount else { return (.tooLarge, nil) }
    guard let elementType = type.elementType, elementType != .string else { return (.elements(count), nil) }
    guard let bytes = elementType.byteCount(elements: count) else { return (.tooLarge, nil) }
    return (.elements(count), bytes)
  }

  mutating func gatherRuns() {
    runs.reserveCapacity(tensors.count)
    for index in tensors.indices {
      let facts = tensors[index]
      switch facts.place {
      case .stored(let range):
        gather(range, index, isSizeRight: facts.byteCount.map { $0 == range.length } ?? true)
      case .encoded:
        guard case .encoded(let content)? = tensor(index)?.content else { continue }
        for range in content.ranges { gather(range, index, isSizeRight: true) }
      default:
        break
      }
    }
    // Files mostly list tensors in the order in which they lie; the sort then costs a single pass.
    runs.sort { $0 < $1 }
  }

  private mutating func gather(_ range: ByteRange, _ tensor: Int, isSizeRight: Bool) {
    guard let bounds = bounds(ofFile: range.file) else { return }
    usedFiles[range.file] = true
    guard range.length > 0 else {
      if !isSizeRight { filesWithUnusableRanges.insert(range.file) }
      return
    }
    guard let end = range.end, bounds.lowerBound <= range.offset, end <= bounds.upperBound, isSizeRight else {
      filesWithUnusableRanges.insert(range.file)
      return
    }
    runs.append(Run(file: range.file, offset: range.offset, end: end, tensor: tensor))
  }
}
