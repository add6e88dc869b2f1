import Checks
import Compression
import Configuration
import Profile

extension Corpus {
  /// A sample with what a comparison finds, where the options of its vector ask for one.
  ///
  /// - Throws: `RecipeError` where what the options name is missing or faulty.
  func compared(_ sample: Sample, _ options: VectorOptions, _ catalogue: Catalogue) throws -> Sample {
    guard let name = options.original else { return sample }
    let original = try read(name)
    let adapter = try options.adapter.map { try read($0) }
    let policy = try options.policy.map { file in
      let path = "\(directory)/\(TestKeys.folder)/\(file)"
      return try AccuracyPolicyFile.read(String(decoding: Disk.bytes(path) ?? [], as: UTF8.self), file: path)
    }
    return sample.compared(with: original, adapter: adapter, policy: policy, by: catalogue)
  }

  /// A base, read.
  private func read(_ name: String) throws -> Sample {
    guard let base = bases[name] else {
      throw RecipeError(zh: "没有基准模型 \(name)", en: "there is no base \(name)")
    }
    let folder = "\(directory)/\(base.directory)"
    return Sample(path: base.sample.isEmpty ? folder : "\(folder)/\(base.sample)", depth: .structure)
  }
}
