import Profile
import Representation
import Storage

/// A block has a name.
struct BlockNamePresent: Check {
  let key = "block-name-present"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    for (index, block) in sample.model.blocks.enumerated() where block.name.isEmpty {
      findings.add(at: .model.element("blocks", index).field("name"))
    }
  }
}

/// A call means one block: name, domain and overload are not those of another.
struct BlockIdentityUnique: Check {
  let key = "block-identity-unique"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    var first: [BlockIdentity: Int] = [:]
    for (index, block) in sample.model.blocks.enumerated() where !block.name.isEmpty {
      let identity = BlockIdentity(block)
      if let earlier = first[identity] {
        findings.add(
          at: .model.element("blocks", index), expected: "≠ blocks[\(earlier)]", actual: identity.shown)
      } else {
        first[identity] = index
      }
    }
  }
}

/// A block is there at least once.
struct BlockRepetitionsPositive: Check {
  let key = "block-repetitions-positive"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    for (index, block) in sample.model.blocks.enumerated() where block.repetitions == 0 {
      findings.add(
        at: sample.structure.blockPath(index).field("repetitions"), expected: "≥ 1", actual: "0")
    }
  }
}

/// A block declares an attribute once, with or without a default.
struct BlockAttributesDistinct: Check {
  let key = "block-attributes-distinct"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    for (index, block) in sample.model.blocks.enumerated() {
      var seen: Set<ExactString> = []
      // A default without a name is a finding of its own (attribute-name-present).
      let defaults = block.defaultAttributes.map(\.name).filter { !$0.isEmpty }
      for name in block.requiredAttributes + defaults where !seen.insert(ExactString(name)).inserted {
        findings.add(at: sample.structure.blockPath(index), actual: name)
      }
    }
  }
}

/// No block contains itself, directly or through others.
struct BlockCallsAcyclic: Check {
  let key = "block-calls-acyclic"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    let calls = callees(of: sample)
    var states = Array(repeating: State.unseen, count: calls.count)
    // A stack of our own: how long a chain of calls is, is up to the file.
    for start in calls.indices where states[start] == .unseen {
      var stack = [(block: start, next: 0)]
      states[start] = .open
      while let (block, next) = stack.last {
        guard next < calls[block].count else {
          states[block] = .done
          stack.removeLast()
          continue
        }
        stack[stack.count - 1].next += 1
        let callee = calls[block][next]
        switch states[callee] {
        case .unseen:
          states[callee] = .open
          stack.append((callee, 0))
        case .open:
          findings.add(
            at: sample.structure.blockPath(block).field("body"),
            actual: cycle(stack.map(\.block), to: callee, sample.model.blocks))
        case .done:
          break
        }
      }
    }
  }

  private enum State { case unseen, open, done }

  /// For each block the blocks that its body calls, each once.
  private func callees(of sample: Sample) -> [[Int]] {
    let blocks = sample.model.blocks
    let byIdentity = Dictionary(
      blocks.enumerated().map { (BlockIdentity($1), $0) }, uniquingKeysWith: { first, _ in first })
    var callees: [[Int]] = Array(repeating: [], count: blocks.count)
    var seen: [Set<Int>] = Array(repeating: [], count: blocks.count)
    for scope in sample.structure.scopes {
      guard let nodes = scope.graph?.nodes, let caller = sample.structure.scopes[scope.root].role.block
      else { continue }
      for index in nodes.indices {
        guard let callee = byIdentity[BlockIdentity(nodes[index])], seen[caller].insert(callee).inserted
        else {
          continue
        }
        callees[caller].append(callee)
      }
    }
    return callees
  }

  /// The cycle as it is shown: `a → b → a`; the report shortens a long one.
  private func cycle(_ stack: [Int], to callee: Int, _ blocks: [Block]) -> String {
    let names = stack.drop { $0 != callee }.prefix(16).map { BlockIdentity(blocks[$0]).shown }
    return (names + [BlockIdentity(blocks[callee]).shown]).joined(separator: " → ")
  }
}

/// A node in a domain that the model's blocks make up calls one of them.
struct BlockCallResolves: Check {
  let key = "block-call-resolves"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) throws {
    let shared = try requirement.texts("operator-domains")
    let blocks = sample.model.blocks
    let identities = Set(blocks.map { BlockIdentity($0) })
    // In a domain that also holds operators a node may mean one of these; only a name that is a block's is surely a call.
    let named = Set(blocks.map { Callee(OperatorDomain($0.domain), ExactString($0.name)) })
    let own = Set(blocks.map { OperatorDomain($0.domain) }).subtracting(shared.map { OperatorDomain($0) })
    for scope in sample.structure.scopes {
      guard let nodes = scope.graph?.nodes else { continue }
      for index in nodes.indices {
        let call = BlockIdentity(nodes[index])
        guard own.contains(call.domain) || named.contains(Callee(call.domain, call.name)),
          !identities.contains(call)
        else { continue }
        findings.add(at: scope.path.element("nodes", index).field("operatorType"), actual: call.shown)
      }
    }
  }

  private struct Callee: Hashable {
    let domain: OperatorDomain
    let name: ExactString

    init(_ domain: OperatorDomain, _ name: ExactString) {
      self.domain = domain
      self.name = name
    }
  }
}
