/// A trellis: a state for each level, which says which of two interleaved grids the level counts in (profile clause 7.3, section 3).
public struct Trellis: Sendable, Hashable {
  /// The number of states: 4, 8, 16 or 32.
  public let states: Int

  /// The next state, at 2 · state + parity of the level.
  public let next: [UInt8]

  /// A trellis; nil for another number of states than 4, 8, 16 or 32.
  public init?(states: Int) {
    // The parity checks of G. Ungerboeck's codes for amplitude modulation.
    let (first, second): (Int, Int)
    switch states {
    case 4: (first, second) = (0b101, 0b010)
    case 8: (first, second) = (0b1011, 0b0100)
    case 16: (first, second) = (0b10011, 0b00100)
    case 32: (first, second) = (0b100101, 0b001000)
    default: return nil
    }
    let memory = states.trailingZeroBitCount
    var next: [UInt8] = []
    for state in 0..<states {
      for parity in 0...1 {
        var to = state >> 1 ^ (state & 1) << (memory - 1)
        for bit in 1..<memory {
          to ^= (first >> bit & state & 1 ^ second >> bit & parity) << (bit - 1)
        }
        next.append(UInt8(to))
      }
    }
    self.states = states
    self.next = next
  }

  /// The multiple of the step that a level stands for in a state: even ones in even states, zero and odd ones in odd states.
  ///
  /// - Precondition: the level has at most 31 bits.
  @inlinable public static func multiple(of level: Int32, state: UInt8) -> Int32 {
    2 &* level &- Int32(state & 1) &* level.signum()
  }

  /// Turns levels in row-major order into the multiples of the step that they stand for, in place.
  ///
  /// - Parameters:
  ///   - levels: levels of at most 31 bits.
  ///   - restart: after how many elements the state is 0 again, at least 1.
  public func replaceByMultiples(_ levels: UnsafeMutableBufferPointer<Int32>, restart: Int) {
    next.withUnsafeBufferPointer { next in
      var start = 0
      while start < levels.count {
        let end = start + min(max(restart, 1), levels.count - start)
        var state: UInt8 = 0
        for place in start..<end {
          let level = levels[place]
          levels[place] = Trellis.multiple(of: level, state: state)
          state = next[2 * Int(state) + Int(level & 1)]
        }
        start = end
      }
    }
  }

  /// The multiples of the step that levels in row-major order stand for; see `replaceByMultiples(_:restart:)`.
  public func multiples(of levels: [Int32], restart: Int) -> [Int32] {
    var multiples = levels
    multiples.withUnsafeMutableBufferPointer { replaceByMultiples($0, restart: restart) }
    return multiples
  }
}
