import Profile
import Representation
import Storage

/// `asset-files-present`: what a model names as a part of itself is there.
struct AssetFilesPresent: Check {
  let key = "asset-files-present"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    // A name that is not safe is never looked up; `asset-paths-safe` speaks of it.
    for (asset, path) in sample.model.placedAssets
    where FileName.isSafe(asset.path) && sample.tree.isMissing(asset.path) {
      findings.add(at: sample.place(path.field("path")), expected: asset.path)
    }
  }
}

/// `asset-sizes-agree`: a file has as many bytes as the model declares for it.
struct AssetSizesAgree: Check {
  let key = "asset-sizes-agree"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) throws {
    for (asset, path) in sample.model.placedAssets {
      guard let size = asset.size, let source = try sample.open(asset) else { continue }
      if source.size != size {
        findings.add(
          at: Place(asset.path, path: path.field("size").description), expected: "\(size) B",
          actual: "\(source.size) B")
      }
    }
  }
}

/// `asset-digest-values-form`: a digest has as many hexadecimal digits as its algorithm gives.
struct AssetDigestValuesForm: Check {
  let key = "asset-digest-values-form"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    for (asset, path) in sample.model.placedAssets {
      // An algorithm that is not known is the business of `asset-digest-algorithms-known`.
      guard let digest = asset.digest, let algorithm = Digest.Algorithm(rawValue: digest.algorithm) else {
        continue
      }
      let digits = algorithm.byteCount * 2
      if digest.value.utf8.count != digits || !digest.value.utf8.allSatisfy(\.isASCIIHexadecimalDigit) {
        findings.add(
          at: sample.place(path.field("digest").field("value")), expected: "\(digits) × [0-9a-f]",
          actual: digest.value)
      }
    }
  }
}

extension Sample {
  /// Opens the file of an asset; nil where it is missing or must not be opened, which other requirements speak of.
  ///
  /// - Throws: only a fault of kind `system`.
  func open(_ asset: Asset) throws(Fault) -> (any ByteSource)? {
    guard FileName.isSafe(asset.path) else { return nil }
    do throws(Fault) {
      return try tree.open(asset.path)
    } catch  where error.kind == .system {
      throw error
    } catch {
      return nil
    }
  }
}

extension FileTree {
  /// Whether there is nothing under a name, or only a link to nothing.
  fileprivate func isMissing(_ name: String) -> Bool {
    do throws(Fault) {
      _ = try open(name)
      return false
    } catch {
      // What is there and may not or cannot be opened is the business of others.
      return error.code == FileFault.present.rawValue
    }
  }
}

/// The checks of the assets.
let assetChecks: [any Check] = [
  EnumerationCheck("asset-kinds-known", list: "kinds") { model in
    model.placedAssets.map { PlacedText(text: $0.asset.kind, path: $0.path.field("kind")) }
  },
  FormCheck(
    "asset-paths-safe", expected: "a/b.json", .unsafe,
    texts: { model in
      model.placedAssets.map { PlacedText(text: $0.asset.path, path: $0.path.field("path")) }
    }, accepts: FileName.isSafe),
  AssetFilesPresent(),
  EnumerationCheck("asset-digest-algorithms-known", list: "algorithms") { model in
    model.placedAssets.compactMap { asset, path in
      asset.digest.map {
        PlacedText(text: $0.algorithm, path: path.field("digest").field("algorithm"))
      }
    }
  },
  AssetDigestValuesForm(),
  AssetSizesAgree(),
]
