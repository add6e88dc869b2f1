/// Names that some file systems take for one: equal after case folding and canonical normalisation.
public enum NameFolding {
  /// Logs every name that folds to the same as one before it.
  ///
  /// - Parameter names: different names, sorted by their bytes, so that every caller means the same one by the second.
  public static func logCollisions(of names: [String], _ faults: inout FaultLog) {
    // The keys are strings on purpose: Swift compares them by canonical equivalence, which is the second folding.
    var seen: [String: String] = [:]
    seen.reserveCapacity(names.count)
    for name in names {
      let key = folded(name)
      if let first = seen[key] {
        faults.log(FileFault.namesDistinct, at: Place(name), actual: "\(first) ≈ \(name)")
      } else {
        seen[key] = name
      }
    }
  }

  /// The full Unicode case folding of a name, up to canonical equivalence.
  ///
  /// Lower, upper and lower case in turn give it for every scalar but the dotless i, which folds to itself.
  public static func folded(_ name: String) -> String {
    if name.utf8.allSatisfy({ $0 < 0x80 }) { return name.lowercased() }
    var result = ""
    for scalar in name.unicodeScalars {
      if scalar == "\u{131}" {
        result.unicodeScalars.append(scalar)
      } else {
        result += String(scalar).lowercased().uppercased().lowercased()
      }
    }
    return result
  }
}
