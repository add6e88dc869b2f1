import Numerics
public import Representation
public import Storage

/// A part of a tensor that stands elsewhere (profile clause 7.2, section 6).
extension ReferenceStage: StageCodec {
  public var isLossless: Bool { true }

  public func output(of input: ElementsType) throws(Fault) -> ElementsType? {
    let rank = input.dims.count
    guard starts.isEmpty || starts.count == rank else {
      throw .stage(.referenceView, ".starts", expected: "\(rank) starts", actual: "\(starts.count)")
    }
    guard axes.isEmpty || PermuteStage.order(axes, rank: rank) != nil else {
      throw .stage(
        .referenceView, ".axes", expected: "an order of 0 … \(rank - 1)", actual: "\(axes.prefix(64))")
    }
    return nil
  }

  /// Finds where the part begins in a base of a type, and how far its neighbours are apart there.
  ///
  /// - Throws: `reference-target-type`, `reference-view`.
  func view(of base: ElementsType, as input: ElementsType) throws(Fault) -> (start: Int, strides: [Int]) {
    guard base.element == input.element else {
      throw .stage(
        .referenceTargetType, ".base", expected: input.element.rawValue, actual: base.element.rawValue)
    }
    let rank = input.dims.count
    let order = axes.isEmpty ? Array(0..<rank) : PermuteStage.order(axes, rank: base.dims.count)
    guard base.dims.count == rank, let order, order.count == rank, starts.isEmpty || starts.count == rank
    else {
      throw .stage(.referenceView, ".base", expected: "\(rank) dims", actual: base.notation)
    }
    let apart = StridedCopy.rowMajor(base.dims)
    var start = 0
    for (place, axis) in order.enumerated() {
      let first = starts.isEmpty ? 0 : Int(exactly: starts[place]) ?? -1
      let (end, overflow) = first.addingReportingOverflow(input.dims[place])
      guard first >= 0, !overflow, end <= base.dims[axis] else {
        throw .stage(
          .referenceView, ".starts", expected: "inside \(base.notation)",
          actual: "\(first) + \(input.dims[place]) in dim \(axis)")
      }
      // Where there is an element, each product is the place of one; elsewhere nothing is read.
      start = start &+ first &* apart[axis]
    }
    return (start, order.map { apart[$0] })
  }

  public func decode(
    _ payload: Elements?, as input: ElementsType, in decoding: Decoding
  ) throws(Fault) -> Elements {
    guard payload == nil else { throw .payload(nil, payload) }
    guard let base else { throw .stage(.baseTensorExists, ".base", expected: "a base", actual: "none") }
    let elements = try decoding.base(base)
    let (start, strides) = try view(of: elements.type, as: input)
    // The tensor as a whole is not copied.
    if elements.type == input, axes.isEmpty { return elements }
    return elements.picked(as: input, strides: strides, from: start)
  }
}
