import Configuration
import Formats
import Packaging
import Storage

/// What a vector is judged with besides the catalogue, as the options of `validate` give it; files lie in `bases/test-only`.
public struct VectorOptions: Sendable, Hashable {
  /// A trust policy.
  public internal(set) var trust: String?
  /// Whether a signature is asked for.
  public internal(set) var requiresSignature = false
  /// A recipient's private key.
  public internal(set) var key: String?
  /// A signature that is kept apart from the package.
  public internal(set) var detached: String?
  /// The base that the sample is compared with, as `compare` does.
  public internal(set) var original: String?
  /// The base whose adapter the comparison takes for the one that was merged.
  public internal(set) var adapter: String?
  /// The user's limits of fidelity.
  public internal(set) var policy: String?
  /// The day of judging, `YYYY-MM-DD`.
  public internal(set) var at = Self.day

  /// The day of judging where a vector does not say.
  public static let day = "2026-10-01"

  /// What a package is verified with.
  ///
  /// - Parameter folder: where the files lie.
  /// - Throws: `RecipeError` where one of them is missing or faulty.
  func verification(in folder: String) throws(RecipeError) -> PackageVerification {
    var verification = PackageVerification()
    verification.requiresSignature = requiresSignature
    guard let day = CalendarDay(text: at) else {
      throw RecipeError(zh: "日期应为 YYYY-MM-DD：\(at)", en: "not a date as YYYY-MM-DD: \(at)")
    }
    verification.day = day
    do {
      verification.trust = try trust.map { try TrustPolicyFile.read(path: "\(folder)/\($0)") }
      verification.key = try key.map { try RecipientKey(pem: Disk.bytes("\(folder)/\($0)") ?? []) }
    } catch {
      throw RecipeError(zh: "options 所指的文件有误：\(error)", en: "a file that options name is faulty: \(error)")
    }
    if let detached {
      guard let bytes = Disk.bytes("\(folder)/\(detached)") else {
        throw RecipeError(zh: "没有文件 \(detached)", en: "there is no file \(detached)")
      }
      verification.detached = [SignedContent.DetachedSignature(place: Place(detached), bytes: bytes)]
    }
    return verification
  }
}
