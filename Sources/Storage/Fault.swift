/// The stable identity of a fault: the key, in plain English, of what the file breaks (`header-length-in-file`).
///
/// Each reader declares its codes as an enumeration that conforms to this protocol. A code is spelled like the key of the
/// requirement that it violates, so that no table has to translate one into the other.
public protocol FaultCode: RawRepresentable<String>, CaseIterable, Sendable {}

/// What a reader found wrong with the bytes that it was given.
public struct Fault: Error, Sendable, Hashable {
  /// What kind of trouble a fault is.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// The bytes break the rules of their format.
    case malformed
    /// The bytes ask for something that would harm the reader: a name outside the input, code to execute, a bomb.
    case unsafe
    /// The bytes use a feature that this reader does not support; `actual` names it.
    case unsupported
    /// The operating system refused: no permission, no such file, a device error. Nothing is known of the bytes.
    case system
  }

  /// The key of what is broken.
  public var code: String
  /// The kind of trouble.
  public var kind: Kind
  /// Where, what was expected and what was found.
  public var occurrence: Occurrence

  /// A fault that was logged.
  fileprivate init(code: String, kind: Kind, occurrence: Occurrence) {
    self.code = code
    self.kind = kind
    self.occurrence = occurrence
  }

  /// A fault with a code that its reader declares.
  public init(
    _ code: some FaultCode, _ kind: Kind = .malformed, at place: Place, expected: String? = nil,
    actual: String? = nil
  ) {
    self.code = code.rawValue
    self.kind = kind
    occurrence = Occurrence(place, expected: expected, actual: actual)
  }
}

/// The faults of one reading, folded by code and kind, in the order in which the first of each was seen.
public struct FaultLog: Sendable {
  /// The faults with the same code and kind.
  public struct Entry: Sendable {
    /// The key of what is broken.
    public let code: String
    /// The kind of trouble.
    public let kind: Fault.Kind
    /// Where it was seen.
    public fileprivate(set) var occurrences: Occurrences

    /// The first of the faults.
    public var first: Fault { Fault(code: code, kind: kind, occurrence: occurrences.first) }
  }

  /// What was logged, in the order of first sight.
  public private(set) var entries: [Entry] = []

  /// What was said of files as such, which nobody needs to be told twice: by a listing, and by who opens the file.
  private var saidOfFiles: Set<SaidOfFile> = []

  fileprivate struct SaidOfFile: Hashable {
    let fault: FileFault
    let file: ExactString
  }

  /// An empty log.
  public init() {}

  /// Whether nothing was logged.
  public var isEmpty: Bool { entries.isEmpty }

  /// The fault that a caller is told who can be told but one: the first of the system's, else the first; nil where nothing was logged.
  public var foremost: Fault? {
    (entries.first { $0.kind == .system } ?? entries.first)?.first
  }

  /// The files of which it was logged that they are not there or must not be opened.
  public var refusedFiles: [String] {
    saidOfFiles.filter { $0.fault != .namesDistinct }.map(\.file.value)
  }

  /// Logs a fault, folding it into those of the same code and kind; what was said of that file already is not repeated.
  public mutating func log(_ fault: Fault) {
    if let said = SaidOfFile(fault), !saidOfFiles.insert(said).inserted { return }
    if let index = entries.firstIndex(where: { $0.code == fault.code && $0.kind == fault.kind }) {
      entries[index].occurrences.add(fault.occurrence)
    } else {
      entries.append(
        Entry(code: fault.code, kind: fault.kind, occurrences: Occurrences(fault.occurrence)))
    }
  }

  /// Logs what another log holds, as if it had been logged here after what is there.
  public mutating func append(_ other: FaultLog) {
    for entry in other.entries {
      if let faults = entry.faultsOfFiles {
        for fault in faults { log(fault) }
        continue
      }
      saidOfFiles.formUnion(other.saidOfFiles)
      if let index = entries.firstIndex(where: { $0.code == entry.code && $0.kind == entry.kind }) {
        entries[index].occurrences.append(entry.occurrences)
      } else {
        entries.append(entry)
      }
    }
  }

  /// Takes what was logged with a code out of the log.
  public mutating func take(_ code: some FaultCode) -> FaultLog {
    var taken = FaultLog()
    taken.entries = entries.filter { $0.code == code.rawValue }
    entries.removeAll { $0.code == code.rawValue }
    return taken
  }

  /// Logs a fault with a code that its reader declares.
  public mutating func log(
    _ code: some FaultCode, _ kind: Fault.Kind = .malformed, at place: Place, expected: String? = nil,
    actual: String? = nil
  ) {
    log(Fault(code, kind, at: place, expected: expected, actual: actual))
  }
}

extension FaultLog.SaidOfFile {
  /// Nil for a fault that speaks of something in a file.
  fileprivate init?(_ fault: Fault) {
    guard fault.occurrence.place.offset == nil, let code = FileFault(rawValue: fault.code) else { return nil }
    switch code {
    case .readable, .namesDistinct, .linkInsideRoot, .present, .regular: break
    case .nameSafe, .stableWhileRead, .countWithinLimit: return nil
    }
    self.fault = code
    file = ExactString(fault.occurrence.place.file)
  }
}

extension FaultLog.Entry {
  /// The faults one by one, where they speak of files as such and none of them was folded away.
  fileprivate var faultsOfFiles: [Fault]? {
    guard let code = FileFault(rawValue: code), occurrences.count == UInt64(occurrences.others.count) + 1
    else {
      return nil
    }
    return ([occurrences.first] + occurrences.others).map { occurrence in
      Fault(
        code, kind, at: occurrence.place, expected: occurrence.expected, actual: occurrence.actual)
    }
  }
}
