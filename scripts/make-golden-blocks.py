"""Gradients of residual blocks and of a whole ResNet-50 in PyTorch double precision, for test/trainer/engine.

Usage: python3 scripts/make-golden-blocks.py CASES_FOLDER OUT.json

CASES_FOLDER holds what test/trainer/engine/write-blocks.ts writes, <case>_<seed>.json and .bin. A unit that lies at
the bend of its ReLU falls on one side or the other by rounding, and one such unit moves gradients by a thousandth to
a twentieth. So each bias before a ReLU is shifted by a few 256ths, to where the gap between two units of its channel
is widest: every ReLU still bends, with units on both sides, and rounding decides none. PyTorch's own single precision
must then leave every unit on its side. The first seed for which all this holds is kept; no engine is asked.
"""

import base64
import importlib
import json
import pathlib
import sys

import numpy
import torch
from torch.nn.functional import relu, unfold

steps = importlib.import_module("make-golden-steps")
STEPS = 256
SHIFTS = torch.arange(-127, 128, dtype=torch.float64) / STEPS
LEAST_CLEARANCE = 8


def block_loss(description, values, rectify):
    weights = {name: values[name] for name in description["weights"]}
    kind, stride = description["block"]["kind"], description["block"]["stride"]
    if kind == "stem":
        y = steps.stem(values["input"], weights, rectify)
    else:
        y = steps.residual_block(values["input"], weights, "block", stride, kind == "bottleneck", rectify)
    return ((y - values["target"]) ** 2).mean() / 2


def loss_of(description, values, rectify):
    forward = block_loss if "block" in description else steps.step_loss
    return forward(description, values, rectify)


def widest_gaps(z):
    """For each channel of [N, C, H, W] the shift that leaves the nearest unit furthest from 0, in steps."""
    units = z.transpose(0, 1).flatten(1).sort(1).values
    bends = (-SHIFTS).expand(len(units), -1).contiguous()
    after = torch.searchsorted(units, bends)
    last = units.shape[1] - 1
    above = (units.gather(1, after.clamp(max=last)) - bends).abs()
    below = (units.gather(1, (after - 1).clamp(min=0)) - bends).abs()
    return torch.minimum(above, below).argmax(1) - 127


def shift_biases(description, values):
    """Shifts the biases in place, layer by layer, and returns the shifts."""
    shifts = {}

    def rectify(z, bias):
        chosen = widest_gaps(z)
        shifts[bias] = base64.b64encode(chosen.to(torch.int8).numpy().tobytes()).decode()
        before = values[bias].clone()
        values[bias] = (before + chosen / STEPS).float().double()
        return relu(z + (values[bias] - before)[:, None, None])

    with torch.no_grad():
        loss_of(description, values, rectify)
    return shifts


def pool_choices(z):
    """The place of the largest unit of each pooling window, and whether any two largest above 0 are equal."""
    windows = unfold(relu(z).flatten(0, 1)[:, None], 3, padding=1, stride=2)
    two = windows.topk(2, 1).values
    return windows.argmax(1), bool(((two[:, 0] == two[:, 1]) & (two[:, 0] > 0)).any())


def clearance(description, values):
    """How many times further from the bend the nearest unit lies than single precision moves one; 0: a choice differs."""
    def record(values):
        found = []

        def rectify(z, bias):
            found.append((bias, z))
            return relu(z)

        with torch.no_grad():
            loss_of(description, values, rectify)
        return found

    least = numpy.inf
    single = {name: value.float() for name, value in values.items()}
    for (bias, z), (_, rough) in zip(record(values), record(single)):
        if bool(((z > 0) != (rough > 0)).any()):
            return 0.0
        least = min(least, float(z.abs().min() / (z - rough).abs().max()))
        if bias == "bn1.bias":
            places, tied = pool_choices(z)
            rough_places, rough_tied = pool_choices(rough)
            if tied or rough_tied or bool((places != rough_places)[relu(z).flatten(0, 1).amax((1, 2)) > 0].any()):
                return 0.0
    return least


def golden(path):
    description, values = steps.load(path)
    shifts = shift_biases(description, values)
    clear = clearance(description, values)
    print(f"{path.stem}: clearance {clear:.1f}", flush=True)
    if clear < LEAST_CLEARANCE:
        return None
    differentiated = [*description["weights"], *(["input"] if description.get("block", {}).get("kind", "stem") != "stem" else [])]
    weights = {name: values[name].requires_grad_() for name in differentiated}
    found = steps.summaries(loss_of(description, values, lambda z, _: relu(z)), weights)
    return {"seed": int(path.stem.split("_")[1]), "clearance": float(f"{clear:.3g}"), "shifts": shifts, **found}


if __name__ == "__main__":
    folder, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    result = {}
    for path in sorted(folder.glob("*.json")):
        name = path.stem.split("_")[0]
        if name in result:
            continue
        found = golden(path)
        if found is not None:
            result[name] = found
    wanted = {path.stem.split("_")[0] for path in folder.glob("*.json")}
    if wanted - set(result):
        sys.exit(f"No seed is clear for {', '.join(sorted(wanted - set(result)))}.")
    out.write_text(json.dumps(result) + "\n")
