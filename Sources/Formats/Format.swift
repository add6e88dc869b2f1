/// A file format that a sample can be in.
public enum Format: String, Sendable, Hashable, CaseIterable {
  /// The native representation (profile clause 6.1), binary.
  case native
  /// The native representation as JSON.
  case nativeJSON = "native-json"
  /// An ONNX model.
  case onnx
  /// A single safetensors file.
  case safetensors
  /// A directory in Hugging Face layout.
  case huggingFace = "huggingface"
  /// A GGUF file.
  case gguf
  /// A MindIR file.
  case mindIR = "mindir"
  /// A Paddle program or parameter file.
  case paddle
  /// A Python pickle, bare or in a PyTorch archive: executing code is part of reading it.
  case pickle
  /// A package (profile clause 8.2).
  case package
  /// A folder of segments of a package (profile clause 8.3).
  case segments
}
