"""Make the inputs of the benchmarks: many tensors, and large sparse files with correct headers.

Usage: python inputs.py OUTPUT_DIRECTORY

Needs numpy and onnx; with torch and transformers and the directory of MiniLM in the variable MINILM it also makes the ONNX export
of MiniLM that one figure is taken from.
"""
import json
import os
import pathlib
import struct
import sys

import numpy as np

SIZES = {'F32': 4, 'BF16': 2}


def byte_count(element, shape):
    return SIZES[element] * int(np.prod(shape, dtype=object))


def write_safetensors(path, tensors, filled):
    """Write (name, element type, shape) triples; a file that is not filled is a hole behind its header."""
    header, offset = {'__metadata__': {'format': 'pt'}}, 0
    for name, element, shape in tensors:
        size = byte_count(element, shape)
        header[name] = {'dtype': element, 'shape': list(shape), 'data_offsets': [offset, offset + size]}
        offset += size
    text = json.dumps(header, separators=(',', ':')).encode()
    text += b' ' * (-len(text) % 8)
    with open(path, 'wb') as file:
        file.write(struct.pack('<Q', len(text)) + text)
        if filled:
            file.write(np.random.default_rng(len(tensors)).standard_normal(offset // 4, dtype='<f4').tobytes())
        else:
            file.truncate(8 + len(text) + offset)


def llama(layers, hidden, heads, key_value_heads, feed_forward, vocabulary, element, head_size):
    """The configuration and the tensors of a LLaMA."""
    tensors = [('model.embed_tokens.weight', element, (vocabulary, hidden))]
    for layer in range(layers):
        prefix = f'model.layers.{layer}.'
        tensors += [
            (prefix + 'input_layernorm.weight', element, (hidden,)),
            (prefix + 'mlp.down_proj.weight', element, (hidden, feed_forward)),
            (prefix + 'mlp.gate_proj.weight', element, (feed_forward, hidden)),
            (prefix + 'mlp.up_proj.weight', element, (feed_forward, hidden)),
            (prefix + 'post_attention_layernorm.weight', element, (hidden,)),
            (prefix + 'self_attn.k_proj.weight', element, (key_value_heads * head_size, hidden)),
            (prefix + 'self_attn.o_proj.weight', element, (hidden, heads * head_size)),
            (prefix + 'self_attn.q_proj.weight', element, (heads * head_size, hidden)),
            (prefix + 'self_attn.v_proj.weight', element, (key_value_heads * head_size, hidden)),
        ]
    tensors += [('model.norm.weight', element, (hidden,)), ('lm_head.weight', element, (vocabulary, hidden))]
    configuration = {
        'architectures': ['LlamaForCausalLM'], 'head_dim': head_size, 'hidden_act': 'silu', 'hidden_size': hidden,
        'intermediate_size': feed_forward, 'max_position_embeddings': 2048, 'model_type': 'llama',
        'num_attention_heads': heads, 'num_hidden_layers': layers, 'num_key_value_heads': key_value_heads,
        'rms_norm_eps': 1e-05, 'rope_theta': 10000.0, 'tie_word_embeddings': False,
        'torch_dtype': {'F32': 'float32', 'BF16': 'bfloat16'}[element], 'transformers_version': '4.46.0',
        'vocab_size': vocabulary,
    }
    return configuration, tensors


def write_directory(path, model, shards, filled):
    """Write a sharded Hugging Face directory, cut by bytes in file order."""
    configuration, tensors = model
    path.mkdir(parents=True, exist_ok=True)
    total = sum(byte_count(element, shape) for _, element, shape in tensors)
    groups, size = [[] for _ in range(shards)], 0
    for tensor in tensors:
        groups[min(shards - 1, size * shards // total)].append(tensor)
        size += byte_count(*tensor[1:])
    weight_map = {}
    for index, group in enumerate(groups):
        name = f'model-{index + 1:05d}-of-{shards:05d}.safetensors'
        write_safetensors(path / name, group, filled)
        weight_map.update({tensor[0]: name for tensor in group})
    (path / 'config.json').write_text(json.dumps(configuration, indent=2) + '\n')
    index = {'metadata': {'total_size': total}, 'weight_map': weight_map}
    (path / 'model.safetensors.index.json').write_text(json.dumps(index, indent=2) + '\n')


def write_onnx(path, count):
    """Write a chain of `count` additions, each with an initializer of its own."""
    import onnx
    from onnx import TensorProto, helper
    values = np.random.default_rng(7).standard_normal((count, 2, 2), dtype='<f4')
    initializers = [helper.make_tensor(f'w{i}', TensorProto.FLOAT, [2, 2], values[i].tobytes(), raw=True) for i in range(count)]
    nodes = [helper.make_node('Add', [f'v{i}' if i else 'x', f'w{i}'], [f'v{i + 1}' if i + 1 < count else 'y']) for i in range(count)]
    info = helper.make_tensor_value_info
    graph = helper.make_graph(nodes, 'chain', [info('x', TensorProto.FLOAT, [2, 2])], [info('y', TensorProto.FLOAT, [2, 2])], initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', 17)], producer_name='benchmarks')
    model.ir_version = 8
    path.write_bytes(model.SerializeToString())


def write_minilm(path, directory):
    """Export MiniLM to ONNX with its weights inline."""
    import torch
    from transformers import AutoModel
    model = AutoModel.from_pretrained(directory, attn_implementation='eager').eval()
    ids = torch.randint(0, 1000, (1, 16))
    inputs = {'input_ids': ids, 'attention_mask': torch.ones_like(ids), 'token_type_ids': torch.zeros_like(ids)}
    torch.onnx.export(model, kwargs=inputs, dynamo=True).save(str(path), external_data=False)


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    write_directory(out / 'directory-100k', llama(11111, 2, 1, 1, 2, 2, 'F32', 2), 4, filled=True)
    write_safetensors(out / '100k.safetensors', [(f'blocks.{i}.weight', 'F32', (2, 2)) for i in range(100_000)], filled=True)
    write_directory(out / 'directory-2gb', llama(22, 2048, 32, 4, 5632, 32000, 'BF16', 64), 4, filled=False)
    write_directory(out / 'directory-140gb', llama(111, 7168, 56, 8, 23552, 32000, 'BF16', 128), 30, filled=False)
    write_onnx(out / '100k.onnx', 100_000)
    if os.environ.get('MINILM'):
        write_minilm(out / 'minilm.onnx', os.environ['MINILM'])


if __name__ == '__main__':
    main()
