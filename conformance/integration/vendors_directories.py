"""Directories as the tools of vendors write them, decoded by TOOL and held against what the tools make of them.

`vendors_directories.py TOOL MODEL SCRATCH`: TOOL is this project's executable, MODEL a small llama directory, SCRATCH a folder to write to. By transformers with
bitsandbytes, by compressed-tensors, and by PEFT, each as installed. What is quantized has to agree bit by bit in f32, or once it is rounded to the
type that the tool computes in; what PEFT merges in f32 within a few units in the last place of the greatest element of a row.
"""

import json
import pathlib
import shutil
import subprocess
import sys

import torch
from safetensors.torch import load_file, save_file

TOOL, MODEL, SCRATCH = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
failed = []


def check(name, folder, expected, base=None, tolerance=0.0):
    """Decodes a directory with the tool and compares every tensor."""
    out = SCRATCH / (name + ".decoded.safetensors")
    out.unlink(missing_ok=True)
    command = [TOOL, "decompress", str(folder), str(out)] + (["--base", str(base)] if base else [])
    done = subprocess.run(command, capture_output=True, text=True)
    decoded = load_file(out) if out.exists() else {}
    wrong, worst = [], 0.0
    for key, value in expected.items():
        ours = decoded.get(key)
        if ours is None or tuple(ours.shape) != tuple(value.shape):
            wrong.append((key, "missing" if ours is None else tuple(ours.shape)))
            continue
        rounded = ours.to(value.dtype).float()
        error = ((rounded - value.float()).abs() / value.float().abs().amax().clamp(min=1e-30)).max().item()
        worst = max(worst, error)
        if not error <= tolerance:
            wrong.append((key, error))
    extra = sorted(set(decoded) - set(expected))
    print(f"{name}: {len(expected)} tensors, greatest difference {worst:.3g}" + (f", {len(wrong)} wrong: {wrong[:4]}" if wrong else ""), extra[:6] or "")
    if wrong or done.returncode:
        print("  exit", done.returncode, done.stderr.strip()[-600:], done.stdout.strip()[-300:])
        failed.append(name)


def fresh(name):
    folder = SCRATCH / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def model(dtype=torch.float32, **options):
    from transformers import AutoModelForCausalLM

    return AutoModelForCausalLM.from_pretrained(MODEL, dtype=dtype, **options)


def bitsandbytes():
    import bitsandbytes as bnb
    from bitsandbytes import functional
    from transformers import BitsAndBytesConfig

    for name, settings in (
        ("bnb-nf4", {"load_in_4bit": True, "bnb_4bit_quant_type": "nf4", "bnb_4bit_use_double_quant": True}),
        ("bnb-fp4", {"load_in_4bit": True, "bnb_4bit_quant_type": "fp4"}),
        ("bnb-int8", {"load_in_8bit": True}),
    ):
        loaded = model(torch.float16, quantization_config=BitsAndBytesConfig(**settings), device_map="cpu")
        folder = fresh(name)
        loaded.save_pretrained(folder)
        expected = {key: value for key, value in load_file(folder / "model.safetensors").items() if value.is_floating_point() and ".weight." not in key and not key.endswith("SCB")}
        for key, module in loaded.named_modules():
            if isinstance(module, bnb.nn.Linear4bit):
                state = module.weight.quant_state
                state.dtype = torch.float32
                expected[key + ".weight"] = functional.dequantize_4bit(module.weight.data, state)
            elif isinstance(module, bnb.nn.Linear8bitLt):
                scale = module.state.SCB if module.state.SCB is not None else module.weight.SCB
                expected[key + ".weight"] = functional.int8_vectorwise_dequant(module.weight.data, scale)
        check(name, folder, expected)


def compressed_tensors():
    from compressed_tensors.compressors.base import compress_module, decompress_module
    from compressed_tensors.quantization import QuantizationArgs, QuantizationConfig, QuantizationScheme, QuantizationStatus, apply_quantization_config
    from vendors_compressed_tensors import scales

    group = {"num_bits": 4, "type": "int", "strategy": "group", "group_size": 16}
    cases = {
        "ct-int4": {"linear": (group | {"symmetric": True}, "pack-quantized")},
        "ct-int4-zero": {"linear": (group | {"symmetric": False}, "pack-quantized")},
        "ct-fp8": {"linear": ({"num_bits": 8, "type": "float", "strategy": "channel", "symmetric": True}, "float-quantized")},
        "ct-mixed": {
            "attention": ({"num_bits": 8, "type": "int", "strategy": "channel", "symmetric": True}, "int-quantized"),
            "mlp": (group | {"symmetric": True}, "pack-quantized"),
        },
    }
    for name, groups in cases.items():
        loaded = model(torch.bfloat16)
        patterns = {"linear": ["Linear"], "attention": ["re:.*self_attn.*"], "mlp": ["re:.*mlp.*"]}
        schemes = {}
        for key, (arguments, form) in groups.items():
            activations = None if form == "pack-quantized" else QuantizationArgs(num_bits=8, type=arguments["type"], dynamic=True, strategy="token")
            schemes[key] = QuantizationScheme(targets=patterns[key], weights=QuantizationArgs(**arguments), input_activations=activations, format=form)
        formats = {form for _, form in groups.values()}
        config = QuantizationConfig(config_groups=schemes, ignore=["lm_head"], format=formats.pop() if len(formats) == 1 else "mixed-precision")
        apply_quantization_config(loaded, config)
        for module in loaded.modules():
            scheme = getattr(module, "quantization_scheme", None)
            if scheme is not None and scheme.weights is not None:
                scale, zero = scales(module.weight.data.float(), scheme.weights, torch.bfloat16)
                module.weight_scale.data = scale.reshape(module.weight_scale.shape)
                if zero is not None:
                    module.weight_zero_point.data = zero.reshape(module.weight_zero_point.shape)
                compress_module(module)
        folder = fresh(name)
        save_file({key: value.contiguous() for key, value in loaded.state_dict().items()}, folder / "model.safetensors", {"format": "pt"})
        stated = json.loads((pathlib.Path(MODEL) / "config.json").read_text())
        import compressed_tensors as package
        config.quantization_status = QuantizationStatus.COMPRESSED
        stated["quantization_config"] = json.loads(config.model_dump_json()) | {"version": package.__version__}
        (folder / "config.json").write_text(json.dumps(stated, indent=1))
        for module in loaded.modules():
            if getattr(module, "quantization_scheme", None) is not None and module.quantization_scheme.weights is not None:
                decompress_module(module)
        expected = {key: value for key, value in loaded.state_dict().items() if "_scale" not in key and "zero_point" not in key and "weight_shape" not in key}
        check(name, folder, expected)


def cases():
    """Directories around the kept cases of tools that need a graphics processor to quantize a whole model."""
    numpy_types = {"i32": torch.int32, "f16": torch.float16, "f32": torch.float32, "f8e4m3fn": torch.float8_e4m3fn, "u8": torch.uint8}

    def tensor(held):
        data = torch.frombuffer(bytearray.fromhex(held["bytes"]), dtype=torch.uint8)
        return data.view(numpy_types[held["type"]]).reshape(held["dims"])

    for file in sorted((pathlib.Path(__file__).parent / "vendors").glob("*.json")):
        case = json.loads(file.read_text())
        if case["kind"] not in ("gptq", "awq", "fp8"):
            continue
        folder = fresh("case-" + case["name"])
        parts = {f"model.layers.0.mlp.up_proj.{part}": tensor(held) for part, held in case["parts"].items()}
        bias = torch.arange(3, dtype=torch.float32)
        save_file(parts | {"model.layers.0.mlp.up_proj.bias": bias}, folder / "model.safetensors", {"format": "pt"})
        settings = {"quant_method": case["kind"]} | case["settings"]
        if "group_size" in settings and settings["group_size"] is None:
            settings["group_size"] = -1
        (folder / "config.json").write_text(json.dumps({"model_type": "llama", "quantization_config": settings}))
        name = "model.layers.0.mlp.up_proj."
        check("case-" + case["name"], folder, {name + "weight": tensor(case["expected"]), name + "bias": bias})


def randomize(adapted):
    """Factors that PEFT leaves at zero get values, so that something is merged."""
    torch.manual_seed(5)
    with torch.no_grad():
        for key, value in adapted.named_parameters():
            if value.requires_grad and "magnitude" not in key and "base_layer" not in key:
                value.add_(torch.randn_like(value) * 0.1)
            elif "magnitude" in key:
                value.mul_(1 + 0.1 * torch.randn_like(value))


def peft():
    from peft import IA3Config, LoHaConfig, LoKrConfig, LoraConfig, PrefixTuningConfig, PromptTuningConfig, TaskType, get_peft_model

    base = SCRATCH / "base"
    loaded = model()
    shutil.rmtree(base, ignore_errors=True)
    loaded.save_pretrained(base)
    cases = {
        "lora": LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj", "v_proj", "down_proj"]),
        "lora-patterns": LoraConfig(
            r=4, lora_alpha=3, use_rslora=True, target_modules=["q_proj", "k_proj", "up_proj"], rank_pattern={"k_proj": 2, "layers.0.self_attn.q_proj": 6},
            alpha_pattern={"up_proj": 7}, modules_to_save=["lm_head"]),
        "lora-embedding": LoraConfig(r=4, lora_alpha=8, target_modules=["embed_tokens", "o_proj"]),
        "dora": LoraConfig(r=4, lora_alpha=8, use_dora=True, target_modules=["q_proj", "gate_proj"]),
        "ia3": IA3Config(target_modules=["k_proj", "v_proj", "down_proj"], feedforward_modules=["down_proj"], task_type=TaskType.CAUSAL_LM),
        "loha": LoHaConfig(r=3, alpha=6, target_modules=["q_proj", "up_proj"]),
        "lokr": LoKrConfig(r=3, alpha=6, target_modules=["q_proj", "up_proj"]),
        "lokr-factors": LoKrConfig(r=2, alpha=6, decompose_both=True, decompose_factor=4, target_modules=["q_proj", "up_proj"]),
    }
    for name, config in cases.items():
        adapted = get_peft_model(model(), config)
        randomize(adapted)
        folder = fresh("peft-" + name)
        adapted.save_pretrained(folder, save_embedding_layers=False)
        merged = adapted.merge_and_unload().state_dict()
        check("peft-" + name, folder, merged, base=base, tolerance=1e-5)
    for name, config in {
        "prefix": PrefixTuningConfig(task_type=TaskType.CAUSAL_LM, num_virtual_tokens=5),
        "prompt": PromptTuningConfig(task_type=TaskType.CAUSAL_LM, num_virtual_tokens=5),
    }.items():
        adapted = get_peft_model(model(), config)
        folder = fresh("peft-" + name)
        adapted.save_pretrained(folder)
        expected = load_file(base / "model.safetensors") | load_file(folder / "adapter_model.safetensors")
        check("peft-" + name, folder, expected, base=base)


if __name__ == "__main__":
    SCRATCH.mkdir(parents=True, exist_ok=True)
    cases()
    bitsandbytes()
    del sys.argv[1:]
    compressed_tensors()
    peft()
    sys.exit("failed: " + ", ".join(failed) if failed else 0)
