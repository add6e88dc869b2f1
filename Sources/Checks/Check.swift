public import Profile

/// Judges a sample by one requirement.
///
/// A check looks and adds findings; whether the requirement applies, what could not be read and what the verdict is, is
/// decided by `Judge`. Faults of readers need no check of their own: the judge turns them into findings by their code.
public protocol Check: Sendable {
  /// The key of the requirement.
  var key: String { get }

  /// Adds what the sample does not meet.
  ///
  /// - Parameters:
  ///   - sample: what was read.
  ///   - requirement: the requirement in force, with the values that an overlay may have changed.
  /// - Throws: a `Fault` of kind `system`, or `MissingValue`; either is a fault of the test system.
  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) throws
}
