import Formats
import Representation
import Storage

/// A text of a description and where it stands.
struct PlacedText {
  /// The text.
  let text: String
  /// Where it stands.
  let path: ModelPath
}

extension Sample {
  /// The place of a field: in the metadata file where that file, and not the model itself, gives it.
  func place(_ path: ModelPath) -> Place {
    Place(supplement.filled(path) ? metadata?.file ?? "" : "", path: path.description)
  }
}

extension Model {
  /// The contributors, each with its path.
  var placedContributors: [(contributor: Contributor, path: ModelPath)] {
    contributors.enumerated().map { ($1, .model.element("contributors", $0)) }
  }

  /// The hyper-parameters, each with its path.
  var placedHyperParameters: [(parameter: HyperParameter, path: ModelPath)] {
    (architecture?.hyperParameters ?? []).map {
      ($0, ModelPath.model.field("architecture").named("hyper-parameters", $0.name))
    }
  }

  /// The assets, each with its path.
  var placedAssets: [(asset: Asset, path: ModelPath)] {
    assets.enumerated().map { ($1, .model.element("assets", $0)) }
  }
}
