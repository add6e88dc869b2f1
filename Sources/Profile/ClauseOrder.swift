/// The order of clauses in the standard.
public enum ClauseOrder {
  /// Clauses in the order of the standard: 6.2 before 6.10, the annex last.
  public static func precedes(_ left: String, _ right: String) -> Bool {
    let left = left.split(separator: ".")
    let right = right.split(separator: ".")
    for (one, other) in zip(left, right) where one != other {
      switch (Int(one), Int(other)) {
      case (let one?, let other?): return one < other
      case (nil, nil): return one < other
      case (let number, _): return number != nil
      }
    }
    return left.count < right.count
  }
}
