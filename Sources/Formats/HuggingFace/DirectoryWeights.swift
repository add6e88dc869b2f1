import Representation
import Storage

/// Reads the headers of a directory's weight files and holds them against the index.
struct DirectoryWeights {
  /// The files of the file table.
  private(set) var files: [ParameterFile] = []
  /// The tensors as variables.
  private(set) var variables: [Variable] = []
  /// What the index says of the weights as a whole.
  private(set) var metadata: JSONValue?
  /// The free texts of the first file.
  private(set) var texts: [Property] = []
  /// Whether every tensor was read.
  private(set) var isComplete = true

  private let tree: any FileTree
  private let limits: Limits

  init(_ tree: any FileTree, _ layout: WeightLayout, limits: Limits, _ faults: inout FaultLog) {
    self.tree = tree
    self.limits = limits
    if let index = layout.index {
      readIndexed(index, layout, &faults)
    } else {
      for opened in Self.open(layout.files, in: tree, limits) {
        if let header = enter(opened, &faults) { add(header) }
      }
    }
  }

  // MARK: Files

  /// A weight file whose header was read, or not.
  private struct OpenedFile: Sendable {
    let name: String
    var size: UInt64?
    var header: SafetensorsHeader?
    var faults = FaultLog()
  }

  /// Reads the headers of files, several at once.
  private static func open(_ names: [String], in tree: any FileTree, _ limits: Limits) -> [OpenedFile] {
    ConcurrentMap.results(count: names.count) { index in
      var opened = OpenedFile(name: names[index])
      do throws(Fault) {
        let source = try tree.open(opened.name)
        opened.header = try SafetensorsHeader.read(source, limits: limits, &opened.faults)
        opened.size = source.size
      } catch {
        opened.faults.log(error)
      }
      return opened
    }
  }

  /// Enters a file into the file table.
  private mutating func enter(_ opened: OpenedFile, _ faults: inout FaultLog) -> SafetensorsHeader? {
    faults.append(opened.faults)
    if let size = opened.size {
      files.append(ParameterFile(path: opened.name, size: size, payload: opened.header?.payload))
    }
    guard let header = opened.header else {
      isComplete = false
      return nil
    }
    if !header.isComplete { isComplete = false }
    if header.metadata.first(where: { $0.key == "format" })?.value.allSatisfy(\.isWhitespace) ?? true {
      faults.log(
        HuggingFaceFault.weightsFrameworkStated, at: Place(opened.name, path: "/__metadata__/format"),
        expected: "pt", actual: nil)
    }
    if texts.isEmpty { texts = header.metadata }
    return header
  }

  private mutating func add(_ header: SafetensorsHeader) {
    variables.reserveCapacity(variables.count + header.tensors.count)
    for tensor in header.tensors {
      variables.append(tensor.variable(file: files.count - 1))
    }
  }

  // MARK: Index

  private mutating func readIndexed(_ name: String, _ layout: WeightLayout, _ faults: inout FaultLog) {
    let index: WeightIndex
    do throws(Fault) {
      index = try WeightIndex(tree.open(name), limits: limits, &faults)
    } catch {
      faults.log(error)
      isComplete = false
      return
    }
    if !index.isComplete { isComplete = false }
    metadata = index.metadata
    var agreement = IndexAgreement(index)
    for (place, file) in Self.open(index.shards, in: tree, limits).enumerated() {
      guard let header = enter(file, &faults) else { continue }
      add(header)
      agreement.take(header, of: place, &faults)
    }
    agreement.finish(&faults)
    shardNames(index, layout, &faults)
    totalSize(index, &faults)
  }

  private func shardNames(_ index: WeightIndex, _ layout: WeightLayout, _ faults: inout FaultLog) {
    let declared = Set(index.shards.map { ExactString($0) })
    let stems = Set(index.shards.compactMap { ShardName($0)?.stem } + [ShardName.stem(ofIndex: index.file)])
    // Of an index that was not read completely nobody knows what else it names.
    for file in layout.others where index.isComplete && !declared.contains(ExactString(file)) {
      guard let shard = ShardName(file), stems.contains(shard.stem) else { continue }
      faults.log(HuggingFaceFault.shardsInIndex, at: Place(file), expected: index.file, actual: file)
    }
    let count = index.shards.count
    // One file under an index needs no number; where it has one, it is the first of one.
    if count == 1, ShardName(index.shards[0]) == nil { return }
    var numbers: Set<Int> = []
    for (place, shard) in index.shards.enumerated() {
      guard let name = ShardName(shard), name.count == count, (1...count).contains(name.number),
        numbers.insert(name.number).inserted
      else {
        faults.log(
          HuggingFaceFault.shardNamesNumbered, at: Place(index.file, offset: index.shardOffsets[place]),
          expected: "…-0000i-of-\(Self.fiveDigits(count)).safetensors", actual: shard)
        continue
      }
    }
  }

  private static func fiveDigits(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
  }

  private func totalSize(_ index: WeightIndex, _ faults: inout FaultLog) {
    guard index.isComplete else { return }
    guard let stated = index.metadata?["total_size"]?.number, stated.isInteger else {
      return faults.log(
        HuggingFaceFault.indexTotalSizeStated, at: Place(index.file, path: "/metadata/total_size"),
        expected: "n B", actual: index.metadata?["total_size"]?.compact)
    }
    guard isComplete else { return }
    var sum: UInt64 = 0
    for variable in variables {
      guard case .stored(let range) = variable.tensor.content else { continue }
      let (next, overflow) = sum.addingReportingOverflow(range.length)
      if overflow { return }
      sum = next
    }
    if stated.integer.flatMap(UInt64.init(exactly:)) ?? stated.unsigned != sum {
      faults.log(
        HuggingFaceFault.indexTotalSizeAgrees, at: Place(index.file, path: "/metadata/total_size"),
        expected: "\(sum) B", actual: "\(stated.integer.map(String.init) ?? stated.lexeme) B")
    }
  }
}

/// What an index says against what its shards hold.
private struct IndexAgreement {
  private let index: WeightIndex
  /// Whether the shard that the index names was seen to hold the tensor.
  private var seen: [Bool]
  /// The shards that hold a tensor which the index places elsewhere.
  private var elsewhere: [Int: Int] = [:]
  /// The shards whose tensors are all known.
  private var complete: Set<Int> = []

  init(_ index: WeightIndex) {
    self.index = index
    seen = Array(repeating: false, count: index.entries.count)
  }

  mutating func take(_ header: SafetensorsHeader, of shard: Int, _ faults: inout FaultLog) {
    if header.isComplete { complete.insert(shard) }
    var next = 0
    for tensor in header.tensors {
      guard let place = index.place(of: tensor.name, in: shard, &next) else {
        if index.isComplete {
          faults.log(
            HuggingFaceFault.shardTensorsInIndex,
            at: Place(index.shards[shard], offset: tensor.place, path: JSONPointer.through([tensor.name])),
            expected: index.file, actual: tensor.name)
        }
        continue
      }
      if index.entries[place].shard == shard { seen[place] = true } else { elsewhere[place] = shard }
    }
  }

  /// Logs the tensors that are not where the index says; a tensor that two shards hold is a name given twice, which the
  /// requirement on names judges.
  func finish(_ faults: inout FaultLog) {
    for (place, entry) in index.entries.enumerated()
    // Which shard a name that stands twice is in, the index itself does not know.
    where !seen[place] && complete.contains(entry.shard) && !index.repeated.contains(place) {
      let name = index.names.names[place].value
      faults.log(
        HuggingFaceFault.indexTensorsInShards,
        at: Place(index.file, offset: entry.offset, path: JSONPointer.through(["weight_map", name])),
        expected: "\(index.shards[entry.shard]): \(name)",
        actual: elsewhere[place].map { index.shards[$0] })
    }
  }
}
