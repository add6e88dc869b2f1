/// Factors of a matrix near those of its truncated singular value decomposition, by iteration of a random subspace (N. Halko, P. G. Martinsson,
/// J. A. Tropp, 2011) with numbers that are the same everywhere.
struct SubspaceIteration {
  /// The matrix divided by a power of two near its greatest magnitude, so that no square overflows.
  private let matrix: Matrix
  private let scale: Double
  private let rank: Int

  init(_ matrix: Matrix, rank: Int) {
    let greatest = matrix.values.reduce(0) { max($0, $1.magnitude) }
    scale = greatest == 0 ? 1 : Double(sign: .plus, exponent: Int(greatest.exponent) / 2 * 2, significand: 1)
    var scaled = matrix
    for place in scaled.values.indices { scaled.values[place] /= scale }
    self.matrix = scaled
    // A matrix without elements has factors of one column all the same.
    self.rank = max(min(rank, matrix.rows, matrix.columns), 1)
  }

  /// [rows, rank] and [rank, columns].
  var factors: (left: Matrix, right: Matrix) {
    guard matrix.rows > 0, matrix.columns > 0 else {
      return (
        Matrix(matrix.rows, rank, [Double](repeating: 0, count: matrix.rows * rank)),
        Matrix(rank, matrix.columns, [Double](repeating: 0, count: rank * matrix.columns))
      )
    }
    // Bases stand in rows: a vector is one run of memory.
    let turned = matrix.turned
    let width = min(rank + 8, matrix.rows, matrix.columns)
    var basis = Self.orthonormal(Self.noise(width, matrix.columns) * turned)
    for _ in 0..<3 {
      let other = Self.orthonormal(basis * matrix)
      basis = Self.orthonormal(other * turned)
    }
    // What the subspace keeps of the matrix, and its own singular vectors.
    let kept = basis * matrix
    let (values, vectors) = Self.eigen(kept * kept.turned)
    let chosen = values.indices.sorted { (-values[$0], $0) < (-values[$1], $1) }.prefix(rank)
    // vectors has eigenvectors in columns; each factor takes the square root of the singular value, which is the fourth root here.
    var right = Matrix(rank, width, [Double](repeating: 0, count: rank * width))
    var left = right
    for (row, index) in chosen.enumerated() {
      let root = max(values[index], 0).squareRoot().squareRoot()
      for column in 0..<width {
        left[row, column] = vectors[column, index] * root
        right[row, column] = root > 0 ? vectors[column, index] / root : 0
      }
    }
    let root = scale.squareRoot()
    return ((left * basis).turned.times(root), (right * kept).times(root))
  }

  /// Numbers between −1 and 1 that look random.
  private static func noise(_ rows: Int, _ columns: Int) -> Matrix {
    var state: UInt64 = 42382
    let values = (0..<rows * columns).map { _ in
      // SplitMix64.
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      z ^= z >> 31
      return Double(Int64(bitPattern: z) >> 11) * 0x1p-52
    }
    return Matrix(rows, columns, values)
  }

  /// Rows made orthonormal, each after those before it and twice, since rounding leaves a rest the first time; a row of which nothing is left
  /// becomes zero.
  private static func orthonormal(_ matrix: Matrix) -> Matrix {
    var out = matrix
    let columns = matrix.columns
    out.values.withUnsafeMutableBufferPointer { values in
      guard let base = values.baseAddress else { return }
      for row in 0..<matrix.rows {
        let own = base + row * columns
        let before = dot(own, own, columns)
        for _ in 0..<2 {
          for other in 0..<row {
            let other = base + other * columns
            let share = dot(own, other, columns)
            for place in 0..<columns { own[place] -= share * other[place] }
          }
        }
        let size = dot(own, own, columns)
        let factor = size > before * 0x1p-80 ? 1 / size.squareRoot() : 0
        for place in 0..<columns { own[place] *= factor }
      }
    }
    return out
  }

  /// Eight sums side by side, added at the end: an order of its own, and the same everywhere.
  private static func dot(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ count: Int) -> Double {
    var sums = SIMD8<Double>(repeating: 0)
    let whole = count / 8 * 8
    for place in stride(from: 0, to: whole, by: 8) {
      let left = UnsafeRawPointer(a + place).loadUnaligned(as: SIMD8<Double>.self)
      let right = UnsafeRawPointer(b + place).loadUnaligned(as: SIMD8<Double>.self)
      sums += left * right
    }
    var sum = 0.0
    for lane in 0..<8 { sum += sums[lane] }
    for place in whole..<count { sum += a[place] * b[place] }
    return sum
  }

  /// Eigenvalues and eigenvectors, in columns, of a symmetric matrix, by Jacobi's rotations.
  private static func eigen(_ matrix: Matrix) -> (values: [Double], vectors: Matrix) {
    let n = matrix.rows
    var a = matrix
    // Rows of the turned vectors, so that a rotation runs along memory.
    var v = Matrix(n, n, [Double](repeating: 0, count: n * n))
    for place in 0..<n { v[place, place] = 1 }
    let trace = (0..<n).reduce(0.0) { $0 + a[$1, $1].magnitude }
    a.values.withUnsafeMutableBufferPointer { a in
      v.values.withUnsafeMutableBufferPointer { v in
        for _ in 0..<30 {
          var rotated = false
          for p in 0..<n {
            for q in p + 1..<max(n, p + 1) {
              let off = a[p * n + q]
              guard off.magnitude > trace * 0x1p-50 / Double(n) else { continue }
              rotated = true
              let theta = (a[q * n + q] - a[p * n + p]) / (2 * off)
              let t = (theta < 0 ? -1 : 1) / (theta.magnitude + (theta * theta + 1).squareRoot())
              let c = 1 / (t * t + 1).squareRoot()
              let s = t * c
              for k in 0..<n {
                let (x, y) = (a[p * n + k], a[q * n + k])
                a[p * n + k] = c * x - s * y
                a[q * n + k] = s * x + c * y
                let (z, w) = (v[p * n + k], v[q * n + k])
                v[p * n + k] = c * z - s * w
                v[q * n + k] = s * z + c * w
              }
              for k in 0..<n {
                let (x, y) = (a[k * n + p], a[k * n + q])
                a[k * n + p] = c * x - s * y
                a[k * n + q] = s * x + c * y
              }
            }
          }
          if !rotated { break }
        }
      }
    }
    return ((0..<n).map { a[$0, $0] }, v.turned)
  }
}

extension Matrix {
  /// Every element multiplied.
  fileprivate func times(_ factor: Double) -> Matrix {
    Matrix(rows, columns, values.map { $0 * factor })
  }
}
