"""Make the base models of the corpus: small, valid, and in the layout that the field really ships.

Usage: python bases.py OUTPUT_DIRECTORY

Needs (the versions with which the committed files were made):
    python 3.11, torch 2.13.0 (processor build), transformers 5.23.0, tokenizers 0.23.3, safetensors 0.8.0,
    onnx 1.22.0, onnxscript 0.7.2, numpy 2.4.6
    and, only to check the result, onnxruntime 1.32.0.

What it makes, each directory far below 150 KB:
    bert, llama, llama-tied, t5, vit, mixtral   Hugging Face directories with one weight file
    llama-sharded                               the model of `llama` in three shards with an index
    onnx-bert, onnx-llama, onnx-vit             ONNX exports with weights inline
    onnx-llama-external                         the model of `onnx-llama` with its weights in a file beside it
    bare-bert, bare-llama, bare-t5, bare-vit, bare-mixtral
                                                the weight file alone

Weights are not drawn by torch but made from the name of each parameter with integer arithmetic, so they depend neither on
library versions nor on the processor, and equal parameters of sibling bases have equal values. They are bell-shaped, and no
tensor is constant, as in a trained model. Everything else is fixed too: two runs give the same bytes.
"""
import hashlib
import json
import os
import pathlib
import shutil
import sys

os.environ.setdefault('HF_HUB_OFFLINE', '1')

import numpy as np
import onnx
import torch
import transformers
from transformers import (BertConfig, BertForMaskedLM, BertTokenizer, LlamaConfig, LlamaForCausalLM, LlamaTokenizer, MixtralConfig,
                          MixtralForCausalLM, T5Config, T5ForConditionalGeneration, T5Tokenizer, ViTConfig, ViTForImageClassification)

VOCAB = 64
LETTERS = 'abcdefghijklmnopqrstuvwxyz'


# ---------------------------------------------------------------------------------------------------------------- weights

def values(name, shape):
    """Bell-shaped values for the parameter `name`, exact in f32: a sum of four uniform integers, scaled by a power of two."""
    seed = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], 'little')
    draws = np.random.Generator(np.random.PCG64(seed)).integers(-2**16, 2**16, size=(4, *shape), dtype=np.int64)
    return torch.from_numpy(np.asarray(draws.sum(axis=0) / 2**19, dtype=np.float32))


def fill(model):
    """Give every parameter of `model` its values: norm weights around one, biases small, the rest within one half."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            v = values(name, parameter.shape)
            if name.endswith('bias'):
                v = v / 4
            elif parameter.ndim == 1:
                v = 1 + v / 4
            parameter.copy_(v)
    return model.eval()


# ------------------------------------------------------------------------------------------------------------- tokenizers

def pieces(special, marked):
    """A vocabulary of exactly VOCAB entries: the special ones, letters, and then `marked` ones until it is full."""
    names = list(special) + list(LETTERS) + list(marked)
    assert len(names) >= VOCAB and len(set(names)) == len(names)
    return names[:VOCAB]


def wordpiece(length):
    """A WordPiece tokenizer, as BERT has it."""
    names = pieces(['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'], ['##' + c for c in LETTERS] + list('.,!?-:;'))
    return BertTokenizer(vocab={n: i for i, n in enumerate(names)}, model_max_length=length)


def bpe(length):
    """A BPE tokenizer with a visible word mark, as LLaMA has it."""
    pairs = [('▁', 't'), ('h', 'e'), ('▁', 'a'), ('i', 'n'), ('r', 'e'), ('▁t', 'he'), ('o', 'n'), ('▁', 'o'), ('e', 'r'), ('▁', 's'), ('a', 't'),
             ('n', 'd'), ('▁', 'w'), ('i', 's'), ('e', 'n'), ('o', 'r'), ('▁', 'b'), ('▁', 'c'), ('e', 's'), ('o', 'u'), ('▁', 'f'), ('▁o', 'f'),
             ('▁', 'p'), ('in', 'g'), ('▁', 'm'), ('▁a', 'nd'), ('e', 'd'), ('▁', 'd'), ('a', 'l'), ('▁t', 'o'), ('▁', 'h'), ('▁', 'in'), ('.', '.'), ('a', 'r')]
    names = pieces(['<unk>', '<s>', '</s>', '▁', '.'], [a + b for a, b in pairs])
    known = {n: i for i, n in enumerate(names)}
    merges = [(a, b) for a, b in pairs if a in known and b in known and a + b in known]
    return LlamaTokenizer(vocab=known, merges=merges, add_bos_token=True, model_max_length=length)


def unigram(length):
    """A Unigram tokenizer, as T5 has it, without sentinels."""
    names = pieces(['<pad>', '</s>', '<unk>', '▁'], [
        '▁the', '▁a', '▁of', '▁to', '▁and', '▁in', 'ing', 'er', 'ed', 'on', 'th', 'an', 'in', 'es', 're', 'al', 'en', '▁is', '▁s', '▁c', '▁p', '▁b', '▁m',
        '▁f', '▁w', 'or', 'ar', 'le', 'ly', 'it', 'at', '.', ',', '-'])
    scored = [(n, 0.0 if i < 3 else -2.0 - i / 16) for i, n in enumerate(names)]
    return T5Tokenizer(vocab=scored, extra_ids=0, model_max_length=length)


# ----------------------------------------------------------------------------------------------------------------- models

def bert():
    """Encoder-only, with a masked-language head tied to the embedding."""
    return fill(BertForMaskedLM(BertConfig(
        vocab_size=VOCAB, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32, max_position_embeddings=32,
        attn_implementation='eager')))


def llama(tied=False):
    """Decoder-only, with grouped-query attention; `tied` shares embedding and head."""
    return fill(LlamaForCausalLM(LlamaConfig(
        vocab_size=VOCAB, hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, head_dim=4,
        max_position_embeddings=64, tie_word_embeddings=tied, bos_token_id=1, eos_token_id=2, attn_implementation='eager')))


def t5():
    """Encoder-decoder, with shared embeddings and relative positions."""
    return fill(T5ForConditionalGeneration(T5Config(
        vocab_size=VOCAB, d_model=16, d_kv=4, d_ff=32, num_layers=2, num_decoder_layers=2, num_heads=4, relative_attention_num_buckets=8,
        relative_attention_max_distance=16, decoder_start_token_id=0, pad_token_id=0, eos_token_id=1, tie_word_embeddings=True)))


def vit():
    """A vision transformer for classification: 8 x 8 images in patches of 4, four labels."""
    labels = ['circle', 'cross', 'square', 'triangle']
    return fill(ViTForImageClassification(ViTConfig(
        hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32, image_size=8, patch_size=4, encoder_stride=4, num_channels=3,
        id2label=dict(enumerate(labels)), label2id={n: i for i, n in enumerate(labels)}, attn_implementation='eager')))


def mixtral():
    """Mixture of experts: four experts, two for each token."""
    return fill(MixtralForCausalLM(MixtralConfig(
        vocab_size=VOCAB, hidden_size=16, intermediate_size=16, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, head_dim=4,
        num_local_experts=4, num_experts_per_tok=2, max_position_embeddings=64, bos_token_id=1, eos_token_id=2)))


# ------------------------------------------------------------------------------------------------------------ directories

def card(name, title, pipeline, model):
    """The text of a model card: front matter as on the hub, then what a reader must know."""
    count = sum(p.numel() for p in model.parameters())
    language = '' if pipeline == 'image-classification' else 'language:\n- en\n'
    return (f'---\nlicense: apache-2.0\n{language}library_name: transformers\npipeline_tag: {pipeline}\ntags:\n- {model.config.model_type}\n'
            f'- conformance\n---\n\n# {name}\n\n{title}\n\nA base model of the conformance corpus: real layout, {count:,} parameters, synthetic weights.\n\n'
            '## Training data\n\nNone. The weights are made from the parameter names and were never trained.\n\n'
            '## Intended use\n\nTesting of tools that read model files. The model computes, but its answers mean nothing.\n')


def dump(path, value):
    """Write JSON as transformers does."""
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + '\n', encoding='utf-8')


def directory(path, model, tokenizer, title, pipeline, **save):
    """Write a Hugging Face directory."""
    model.save_pretrained(path, **save)
    if tokenizer is not None:
        tokenizer.save_pretrained(path)
        dump(path / 'special_tokens_map.json', {k: v for k, v in sorted(tokenizer.special_tokens_map.items()) if isinstance(v, str)})
        if model.config.model_type == 'bert':
            words = sorted(tokenizer.get_vocab().items(), key=lambda x: x[1])
            (path / 'vocab.txt').write_text(''.join(w + '\n' for w, _ in words), encoding='utf-8')
    (path / 'README.md').write_text(card(path.name, title, pipeline, model), encoding='utf-8')


def image_processor(path, size):
    """Write preprocessor_config.json as ViT models carry it (the class itself would need an image library)."""
    dump(path / 'preprocessor_config.json', {
        'do_normalize': True, 'do_rescale': True, 'do_resize': True, 'image_mean': [0.5, 0.5, 0.5], 'image_processor_type': 'ViTImageProcessor',
        'image_std': [0.5, 0.5, 0.5], 'resample': 2, 'rescale_factor': 0.00392156862745098, 'size': {'height': size, 'width': size}})


# ------------------------------------------------------------------------------------------------------------------- ONNX

class Logits(torch.nn.Module):
    """A model that takes tensors by position and returns its logits alone."""

    def __init__(self, model, names, options):
        super().__init__()
        self.model, self.names, self.options = model, names, options

    def forward(self, *tensors):
        return self.model(**dict(zip(self.names, tensors)), **self.options).logits


def export(path, model, inputs, axes, options=None):
    """Export `model` to ONNX, weights inline; `inputs` maps names to examples, `axes` maps them to named dynamic axes."""
    wrapped = Logits(model, list(inputs), options or {}).eval()
    sizes = {}
    dynamic = tuple({i: sizes.setdefault(a, torch.export.Dim(a, min=1, max=32)) for i, a in axes[n].items()} for n in inputs)
    program = torch.onnx.export(wrapped, tuple(inputs.values()), dynamo=True, opset_version=20, dynamic_shapes=(dynamic,), verbose=False,
                                input_names=list(inputs), output_names=['logits'])
    proto = program.model_proto
    tidy(proto)
    path.mkdir(parents=True, exist_ok=True)
    (path / 'model.onnx').write_bytes(proto.SerializeToString(deterministic=True))
    check(path / 'model.onnx', wrapped, inputs)
    return proto


def tidy(proto):
    """Drop what the exporter notes about its own machine (stack traces with paths); it is large and differs everywhere."""
    graph = proto.graph
    for item in (proto, graph, *graph.node, *graph.input, *graph.output, *graph.value_info, *graph.initializer, *proto.functions):
        del item.metadata_props[:]
        item.doc_string = ''


def check(path, model, inputs):
    """Hold the file against the ONNX checker and, where onnxruntime is there, its outputs against torch."""
    onnx.checker.check_model(str(path), full_check=True)
    try:
        import onnxruntime
    except ImportError:
        return
    with torch.no_grad():
        want = model(*inputs.values()).numpy()
    got = onnxruntime.InferenceSession(str(path)).run(None, {n: t.numpy() for n, t in inputs.items()})[0]
    np.testing.assert_allclose(got, want, rtol=1e-4, atol=1e-5)


def text_inputs(names):
    """Example inputs for a text model: two rows of seven ids."""
    ids = torch.arange(5, 19).reshape(2, 7)
    every = {'input_ids': ids, 'attention_mask': torch.ones_like(ids), 'token_type_ids': torch.zeros_like(ids)}
    return {n: every[n] for n in names}, {n: {0: 'batch', 1: 'sequence'} for n in names}


# ------------------------------------------------------------------------------------------------------------------- main

def make(out):
    """Make every base under `out`."""
    out.mkdir(parents=True, exist_ok=True)

    encoder = bert()
    directory(out / 'bert', encoder, wordpiece(32), 'An encoder-only transformer in the layout of BERT.', 'fill-mask')
    inputs, axes = text_inputs(['input_ids', 'attention_mask', 'token_type_ids'])
    export(out / 'onnx-bert', encoder, inputs, axes)

    decoder = llama()
    title = 'A decoder-only transformer in the layout of LLaMA'
    directory(out / 'llama', decoder, bpe(64), title + ', with an untied head.', 'text-generation')
    directory(out / 'llama-sharded', decoder, bpe(64), title + ', in three shards.', 'text-generation', max_shard_size=10_000)
    directory(out / 'llama-tied', llama(tied=True).to(torch.bfloat16), bpe(64), title + ', with a tied head, in bfloat16.', 'text-generation')
    inputs, axes = text_inputs(['input_ids', 'attention_mask'])
    proto = export(out / 'onnx-llama', decoder, inputs, axes, {'use_cache': False})
    (out / 'onnx-llama-external').mkdir(exist_ok=True)
    data = out / 'onnx-llama-external' / 'model.onnx.data'
    data.unlink(missing_ok=True)  # onnx appends to what is there
    onnx.save_model(proto, out / 'onnx-llama-external' / 'model.onnx', save_as_external_data=True, all_tensors_to_one_file=True,
                    location=data.name, size_threshold=256)
    data.chmod(0o644)  # onnx makes it private
    check(out / 'onnx-llama-external' / 'model.onnx', Logits(decoder, list(inputs), {'use_cache': False}).eval(), inputs)

    directory(out / 't5', t5(), unigram(32), 'An encoder-decoder transformer in the layout of T5.', 'text2text-generation')

    vision = vit()
    directory(out / 'vit', vision, None, 'A vision transformer in the layout of ViT.', 'image-classification')
    image_processor(out / 'vit', 8)
    pixels = values('pixels', (2, 3, 8, 8))
    export(out / 'onnx-vit', vision, {'pixel_values': pixels}, {'pixel_values': {0: 'batch'}})

    directory(out / 'mixtral', mixtral(), bpe(64), 'A decoder-only transformer with a mixture of experts in the layout of Mixtral.', 'text-generation')

    for family in ('bert', 'llama', 't5', 'vit', 'mixtral'):
        (out / f'bare-{family}').mkdir(exist_ok=True)
        shutil.copyfile(out / family / 'model.safetensors', out / f'bare-{family}' / f'{family}.safetensors')


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    torch.set_num_threads(1)
    make(pathlib.Path(sys.argv[1]))
