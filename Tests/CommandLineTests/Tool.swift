import Foundation
import Testing

/// The built executable, run as a script would run it.
enum Tool {
  /// What a run left behind.
  struct Run {
    let status: Int32
    let output: String
    let error: String
    /// Whether a signal ended it: a crash, or the time-out.
    let wasKilled: Bool
  }

  /// Beside the test bundle, in whatever configuration that was built.
  static let path: String = {
    var folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") }
    if let bundle, !FileManager.default.isExecutableFile(atPath: folder.path + "/gbt42382") {
      folder = URL(fileURLWithPath: bundle).deletingLastPathComponent()
    }
    return folder.path + "/gbt42382"
  }()

  /// The repository that the tests were built from.
  static let repository = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  /// A base model of the corpus.
  static func base(_ name: String) -> String { repository + "/vectors/bases/" + name }

  /// Runs the tool with standard input closed; it is ended after ten seconds.
  ///
  /// - Parameters:
  ///   - unprivileged: whether it runs as a user who may read only what all may.
  static func run(
    _ arguments: [String], environment: [String: String] = [:], unprivileged: Bool = false
  ) throws -> Run {
    let process = Process()
    if unprivileged {
      process.executableURL = URL(fileURLWithPath: "/usr/bin/setpriv")
      process.arguments = ["--reuid=65534", "--regid=65534", "--clear-groups", path] + arguments
    } else {
      process.executableURL = URL(fileURLWithPath: path)
      process.arguments = arguments
    }
    var variables = ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "SWIFT_BACKTRACE": "enable=no"]
    if let libraries = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"] {
      variables["LD_LIBRARY_PATH"] = libraries
    }
    process.environment = variables.merging(environment) { _, given in given }
    // Files and not pipes: what is not read from a pipe stops its writer.
    let folder = try TemporaryFolder()
    for name in ["out", "err"] { try folder.write(name, []) }
    let output = try FileHandle(forWritingTo: URL(fileURLWithPath: folder["out"]))
    let error = try FileHandle(forWritingTo: URL(fileURLWithPath: folder["err"]))
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = error
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    try process.run()
    if ended.wait(timeout: .now() + 10) == .timedOut {
      kill(process.processIdentifier, SIGKILL)
      ended.wait()
    }
    return Run(
      status: process.terminationStatus, output: try folder.text("out"), error: try folder.text("err"),
      wasKilled: process.terminationReason == .uncaughtSignal)
  }

  /// The exit code of a run that prints one line for each sample.
  static func status(_ arguments: String...) throws -> Int32 {
    let run = try run(["validate", "--quiet"] + arguments)
    #expect(!run.wasKilled)
    return run.status
  }
}

/// A folder of a test's own, removed when the test ends.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path + "/cli-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  subscript(_ name: String) -> String { path + "/" + name }

  /// What lies in it.
  var entries: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: self[name]))
  }

  func write(_ name: String, _ text: String) throws { try write(name, Array(text.utf8)) }

  func bytes(_ name: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: URL(fileURLWithPath: self[name])))
  }

  func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

  /// A copy of a base model of the corpus.
  func copy(_ base: String, as name: String) throws -> String {
    try FileManager.default.copyItem(atPath: Tool.base(base), toPath: self[name])
    return self[name]
  }

  func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: self[name], withDestinationPath: target)
  }

  func pipe(_ name: String) throws { try #require(mkfifo(self[name], 0o600) == 0) }
}

/// Metadata with everything that a Hugging Face directory cannot hold, so that a base model passes.
let fullMetadata = """
  name: Base
  version: 1.0.0
  licence: Apache-2.0
  documentation: A base model.
  contributors:
    - name: Example
      role: organisation
  pre-training:
    paradigm: self-supervised
    objective: masked-language-modelling
  parameter-count: 6416
  """
