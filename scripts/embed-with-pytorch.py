"""Loads an exported encoder into PyTorch and embeds images in double precision, for test/trainer/weights.

Usage: python3 scripts/embed-with-pytorch.py [ENCODER.safetensors IMAGES.bin SIDE HEADS OUT.bin]...

The networks below have the modules of torchvision's ResNet and timm's VisionTransformer, by their names, so
that `load_state_dict(strict=True)` proves that every tensor of the file has the right name and shape. IMAGES
and OUT are float32 and float64, row by row. HEADS: attention heads, 0 for a ResNet.
"""

import json
import math
import struct
import sys

import numpy
import torch
from torch import nn


def read_safetensors(path):
    raw = open(path, "rb").read()
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + length])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        array = numpy.frombuffer(raw[8 + length + start : 8 + length + end], "<f4")
        tensors[name] = torch.tensor(array.reshape(entry["shape"]))
    return tensors


class Block(nn.Module):
    """torchvision's BasicBlock, or its Bottleneck where there is a third convolution."""

    def __init__(self, state, name, stride):
        super().__init__()
        convs = [k for k in (1, 2, 3) if f"{name}.conv{k}.weight" in state]
        strided = 2 if len(convs) == 3 else 1
        self.count = len(convs)
        for k in convs:
            shape = state[f"{name}.conv{k}.weight"].shape
            conv = nn.Conv2d(shape[1], shape[0], shape[2], stride if k == strided else 1, shape[2] // 2, bias=False)
            setattr(self, f"conv{k}", conv)
            setattr(self, f"bn{k}", nn.BatchNorm2d(shape[0]))
        self.downsample = None
        if f"{name}.downsample.0.weight" in state:
            shape = state[f"{name}.downsample.0.weight"].shape
            self.downsample = nn.Sequential(
                nn.Conv2d(shape[1], shape[0], 1, stride, bias=False), nn.BatchNorm2d(shape[0]))

    def forward(self, x):
        y = x
        for k in range(1, self.count + 1):
            y = getattr(self, f"bn{k}")(getattr(self, f"conv{k}")(y))
            if k < self.count:
                y = y.relu()
        return (y + (x if self.downsample is None else self.downsample(x))).relu()


class ResNet(nn.Module):
    def __init__(self, state):
        super().__init__()
        stem = state["conv1.weight"].shape
        self.conv1 = nn.Conv2d(stem[1], stem[0], 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(stem[0])
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        for stage in range(1, 5):
            blocks = []
            while f"layer{stage}.{len(blocks)}.conv1.weight" in state:
                stride = 2 if stage > 1 and not blocks else 1
                blocks.append(Block(state, f"layer{stage}.{len(blocks)}", stride))
            setattr(self, f"layer{stage}", nn.Sequential(*blocks))

    def forward(self, x):
        x = self.maxpool(self.bn1(self.conv1(x)).relu())
        for stage in range(1, 5):
            x = getattr(self, f"layer{stage}")(x)
        return x.mean((2, 3))


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, x):
        n, t, d = x.shape
        q, k, v = self.qkv(x).reshape(n, t, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        weights = (q @ k.transpose(-2, -1) / math.sqrt(d // self.heads)).softmax(-1)
        return self.proj((weights @ v).transpose(1, 2).reshape(n, t, d))


class Mlp(nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        self.fc1 = nn.Linear(width, hidden)
        self.act = nn.GELU()
        self.fc2 = nn.Linear(hidden, width)

    def forward(self, x):
        return self.fc2(self.act(self.fc1(x)))


class Layer(nn.Module):
    def __init__(self, width, hidden, heads):
        super().__init__()
        self.norm1 = nn.LayerNorm(width, eps=1e-6)
        self.attn = Attention(width, heads)
        self.norm2 = nn.LayerNorm(width, eps=1e-6)
        self.mlp = Mlp(width, hidden)

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class PatchEmbed(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.proj = nn.Conv2d(shape[1], shape[0], shape[2], shape[2])

    def forward(self, x):
        return self.proj(x).flatten(2).transpose(1, 2)


class VisionTransformer(nn.Module):
    def __init__(self, state, heads):
        super().__init__()
        shape = state["patch_embed.proj.weight"].shape
        width = shape[0]
        self.patch_embed = PatchEmbed(shape)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        self.pos_embed = nn.Parameter(torch.zeros(*state["pos_embed"].shape))
        blocks = []
        while f"blocks.{len(blocks)}.norm1.weight" in state:
            hidden = state[f"blocks.{len(blocks)}.mlp.fc1.weight"].shape[0]
            blocks.append(Layer(width, hidden, heads))
        self.blocks = nn.Sequential(*blocks)
        self.norm = nn.LayerNorm(width, eps=1e-6)

    def forward(self, x):
        tokens = torch.cat([self.cls_token.expand(len(x), -1, -1), self.patch_embed(x)], 1)
        return self.norm(self.blocks(tokens + self.pos_embed))[:, 0]


def embed(encoder, images, side, heads, out):
    state = read_safetensors(encoder)
    network = VisionTransformer(state, heads) if heads > 0 else ResNet(state)
    network.load_state_dict(state, strict=True)
    network.double().eval()
    pixels = numpy.fromfile(images, "<f4").reshape(-1, 3, side, side)
    with torch.no_grad():
        features = network(torch.tensor(pixels, dtype=torch.float64))
    features.numpy().astype("<f8").tofile(out)


jobs = sys.argv[1:]
for at in range(0, len(jobs), 5):
    encoder, images, side, heads, out = jobs[at : at + 5]
    embed(encoder, images, int(side), int(heads), out)
