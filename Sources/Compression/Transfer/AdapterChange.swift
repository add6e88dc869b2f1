import CKernels
import Numerics
import Representation
import Storage

/// What the factors of an adapter add to its base, s ⊗ Δ, by rows of the tensor as it is stored (profile clause 7.4, section 3).
struct AdapterChange {
  private enum Form {
    /// One product, or two whose elements are multiplied.
    case products([(left: Matrix, right: RightFactor)])
    /// Each element of the first factor with all of the second.
    case kronecker(Matrix, Matrix)
  }

  private let form: Form
  private let scaling: Double
  private let columns: Int

  /// The change of LoRA, DoRA, LoHa and LoKr, whose descriptor has been checked.
  /// - Throws: `adapter-factors-finite`, and what keeps the factors from being had.
  init(
    _ stage: AdapterStage, _ type: ElementsType, _ scaling: Double, _ decoding: Decoding
  ) throws(Fault) {
    var factors: [Matrix] = []
    for (place, tensor) in stage.factors.enumerated() {
      let path = ".factors[\(place)]"
      let dims = ElementsType(tensor.type)?.dims ?? []
      guard dims.count == 2 else { throw .stage(.adapterFactorDims, path) }
      let values = try decoding.finiteDoubles(
        tensor, path, count: dims[0] * dims[1], .adapterFactorsFinite)
      let factor = Matrix(dims[0], dims[1], values)
      factors.append(stage.transposed ? factor.turned : factor)
    }
    guard factors.count >= 2, type.dims.count == 2 else { throw .stage(.adapterFactorCount, ".factors") }
    // What is stored turned is the product of the turned factors, the other way round: the same products in the same order.
    if stage.kind == .lokr {
      form = .kronecker(factors[0], factors[1])
    } else {
      form = .products(
        stride(from: 0, to: factors.count - 1, by: 2).map { place in
          let (first, second) = (factors[place], factors[place + 1])
          return stage.transposed ? (second, RightFactor(first)) : (first, RightFactor(second))
        })
    }
    self.scaling = scaling
    columns = type.dims[1]
  }

  /// Some rows of the change.
  func rows(_ range: Range<Int>, into out: UnsafeMutablePointer<Double>) {
    let count = range.count * columns
    switch form {
    case .products(let pairs):
      pairs.first.map { $0.right.product(of: $0.left, rows: range, into: out) }
      if pairs.count > 1 {
        let second = filled(count, as: Double.self) {
          pairs[1].right.product(of: pairs[1].left, rows: range, into: $0)
        }
        for place in 0..<count { out[place] *= second[place] }
      }
      for place in 0..<count { out[place] = scaling * out[place] }
    case .kronecker(let first, let second):
      for row in range {
        let target = out + (row - range.lowerBound) * columns
        for column in 0..<columns {
          let product =
            first[row / second.rows, column / second.columns]
            * second[row % second.rows, column % second.columns]
          target[column] = scaling * product
        }
      }
    }
  }
}
