public import Representation
public import Storage

/// What a stage does, apart from how a chain is put together (profile clause 7.1, section 4). Each descriptor of `Representation` conforms
/// to it in the file of its method.
///
/// Faults carry a place with a path that starts at the stage, such as `.scale`, or none for the stage as a whole; the chain puts the tensor,
/// the stage and the file before it.
public protocol StageCodec: Sendable {
  /// Whether what is undone is the input, bit by bit.
  var isLossless: Bool { get }

  /// The tensors that the descriptor holds, each with its path from the stage (`.scale`, `.factors[1]`).
  var sides: [(path: String, tensor: Tensor)] { get }

  /// The type of what the stage leaves of elements of a type; nil for a terminal stage, which leaves nothing.
  ///
  /// Everything is checked here that needs no element: the descriptor's fields, and the types of its side tensors.
  /// - Throws: a fault of `CompressionFault`.
  func output(of input: ElementsType) throws(Fault) -> ElementsType?

  /// Whether the first dim of what is left follows from elements and not from types: the bytes of a coder, and what a pattern keeps.
  /// `output(of:)` gives 0 for it then.
  var leavesOpenCount: Bool { get }

  /// That dim, where elements of side tensors tell it; nil where only the payload can, so that no stage may follow.
  func openCount(of input: ElementsType, in decoding: Decoding) throws(Fault) -> Int?

  /// Undoes the stage.
  ///
  /// - Parameters:
  ///   - payload: what the stage left, of the type that `output(of:)` gives; nil for a terminal stage.
  ///   - input: the type of what was put in, which is the type of the result.
  ///   - decoding: gives the elements of side tensors and bases.
  /// - Throws: a fault of `CompressionFault`, and what the files throw.
  func decode(_ payload: Elements?, as input: ElementsType, in decoding: Decoding) throws(Fault) -> Elements
}

extension StageCodec {
  /// Most stages have no side tensors.
  public var sides: [(path: String, tensor: Tensor)] { [] }

  /// The dims of what most stages leave follow from types alone.
  public var leavesOpenCount: Bool { false }

  /// Only the payload tells.
  public func openCount(of input: ElementsType, in decoding: Decoding) throws(Fault) -> Int? { nil }
}

/// What a stage asks for while it is undone.
public struct Decoding: Sendable {
  /// The elements of a side tensor, decoded; its path from the stage serves faults.
  public let side: @Sendable (_ tensor: Tensor, _ path: String) throws(Fault) -> Elements
  /// The elements of a base, decoded, whose digest has been found to be the one that is stated.
  public let base: @Sendable (_ base: BaseTensor) throws(Fault) -> Elements

  /// What gives the elements of side tensors and bases.
  public init(
    side: @escaping @Sendable (_ tensor: Tensor, _ path: String) throws(Fault) -> Elements,
    base: @escaping @Sendable (_ base: BaseTensor) throws(Fault) -> Elements
  ) {
    self.side = side
    self.base = base
  }
}

extension Fault {
  /// A fault of a stage, at a path that starts at the stage.
  static func stage(
    _ code: CompressionFault, _ path: String = "", _ kind: Fault.Kind = .malformed, expected: String? = nil,
    actual: String? = nil
  ) -> Fault {
    Fault(code, kind, at: Place(path: path), expected: expected, actual: actual)
  }
}

/// What an encoder gives: the descriptor and what is left for the next stage; nil after a terminal stage.
public struct Encoded<Descriptor: Sendable>: Sendable {
  /// The descriptor, its side tensors inline.
  public var descriptor: Descriptor
  /// What is left.
  public var output: Elements?

  /// A descriptor and what is left.
  public init(_ descriptor: Descriptor, _ output: Elements?) {
    self.descriptor = descriptor
    self.output = output
  }
}
