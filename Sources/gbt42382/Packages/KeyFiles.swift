import ArgumentParser
import Configuration
import Glibc
import Packaging
import Profile
import Storage

/// Keys, certificates and passphrases that the user names; secrets come from files or the environment, never from arguments.
struct PassphraseOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      said(
        zh: "私钥口令所在文件（第一行）；否则取环境变量 GBT42382_KEY_PASSPHRASE",
        en: "The file whose first line is the passphrase of a private key; else GBT42382_KEY_PASSPHRASE."),
      valueName: "file"))
  var passphraseFile: String?

  /// The passphrase, where there is one.
  func passphrase() throws(CommandFailure) -> [UInt8]? {
    if let passphraseFile {
      let line = try UserFile.bytes(passphraseFile).prefix { $0 != UInt8(ascii: "\n") }
      return line.last == UInt8(ascii: "\r") ? Array(line.dropLast()) : Array(line)
    }
    return getenv("GBT42382_KEY_PASSPHRASE").map { Array(String(cString: $0).utf8) }
  }

  /// A private key that signs.
  func signer(key: String, certificate: String?) throws(CommandFailure) -> PackageSigner {
    let passphrase = try passphrase()
    let signingKey = try KeyFile.read(key) { pem throws(ProtectionError) in
      try SigningKey(pem: pem, passphrase: passphrase)
    }
    guard let certificate else {
      return try KeyFile.read(key) { _ throws(ProtectionError) in try PackageSigner(key: signingKey) }
    }
    return try KeyFile.read(certificate) { pem throws(ProtectionError) in
      try PackageSigner(key: signingKey, certificates: try CertificateChain(pem: pem))
    }
  }

  /// The private key of a recipient.
  func recipientKey(_ path: String?) throws(CommandFailure) -> RecipientKey? {
    guard let path else { return nil }
    let passphrase = try passphrase()
    return try KeyFile.read(path) { pem throws(ProtectionError) in
      try RecipientKey(pem: pem, passphrase: passphrase)
    }
  }
}

/// A file that holds a key or a certificate.
enum KeyFile {
  /// What a file holds.
  ///
  /// - Throws: `CommandFailure` with `inputOutput` where it cannot be read, `usage` where it does not serve.
  static func read<Content>(
    _ path: String, _ parse: ([UInt8]) throws(ProtectionError) -> Content
  ) throws(CommandFailure) -> Content {
    let bytes = try UserFile.bytes(path)
    do throws(ProtectionError) {
      return try parse(bytes)
    } catch {
      let text = error.text
      throw CommandFailure(.usage, zh: "\(path)：\(text[.zh])", en: "\(path): \(text[.en])")
    }
  }
}

/// Whose signatures count, and whether one has to.
struct PolicyOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      said(zh: "信任策略（YAML）：谁的签名算数", en: "YAML trust policy: whose signatures count."), valueName: "file"))
  var trust: String?

  @Flag(help: help(zh: "封装须有算数的签名", en: "Ask for a signature that counts."))
  var requireSignature = false

  /// The policy; nil where the verifier has none.
  func policy() throws(CommandFailure) -> TrustPolicy? {
    let policy = try trust.map { path throws(CommandFailure) in try Self.policy(in: path) }
    return requireSignature ? TrustPolicy.requiringSignature(policy) : policy
  }

  /// The policy in a file.
  ///
  /// - Throws: `CommandFailure` with `inputOutput` where there is none, `usage` where it is faulty.
  private static func policy(in path: String) throws(CommandFailure) -> TrustPolicy {
    do throws(Fault) {
      _ = try SampleLocation.resolve(path: path, followLinks: true)
    } catch {
      throw CommandFailure(error.code, .system, error.occurrence, path: path)
    }
    do throws(TrustPolicyFileError) {
      return try TrustPolicyFile.read(path: path)
    } catch {
      throw CommandFailure(
        .usage, zh: error.faults.map { $0[.zh] }.joined(separator: "\n"),
        en: error.faults.map { $0[.en] }.joined(separator: "\n"))
    }
  }
}

/// What the verifier asks of signatures, and for when.
struct TrustOptions: ParsableArguments {
  @OptionGroup var signatures: PolicyOptions

  @Option(
    help: ArgumentHelp(
      said(
        zh: "判断证书和权利所依据的日期（YYYY-MM-DD，UTC；默认现在）",
        en: "The date (YYYY-MM-DD, UTC) for which certificates and rights are judged; now by default."),
      valueName: "date"))
  var at: String?

  mutating func validate() throws {
    if let at, !CalendarDate.isValid(at) {
      throw ValidationError(
        said(zh: "--at 的日期应为 YYYY-MM-DD，而非 \(at)", en: "--at takes a date as YYYY-MM-DD, not \(at)"))
    }
  }

  /// The policy; nil where the verifier has none.
  func policy() throws(CommandFailure) -> TrustPolicy? { try signatures.policy() }

  /// For when certificates and rights are judged.
  func time() throws(CommandFailure) -> JudgingTime {
    if let at {
      let parts = at.split(separator: "-").compactMap { Int($0) }
      if parts.count == 3, let day = CalendarDay(year: parts[0], month: parts[1], day: parts[2]) {
        return JudgingTime(startOf: day)
      }
    } else if let now = JudgingTime(secondsSince1970: Glibc.time(nil)) {
      return now
    }
    throw CommandFailure(.usage, zh: "无法确定日期", en: "the date cannot be told")
  }
}
