import Profile
import Representation
import Storage

/// The variable that a partition cuts is there.
struct PartitionVariableExists: Check {
  let key = "partition-variable-exists"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    let names = parameterNames(sample)
    for (index, partition) in sample.model.partitions.enumerated()
    where names[ExactString(partition.variable)] == nil {
      findings.add(at: .model.element("partitions", index).field("variable"), actual: partition.variable)
    }
  }
}

/// The variable that holds a piece is there.
struct PartitionPieceExists: Check {
  let key = "partition-piece-exists"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    let names = parameterNames(sample)
    for (index, partition) in sample.model.partitions.enumerated() {
      guard let piece = partition.piece, names[ExactString(piece)] == nil else { continue }
      findings.add(at: .model.element("partitions", index).field("piece"), actual: piece)
    }
  }
}

/// The axis of a partition is one of the variable's.
struct PartitionAxisInRank: Check {
  let key = "partition-axis-in-rank"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    let names = parameterNames(sample)
    for (index, partition) in sample.model.partitions.enumerated() {
      guard let axis = partition.axis, let place = names[ExactString(partition.variable)],
        let rank = sample.model.parameters[place].tensor.type.dims?.count
      else { continue }
      if axis < 0 || axis >= Int64(rank) {
        findings.add(
          at: .model.element("partitions", index).field("axis"), expected: "0 ≤ k < \(rank)",
          actual: "\(axis)")
      }
    }
  }
}

/// Pieces are counted from zero up to their number.
struct PartitionIndexBelowCount: Check {
  let key = "partition-index-below-count"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    for (index, partition) in sample.model.partitions.enumerated() {
      guard let count = partition.count else { continue }
      if count == 0 {
        findings.add(at: .model.element("partitions", index).field("count"), expected: "≥ 1", actual: "0")
      } else if let piece = partition.index, piece >= count {
        findings.add(
          at: .model.element("partitions", index).field("index"), expected: "< \(count)", actual: "\(piece)")
      }
    }
  }
}

/// The places of the model's parameters by name; partitions speak of no others.
private func parameterNames(_ sample: Sample) -> [ExactString: Int] {
  Dictionary(
    sample.model.parameters.enumerated().map { (ExactString($1.name), $0) },
    uniquingKeysWith: { first, _ in first })
}
