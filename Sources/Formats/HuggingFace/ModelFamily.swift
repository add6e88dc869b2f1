/// What the family of a model, its `model_type`, tells of it beyond its configuration.
struct ModelFamily {
  /// `encoder-only`, `decoder-only`, `encoder-decoder` or `other`; nil where the family does not tell.
  private(set) var kind: String?
  /// What the model takes and gives; nil where the family does not tell.
  private(set) var modalities: [String]?
  /// How positions are encoded, where every model of the family does it so.
  private(set) var positionEncoding: String?
  /// The normalisation, where the name of its epsilon misleads.
  private(set) var normalisation: String?

  /// The family of that name; one that is not known tells nothing.
  init(_ name: String) {
    for (names, kind, modalities, positions) in Self.table where names.contains(name) {
      self.kind = kind
      self.modalities = modalities
      positionEncoding = positions
    }
    if kind == nil, let family = Self.decoderPrefixes.first(where: { name.hasPrefix($0) }) {
      _ = family
      kind = "decoder-only"
      modalities = ["text"]
    }
    if Self.rootMeanSquare.contains(name) { normalisation = "root-mean-square" }
  }

  private typealias Row = (names: Set<String>, kind: String, modalities: [String], positions: String?)

  private static let table: [Row] = [
    (
      [
        "bert", "roberta", "xlm-roberta", "xlm-roberta-xl", "camembert", "electra", "albert", "ernie",
        "roberta-prelayernorm", "data2vec-text", "longformer", "nezha", "mobilebert", "megatron-bert",
      ], "encoder-only", ["text"], nil
    ),
    (
      [
        "distilbert", "deberta", "deberta-v2", "mpnet", "squeezebert", "funnel", "big_bird", "roformer",
        "modernbert", "nomic_bert", "eurobert", "neobert", "new", "ernie_m", "rembert", "xmod", "splinter",
        "ibert",
        "convbert", "fnet", "layoutlm", "luke",
      ], "encoder-only", ["text"], nil
    ),
    (["vit", "deit", "vit_mae", "vit_msn", "yolos"], "encoder-only", ["image"], "learned"),
    (
      [
        "beit", "dinov2", "dinov3_vit", "swin", "swinv2", "ijepa", "hiera", "segformer",
        "dinov2_with_registers",
      ],
      "encoder-only", ["image"], nil
    ),
    (
      [
        "wav2vec2", "hubert", "wavlm", "unispeech", "unispeech-sat", "data2vec-audio", "sew", "wav2vec2-bert",
      ],
      "encoder-only", ["speech"], nil
    ),
    (["audio-spectrogram-transformer"], "encoder-only", ["audio"], "learned"),
    (
      ["gpt2", "gpt_neo", "gpt_bigcode", "openai-gpt", "opt", "biogpt", "xglm"], "decoder-only", ["text"],
      "learned"
    ),
    (["bloom"], "decoder-only", ["text"], "alibi"),
    (
      [
        "gptj", "gpt_neox", "gpt_neox_japanese", "codegen", "persimmon", "stablelm", "starcoder2", "gpt_oss",
        "nemotron", "baichuan", "internlm", "internlm2", "chatglm", "Yi", "minicpm", "minicpm3", "smollm3",
        "arcee", "seed_oss", "ernie4_5", "ernie4_5_moe", "hunyuan_v1_dense", "hunyuan_v1_moe", "dots1",
        "lfm2",
        "exaone4", "kimi_k2", "glm", "glm4", "glm4_moe", "minimax", "apertus", "helium", "bitnet",
      ], "decoder-only", ["text"], "rotary"
    ),
    (
      ["mpt", "dbrx", "jetmoe", "jamba", "moshi", "qwen", "ctrl", "transfo-xl"], "decoder-only", ["text"], nil
    ),
    (
      ["t5", "mt5", "umt5", "longt5", "switch_transformers"], "encoder-decoder", ["text"], "relative"
    ),
    (["bart", "mbart", "led", "plbart", "mvp", "bigbird_pegasus"], "encoder-decoder", ["text"], "learned"),
    (
      [
        "pegasus", "pegasus_x", "marian", "m2m_100", "nllb-moe", "fsmt", "blenderbot", "blenderbot-small",
        "prophetnet",
      ],
      "encoder-decoder", ["text"], nil
    ),
    (["whisper", "speech_to_text", "moonshine"], "encoder-decoder", ["speech", "text"], nil),
    (
      ["trocr", "vision-encoder-decoder", "donut-swin", "pix2struct"], "encoder-decoder", ["image", "text"],
      nil
    ),
    (
      [
        "clip", "siglip", "siglip2", "chinese_clip", "altclip", "clipseg", "groupvit", "align", "xclip",
        "blip",
      ],
      "other", ["text", "image"], nil
    ),
    (["clap"], "other", ["text", "audio"], nil),
    (["mamba", "mamba2", "falcon_mamba", "rwkv"], "other", ["text"], "none"),
  ]

  /// Families that come in numbered generations and variants, all of them decoders.
  private static let decoderPrefixes = [
    "llama", "mistral", "ministral", "mixtral", "qwen2", "qwen3", "gemma", "phi", "falcon", "deepseek",
    "olmo",
    "cohere", "granite",
  ]

  /// T5 calls the epsilon of its root-mean-square normalisation `layer_norm_epsilon`.
  private static let rootMeanSquare: Set<String> = [
    "t5", "mt5", "umt5", "longt5", "switch_transformers", "pix2struct",
  ]

  /// The kind that the name of a class of the library tells: `GPT2LMHeadModel`.
  static func kind(ofClass name: String) -> String? {
    if name.hasSuffix("ForCausalLM") || name.hasSuffix("LMHeadModel") { return "decoder-only" }
    if name.hasSuffix("ForMaskedLM") { return "encoder-only" }
    return nil
  }
}
