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


def bn(x, weights, name, affine=True):
    return batch_norm(
        x, None, None, weights[name + ".weight"] if affine else None,
        weights[name + ".bias"] if affine else None, True, 0.1, 1e-5)


def plain_relu(x, bias):
    """ReLU of what the norm with this bias puts out."""
    return relu(x)


def stem(x, weights, rectify=plain_relu):
    x = conv2d(x, weights["conv1.weight"], None, 2, 3)
    return max_pool2d(rectify(bn(x, weights, "bn1"), "bn1.bias"), 3, 2, 1)


def residual_block(x, weights, p, stride, is_bottleneck, rectify=plain_relu):
    shortcut = x
    if p + ".downsample.0.weight" in weights:
        shortcut = bn(conv2d(x, weights[p + ".downsample.0.weight"], None, stride), weights, p + ".downsample.1")
    # Stride and padding of each convolution.
    places = [(1, 0), (stride, 1), (1, 0)] if is_bottleneck else [(stride, 1), (1, 1)]
    for n, (step, padding) in enumerate(places, 1):
        x = bn(conv2d(x, weights[f"{p}.conv{n}.weight"], None, step, padding), weights, f"{p}.bn{n}")
        if n == len(places):
            x = x + shortcut
        x = rectify(x, f"{p}.bn{n}.bias")
    return x


def encode(x, weights, encoder, rectify=plain_relu):
    x = stem(x, weights, rectify)
    for stage, count in enumerate(BLOCKS[encoder]):
        for block in range(count):
            stride = 2 if stage > 0 and block == 0 else 1
            x = residual_block(x, weights, f"layer{stage + 1}.{block}", stride, encoder in BOTTLENECK, rectify)
    return x.mean((2, 3))


def step_loss(description, values, rectify=plain_relu):
    """Loss of a training step; `values`: weights and inputs by name."""
    weights = {name: values[name] for name in description["weights"]}

    def head(x, prefix, table):
        place = 0
        outputs = table["lengths"][1:]
        for n in range(len(outputs)):
            last = n == len(outputs) - 1
            x = linear(x, weights[f"{prefix}.{place}.weight"], weights.get(f"{prefix}.{place}.bias"))
            place += 1
            if table["batchNorm"] == "all" or (table["batchNorm"] == "hidden" and not last):
                x = bn(x, weights, f"{prefix}.{place}", affine=not last or table["lastAffine"])
                place += 1
            if not last:
                x = relu(x)
                place += 1
        return x

    model, kind = description["model"], description["loss"]["kind"]

    def project(view):
        return head(encode(values[view], weights, model["encoder"], rectify), "projector", model["projector"])

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
    return loss


def summaries(loss, weights):
    """The loss and what is stored of its gradient with respect to each weight."""
    loss.backward()
    gradients = {}
    for name, weight in weights.items():
        flat = weight.grad.flatten().numpy()
        gradients[name] = {
            "length": rounded(numpy.linalg.norm(flat)),
            "projections": [rounded(value) for value in projections(flat)],
        }
    return {"loss": float(loss), "gradients": gradients}


def run(description, values):
    weights = {name: values[name].requires_grad_() for name in description["weights"]}
    return summaries(step_loss(description, values), weights)


if __name__ == "__main__":
    folder, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    result = {path.stem: run(*load(path)) for path in sorted(folder.glob("*.json"))}
    out.write_text(json.dumps(result) + "\n")
