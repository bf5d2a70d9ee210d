"""Loss and gradients of vision transformers in PyTorch double precision, for test/trainer/models.

Usage: python3 scripts/make-golden-vit.py CASES_FOLDER OUT.json

CASES_FOLDER holds what test/trainer/models/write-vit-cases.ts writes: <case>.json and <case>.bin (weights,
images and target, float32, in the order the JSON names them). The forward pass is written from the paper
(Dosovitskiy et al. 2021) and timm's names, with a convolution for the patches and torch's own layer norm, GELU
and softmax. The output holds, for each case, the loss and for each weight the gradient's length and 8 of its
values at even distances.
"""

import json
import math
import pathlib
import sys

import numpy
import torch
from torch.nn.functional import conv2d, gelu, layer_norm, linear

folder, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])


def load(path):
    description = json.loads(path.read_text())
    raw = numpy.fromfile(path.with_suffix(".bin"), dtype="<f4")
    values, at = {}, 0
    for entry in description["arrays"]:
        size = int(numpy.prod(entry["shape"]))
        array = raw[at : at + size].reshape(entry["shape"])
        values[entry["name"]] = torch.tensor(array, dtype=torch.float64)
        at += size
    return description, values


def run(description, values):
    heads = description["heads"]
    weights = {n: values[n].requires_grad_() for n in description["weights"]}

    def norm(x, name):
        return layer_norm(x, x.shape[-1:], weights[name + ".weight"], weights[name + ".bias"], 1e-6)

    def dense(x, name):
        return linear(x, weights[name + ".weight"], weights[name + ".bias"])

    patch = weights["patch_embed.proj.weight"].shape[-1]
    x = conv2d(values["images"], weights["patch_embed.proj.weight"], weights["patch_embed.proj.bias"], patch)
    x = x.flatten(2).transpose(1, 2)
    x = torch.cat([weights["cls_token"].expand(len(x), -1, -1), x], 1) + weights["pos_embed"]
    n, t, d = x.shape
    k = 0
    while f"blocks.{k}.norm1.weight" in weights:
        b = f"blocks.{k}"
        qkv = dense(norm(x, b + ".norm1"), b + ".attn.qkv").reshape(n, t, 3, heads, d // heads)
        q, key, v = qkv.permute(2, 0, 3, 1, 4)
        mixed = (q @ key.transpose(-2, -1) / math.sqrt(d // heads)).softmax(-1) @ v
        x = x + dense(mixed.transpose(1, 2).reshape(n, t, d), b + ".attn.proj")
        x = x + dense(gelu(dense(norm(x, b + ".norm2"), b + ".mlp.fc1")), b + ".mlp.fc2")
        k += 1
    loss = (norm(x, "norm")[:, 0] * values["target"]).sum()
    loss.backward()
    gradients = {}
    for name, weight in weights.items():
        flat = weight.grad.flatten()
        step = max(1, len(flat) // 8)
        gradients[name] = {"length": float(flat.norm()), "values": [float(v) for v in flat[::step][:8]]}
    return {"loss": float(loss), "gradients": gradients}


result = {path.stem: run(*load(path)) for path in sorted(folder.glob("*.json"))}
out.write_text(json.dumps(result) + "\n")
