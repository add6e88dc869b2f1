import Representation
import Storage

/// The files that a native structure names: looked at on disk, and made relative to the sample.
enum NativeFileTable {
  /// Opens every file of the table, every asset and the compression statement; compares headers.
  ///
  /// - Parameter name: the structure file, to whose folder the paths are relative.
  static func resolve(
    in tree: any FileTree, besides name: String, limits: Limits, _ reading: inout Reading
  ) throws(Fault) {
    guard reading.model.files.count <= limits.files else {
      reading.known.remove(.parameters)
      reading.faults.log(
        NativeFault.size, .unsupported, at: Place(name, path: "files"), expected: "≤ \(limits.files)",
        actual: "\(reading.model.files.count)")
      return
    }
    var agreement = SafetensorsAgreement()
    var listed: Set<ExactString> = [ExactString(name)]
    var first: [ExactString: Int] = [:]
    for index in reading.model.files.indices {
      let path = FileName.join(reading.model.files[index].path, besides: name)
      reading.model.files[index].path = path
      // Tensors of the structure itself lie where its writer had no choice.
      if ExactString(path) == ExactString(name) { reading.interleavedFiles.insert(index) }
      // An entry that stands twice is for the checks to see.
      guard listed.insert(ExactString(path)).inserted else {
        first[ExactString(path)].map { agreement.add(index, sameAs: $0) }
        continue
      }
      first[ExactString(path)] = index
      let place = Place(name, path: "files[\(index)]")
      guard let source = try open(path, in: tree, at: place, &reading.faults) else {
        agreement.addUnopened(index)
        continue
      }
      reading.files.append(SampleFile(path: path, bytes: source.size))
      if try agreement.add(source, index: index, limits: limits, &reading.faults) {
        reading.carries.insert(.safetensors)
      }
    }
    agreement.compare(reading.model, &reading.faults)
    if agreement.isUndecided { reading.undecided.insert(NativeFault.safetensorsAgreement.rawValue) }
    try resolveAssets(in: tree, besides: name, &listed, &reading)
    reading.files.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  private static func resolveAssets(
    in tree: any FileTree, besides name: String, _ listed: inout Set<ExactString>, _ reading: inout Reading
  ) throws(Fault) {
    for index in reading.model.assets.indices {
      let path = FileName.join(reading.model.assets[index].path, besides: name)
      reading.model.assets[index].path = path
      // An asset that has no safe name, or is not there, is a finding of the checks of assets alone.
      guard FileName.isSafe(path), listed.insert(ExactString(path)).inserted else { continue }
      do throws(Fault) {
        reading.files.append(SampleFile(path: path, bytes: try tree.open(path).size))
      } catch  where error.code != FileFault.present.rawValue {
        var fault = error
        fault.occurrence.place.path = "assets[\(index)]"
        reading.faults.log(fault)
      } catch {}
    }
    guard let statement = reading.model.compressionStatement else { return }
    let path = FileName.join(statement, besides: name)
    reading.model.compressionStatement = path
    guard listed.insert(ExactString(path)).inserted else { return }
    let place = Place(name, path: "compressionStatement")
    do throws(Fault) {
      try FileName.check(path, at: place)
      reading.files.append(SampleFile(path: path, bytes: try tree.open(path).size))
    } catch {
      // That it is not there is a finding of the requirement on the statement alone.
      guard error.code != FileFault.present.rawValue else { return }
      var fault = error
      fault.occurrence.place.path = place.path
      reading.faults.log(fault)
    }
  }

  /// Opens a file; nil, and a fault, where it cannot be opened.
  private static func open(
    _ path: String, in tree: any FileTree, at place: Place, _ faults: inout FaultLog
  ) throws(Fault) -> (any ByteSource)? {
    do throws(Fault) {
      try FileName.check(path, at: place)
      return try tree.open(path)
    } catch {
      var fault = error
      fault.occurrence.place.path = place.path
      faults.log(fault)
      return nil
    }
  }
}
