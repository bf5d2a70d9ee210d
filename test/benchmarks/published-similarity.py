"""Speed of the published way to compare gaze, for gaze-similarity.ts beside it.

Written anew from the formulas of the papers, in the way the published programs work: Python lists and numpy
arrays, every pair described from its beginning, the alignment by Dijkstra on a sparse graph, heat maps by
OpenCV. It is not the authors' code. Reads {"scanpaths": {"10": [[[x, y, ms], ...], ...], ...}, "pairs": n}
from standard input and writes one line of JSON: for each measure microseconds a pair and its numbers.
"""

import json
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
    """A scanpath as lists: fixations with durations, saccades with starts, vectors, lengths, directions."""
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


def multimatch(one, other, grouping):
    """The five similarities of two lists of fixations."""
    a, b = structure(one), structure(other)
    if grouping:
        a, b = simplify(a), simplify(b)
    rows, columns = len(a["x"]), len(b["x"])
    x1, x2 = np.meshgrid(a["lenx"], b["lenx"], indexing="ij")
    y1, y2 = np.meshgrid(a["leny"], b["leny"], indexing="ij")
    cost = np.sqrt((x1 - x2) ** 2 + (y1 - y2) ** 2)
    start, end, weight = [], [], []
    for i in range(rows):
        for j in range(columns):
            for di, dj in ((0, 1), (1, 0), (1, 1)):
                if i + di < rows and j + dj < columns:
                    start.append(i * columns + j)
                    end.append((i + di) * columns + j + dj)
                    # A way of no length would be no way in a sparse matrix.
                    weight.append(max(cost[i + di, j + dj], 1e-300))
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
    if np.isnan(a) or np.isnan(b):
        return 1.0
    return 0.0 if a == b else abs(a - b) / abs(max(a, b))


def moment_relation(one, other):
    (h1, m1), (h2, m2) = moments(one), moments(other)
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


def tima(one, other):
    u = [moments(image) for image in one]
    v = [moments(image) for image in other]
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


def timed(compare, items, pairs):
    """Microseconds a pair, median of five rounds, and the results of the first pairs."""
    chosen = [(k % len(items), (k * 7 + 1) % len(items)) for k in range(pairs)]
    rounds = []
    for _ in range(5):
        start = time.perf_counter()
        results = [compare(items[i], items[j]) for i, j in chosen]
        rounds.append((time.perf_counter() - start) / pairs * 1e6)
    return float(np.median(rounds)), results


def main():
    asked = json.load(sys.stdin)
    answer = {"versions": {"numpy": np.__version__, "opencv": cv2.__version__}, "multimatch": []}
    for fixations, scanpaths in asked["scanpaths"].items():
        pairs = max(4, int(asked["pairs"] * min(1, (30 / int(fixations)) ** 2)))
        for grouping in (False, True):
            us, results = timed(lambda a, b: multimatch(a, b, grouping), scanpaths, pairs)
            answer["multimatch"].append(
                {"fixations": int(fixations), "simplified": grouping, "us": us, "parts": results}
            )
    some = asked["scanpaths"]["30"]
    start = time.perf_counter()
    images = [heat_map(scanpath) for scanpath in some]
    answer["describe_ms"] = (time.perf_counter() - start) / len(some) * 1e3
    few = max(4, asked["pairs"] // 10)
    # As published: hashes and moments are computed again for every pair.
    answer["difference-hash"] = timed(lambda a, b: hash_cosine(bits(a), bits(b)), images, few)[0]
    answer["hu-moments"] = timed(moment_relation, images, few)[0]
    clusters = [maps for maps in (cluster_maps(scanpath) for scanpath in some) if len(maps) > 1]
    answer["tima"] = timed(tima, clusters, 4)[0] if clusters else None
    print(json.dumps(answer))


main()
