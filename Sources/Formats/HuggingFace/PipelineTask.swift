/// The tasks that model cards name (`pipeline_tag`), and the modalities that each takes and gives.
enum PipelineTask {
  /// The modalities; nil for a task that is not known, or that does not tell (`feature-extraction`, `any-to-any`).
  static func modalities(_ task: String) -> [String]? {
    for (tasks, modalities) in table where tasks.contains(task) {
      return modalities
    }
    return nil
  }

  private static let table: [(tasks: Set<String>, modalities: [String])] = [
    (
      [
        "text-classification", "token-classification", "question-answering", "zero-shot-classification",
        "translation", "summarization", "text-generation", "text2text-generation", "fill-mask",
        "sentence-similarity", "text-ranking", "conversational", "text-retrieval", "multiple-choice",
      ], ["text"]
    ),
    (["table-question-answering"], ["tabular", "text"]),
    (["tabular-classification", "tabular-regression", "tabular-to-text"], ["tabular"]),
    (
      [
        "depth-estimation", "image-classification", "object-detection", "image-segmentation",
        "image-to-image",
        "unconditional-image-generation", "mask-generation", "image-feature-extraction", "keypoint-detection",
      ], ["image"]
    ),
    (["text-to-image"], ["text", "image"]),
    (
      [
        "image-to-text", "image-text-to-text", "visual-question-answering", "document-question-answering",
        "zero-shot-image-classification", "zero-shot-object-detection", "visual-document-retrieval",
        "image-text-to-image",
      ], ["image", "text"]
    ),
    (["image-to-video", "image-text-to-video"], ["image", "video"]),
    (["text-to-video"], ["text", "video"]),
    (["video-classification", "video-to-video"], ["video"]),
    (["video-text-to-text"], ["video", "text"]),
    (["automatic-speech-recognition"], ["speech", "text"]),
    (["text-to-speech"], ["text", "speech"]),
    (["text-to-audio"], ["text", "audio"]),
    (["audio-classification", "audio-to-audio"], ["audio"]),
    (["audio-text-to-text"], ["audio", "text"]),
    (["voice-activity-detection"], ["speech"]),
    (["graph-ml"], ["graph"]),
    (["text-to-3d"], ["text", "other"]),
    (["image-to-3d"], ["image", "other"]),
    (["reinforcement-learning", "robotics", "time-series-forecasting"], ["other"]),
  ]
}
