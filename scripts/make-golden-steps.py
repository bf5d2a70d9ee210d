"""Gradients of single training steps in PyTorch double precision, for test/trainer/engine.

Usage: python3 scripts/make-golden-steps.py CASES_FOLDER OUT.json

CASES_FOLDER holds what test/trainer/engine/write-cases.ts writes: <case>.json and <case>.bin (weights
and inputs, float32, in the order the JSON names them). The output holds, for each case, the loss and for
each weight the gradient's length and 8 projections on seeded vectors of +1 and -1: the mean square of two
gradients' differences in them is that of their distance.
"""

import json
import pathlib
import sys

import numpy
import torch
from torch.nn.functional import batch_norm, conv2d, linear, log_softmax, max_pool2d, normalize, relu

folder, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
BLOCKS = {
    "resnet-10": [1, 1, 1, 1],
    "resnet-18": [2, 2, 2, 2],
    "resnet-26": [2, 2, 2, 2],
    "resnet-34": [3, 4, 6, 3],
    "resnet-50": [3, 4, 6, 3],
    "resnet-101": [3, 4, 23, 3],
}
BOTTLENECK = {"resnet-26", "resnet-50", "resnet-101"}


def projections(values):
    """Sums of the values with the signs that the low 8 bits of each index's hash give."""
    bits = numpy.arange(1, len(values) + 1, dtype=numpy.uint32) * numpy.uint32(0x9E3779B1)
    bits = (bits ^ (bits >> 15)) * numpy.uint32(0x2C1B3C6D)
    bits = (bits ^ (bits >> 12)) * numpy.uint32(0x297A2D39)
    bits ^= bits >> 15
    return [float(numpy.where((bits >> k) & 1, values, -values).sum()) for k in range(8)]


def rounded(value):
    return float(f"{value:.10g}")


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
    weights = {n: v.requires_grad_() for n, v in values.items() if n in description["weights"]}

    def bn(x, name, affine=True):
        return batch_norm(
            x, None, None, weights[name + ".weight"] if affine else None,
            weights[name + ".bias"] if affine else None, True, 0.1, 1e-5)

    def encode(x):
        x = conv2d(x, weights["conv1.weight"], None, 2, 3)
        x = max_pool2d(relu(bn(x, "bn1")), 3, 2, 1)
        for stage, count in enumerate(BLOCKS[description["model"]["encoder"]]):
            for block in range(count):
                p = f"layer{stage + 1}.{block}"
                stride = 2 if stage > 0 and block == 0 else 1
                shortcut = x
                if p + ".downsample.0.weight" in weights:
                    shortcut = bn(conv2d(x, weights[p + ".downsample.0.weight"], None, stride), p + ".downsample.1")
                if description["model"]["encoder"] in BOTTLENECK:
                    y = relu(bn(conv2d(x, weights[p + ".conv1.weight"]), p + ".bn1"))
                    y = relu(bn(conv2d(y, weights[p + ".conv2.weight"], None, stride, 1), p + ".bn2"))
                    y = bn(conv2d(y, weights[p + ".conv3.weight"]), p + ".bn3")
                else:
                    y = relu(bn(conv2d(x, weights[p + ".conv1.weight"], None, stride, 1), p + ".bn1"))
                    y = bn(conv2d(y, weights[p + ".conv2.weight"], None, 1, 1), p + ".bn2")
                x = relu(y + shortcut)
        return x.mean((2, 3))

    def head(x, prefix, table):
        place = 0
        outputs = table["lengths"][1:]
        for n in range(len(outputs)):
            last = n == len(outputs) - 1
            x = linear(x, weights[f"{prefix}.{place}.weight"], weights.get(f"{prefix}.{place}.bias"))
            place += 1
            if table["batchNorm"] == "all" or (table["batchNorm"] == "hidden" and not last):
                x = bn(x, f"{prefix}.{place}", affine=not last or table["lastAffine"])
                place += 1
            if not last:
                x = relu(x)
                place += 1
        return x

    model, kind = description["model"], description["loss"]["kind"]

    def project(view):
        return head(encode(values[view]), "projector", model["projector"])

    def predict(z):
        return normalize(head(z, "predictor", model["predictor"]))

    label = values.get("positives")
    if kind in ("simsiam", "byol"):
        z1, z2 = project("view1"), project("view2")
        p1, p2 = predict(z1), predict(z2)
        if kind == "simsiam":
            t1, t2, factor = normalize(z1.detach()), normalize(z2.detach()), 0.5
        else:
            t1, t2, factor = values["target1"], values["target2"], 2
        loss = -factor * ((label * (p1 @ t2.T)).sum() + (label.T * (p2 @ t1.T)).sum()) / label.sum()
    elif kind == "simclr":
        both = normalize(torch.cat([project("view1"), project("view2")]))
        n = len(both)
        off = ~torch.eye(n, dtype=bool)
        logits = (both @ both.T / description["loss"]["temperature"])[off].reshape(n, n - 1)
        label = label[off].reshape(n, n - 1)
        loss = -(label * log_softmax(logits, 1)).sum() / label.sum()
    elif kind == "classes":
        loss = -(values["targets"] * log_softmax(project("view1"), 1)).sum(1).mean()
    else:
        q = normalize(project("view1"))
        own = (q * values["keys"]).sum(1, keepdim=True)
        others = (q @ values["queue"].T).masked_fill(values["masked"] == 1, -torch.inf)
        logits = torch.cat([own, others], 1) / description["loss"]["temperature"]
        label = torch.cat([torch.ones_like(own), label], 1)
        logs = log_softmax(logits, 1)
        loss = -torch.where(label == 1, logs, torch.zeros_like(logs)).sum() / label.sum()
    loss.backward()
    gradients = {}
    for name, weight in weights.items():
        flat = weight.grad.flatten().numpy()
        gradients[name] = {
            "length": rounded(numpy.linalg.norm(flat)),
            "projections": [rounded(value) for value in projections(flat)],
        }
    return {"loss": float(loss), "gradients": gradients}


result = {path.stem: run(*load(path)) for path in sorted(folder.glob("*.json"))}
out.write_text(json.dumps(result) + "\n")
