import Profile
import Representation
import Storage

/// The requirements that ask for a size of the architecture, which an encoder–decoder may give for each side.
struct ArchitectureSizePresent: Check {
  let key: String
  /// The hyper-parameter.
  let name: String
  /// The hyper-parameters that stand for it in an encoder–decoder, all of which are asked for.
  let sides: [String]

  init(_ key: String, _ name: String, orBoth sides: [String] = []) {
    self.key = key
    self.name = name
    self.sides = sides
  }

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    guard let architecture = sample.model.architecture, let kind = architecture.kind else { return }
    // What other kinds are made of is not for this profile to say.
    guard ["encoder-only", "decoder-only", "encoder-decoder"].contains(kind) else { return }
    if architecture[name] != nil { return }
    let path = ModelPath.model.field("architecture")
    guard kind == "encoder-decoder", !sides.isEmpty else {
      findings.add(at: sample.place(path.named("hyper-parameters", name)), expected: name)
      return
    }
    for side in sides where architecture[side] == nil {
      findings.add(at: sample.place(path.named("hyper-parameters", side)), expected: side)
    }
  }
}

/// The checks of the architecture.
let architectureChecks: [any Check] = [
  PresenceCheck("architecture-present", .model.field("architecture")) { $0.architecture != nil },
  PresenceCheck("architecture-kind-present", .model.field("architecture").field("kind")) { model in
    model.architecture.map { $0.kind != nil } ?? true
  },
  EnumerationCheck("architecture-kind-known", list: "kinds") { model in
    model.architecture?.kind
      .map { [PlacedText(text: $0, path: .model.field("architecture").field("kind"))] } ?? []
  },
  PresenceCheck("architecture-family-present", .model.field("architecture").field("family")) { model in
    model.architecture.map { $0.family != nil } ?? true
  },
  ArchitectureSizePresent("layer-count-present", "layers", orBoth: ["encoder-layers", "decoder-layers"]),
  ArchitectureSizePresent("hidden-size-present", "hidden-size"),
  ArchitectureSizePresent(
    "attention-heads-present", "attention-heads",
    orBoth: ["encoder-attention-heads", "decoder-attention-heads"]),
]
