import Numerics
public import Representation
public import Storage

/// The context-adaptive binary arithmetic coder (profile clause 7.5).
extension EntropyStage: StageCodec {
  /// The number of elements of a run that encoders should take.
  public static let usualRun = 262_144

  public var isLossless: Bool { true }

  /// Only the payload tells how many bytes there are.
  public var leavesOpenCount: Bool { true }

  public func output(of input: ElementsType) throws(Fault) -> ElementsType? {
    _ = try form(of: input)
    return ElementsType(.u8, [0])
  }

  public func decode(_ payload: Elements?, as input: ElementsType, in decoding: Decoding) throws(Fault)
    -> Elements
  {
    try decode(payload?.bytes ?? [], as: input)
  }

  /// Checks the descriptor against the type of what is coded.
  func form(of input: ElementsType) throws(Fault) -> EntropyForm {
    if case .unknown(let number) = mode {
      throw .stage(.entropyModeKnown, ".mode", expected: "1, 2", actual: String(number))
    }
    guard (64...1 << 24).contains(run) else {
      throw .stage(.entropyRunLength, ".run", expected: "64 … 2^24", actual: String(run))
    }
    let split = RunSplit(elements: input.count, run: Int(run))
    guard let bits = input.element.bits, mode == .levels || bits <= 8 else {
      throw .stage(.stageInputType, expected: "elements of at most 8 bits", actual: input.notation)
    }
    if mode == .symbols {
      guard states == 0 else {
        throw .stage(.trellisStates, ".states", expected: "0", actual: String(states))
      }
      return EntropyForm(split: split, bits: bits, levels: nil)
    }
    guard bits <= 32, input.element.isSignedInteger else {
      throw .stage(.stageInputType, expected: "i2 | i4 | i8 | i16 | i32", actual: input.notation)
    }
    let trellis = Int(exactly: states).flatMap(Trellis.init(states:))
    guard states == 0 || trellis != nil else {
      throw .stage(.trellisStates, ".states", expected: "0 | 4 | 8 | 16 | 32", actual: String(states))
    }
    let columns = input.dims.count > 1 ? input.dims[input.dims.count - 1] : input.count
    return EntropyForm(
      split: split, bits: bits, levels: EntropyForm.Levels(columns: max(columns, 1), next: trellis?.next))
  }
}
