import Numerics
import Profile
import Representation
import Storage

/// A variable in its scope.
struct VariablePlace: Hashable {
  let scope: Int
  let index: Int
}

/// The variables of a model by name, for following names that other parts of the model give.
struct VariableNames {
  private let structure: StructureIndex
  private var byScope: [[ExactString: Int]]

  /// The names of all scopes; built only where some name has to be followed.
  init(_ structure: StructureIndex) {
    self.structure = structure
    byScope = structure.scopes.map { scope in
      Dictionary(
        scope.variables.enumerated().map { (ExactString($1.name), $0) },
        uniquingKeysWith: { first, _ in first })
    }
  }

  /// The variable that a name means in a scope: its own, or the nearest one around it.
  func find(_ name: String, from scope: Int) -> VariablePlace? {
    let name = ExactString(name)
    var place: Int? = scope
    while let scope = place {
      if let index = byScope[scope][name] { return VariablePlace(scope: scope, index: index) }
      place = structure.scopes[scope].parent
    }
    return nil
  }

  /// The variable at a place.
  subscript(_ place: VariablePlace) -> Variable { structure.scopes[place.scope].variables[place.index] }

  /// The path to the variable at a place.
  func path(_ place: VariablePlace) -> ModelPath {
    structure.scopes[place.scope].variablePath(place.index)
  }

  /// The variable to which another is tied.
  func target(of place: VariablePlace) -> VariablePlace? {
    self[place].tiedTo.flatMap { find($0, from: place.scope) }
  }

  /// The variable whose content one that is tied shares: the first with content on the way along the ties.
  ///
  /// Nil where the ties end at none or go round in a circle: a finding of its own.
  func content(of place: VariablePlace) -> VariablePlace? {
    var seen: Set<VariablePlace> = [place]
    var next = target(of: place)
    while let here = next, seen.insert(here).inserted {
      if self[here].tensor.content.isKnown { return here }
      next = target(of: here)
    }
    return nil
  }

  /// Calls `body` with each variable that is tied to another.
  func forEachTie(_ body: (VariablePlace, Variable) -> Void) {
    for (scope, content) in structure.scopes.enumerated() {
      for index in content.variables.indices where content.variables[index].tiedTo != nil {
        body(VariablePlace(scope: scope, index: index), content.variables[index])
      }
    }
  }
}

/// The variable to which another is tied is there.
struct TiedVariableExists: Check {
  let key = "tied-variable-exists"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    guard sample.structure.hasTies else { return }
    let names = VariableNames(sample.structure)
    names.forEachTie { place, variable in
      if names.target(of: place) == nil {
        findings.add(at: names.path(place).field("tiedTo"), actual: variable.tiedTo)
      }
    }
  }
}

/// Tied variables have the same type.
struct TiedVariableTypeSame: Check {
  let key = "tied-variable-type-same"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    guard sample.structure.hasTies else { return }
    let names = VariableNames(sample.structure)
    names.forEachTie { place, variable in
      guard let target = names.target(of: place) else { return }
      let expected = names[target].tensor.type
      if variable.tensor.type != expected {
        findings.add(
          at: names.path(place).field("type"), expected: "\(names[target].name): \(expected.shown)",
          actual: variable.tensor.type.shown)
      }
    }
  }
}

/// A chain of ties ends at a variable that is not tied.
struct TiedVariablesAcyclic: Check {
  let key = "tied-variables-acyclic"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    guard sample.structure.hasTies else { return }
    let names = VariableNames(sample.structure)
    // The walk in which a variable was seen: seen again in the same walk, it closes a cycle; in a later one it was judged.
    var walks: [VariablePlace: Int] = [:]
    var walk = 0
    names.forEachTie { place, variable in
      walk += 1
      var current: VariablePlace? = place
      while let here = current {
        if let earlier = walks[here] {
          if earlier == walk {
            findings.add(at: names.path(here).field("tiedTo"), actual: names[here].tiedTo)
          }
          return
        }
        walks[here] = walk
        current = names.target(of: here)
      }
    }
  }
}

/// A tied variable has no content of its own: none, or the bytes of the variable to which it is tied.
struct TiedVariableContentSame: Check {
  let key = "tied-variable-content-same"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    guard sample.structure.hasTies else { return }
    let names = VariableNames(sample.structure)
    names.forEachTie { place, variable in
      let content = variable.tensor.content
      guard content.isKnown, let target = names.content(of: place) else { return }
      let expected = names[target].tensor.content
      guard content != expected else { return }
      findings.add(
        at: names.path(place), expected: "\(names[target].name): \(expected.shown)", actual: content.shown)
    }
  }
}

extension TensorType {
  /// The type as it is shown: `f32 [4×8]`.
  var shown: String { "\(elementType?.rawValue ?? "?") [\(dims.map { $0.isEmpty ? "" : $0.shown } ?? "?")]" }
}

extension TensorContent {
  /// Where the elements lie, as it is shown.
  var shown: String {
    switch self {
    case .stored(let range): "files[\(range.file)] \(range.offset)+\(range.length)"
    case .encoded(let content): "\(content.count) ×"
    case .inline(let bytes): "\(bytes.count) B"
    case .strings(let strings): "\(strings.count) ×"
    case .sparse: "sparse"
    case .compressed(let content): content.shown
    case .absent, .withheld: "-"
    }
  }

  /// Whether there is content, and it is known where.
  fileprivate var isKnown: Bool {
    switch self {
    case .absent, .withheld: false
    case .stored, .encoded, .inline, .strings, .sparse, .compressed: true
    }
  }
}
