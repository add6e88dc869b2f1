/// Where configurations keep the hyper-parameters that the profile names.
struct HyperParameterKey {
  /// What a configuration holds under a key.
  enum Kind {
    case integer, float, text, boolean
    /// A size, or a list of two equal sizes.
    case square
  }

  /// The profile's name.
  let name: String
  /// The keys of configurations, the first one that is there and not null counts.
  let keys: [String]
  let kind: Kind

  init(_ name: String, _ kind: Kind, _ keys: [String]) {
    self.name = name
    self.keys = keys
    self.kind = kind
  }

  /// The keys that models of most families use.
  static let common: [HyperParameterKey] = [
    HyperParameterKey("layers", .integer, ["num_hidden_layers", "n_layer", "n_layers", "num_layers"]),
    HyperParameterKey("hidden-size", .integer, ["hidden_size", "d_model", "n_embd", "dim"]),
    HyperParameterKey(
      "attention-heads", .integer, ["num_attention_heads", "n_head", "n_heads", "num_heads"]),
    HyperParameterKey(
      "key-value-heads", .integer,
      ["num_key_value_heads", "num_kv_heads", "n_head_kv", "multi_query_group_num"]),
    HyperParameterKey("head-size", .integer, ["head_dim", "d_kv", "kv_channels"]),
    HyperParameterKey(
      "feed-forward-size", .integer,
      ["intermediate_size", "n_inner", "d_ff", "ffn_dim", "ffn_hidden_size", "hidden_dim", "encoder_ffn_dim"]),
    HyperParameterKey("vocabulary-size", .integer, ["vocab_size", "padded_vocab_size"]),
    HyperParameterKey("token-type-count", .integer, ["type_vocab_size"]),
    HyperParameterKey(
      "maximum-positions", .integer,
      ["max_position_embeddings", "n_positions", "n_ctx", "max_sequence_length", "max_seq_len", "seq_length"]),
    HyperParameterKey("sliding-window", .integer, ["sliding_window"]),
    HyperParameterKey(
      "normalisation-epsilon", .float,
      [
        "rms_norm_eps", "layer_norm_eps", "layer_norm_epsilon", "layernorm_epsilon", "norm_epsilon",
        "norm_eps",
      ]),
    HyperParameterKey(
      "activation", .text,
      ["hidden_activation", "hidden_act", "activation_function", "feed_forward_proj", "activation"]),
    HyperParameterKey("tied-embeddings", .boolean, ["tie_word_embeddings"]),
    HyperParameterKey(
      "experts", .integer, ["num_local_experts", "num_experts", "n_routed_experts", "moe_num_experts"]),
    HyperParameterKey("experts-per-token", .integer, ["num_experts_per_tok", "moe_k", "moe_topk"]),
    HyperParameterKey(
      "shared-experts", .integer, ["n_shared_experts", "num_shared_experts", "moe_num_shared_experts"]),
    HyperParameterKey("expert-feed-forward-size", .integer, ["moe_intermediate_size"]),
    HyperParameterKey("image-size", .square, ["image_size"]),
    HyperParameterKey("patch-size", .square, ["patch_size"]),
    HyperParameterKey("channels", .integer, ["num_channels"]),
    HyperParameterKey("mel-bins", .integer, ["num_mel_bins"]),
    HyperParameterKey(
      "hidden-dropout", .float,
      ["hidden_dropout_prob", "resid_pdrop", "hidden_dropout", "dropout_rate", "dropout"]),
    HyperParameterKey(
      "attention-dropout", .float, ["attention_probs_dropout_prob", "attn_pdrop", "attention_dropout"]),
  ]

  /// The keys of models with an encoder and a decoder, in place of `layers` and `attention-heads`.
  static let encoderDecoder: [HyperParameterKey] = [
    HyperParameterKey("encoder-layers", .integer, ["encoder_layers", "num_encoder_layers", "num_layers"]),
    HyperParameterKey("decoder-layers", .integer, ["decoder_layers", "num_decoder_layers", "num_layers"]),
    HyperParameterKey("encoder-attention-heads", .integer, ["encoder_attention_heads", "num_heads"]),
    HyperParameterKey("decoder-attention-heads", .integer, ["decoder_attention_heads", "num_heads"]),
    HyperParameterKey("maximum-positions", .integer, ["max_position_embeddings", "max_target_positions"]),
  ]
}
