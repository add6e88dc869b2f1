/// Which safetensors files of a directory hold the weights of the model.
///
/// The choice is the one that the libraries make: `model.safetensors` before `model.safetensors.index.json`; a variant such as
/// `model.fp16.safetensors` only where there is nothing else.
struct WeightLayout {
  /// The index, where the weights are in shards that it names.
  private(set) var index: String?
  /// The files, where no index names them.
  private(set) var files: [String] = []
  /// Shards without an index.
  private(set) var lacksIndex = false
  /// Safetensors files that are not the weights: variants, other layouts, leftovers.
  private(set) var others: [String] = []
  /// The index that a single file of the same name makes useless.
  private(set) var uselessIndex: String?

  /// Names of weights, in the order in which libraries look for them.
  private static let stems = ["model", "diffusion_pytorch_model", "pytorch_model", "adapter_model"]

  /// Whether there are weights.
  var isEmpty: Bool { index == nil && files.isEmpty }

  /// - Parameters:
  ///   - names: the files of the directory itself.
  ///   - isAdapter: whether the directory is described as an adapter and not as a model.
  init(_ names: [String], isAdapter: Bool) {
    let all = names.filter { $0.hasSuffix(".safetensors") }
    let indices = names.filter {
      $0.hasSuffix(".json") && ($0.split(separator: ".").suffix(4).contains("index"))
    }
    .filter { $0.contains(".safetensors.index") }
    choose(all, indices, isAdapter ? Self.stems.reversed() : Self.stems)
    others = all.filter { !files.contains($0) }
  }

  private mutating func choose(_ all: [String], _ indices: [String], _ stems: [String]) {
    for stem in stems {
      let single = stem + ".safetensors"
      let index = single + ".index.json"
      if all.contains(single) {
        files = [single]
        uselessIndex = indices.contains(index) ? index : nil
        return
      }
      if indices.contains(index) {
        self.index = index
        return
      }
      let shards = all.filter { ShardName($0).map { $0.stem == stem } ?? false }
      if !shards.isEmpty {
        files = shards
        lacksIndex = true
        return
      }
    }
    // No name of the libraries' own: an index, a variant, or whatever is there.
    if let first = indices.first {
      index = first
      return
    }
    let variant = all.first { name in stems.contains { name.hasPrefix($0 + ".") } }
    if let variant, ShardName(variant) == nil {
      files = [variant]
      return
    }
    guard let first = all.first else { return }
    if let shard = ShardName(first) {
      files = all.filter { ShardName($0)?.stem == shard.stem }
      lacksIndex = true
    } else {
      files = [first]
    }
  }
}

/// The name of a shard: `model-00002-of-00005.safetensors`, with a variant before or after the numbers.
struct ShardName {
  /// What stands before the numbers, and a variant behind them: shards of one stem are one set.
  let stem: String
  /// The number of the shard, counted from one.
  let number: Int
  /// The number of shards.
  let count: Int

  /// Nil where the name is not of that form.
  init?(_ name: String) {
    guard let base = name.split(separator: ".", omittingEmptySubsequences: false).first.map(String.init),
      name.hasSuffix(".safetensors")
    else { return nil }
    // The numbers stand at the end of the part before the first dot, or at the end of a variant after it.
    let whole = String(name.dropLast(".safetensors".count))
    guard let found = Self.parse(base, variant: whole.dropFirst(base.count)) ?? Self.parse(whole, variant: "")
    else { return nil }
    self = found
  }

  /// The stem of the shards that an index is meant for: `model` for `model.safetensors.index.json`, `model.fp16` for
  /// `model.safetensors.index.fp16.json`.
  static func stem(ofIndex name: String) -> String {
    guard let mark = name.firstRange(of: ".safetensors.index") else { return name }
    return String(name[..<mark.lowerBound] + name[mark.upperBound...].dropLast(".json".count))
  }

  private init(stem: String, number: Int, count: Int) {
    self.stem = stem
    self.number = number
    self.count = count
  }

  private static func parse(_ text: String, variant: Substring) -> ShardName? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count >= 4, parts[parts.count - 2] == "of", let count = digits(parts[parts.count - 1]),
      let number = digits(parts[parts.count - 3])
    else { return nil }
    return ShardName(
      stem: parts.dropLast(3).joined(separator: "-") + variant, number: number, count: count)
  }

  private static func digits(_ text: Substring) -> Int? {
    guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    return Int(text)
  }
}
