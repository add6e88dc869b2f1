import ArgumentParser
import Formats
import Packaging
import Storage

/// What packages are verified with: the verifier's policy and key (profile clause 8.2, sections 8.3 and 10).
struct PackageOptions: ParsableArguments {
  @OptionGroup var signatures: PolicyOptions

  @Option(
    help: ArgumentHelp(
      said(
        zh: "接收者的私钥（PEM），用于加密的封装", en: "A recipient's private key (PEM), for packages that are encrypted."),
      valueName: "file"))
  var key: String?

  @Option(
    help: ArgumentHelp(
      said(
        zh: "另存的签名文件，可给多个", en: "A signature that is kept apart from the package; may be given several times."
      ),
      valueName: "file"))
  var detached: [String] = []

  @OptionGroup var passphrase: PassphraseOptions

  /// What the options ask for.
  ///
  /// - Parameter day: the day of judging, `YYYY-MM-DD`; today where it is nil.
  /// - Throws: `CommandFailure` with `usage` where a policy or key is faulty, `inputOutput` where a file cannot be read.
  func verification(on day: String? = nil) throws(CommandFailure) -> PackageVerification {
    var verification = PackageVerification()
    verification.day = day.flatMap(CalendarDay.init(text:))
    verification.jobs = Processors.count
    verification.trust = try signatures.policy()
    verification.key = try passphrase.recipientKey(key)
    for path in detached {
      let bytes = try UserFile.bytes(path)
      verification.detached.append(SignedContent.DetachedSignature(place: Place(path), bytes: bytes))
    }
    return verification
  }
}
