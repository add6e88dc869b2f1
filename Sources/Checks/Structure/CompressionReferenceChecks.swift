import Profile
import Representation
import Storage

/// The compression statement that a model names is there.
struct CompressionStatementPresent: Check {
  let key = "compression-statement-present"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    // A name that is not safe is a finding of its own, and never given to the system.
    guard let path = sample.model.compressionStatement, FileName.isSafe(path), !sample.tree.contains(path)
    else { return }
    findings.add(at: .model.field("compressionStatement"), actual: path)
  }
}

/// Tensors name chains only where there is a compression statement that holds them.
struct CompressionChainDeclared: Check {
  let key = "compression-chain-declared"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    guard sample.model.compressionStatement == nil else { return }
    let structure = sample.structure
    for index in structure.tensorsWithChains {
      findings.add(
        at: structure.path(index).field("compressionChain"), actual: structure.tensor(index)?.compressionChain
      )
    }
  }
}
