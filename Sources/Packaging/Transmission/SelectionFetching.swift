import Glibc
import Storage

/// Receives selected files and tensors of a package (profile clause 8.3, section 7): the result is a folder.
struct SelectionFetching {
  let receiver: RangeReceiver
  let selection: Selection
  let base: BaseFiles?
  let handling: PackageHandling

  private var outline: PackageOutline { receiver.outline }

  /// A file of tensors that is cut.
  private struct Cut {
    let name: String
    let subset: SafetensorsSubset
  }

  func fetch(to out: String) throws(Fault) {
    let path = receiver.transfer.store.packagePath
    // What says what the rest is, whole: start, rights, structure, statement.
    let first = outline.entries.indices.filter { outline.entries[$0].type <= .statement }
    try receiver.prepare(first)
    try receiver.receive(receiver.parts(of: first), base: base)
    try handling.approve(path)

    let files = outline.entries.indices.filter { outline.entries[$0].type.isContent }
    let whole = files.filter { selection.selects(file: name(of: $0)) }
    let cut = selection.tensors.isEmpty ? [] : files.filter { mayBeCut($0, unless: whole) }
    guard !whole.isEmpty || !cut.isEmpty else { throw nothing() }
    try receiver.prepare(whole + cut)
    try receiver.receive(receiver.parts(of: whole), base: base)
    let tree = try handling.open(path)
    let cuts = try self.cuts(of: cut, in: tree)
    guard !whole.isEmpty || !cuts.isEmpty else { throw nothing() }
    try receiver.transfer.finishSelection { _ throws(Fault) in
      let folder = try AsideFolder(out)
      do throws(Fault) {
        for number in whole {
          let name = name(of: number)
          let source = try tree.open(name)
          try write(name, in: folder) { file throws(Fault) in try file.append(source) }
        }
        for cut in cuts {
          let source = try tree.open(cut.name)
          try write(SafetensorsSubset.name(for: cut.name), in: folder) { file throws(Fault) in
            try cut.subset.write(source, to: file)
          }
        }
        try folder.commit()
      } catch {
        folder.discard()
        throw error
      }
    }
  }

  private func name(of number: Int) -> String {
    String(decoding: outline.entries[number].identifier, as: UTF8.self)
  }

  private func mayBeCut(_ number: Int, unless whole: [Int]) -> Bool {
    SafetensorsSubset.isMeant(by: name(of: number)) && !whole.contains(number)
  }

  private func nothing() -> Fault {
    let patterns = (selection.files + selection.tensors).map(\.text).joined(separator: " ")
    return Fault(TransferFault.selectionFound, at: Place(), actual: patterns)
  }

  /// Fetches the headers of files of tensors, and then the tensors that are wanted.
  private func cuts(of units: [Int], in tree: any FileTree) throws(Fault) -> [Cut] {
    guard !units.isEmpty else { return [] }
    let pieceBytes = try self.pieceBytes()
    var cuts: [Cut] = []
    for number in units {
      let name = name(of: number)
      let source = try tree.open(name)
      func receive(_ ranges: [Range<UInt64>]) throws(Fault) {
        let piece =
          outline.entries[number].flags.contains(.encrypted) ? pieceBytes : UInt64(HashTree.chunkBytes)
        var chunks: Set<UInt64> = []
        for range in ranges where !range.isEmpty {
          chunks.formUnion(range.lowerBound / piece...(range.upperBound - 1) / piece)
        }
        try receiver.receive(chunks.sorted().map { RangeReceiver.Part(unit: number, chunk: $0) }, base: base)
      }
      guard source.size >= SafetensorsSubset.lengthBytes else { continue }
      try receive([0..<SafetensorsSubset.lengthBytes])
      let first = try source.bytes(at: 0, count: Int(SafetensorsSubset.lengthBytes))
      guard let end = SafetensorsSubset.headerEnd(first, fileSize: source.size) else {
        throw Fault(TransferFault.selectionFound, at: Place(name, offset: 0), actual: "safetensors")
      }
      try receive([SafetensorsSubset.lengthBytes..<end])
      let header = try source.bytes(
        at: SafetensorsSubset.lengthBytes, count: Int(end - SafetensorsSubset.lengthBytes))
      let subset = try SafetensorsSubset(header, of: name, size: source.size) {
        selection.selects(tensor: $0)
      }
      guard !subset.isEmpty else { continue }
      try receive(subset.ranges)
      cuts.append(Cut(name: name, subset: subset))
    }
    return cuts
  }

  /// How many bytes of content a stored chunk of an encrypted unit holds.
  private func pieceBytes() throws(Fault) -> UInt64 {
    let chunk = UInt64(HashTree.chunkBytes)
    guard let start = receiver.unit(0), start.header.type == .start else { return chunk }
    let source = try receiver.transfer.store.source()
    let payload = try source.bytes(at: start.payload.lowerBound, count: start.payload.count)
    switch try StartPayload(parsing: payload, at: Place(source.name, offset: start.payload.lowerBound)).suite
    {
    case 1: return chunk - 16
    case 2: return chunk - 32
    default: return chunk
    }
  }

  private func write(
    _ name: String, in folder: AsideFolder, _ body: (AtomicFile) throws(Fault) -> Void
  ) throws(Fault) {
    try FileName.check(name)
    var path = folder.path
    for component in name.utf8.split(separator: UInt8(ascii: "/")).dropLast() {
      path += "/" + String(decoding: component, as: UTF8.self)
      guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw OpenFile.refusal(path) }
    }
    let file = try AtomicFile(folder.path + "/" + name)
    try body(file)
    try file.commit()
  }
}
