"""Golden numbers of the evaluation by scikit-learn, scipy and direct sums, for test/golden/evaluation.json.

Run: python3 scripts/make-golden-evaluation.py > test/golden/evaluation.json
Needs numpy, scipy and scikit-learn (Debian: python3-sklearn). DeLong's and Obuchowski's covariances are
computed here over all pairs of a positive and a negative image, as the papers define them.
"""

import json

import numpy as np
import scipy
import sklearn
from scipy.stats import norm
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, balanced_accuracy_score, roc_auc_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler

rng = np.random.default_rng(7)


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def weighted(labels, scores, weights):
    classes = scores.shape[1]
    found = scores.argmax(axis=1)
    judged = [1] if classes == 2 else range(classes)
    aucs = [roc_auc_score(labels == c, scores[:, c], sample_weight=weights) for c in judged]
    return {
        'accuracy': accuracy_score(labels, found, sample_weight=weights),
        'balancedAccuracy': balanced_accuracy_score(labels, found, sample_weight=weights),
        'auc': float(np.mean(aucs)),
    }


def psi(x, y):
    return 1.0 if x > y else 0.5 if x == y else 0.0


def covariance(labels, patients, lists):
    """Placements over all pairs, then Obuchowski's (1997) sums by patient, term by term."""
    positives = [i for i, label in enumerate(labels) if label == 1]
    negatives = [i for i, label in enumerate(labels) if label == 0]
    m, n = len(positives), len(negatives)
    aucs, v10, v01 = [], [], []
    for scores in lists:
        v10.append({i: sum(psi(scores[i], scores[j]) for j in negatives) / n for i in positives})
        v01.append({j: sum(psi(scores[i], scores[j]) for i in positives) / m for j in negatives})
        aucs.append(sum(v10[-1].values()) / m)
    who = sorted(set(patients))
    i10 = len({patients[i] for i in positives})
    i01 = len({patients[j] for j in negatives})

    def centred(place, auc, members):
        return {p: sum(place[i] - auc for i in members if patients[i] == p) for p in who}

    a10 = [centred(v, auc, positives) for v, auc in zip(v10, aucs)]
    a01 = [centred(v, auc, negatives) for v, auc in zip(v01, aucs)]
    result = []
    for r in range(len(lists)):
        row = []
        for s in range(len(lists)):
            s10 = i10 / ((i10 - 1) * m) * sum(a10[r][p] * a10[s][p] for p in who)
            s01 = i01 / ((i01 - 1) * n) * sum(a01[r][p] * a01[s][p] for p in who)
            s11 = len(who) / (len(who) - 1) * sum(a10[r][p] * a01[s][p] for p in who)
            s11t = len(who) / (len(who) - 1) * sum(a01[r][p] * a10[s][p] for p in who)
            row.append(s10 / m + s01 / n + (s11 + s11t) / (m * n))
        result.append(row)
    return aucs, result


def delong(labels, lists):
    """DeLong (1988) with numpy's sample covariance over placements of independent images."""
    positive = labels == 1
    v10, v01 = [], []
    for scores in lists:
        wins = np.array([[psi(x, y) for y in scores[~positive]] for x in scores[positive]])
        v10.append(wins.mean(axis=1))
        v01.append(wins.mean(axis=0))
    return np.cov(v10) / positive.sum() + np.cov(v01) / (~positive).sum()


def scored(name, count, classes, per_patient, decimals):
    labels = rng.integers(0, classes, count)
    labels[:classes] = np.arange(classes)
    patients = np.arange(count) // per_patient
    lists = []
    for strength in (1.4, 0.8):
        logits = rng.normal(size=(count, classes)) + strength * np.eye(classes)[labels]
        scores = softmax(logits)
        if classes == 2:
            one = np.round(scores[:, 1], decimals)
            scores = np.stack([1 - one, one], axis=1)
        lists.append(scores)
    draws = []
    while len(draws) < 4:
        drawn = rng.integers(0, patients.max() + 1, patients.max() + 1)
        weights = np.bincount(drawn, minlength=patients.max() + 1)[patients].astype(float)
        if len(set(labels[weights > 0])) == classes:
            draws.append({'weights': weights.tolist(), 'metrics': weighted(labels, lists[0], weights)})
    case = {
        'name': name,
        'classCount': classes,
        'labels': labels.tolist(),
        'patients': patients.tolist(),
        'scores': [scores.ravel().tolist() for scores in lists],
        'metrics': weighted(labels, lists[0], np.ones(count)),
        'draws': draws,
    }
    if classes == 2:
        ones = [scores[:, 1] for scores in lists]
        aucs, found = covariance(labels.tolist(), patients.tolist(), ones)
        error = float(np.sqrt(found[0][0] + found[1][1] - 2 * found[0][1]))
        z = (aucs[0] - aucs[1]) / error
        case['deLong'] = {
            'aucs': aucs,
            'covariance': found,
            'independent': delong(labels, ones).tolist(),
            'z': z,
            'pValue': float(2 * norm.sf(abs(z))),
        }
    return case


def classified(name, classes):
    known, asked, length = 60, 25, 9
    labels = rng.integers(0, classes, known + asked)
    labels[:classes] = np.arange(classes)
    centres = 1.1 * rng.normal(size=(classes, length))
    features = (rng.normal(size=(known + asked, length)) + centres[labels]).astype(np.float32)
    features[:, 2] = features[:, 2] * 40 + 300  # one feature of another scale
    x = features.astype(np.float64)
    probes = []
    scaler = StandardScaler().fit(x[:known])
    for penalty in (1.0, 0.01, 0.001):
        probe = LogisticRegression(
            C=1 / (known * penalty), solver='newton-cg', tol=1e-12, max_iter=10000,
            multi_class='multinomial',
        ).fit(scaler.transform(x[:known]), labels[:known])
        found = probe.predict_proba(scaler.transform(x[known:]))
        probes.append({'penalty': penalty, 'scores': found.ravel().tolist()})
    votes = []
    for k in (1, 5, 20):
        vote = KNeighborsClassifier(
            k, metric='cosine', algorithm='brute',
            weights=lambda d: np.exp((1 - d) / 0.07),
        ).fit(x[:known], labels[:known])
        votes.append({'k': k, 'scores': vote.predict_proba(x[known:]).ravel().tolist()})
    return {
        'name': name,
        'classCount': classes,
        'length': length,
        'known': known,
        'labels': labels.tolist(),
        'features': x.ravel().tolist(),
        'probes': probes,
        'votes': votes,
    }


values = np.sort(rng.normal(size=37))
print(json.dumps({
    'made': f'numpy {np.__version__}, scipy {scipy.__version__}, scikit-learn {sklearn.__version__}',
    'scored': [
        scored('two classes, one image a patient', 70, 2, 1, 12),
        scored('two classes, tied scores, three images a patient', 90, 2, 3, 1),
        scored('four classes, two images a patient', 80, 4, 2, 12),
    ],
    'classified': [classified('two classes', 2), classified('three classes', 3)],
    'percentiles': {
        'values': values.tolist(),
        'low': float(np.percentile(values, 2.5)),
        'high': float(np.percentile(values, 97.5)),
    },
}))
