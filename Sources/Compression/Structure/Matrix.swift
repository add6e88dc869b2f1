import CKernels

/// A matrix of f64, row by row.
struct Matrix: Sendable {
  let rows: Int
  let columns: Int
  var values: [Double]

  /// A matrix of values that are as many.
  init(_ rows: Int, _ columns: Int, _ values: [Double]) {
    precondition(values.count == rows * columns)
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  subscript(_ row: Int, _ column: Int) -> Double {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  /// Rows and columns exchanged.
  var turned: Matrix {
    let (rows, columns) = (rows, columns)
    let out = filled(values.count, as: Double.self) { out in
      values.withUnsafeBufferPointer { from in
        // In squares, so that neither side leaves the cache for each element.
        for top in stride(from: 0, to: rows, by: 32) {
          for left in stride(from: 0, to: columns, by: 32) {
            for row in top..<min(top + 32, rows) {
              for column in left..<min(left + 32, columns) {
                out[column * rows + row] = from[row * columns + column]
              }
            }
          }
        }
      }
    }
    return Matrix(columns, rows, out)
  }

  /// The product: sums in ascending order of the inner index, from zero, each product and each sum rounded.
  static func * (left: Matrix, right: Matrix) -> Matrix {
    let factor = RightFactor(right)
    return Matrix(
      left.rows, right.columns,
      filled(left.rows * right.columns) { factor.product(of: left, rows: 0..<left.rows, into: $0) })
  }
}

/// The right factor of products, laid out for the loop over its rows.
struct RightFactor: Sendable {
  let inner: Int
  let columns: Int
  private let panels: [Double]

  init(_ right: Matrix) {
    inner = right.rows
    columns = right.columns
    let many = right.columns == 0 ? 0 : (right.columns - 1) / 8 + 1
    panels = filled(many * 8 * right.rows) { ck_panels(right.values, $0, right.rows, right.columns) }
  }

  /// Rows of the product with a left factor, which has as many columns as this has rows.
  func product(of left: Matrix, rows: Range<Int>, into out: UnsafeMutablePointer<Double>) {
    precondition(left.columns == inner && rows.upperBound <= left.rows)
    if inner == 0 {
      out.update(repeating: 0, count: rows.count * columns)
      return
    }
    left.values.withUnsafeBufferPointer { left in
      guard let left = left.baseAddress else { return }
      ck_product(left + rows.lowerBound * inner, panels, out, rows.count, inner, columns)
    }
  }
}

/// How many rows of a product are made at once: enough to use what was laid out, few enough that they stay near.
let productRows = 32
