import Representation
import Storage
import Testing

@testable import Formats

@Suite("config.json")
struct ConfigurationReaderTests {
  private func read(_ text: String) throws -> ConfigurationReader {
    var faults = FaultLog()
    let value = try JSONValue.read(Array(text.utf8), depthLimit: 16) { _ in }
    let reader = ConfigurationReader(value, file: "config.json", &faults)
    #expect(faults.isEmpty)
    return reader
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let text: String
    let kind: String?
    let family: String?
    let modalities: [String]
    let values: [String: HyperParameter.Value]
    var testDescription: String { family ?? text }
  }

  @Test(arguments: [
    Case(
      text:
        #"{"model_type":"bert","num_hidden_layers":3,"hidden_size":64,"num_attention_heads":4,"intermediate_size":128,"vocab_size":512,"type_vocab_size":2,"max_position_embeddings":128,"hidden_act":"gelu","layer_norm_eps":1e-12,"hidden_dropout_prob":0.1,"attention_probs_dropout_prob":0.1,"tie_word_embeddings":true}"#,
      kind: "encoder-only", family: "bert", modalities: ["text"],
      values: [
        "layers": .integer(3), "hidden-size": .integer(64), "attention-heads": .integer(4),
        "feed-forward-size": .integer(128), "vocabulary-size": .integer(512), "token-type-count": .integer(2),
        "maximum-positions": .integer(128), "activation": .text("gelu"), "normalisation": .text("layer"),
        "normalisation-epsilon": .float(1e-12), "hidden-dropout": .float(0.1),
        "attention-dropout": .float(0.1),
        "tied-embeddings": .boolean(true), "position-encoding": .text("learned"),
      ]),
    Case(
      text: #"{"model_type":"bert","is_decoder":true}"#, kind: "decoder-only", family: "bert",
      modalities: ["text"], values: ["position-encoding": .text("learned")]),
    Case(
      text: #"{"model_type":"gpt2","n_layer":2,"n_embd":8,"n_head":2,"n_inner":null,"n_positions":16}"#,
      kind: "decoder-only", family: "gpt2", modalities: ["text"],
      values: [
        "layers": .integer(2), "hidden-size": .integer(8), "attention-heads": .integer(2),
        "maximum-positions": .integer(16), "position-encoding": .text("learned"),
      ]),
    Case(
      text:
        #"{"model_type":"llama","num_key_value_heads":2,"head_dim":16,"rms_norm_eps":1e-6,"rope_parameters":{"rope_theta":10000.0,"rope_type":"default"}}"#,
      kind: "decoder-only", family: "llama", modalities: ["text"],
      values: [
        "key-value-heads": .integer(2), "head-size": .integer(16), "normalisation": .text("root-mean-square"),
        "normalisation-epsilon": .float(1e-6), "rotary-base": .float(10000),
        "position-encoding": .text("rotary"),
      ]),
    Case(
      text:
        #"{"model_type":"t5","is_encoder_decoder":true,"d_model":64,"d_kv":16,"d_ff":128,"num_layers":3,"num_decoder_layers":null,"num_heads":4,"feed_forward_proj":"gated-gelu","dense_act_fn":"gelu_new","layer_norm_epsilon":1e-6,"dropout_rate":0.1}"#,
      kind: "encoder-decoder", family: "t5", modalities: ["text"],
      values: [
        "encoder-layers": .integer(3), "decoder-layers": .integer(3), "encoder-attention-heads": .integer(4),
        "decoder-attention-heads": .integer(4), "hidden-size": .integer(64), "head-size": .integer(16),
        "feed-forward-size": .integer(128), "normalisation-epsilon": .float(1e-6),
        "activation": .text("gated-gelu"), "hidden-dropout": .float(0.1),
        "position-encoding": .text("relative"),
        "normalisation": .text("root-mean-square"),
      ]),
    Case(
      text:
        #"{"model_type":"whisper","is_encoder_decoder":true,"encoder_layers":4,"decoder_layers":2,"encoder_attention_heads":6,"decoder_attention_heads":3,"num_hidden_layers":4,"num_mel_bins":80,"max_target_positions":448}"#,
      kind: "encoder-decoder", family: "whisper", modalities: ["speech", "text"],
      values: [
        "encoder-layers": .integer(4), "decoder-layers": .integer(2), "encoder-attention-heads": .integer(6),
        "decoder-attention-heads": .integer(3), "mel-bins": .integer(80), "maximum-positions": .integer(448),
      ]),
    Case(
      text:
        #"{"model_type":"clip","text_config":{"hidden_size":64,"num_hidden_layers":2,"vocab_size":512},"vision_config":{"hidden_size":32,"image_size":32,"patch_size":8,"num_channels":3}}"#,
      kind: "other", family: "clip", modalities: ["text", "image"],
      values: [
        "hidden-size": .integer(64), "layers": .integer(2), "vocabulary-size": .integer(512),
        "image-size": .integer(32), "patch-size": .integer(8), "channels": .integer(3),
        "vision_config.hidden_size": .integer(32),
      ]),
    Case(
      text: #"{"model_type":"vit","image_size":[224,224],"patch_size":16,"id2label":{"0":"a","1":"b"}}"#,
      kind: "encoder-only", family: "vit", modalities: ["image"],
      values: [
        "image-size": .integer(224), "patch-size": .integer(16), "position-encoding": .text("learned"),
        "label-count": .integer(2),
      ]),
    Case(
      text:
        #"{"model_type":"deepseek_v3","head_dim":64,"kv_lora_rank":512,"n_routed_experts":256,"num_experts_per_tok":8,"n_shared_experts":1,"moe_intermediate_size":2048}"#,
      kind: "decoder-only", family: "deepseek_v3", modalities: ["text"],
      values: [
        "experts": .integer(256), "experts-per-token": .integer(8), "shared-experts": .integer(1),
        "expert-feed-forward-size": .integer(2048),
      ]),
    Case(
      text: #"{"model_type":"qwen3_moe","num_experts":128,"use_sliding_window":false,"sliding_window":4096}"#,
      kind: "decoder-only", family: "qwen3_moe", modalities: ["text"], values: ["experts": .integer(128)]),
    Case(
      text: #"{"model_type":"falcon","multi_query":true,"num_kv_heads":71,"alibi":true}"#,
      kind: "decoder-only",
      family: "falcon", modalities: ["text"],
      values: ["position-encoding": .text("alibi"), "key-value-heads": .integer(1)]),
    Case(
      text: #"{"model_type":"gemma2","hidden_act":"gelu","hidden_activation":"gelu_pytorch_tanh"}"#,
      kind: "decoder-only", family: "gemma2", modalities: ["text"],
      values: ["activation": .text("gelu_pytorch_tanh")]),
    Case(
      text: #"{"model_type":"brand_new","architectures":["BrandNewForCausalLM"],"hidden_size":64.0}"#,
      kind: "decoder-only", family: "brand_new", modalities: [], values: ["hidden-size": .integer(64)]),
    Case(
      text: #"{"model_type":"brand_new","architectures":["BrandNewModel"]}"#, kind: nil, family: "brand_new",
      modalities: [], values: [:]),
  ])
  func readsFamilies(_ family: Case) throws {
    let reader = try read(family.text)
    #expect(reader.architecture.kind == family.kind)
    #expect(reader.architecture.family == family.family)
    #expect(reader.modalities == family.modalities)
    let found = reader.architecture.hyperParameters
    #expect(Set(found.map(\.name)).count == found.count)
    #expect(
      Dictionary(found.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first }) == family.values)
  }
}
