/// A part of a model that is read, or cannot be read, as a whole.
public enum Aspect: String, Sendable, Hashable, CaseIterable {
  /// Name, version, producer, licence, contributors, pre-training and the other describing fields.
  case description
  /// The architecture and its hyper-parameters.
  case architecture
  /// Graphs, blocks and operator sets.
  case graphs
  /// Variables, their tensors and the file table.
  case parameters
  /// Tokenizer and other assets.
  case assets
}
