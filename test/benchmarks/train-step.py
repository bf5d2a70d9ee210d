# The step of train-step.ts in PyTorch, float32: python3 train-step.py ENCODER METHOD SIDE IMAGES LAYOUT THREADS
# Prints "ready" after one step; then one line of milliseconds for each line "step" it reads, and at the end its peak
# resident memory in bytes. Waits passively where OMP_WAIT_POLICY says so.
import resource
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

encoder, method, layout = sys.argv[1], sys.argv[2], sys.argv[5]
side, images, threads = int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[6])
torch.set_num_threads(threads)
torch.manual_seed(1)
queue_length, dimension, momentum, temperature = 4096, 128, 0.99, 0.2
order = torch.channels_last if layout == "channels_last" else torch.contiguous_format


class Block(nn.Module):
    def __init__(self, inputs, width, stride, bottleneck):
        super().__init__()
        out = width * (4 if bottleneck else 1)
        shapes = (
            [(inputs, width, 1, 1), (width, width, 3, stride), (width, out, 1, 1)]
            if bottleneck
            else [(inputs, width, 3, stride), (width, width, 3, 1)]
        )
        self.convs = nn.ModuleList(
            nn.Conv2d(a, b, k, s, k // 2, bias=False) for a, b, k, s in shapes
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(b) for _, b, _, _ in shapes)
        self.shortcut = (
            nn.Sequential(nn.Conv2d(inputs, out, 1, stride, bias=False), nn.BatchNorm2d(out))
            if stride != 1 or inputs != out
            else nn.Identity()
        )

    def forward(self, x):
        y = x
        for i, (conv, norm) in enumerate(zip(self.convs, self.norms)):
            y = norm(conv(y))
            if i < len(self.convs) - 1:
                y = F.relu(y, inplace=True)
        return F.relu(y + self.shortcut(x), inplace=True)


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        bottleneck = encoder == "resnet-50"
        counts = {"resnet-18": (2, 2, 2, 2), "resnet-50": (3, 4, 6, 3)}[encoder]
        self.stem = nn.Sequential(
            nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1)
        )
        blocks, inputs = [], 64
        for stage, count in enumerate(counts):
            for k in range(count):
                blocks.append(Block(inputs, 64 << stage, 2 if stage > 0 and k == 0 else 1, bottleneck))
                inputs = (64 << stage) * (4 if bottleneck else 1)
        self.blocks = nn.Sequential(*blocks)
        self.head = (
            nn.Sequential(nn.Linear(inputs, inputs), nn.ReLU(), nn.Linear(inputs, dimension))
            if method == "moco-v2"
            else nn.Sequential(
                nn.Linear(inputs, inputs),
                nn.BatchNorm1d(inputs),
                nn.ReLU(),
                nn.Linear(inputs, dimension, bias=False),
                nn.BatchNorm1d(dimension),
            )
        )

    def forward(self, x):
        return F.normalize(self.head(self.blocks(self.stem(x)).mean((2, 3))))


model = Model().to(memory_format=order)
optimiser = torch.optim.SGD(model.parameters(), 0.03, momentum=0.9, weight_decay=1e-4)
view1, view2 = (torch.randn(images, 3, side, side).to(memory_format=order) for _ in range(2))
if method == "moco-v2":
    keys_of = Model().to(memory_format=order)
    keys_of.load_state_dict(model.state_dict())
    queue = F.normalize(torch.randn(queue_length, dimension))
    place = 0


def moco_loss():
    global place
    with torch.no_grad():
        for follower, leader in zip(keys_of.parameters(), model.parameters()):
            follower.mul_(momentum).add_(leader, alpha=1 - momentum)
        keys = keys_of(view2)
    query = model(view1)
    logits = torch.cat([(query * keys).sum(1, keepdim=True), query @ queue.T.clone()], 1) / temperature
    loss = F.cross_entropy(logits, torch.zeros(images, dtype=torch.long))
    queue[place : place + images] = keys
    place = (place + images) % queue_length
    return loss


def simclr_loss():
    z = torch.cat([model(view1), model(view2)])
    logits = (z @ z.T / temperature) - 1e9 * torch.eye(2 * images)
    return F.cross_entropy(logits, torch.arange(2 * images).roll(images))


def step():
    optimiser.zero_grad()
    loss = moco_loss() if method == "moco-v2" else simclr_loss()
    loss.backward()
    optimiser.step()
    return loss.item()


step()
print("ready", flush=True)
for line in sys.stdin:
    if line.strip() != "step":
        break
    begun = time.perf_counter()
    step()
    print((time.perf_counter() - begun) * 1000, flush=True)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, flush=True)
