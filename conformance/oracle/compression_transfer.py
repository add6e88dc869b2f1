"""Deltas and adapters of profile 7.4: a tensor as one of a base model and what training changed in it."""
import numpy as np

from compression_numerics import BITS, COMPLEX, Array, add32, codes_of, f32, f64, need, product, total
from compression_structure import FACTORS, accept, count, expect

ADD, CODE = 1, 2
LORA, DORA, LOHA, LOKR, IA3 = 1, 2, 3, 4, 5


def rounded_to(kind, dims, values, key="adapter-merged-finite"):
    """f64 values to f32, then to the type of the tensor."""
    out = Array(kind, dims, codes_of(kind, f64("f32", f32(values).view(np.uint32))))
    need(np.isfinite(out.f64()).all(), key, "finite")
    return out


def unsigned_nan(values):
    """NaN without its sign, which differs between processors."""
    return np.where(np.isnan(values), np.abs(values), values)


class Delta:
    """Base and difference: of values (add), or of codes (code), which keeps every bit."""

    @staticmethod
    def next(kind, dims, d):
        need(d["mode"] in (ADD, CODE), "delta-mode-known", "1, 2", d["mode"])
        if d["mode"] == ADD:
            accept(kind in ("f32", "f16", "bf16"), "f32, f16 or bf16", kind, dims)
            return "f32", dims
        accept(kind not in COMPLEX and BITS[kind] in (2, 4, 8, 16, 32, 64), "elements of 2 to 64 bits, a power of two, not complex", kind, dims)
        return f"i{BITS[kind]}", dims

    @staticmethod
    def base(kind, dims, d, side):
        base = side.base(d["base"])
        need(base.kind == kind and base.dims == tuple(dims), "base-tensor-type", f"{kind} {list(dims)}", f"{base.kind} {list(base.dims)}")
        return base

    @staticmethod
    def undo(kind, dims, d, y, side):
        base = Delta.base(kind, dims, d, side)
        if d["mode"] == ADD:
            values = add32(base.f64().astype(np.float32), y.f64().astype(np.float32))
            return Array(kind, dims, codes_of(kind, unsigned_nan(f64("f32", values.view(np.uint32)))))
        mask = np.uint64((1 << BITS[kind]) - 1)
        return Array(kind, dims, base.codes.astype(np.uint64) + y.codes.astype(np.uint64) & mask)

    @staticmethod
    def apply(x, mode, base, reference):
        """Reference encoder: the difference, rounded to f32 (add), or of codes modulo 2^bits (code)."""
        d = {"mode": mode, "base": reference}
        if mode == ADD:
            with np.errstate(invalid="ignore", over="ignore"):
                return d, Array("f32", x.dims, codes_of("f32", unsigned_nan(x.f64() - base.f64())))
        mask = np.uint64((1 << BITS[x.kind]) - 1)
        return d, Array(f"i{BITS[x.kind]}", x.dims, x.codes.astype(np.uint64) - base.codes.astype(np.uint64) & mask)


class Adapter:
    """A base tensor merged with low-rank or scaling factors."""
    FACTORS = {LORA: 2, DORA: 2, LOHA: 4, LOKR: 2, IA3: 1}

    @staticmethod
    def next(kind, dims, d):
        form, factors = d["kind"], d["factors"]
        need(form in Adapter.FACTORS, "adapter-kind-known", "1 … 5", form)
        accept(kind in ("f32", "f16", "bf16") and len(dims) >= 1 and (form == IA3 or len(dims) == 2), "f32, f16 or bf16, two dims (IA3: one or more)", kind, dims)
        need(len(factors) == Adapter.FACTORS[form], "adapter-factor-count", Adapter.FACTORS[form], len(factors))
        need(("magnitude" in d) == (form == DORA), "adapter-magnitude-present", "with DoRA, and only there")
        if form == IA3:
            need(d.get("axis", 0) < len(dims), "adapter-axis", f"< {len(dims)}", d.get("axis", 0))
            expect(factors[0], FACTORS, (dims[d.get("axis", 0)],), "adapter-factor-dims")
            need("alpha" not in d, "adapter-alpha", "none with IA3", d.get("alpha"))
            return None
        need("alpha" in d and np.isfinite(d["alpha"]) and d["alpha"] != 0, "adapter-alpha", "finite, not 0", d.get("alpha"))
        rows, columns = dims[::-1] if d.get("transposed") else dims
        if form == LOKR:
            need(all(len(factor.dims) == 2 for factor in factors), "adapter-factor-dims", "two dims")
            first, second = factors
            need(first.dims[0] * second.dims[0] == rows and first.dims[1] * second.dims[1] == columns, "adapter-factor-dims",
                 f"product {rows}×{columns}", f"{first.dims} {second.dims}")
            need(first.kind in FACTORS and second.kind in FACTORS, "adapter-factor-dims", FACTORS)
            need(d["rank"] >= 1, "adapter-rank", "≥ 1", d["rank"])
        else:
            for left, right in zip(factors[::2], factors[1::2]):
                expect(left, FACTORS, (rows, d["rank"]), "adapter-factor-dims")
                expect(right, FACTORS, (d["rank"], columns), "adapter-factor-dims")
            need(d["rank"] >= 1, "adapter-rank", "≥ 1", d["rank"])
        if form == DORA:
            expect(d["magnitude"], FACTORS, (rows,), "adapter-factor-dims")
        return None

    @staticmethod
    def scaling(d):
        """alpha / rank, or alpha / √rank: f64, each operation rounded once."""
        rank = np.float64(d["rank"])
        return np.float64(d["alpha"]) / (np.sqrt(rank) if d.get("rank_stabilised") else rank)

    @staticmethod
    def change(d, side):
        """What is added to the base, in f64, as [rows, columns]."""
        factors = [side(factor).f64() for factor in d["factors"]]
        need(all(np.isfinite(factor).all() for factor in factors), "adapter-factors-finite", "finite")
        if d["kind"] in (LORA, DORA):
            change = product(*factors)
        elif d["kind"] == LOHA:
            change = product(*factors[:2]) * product(*factors[2:])
        else:
            change = np.kron(*factors)  # one exact product for each element
        return Adapter.scaling(d) * change

    @staticmethod
    def undo(kind, dims, d, y, side):
        base = Delta.base(kind, dims, d, side).f64()
        if d["kind"] == IA3:
            factor = side(d["factors"][0]).f64()
            need(np.isfinite(factor).all(), "adapter-factors-finite", "finite")
            shape = [1] * len(dims)
            shape[d.get("axis", 0)] = -1
            return rounded_to(kind, dims, base * factor.reshape(shape))
        change = Adapter.change(d, side)
        if d.get("transposed"):
            base = base.T
        merged = base + change
        if d["kind"] == DORA:
            magnitude = side(d["magnitude"]).f64()
            need(np.isfinite(magnitude).all(), "adapter-factors-finite", "finite")
            with np.errstate(over="ignore"):
                norm = np.sqrt(total(merged * merged, axis=1))
            need(np.isfinite(norm).all(), "adapter-merged-finite", "a finite norm")
            merged = np.divide(magnitude, norm, out=np.zeros(len(norm)), where=norm != 0)[:, None] * merged
        return rounded_to(kind, dims, merged.T if d.get("transposed") else merged)

    @staticmethod
    def unmerged(kind, dims, d, merged, side):
        """The base again, as near as rounding lets it; of LoRA, LoHa and LoKr."""
        need(d["kind"] in (LORA, LOHA, LOKR), "adapter-kind-known", "1, 3, 4: kinds that add", d["kind"])
        change = Adapter.change(d, side)
        return rounded_to(kind, dims, merged.f64() - (change.T if d.get("transposed") else change))


METHODS = {"delta": Delta, "adapter": Adapter}
