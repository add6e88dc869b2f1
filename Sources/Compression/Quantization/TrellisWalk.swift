/// The walk through a trellis that says which multiple of the step each level stands for (profile clause 7.3, section 3).
struct TrellisWalk {
  /// next[2 · state + parity].
  private let next: [UInt8]

  /// A trellis of 4, 8, 16 or 32 states.
  init(states: Int) {
    let (h, g): (Int, Int) =
      switch states {
      case 4: (0b101, 0b010)
      case 8: (0b1011, 0b0100)
      case 16: (0b10011, 0b00100)
      default: (0b100101, 0b001000)
      }
    let memory = states.trailingZeroBitCount
    next = (0..<2 * states).map { index in
      let (state, parity) = (index >> 1, index & 1)
      var to = state >> 1
      for place in 1..<memory {
        to ^= ((h >> place & state & 1) ^ (g >> place & parity)) << (place - 1)
      }
      return UInt8(to ^ (state & 1) << (memory - 1))
    }
  }

  /// The multiples of levels in row-major order; the state is 0 again after each `restart` of them.
  func multiples(of levels: [Int32], restart: Int) -> [Int32] {
    var state = 0
    var left = restart
    return levels.map { level in
      if left == 0 {
        state = 0
        left = restart
      }
      left -= 1
      let multiple = 2 &* level &- (state & 1 == 1 ? level.signum() : 0)
      state = Int(next[2 * state + Int(level & 1)])
      return multiple
    }
  }
}
