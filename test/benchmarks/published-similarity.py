"""Speed of the published way to compare gaze, for gaze-similarity.ts beside it.

Written anew from the formulas of the papers, in the way the published programs work: Python lists and
numpy arrays, the alignment by Dijkstra on a sparse graph, heat maps by OpenCV. It is not the authors'
code. Reads {"scanpaths": {"10": [[[x, y, ms], ...], ...], ...}, "pairs": n} from standard input and writes
one line of JSON: for each measure microseconds of CPU time a pair, "us" with every case described again
for every pair, as published, "cached_us" with every case described once, and the numbers themselves.
"""

import json
import math
import sys
import time

import cv2
import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra
from sklearn.cluster import DBSCAN

SIDE = 800
GROUPING = (45.0, 300.0, 80.0)
WEIGHTS = (0.1, 0.1, 0.1, 0.1, 0.6)
cv2.setNumThreads(1)


def structure(fixations):
    """A scanpath as lists: durations of fixations; starts, vectors, lengths, directions of saccades."""
    path = {"dur": [], "x": [], "y": [], "lenx": [], "leny": [], "rho": [], "theta": []}
    for i, (x, y, duration) in enumerate(fixations):
        path["dur"].append(duration)
        if i + 1 < len(fixations):
            dx = fixations[i + 1][0] - x
            dy = fixations[i + 1][1] - y
            append(path, x, y, dx, dy)
    return path


def append(path, x, y, dx, dy):
    path["x"].append(x)
    path["y"].append(y)
    path["lenx"].append(dx)
    path["leny"].append(dy)
    path["rho"].append(float(np.sqrt(dx * dx + dy * dy)))
    path["theta"].append(float(np.arctan2(dy, dx)))


def empty():
    return {"dur": [], "x": [], "y": [], "lenx": [], "leny": [], "rho": [], "theta": []}


def angle(path, i):
    a = np.array([path["lenx"][i], path["leny"][i]])
    b = np.array([path["lenx"][i + 1], path["leny"][i + 1]])
    cosine = np.dot(a, b) / (path["rho"][i] * path["rho"][i + 1])
    return float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))


def keep(path, i, out):
    append(out, path["x"][i], path["y"][i], path["lenx"][i], path["leny"][i])
    out["dur"].append(path["dur"][i])


def merge(path, i, out):
    append(
        out,
        path["x"][i],
        path["y"][i],
        path["lenx"][i] + path["lenx"][i + 1],
        path["leny"][i] + path["leny"][i + 1],
    )
    out["dur"].append(path["dur"][i])


def by_direction(path, degrees, duration):
    out, i, count = empty(), 0, len(path["x"])
    if count == 0:
        return path
    while i < count:
        if i + 1 < count and angle(path, i) < degrees and path["dur"][i + 1] < duration:
            merge(path, i, out)
            i += 2
        else:
            keep(path, i, out)
            i += 1
    out["dur"].append(path["dur"][-1])
    return out


def by_length(path, amplitude, duration):
    out, i, count = empty(), 0, len(path["x"])
    if count <= 1:
        return path
    while i < count:
        short = path["rho"][i] < amplitude
        if i < count - 1:
            if short and (path["dur"][i + 1] < duration or path["dur"][i] < duration):
                merge(path, i, out)
                i += 2
            else:
                keep(path, i, out)
                i += 1
        else:
            if short and (path["dur"][-1] < duration or path["dur"][-2] < duration):
                dx = path["lenx"][-2] + path["lenx"][-1]
                dy = path["leny"][-2] + path["leny"][-1]
                out["lenx"][-1], out["leny"][-1] = dx, dy
                out["rho"][-1] = float(np.sqrt(dx * dx + dy * dy))
                out["theta"][-1] = float(np.arctan2(dy, dx))
                out["dur"].append(path["dur"][i - 1])
            else:
                keep(path, i, out)
            i += 1
    out["dur"].append(path["dur"][-1])
    return out


def simplify(path):
    degrees, duration, amplitude = GROUPING
    while True:
        before = len(path["dur"])
        path = by_length(by_direction(path, degrees, duration), amplitude, duration)
        if len(path["dur"]) == before:
            return path


def saccades(fixations, grouping):
    path = structure(fixations)
    return simplify(path) if grouping else path


def multimatch(a, b):
    """The five similarities of two scanpaths."""
    rows, columns = len(a["x"]), len(b["x"])
    x1, x2 = np.meshgrid(a["lenx"], b["lenx"], indexing="ij")
    y1, y2 = np.meshgrid(a["leny"], b["leny"], indexing="ij")
    cost = np.sqrt((x1 - x2) ** 2 + (y1 - y2) ** 2)
    start, end, weight = [], [], []
    for i, row in enumerate(cost.tolist()):
        for j, value in enumerate(row):
            # A way of no length would be no way in a sparse matrix.
            value = value or 1e-300
            node = i * columns + j
            if j > 0:
                start.append(node - 1)
                end.append(node)
                weight.append(value)
            if i > 0:
                start.append(node - columns)
                end.append(node)
                weight.append(value)
                if j > 0:
                    start.append(node - columns - 1)
                    end.append(node)
                    weight.append(value)
    graph = csr_matrix((weight, (start, end)), shape=(rows * columns, rows * columns))
    _, before = dijkstra(graph, indices=0, return_predecessors=True)
    node, path = rows * columns - 1, []
    while node >= 0:
        path.append(node)
        node = before[node]
    shape, direction, length, position, duration = [], [], [], [], []
    for node in path:
        i, j = divmod(node, columns)
        shape.append(cost[i, j])
        t1 = a["theta"][i] + (2 * np.pi if a["theta"][i] < 0 else 0)
        t2 = b["theta"][j] + (2 * np.pi if b["theta"][j] < 0 else 0)
        turn = abs(t1 - t2)
        direction.append(2 * np.pi - turn if turn > np.pi else turn)
        length.append(abs(a["rho"][i] - b["rho"][j]))
        position.append(np.sqrt((a["x"][i] - b["x"][j]) ** 2 + (a["y"][i] - b["y"][j]) ** 2))
        longer = max(a["dur"][i], b["dur"][j])
        duration.append(abs(a["dur"][i] - b["dur"][j]) / longer if longer > 0 else 0)
    diagonal = np.sqrt(SIDE**2 + SIDE**2)
    return [
        1 - np.median(shape) / (2 * diagonal),
        1 - np.median(direction) / np.pi,
        1 - np.median(length) / diagonal,
        1 - np.median(position) / diagonal,
        1 - np.median(duration),
    ]


def samples(fixations):
    """About 60 samples a second, as whole pixels."""
    return [
        (int(x), int(y)) for x, y, ms in fixations for _ in range(max(1, round(ms * 60 / 1000)))
    ]


def heat_map(fixations):
    canvas = np.zeros((SIDE, SIDE))
    for x, y in samples(fixations):
        canvas[min(SIDE - 1, y), min(SIDE - 1, x)] = 1
    canvas = cv2.GaussianBlur(canvas, (199, 199), 0)
    return (canvas / canvas.max() * 255).astype(np.uint8)


def bits(image):
    small = cv2.resize(image, (9, 8)).astype(int)
    return [1 if small[r, c] > small[r, c + 1] else 0 for r in range(8) for c in range(8)]


def hash_cosine(a, b):
    u, v = np.array(a, dtype=float), np.array(b, dtype=float)
    lengths = np.linalg.norm(u) * np.linalg.norm(v)
    return float(np.dot(u, v) / lengths) if lengths > 0 else 0.0


def moments(image):
    small = cv2.resize(image, (32, 32)).astype(float)
    m00 = m10 = m01 = 0.0
    for x in range(32):
        for y in range(32):
            m00 += small[x, y]
            m10 += x * small[x, y]
            m01 += y * small[x, y]
    if m00 == 0:
        return float("nan"), 0.0
    mu20 = mu02 = 0.0
    for x in range(32):
        for y in range(32):
            mu20 += (x - m10 / m00) ** 2 * small[x, y]
            mu02 += (y - m01 / m00) ** 2 * small[x, y]
    return mu20 / m00**2 + mu02 / m00**2, m00


def difference(a, b):
    if math.isnan(a) or math.isnan(b):
        return 1.0
    return 0.0 if a == b else abs(a - b) / abs(max(a, b))


def moment_relation(one, other):
    (h1, m1), (h2, m2) = one, other
    return 1 - (0.5 * difference(h1, h2) + 0.5 * difference(m1, m2))


KERNEL = np.exp(
    -(((np.arange(108) - 54)[:, None] ** 2) + ((np.arange(108) - 54)[None, :] ** 2)) / (2 * 18.0**2)
)


def cluster_maps(fixations):
    points = samples(fixations)
    count = len(points)
    features = np.array([[x / SIDE, y / SIDE, k / count] for k, (x, y) in enumerate(points)])
    labels = DBSCAN(eps=0.2, min_samples=count // 20 + 1).fit(features).labels_
    maps = []
    for label in range(labels.max() + 1):
        canvas = np.zeros((SIDE + 108, SIDE + 108))
        for k in np.nonzero(labels == label)[0]:
            x, y = points[k]
            canvas[y : y + 108, x : x + 108] += KERNEL
        canvas = canvas[54 : 54 + SIDE, 54 : 54 + SIDE]
        maps.append(np.rint(canvas / canvas.max() * 255).astype(np.uint8))
    return maps


def sequence(maps):
    return [moments(image) for image in maps]


def tima(u, v):
    table = np.full((len(u) + 1, len(v) + 1), np.inf)
    table[0, 0] = 0
    for i, (h1, m1) in enumerate(u):
        for j, (h2, m2) in enumerate(v):
            cost = 0.7 * difference(m1, m2) + 0.3 * difference(h1, h2)
            table[i + 1, j + 1] = cost + min(table[i, j], table[i, j + 1], table[i + 1, j])
    i, j, nodes = len(u), len(v), 1
    while i > 1 or j > 1:
        step = int(np.argmin([table[i - 1, j - 1], table[i - 1, j], table[i, j - 1]]))
        i, j, nodes = i - (step != 2), j - (step != 1), nodes + 1
    return 1 - table[-1, -1] / nodes


def timed(describe, compare, items, pairs):
    """Microseconds a pair, described anew and once, medians of five rounds, and the results."""
    chosen = [(k % len(items), (k * 7 + 1) % len(items)) for k in range(pairs)]
    described = [describe(item) for item in items]
    anew, once, results = [], [], []
    for _ in range(5):
        start = time.process_time()
        for i, j in chosen:
            compare(describe(items[i]), describe(items[j]))
        middle = time.process_time()
        results = [compare(described[i], described[j]) for i, j in chosen]
        anew.append((middle - start) / pairs * 1e6)
        once.append((time.process_time() - middle) / pairs * 1e6)
    return {
        "us": float(np.median(anew)),
        "cached_us": float(np.median(once)),
        "results": [np.atleast_1d(result).tolist() for result in results],
    }


def main():
    asked = json.load(sys.stdin)
    answer = {"versions": {"numpy": np.__version__, "opencv": cv2.__version__}, "multimatch": []}
    for fixations, scanpaths in asked["scanpaths"].items():
        pairs = max(4, int(asked["pairs"] * min(1, (30 / int(fixations)) ** 2)))
        for grouping in (False, True):
            times = timed(lambda path: saccades(path, grouping), multimatch, scanpaths, pairs)
            answer["multimatch"].append(
                {"fixations": int(fixations), "simplified": grouping, **times}
            )
    some = asked["scanpaths"]["30"]
    start = time.process_time()
    images = [heat_map(scanpath) for scanpath in some]
    answer["describe_ms"] = (time.process_time() - start) / len(some) * 1e3
    few = max(4, asked["pairs"] // 10)
    answer["difference-hash"] = timed(bits, hash_cosine, images, few)
    answer["hu-moments"] = timed(moments, moment_relation, images, few)
    answer["tima"] = timed(sequence, tima, [cluster_maps(scanpath) for scanpath in some], few)
    print(json.dumps(answer))


main()
