import Compression
import Formats
import Profile
import Representation
import Storage

/// The weights of a sample that a command decodes, one at a time.
struct SampleWeights {
  /// What was read.
  let opened: OpenedSample
  /// The weights, as they are used.
  let source: any WeightSource

  /// Opens a sample and finds its weights.
  ///
  /// - Parameter base: the path of the model that deltas and adapters build on.
  /// - Throws: `CommandFailure` as `OpenedSample`, and where parameters could not be read.
  init(_ path: String, _ input: InputOptions, base: String? = nil) throws {
    opened = try OpenedSample(path, input)
    let base = try base.map { path in
      let opened = try OpenedSample(path)
      return (reading: opened.reading, tree: opened.tree)
    }
    source = WeightReading.weights(of: opened.reading, in: opened.tree, base: base)
    if !opened.reading.known.contains(.parameters), let fault = opened.reading.faults.foremost {
      throw CommandFailure(fault.code, fault.kind, fault.occurrence, path: path)
    }
  }
}

extension FaultLog {
  /// The exit status of a command that refuses for these faults.
  var refusal: ExitStatus {
    let kinds = Set(entries.map(\.kind))
    if kinds.contains(.system) { return .inputOutput }
    return kinds == [.unsupported] ? .inconclusive : .failed
  }
}

extension CommandFailure {
  /// What keeps a weight from being decoded.
  init(weight fault: Fault, path: String) {
    let place = [fault.occurrence.place.file, fault.occurrence.place.path ?? ""].filter { !$0.isEmpty }
    let at = (place.isEmpty ? [path] : place).joined(separator: " ")
    var detail = fault.occurrence.expected.map { ", expected \($0)" } ?? ""
    detail += fault.occurrence.actual.map { ", found \($0)" } ?? ""
    var log = FaultLog()
    log.log(fault)
    let title = Catalogue.published.requirements.first { $0.key == fault.code }?.title
    self.init(
      log.refusal,
      zh: "\(at)：\(title?.zh ?? fault.code)（\(fault.code)\(detail)）",
      en: "\(at): \(title?.en ?? fault.code) (\(fault.code)\(detail))")
  }
}
