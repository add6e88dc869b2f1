import Foundation
import Testing

/// Keys and certificates that the `openssl` command line makes, once for all tests, in a folder of their own.
struct KeyWorkshop: Sendable {
  static let shared = Result { try KeyWorkshop() }

  let folder: URL

  /// The kinds of key, with the options of `openssl genpkey`.
  static let kinds: [String: [String]] = [
    "ed25519": ["ed25519"], "other": ["ed25519"], "p256": ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
    "p384": ["EC", "-pkeyopt", "ec_paramgen_curve:P-384"], "sm2": ["SM2"],
    "rsa2048": ["RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
    "rsa3072": ["RSA", "-pkeyopt", "rsa_keygen_bits:3072"],
    "rsa1024": ["RSA", "-pkeyopt", "rsa_keygen_bits:1024"],
  ]

  private init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "protection-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    atexit {
      if let workshop = try? KeyWorkshop.shared.get() {
        try? FileManager.default.removeItem(at: workshop.folder)
      }
    }
    for (name, options) in KeyWorkshop.kinds {
      try openssl(["genpkey", "-algorithm"] + options + ["-out", path("\(name).pem")])
      try openssl(["pkey", "-in", path("\(name).pem"), "-pubout", "-out", path("\(name).pub")])
      let distinguishing = name == "sm2" ? ["-sm3", "-sigopt", "distid:1234567812345678"] : []
      try openssl(
        ["req", "-x509", "-new", "-key", path("\(name).pem"), "-subj", "/CN=\(name)", "-days", "30", "-out"]
          + [path("\(name).crt")] + distinguishing)
    }
  }

  func path(_ name: String) -> String { folder.appending(path: name).path }

  func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: folder.appending(path: name))) }

  /// A file of its own with these bytes.
  func file(_ bytes: [UInt8]) throws -> String {
    let path = path(UUID().uuidString)
    try Data(bytes).write(to: URL(filePath: path))
    return path
  }

  /// A file of its own with this text.
  func file(_ text: String) throws -> String { try file(Array(text.utf8)) }

  /// Standard output of a run of `openssl` that succeeds.
  @discardableResult
  func openssl(_ arguments: [String], input: [UInt8] = []) throws -> [UInt8] {
    let (status, output) = try run(arguments, input: input)
    guard status == 0 else { throw OpenSSLFailure(arguments: arguments) }
    return output
  }

  /// Whether a run of `openssl` succeeds.
  func succeeds(_ arguments: [String]) throws -> Bool { try run(arguments, input: []).0 == 0 }

  private func run(_ arguments: [String], input: [UInt8]) throws -> (Int32, [UInt8]) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["openssl"] + arguments
    process.standardInput = try FileHandle(forReadingFrom: URL(filePath: try file(input)))
    let output = try file([])
    process.standardOutput = try FileHandle(forWritingTo: URL(filePath: output))
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return (process.terminationStatus, Array(try Data(contentsOf: URL(filePath: output))))
  }
}

struct OpenSSLFailure: Error {
  let arguments: [String]
}

/// A PEM block with that label.
func pem(_ label: String, _ content: [UInt8]) -> [UInt8] {
  let text = Data(content).base64EncodedString(options: [.lineLength64Characters])
  return Array("-----BEGIN \(label)-----\n\(text)\n-----END \(label)-----\n".utf8)
}
