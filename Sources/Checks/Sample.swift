public import Formats
public import Profile
public import Representation
public import Storage

/// What is judged: a reading, the files that it came from, and what the user supplied beside it.
public struct Sample: Sendable {
  /// What the reader made of it.
  public let reading: Reading
  /// The model: as read, without blank texts, with the metadata that the user supplied.
  public let model: Model
  /// The files.
  public let tree: any FileTree
  /// The metadata that the user supplied.
  public let metadata: Metadata?
  /// The number of parameters, counted once; nil where it cannot be told.
  public let parameterCount: UInt64?
  /// What the checks of the structure look at, gathered once.
  let structure: StructureIndex
  /// The compression statement beside the model that names it; nil where there is none that was understood.
  let compression: CompressionIndex?
  /// What the metadata filled in.
  let supplement: Supplement
  /// What a comparison with an original found; nil where there was none.
  public var comparison: ComparedSample?

  /// A sample.
  ///
  /// - Parameter depth: how deep weights are read; chains are decoded where values are.
  public init(
    reading: Reading, tree: any FileTree, metadata: Metadata? = nil, depth: Requirement.Depth = .values
  ) {
    var reading = reading
    if let chains = ChainFaults(reading, in: reading.contents ?? tree, depth: depth) {
      reading.faults.append(chains.faults)
    }
    self.reading = reading
    self.tree = reading.contents ?? tree
    self.metadata = metadata
    supplement = Supplement(metadata?.fields ?? Model(), to: reading.model)
    model = supplement.model
    parameterCount = reading.known.contains(.parameters) ? model.countableParameters : nil
    structure = StructureIndex(model)
    compression = CompressionIndex(reading, structure)
  }

  /// The sample with faults that were met after it was read.
  func adding(_ faults: FaultLog) -> Sample {
    var reading = reading
    reading.faults.append(faults)
    // What chains are was found out before; bytes that are gone by now are told by the fault that is added.
    var sample = Sample(reading: reading, tree: tree, metadata: metadata, depth: .structure)
    sample.comparison = comparison
    return sample
  }

  /// The name that faults give to the file with that index in the model's file table.
  public func fileName(_ index: Int) -> String {
    model.files.indices.contains(index) ? model.files[index].path : ""
  }
}
