/// A pattern for names: `*` within a component, `**` across components, `?` for one character (profile clause 8.3, section 7).
public struct NameGlob: Sendable, Hashable {
  /// The pattern as it was written.
  public let text: String
  private let pieces: [Piece]

  private enum Piece: Hashable {
    case scalar(Unicode.Scalar)
    case any
    case many
    case manyAcross
  }

  /// A pattern.
  public init(_ text: String) {
    self.text = text
    var pieces: [Piece] = []
    for scalar in text.unicodeScalars {
      switch scalar {
      case "?": pieces.append(.any)
      case "*" where pieces.last == .many: pieces[pieces.count - 1] = .manyAcross
      case "*" where pieces.last == .manyAcross: break
      case "*": pieces.append(.many)
      default: pieces.append(.scalar(scalar))
      }
    }
    self.pieces = pieces
  }

  /// Whether a name is one of those, as a whole.
  public func matches(_ name: String) -> Bool {
    let scalars = Array(name.unicodeScalars)
    // The positions in the pattern that are possible after each character: linear in both, whatever the pattern.
    var states = closed([0])
    for scalar in scalars {
      var next: Set<Int> = []
      for state in states where state < pieces.count {
        switch pieces[state] {
        case .scalar(let wanted): if wanted == scalar { next.insert(state + 1) }
        case .any: if scalar != "/" { next.insert(state + 1) }
        case .many: if scalar != "/" { next.insert(state) }
        case .manyAcross: next.insert(state)
        }
      }
      if next.isEmpty { return false }
      states = closed(next)
    }
    return states.contains(pieces.count)
  }

  /// With what a star that stands for nothing leads to. `**/` may stand for no folder at all.
  private func closed(_ states: Set<Int>) -> Set<Int> {
    var all = states
    var open = Array(states)
    while let state = open.popLast() {
      guard state < pieces.count, pieces[state] == .many || pieces[state] == .manyAcross else { continue }
      var following = [state + 1]
      if pieces[state] == .manyAcross, state == 0, state + 1 < pieces.count, pieces[state + 1] == .scalar("/")
      {
        following.append(state + 2)
      }
      for next in following where all.insert(next).inserted { open.append(next) }
    }
    return all
  }
}
