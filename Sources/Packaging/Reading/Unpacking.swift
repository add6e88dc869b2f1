import Glibc
public import Storage
import Synchronization

/// Unpacks a package into a folder that appears whole, and only once everything was verified (profile clause 8.2, section 5.4).
public struct Unpacking: Sendable {
  /// The key of a recipient, where files are encrypted.
  public var key: RecipientKey?
  /// How many chunks are worked on at once.
  public var jobs = 1
  /// What signatures and rights have to be; nil where the verifier asks for nothing.
  public var policy: TrustPolicy?
  /// For when they are judged.
  public var time: JudgingTime
  /// Is told, now and then, how many bytes were read.
  public var progress: (@Sendable (UInt64) -> Void)?

  /// An unpacking in one thread, without key and policy.
  public init(at time: JudgingTime) {
    self.time = time
  }

  /// What came of it.
  public struct Outcome: Sendable {
    /// What is wrong; where something is, nothing was unpacked.
    public internal(set) var faults = FaultLog()
    /// What the signatures are worth, where they could be judged.
    public internal(set) var judgement: TrustJudgement?
    /// What was read; nil where the end of the package was enough to refuse it.
    public internal(set) var scan: PackageScan?
    /// How many files were unpacked.
    public internal(set) var fileCount = 0
    /// How many bytes they have together.
    public internal(set) var byteCount: UInt64 = 0
  }

  /// Unpacks a file; signatures and policy are judged before anything is written, and again after.
  ///
  /// - Throws: only what the system refuses; an existing destination is `TransferFault.destinationFree` of kind `system`.
  public func unpack(_ source: any ByteSource, to folder: String) throws(Fault) -> Outcome {
    try Naming.requireFree(Naming.withoutSlashes(folder))
    let early = try judgeEarly(source)
    if let early, !early.faults.isEmpty { return early }
    return try unpack(to: folder) { options throws(Fault) in try PackageScan.scan(source, options) }
  }

  /// Unpacks what comes through a pipe.
  ///
  /// - Throws: as `unpack` of a file.
  public func unpack(_ stream: any ByteStream, to folder: String) throws(Fault) -> Outcome {
    try unpack(to: folder) { options throws(Fault) in try PackageScan.scan(stream, options) }
  }

  /// What the end of the package tells; nil where that cannot be read, which reading from the front tells better.
  private func judgeEarly(_ source: any ByteSource) throws(Fault) -> Outcome? {
    let content: SignedContent
    do throws(Fault) {
      content = try PackageTree(source).signedContent()
    } catch {
      guard error.kind != .system else { throw error }
      return nil
    }
    var outcome = Outcome()
    try judge(content, &outcome)
    return outcome
  }

  private func judge(_ content: SignedContent, _ outcome: inout Outcome) throws(Fault) {
    do throws(ProtectionError) {
      let judgement = try TrustPolicy.judge(content, by: policy, at: time)
      outcome.judgement = judgement
      outcome.faults.append(judgement.faults)
    } catch {
      throw error.systemFault
    }
  }

  private func unpack(
    to folder: String, _ read: (PackageScan.Options) throws(Fault) -> PackageScan
  ) throws(Fault) -> Outcome {
    let aside = try AsideFolder(folder)
    let files = UnpackedFiles(in: aside.path)
    do throws(Fault) {
      var options = PackageScan.Options(jobs: jobs)
      options.receiver = ContentReading(file: "", key: key, files: files)
      options.progress = progress
      let scan = try read(options)
      var outcome = Outcome()
      outcome.faults = scan.faults
      outcome.scan = scan
      if let content = scan.signedContent() { try judge(content, &outcome) }
      guard outcome.faults.isEmpty, scan.isComplete else {
        aside.discard()
        return outcome
      }
      try files.synchronise()
      try aside.commit()
      outcome.fileCount = scan.files.count
      outcome.byteCount = scan.files.reduce(0) { $0 &+ (scan.contentLength(of: $1) ?? 0) }
      return outcome
    } catch {
      aside.discard()
      throw error
    }
  }
}

/// Files of a package that are written below a folder of our own.
private final class UnpackedFiles: FileReceiver {
  private let root: String
  private let known = Mutex<(folders: Set<ExactString>, files: [String])>(([], []))

  init(in root: String) {
    self.root = root
  }

  func begin(_ name: String, length: UInt64) throws(Fault) -> any FileContentReceiver {
    // The name was judged, and nobody else writes into this folder, so that no link can lead out of it.
    try FileName.check(name)
    try known.withLock { known throws(Fault) in
      var folder = root
      for component in FolderPath.components(of: name) {
        folder += "/" + component
        guard known.folders.insert(ExactString(folder)).inserted else { continue }
        guard mkdir(folder, 0o777) == 0 else { throw OpenFile.refusal(folder) }
      }
      known.files.append(name)
    }
    return File(file: try OpenFile(root + "/" + name, O_WRONLY | O_CREAT | O_EXCL))
  }

  private struct File: FileContentReceiver {
    let file: OpenFile

    func take(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(Fault) {
      try file.write(bytes, at: offset)
    }

    func finish() throws(Fault) {}
  }

  /// Brings files and folders to disk, several at once.
  func synchronise() throws(Fault) {
    let (folders, files) = known.withLock { ($0.folders, $0.files) }
    let root = root
    try Workers.forEach(UInt64(files.count), jobs: 8) { number throws(Fault) in
      try OpenFile(root + "/" + files[Int(number)], O_RDONLY).synchronise()
    }
    for folder in folders { try OpenFile(folder.value, O_RDONLY | O_DIRECTORY).synchronise() }
  }
}

/// The folders of a name.
private enum FolderPath {
  /// Every component but the last.
  static func components(of name: String) -> [String] {
    name.utf8.split(separator: UInt8(ascii: "/")).dropLast().map { String(decoding: $0, as: UTF8.self) }
  }
}
