"""Writes goldens.json: statistics of random numbers by SciPy, scikit-learn, statsmodels, torchmetrics.

    pip install numpy scipy scikit-learn statsmodels torch torchmetrics
    python make_goldens.py

The mean corruption error has no library; it is written here as its paper has it, from a table of
errors.
"""

import json
import pathlib

import numpy as np
import scipy
import scipy.stats
import sklearn
import sklearn.metrics
import statsmodels
import statsmodels.stats.contingency_tables
import torch
import torchmetrics
import torchmetrics.functional.classification

rng = np.random.default_rng(20240607)
goldens = {
    "versions": {
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "sklearn": sklearn.__version__,
        "statsmodels": statsmodels.__version__,
        "torchmetrics": torchmetrics.__version__,
    }
}

# Intervals of means, percentile bootstrap with so many resamples that little noise is left.
RESAMPLES = 100_000


def interval(data, statistic=np.mean, **options):
    result = scipy.stats.bootstrap(
        data, statistic, method="percentile", n_resamples=RESAMPLES, batch=1000, rng=1, **options
    ).confidence_interval
    return [float(result.low), float(result.high)]


goldens["accuracy_intervals"] = []
for correct, samples, level in [(70, 100, 0.95), (3, 400, 0.95), (1990, 2000, 0.95), (500, 1000, 0.8)]:
    outcomes = np.zeros(samples)
    outcomes[:correct] = 1
    goldens["accuracy_intervals"].append(
        {
            "correct": correct,
            "samples": samples,
            "level": level,
            "interval": interval((outcomes,), confidence_level=level),
        }
    )


def mean_difference(x, y, axis=-1):
    return np.mean(x, axis=axis) - np.mean(y, axis=axis)


goldens["difference_intervals"] = []
for only_method, only_baseline, samples in [(30, 12, 200), (5, 0, 300), (1, 40, 500), (60, 40, 100)]:
    method, baseline = np.zeros(samples), np.zeros(samples)
    method[:only_method] = 1
    baseline[only_method : only_method + only_baseline] = 1
    rest = (samples - only_method - only_baseline) // 2
    if rest:
        method[-rest:] = baseline[-rest:] = 1
    goldens["difference_intervals"].append(
        {
            "only_method": only_method,
            "only_baseline": only_baseline,
            "samples": samples,
            "interval": interval((method, baseline), mean_difference, paired=True),
        }
    )

# The average over two tasks: SciPy resamples several samples each on its own.
first, second = np.repeat([1.0, 0.0], [70, 30]), np.repeat([1.0, 0.0], [120, 280])
goldens["average_interval"] = interval(
    (first, second), lambda x, y, axis=-1: (np.mean(x, axis=axis) + np.mean(y, axis=axis)) / 2
)

values = np.round(rng.gamma(2, 1, 150), 6)
goldens["mean_interval"] = {"values": values.tolist(), "interval": interval((values,))}

# Exact distributions in the tails.
goldens["mcnemar"] = []
for only_method, only_baseline in [
    (0, 0), (1, 0), (0, 5), (5, 5), (4, 6), (30, 12), (12, 30), (300, 411), (900, 100), (2500, 2300),
]:
    n = only_method + only_baseline
    exact = statsmodels.stats.contingency_tables.mcnemar(
        [[7, only_method], [only_baseline, 9]], exact=True
    ).pvalue
    if n:
        other = scipy.stats.binomtest(only_method, n, 0.5).pvalue
        assert np.isclose(exact, other, rtol=1e-9), (exact, other)
    # The mid-p value takes half of what was seen out, on both sides.
    smaller = min(only_method, only_baseline)
    if only_method == only_baseline:
        mid = 1 - scipy.stats.binom.pmf(smaller, n, 0.5)
    else:
        mid = 2 * scipy.stats.binom.cdf(smaller, n, 0.5) - scipy.stats.binom.pmf(smaller, n, 0.5)
    goldens["mcnemar"].append(
        {
            "only_method": only_method,
            "only_baseline": only_baseline,
            "exact": float(exact) if n else 1.0,
            "mid": float(mid) if n else 0.0,
        }
    )

# Rank correlation, with ties in both lists and without.
x = rng.normal(size=40)
y = 0.5 * x + rng.normal(size=40)
goldens["spearman"] = [
    {
        "x": a.tolist(),
        "y": b.tolist(),
        "rho": float(scipy.stats.spearmanr(a, b).statistic),
    }
    for a, b in [(x, y), (np.round(x), np.round(2 * y) / 2), (x, -np.exp(x))]
]

seeds = [0.512, 0.4871, 0.5033]
goldens["seeds"] = {
    "values": seeds, "mean": float(np.mean(seeds)), "deviation": float(np.std(seeds, ddof=1)),
}

# Scores of 200 predictions over 7 classes.
logits = np.round(rng.normal(scale=2, size=(200, 7)), 4)
labels = rng.integers(0, 7, size=200)
logits[np.arange(200), labels] += 1
logits = np.round(logits, 4)
log_probabilities = scipy.special.log_softmax(logits, axis=1)
probabilities = np.exp(log_probabilities)
goldens["scores"] = {
    "logits": logits.tolist(),
    "labels": labels.tolist(),
    "accuracy": float(sklearn.metrics.accuracy_score(labels, probabilities.argmax(1))),
    "nll": float(sklearn.metrics.log_loss(labels, probabilities, labels=range(7))),
    "brier": float(
        sklearn.metrics.brier_score_loss(
            labels, probabilities, labels=range(7), scale_by_half=False
        )
    ),
    "entropy": float(scipy.stats.entropy(probabilities, axis=1).mean()),
    "ece": float(
        torchmetrics.functional.classification.multiclass_calibration_error(
            torch.tensor(probabilities), torch.tensor(labels), num_classes=7, n_bins=15, norm="l1"
        )
    ),
    "spearman_entropy_loss": float(
        scipy.stats.spearmanr(
            scipy.stats.entropy(probabilities, axis=1),
            -log_probabilities[np.arange(200), labels],
        ).statistic
    ),
}
confidence = probabilities.max(1)
edges = np.linspace(0, 1, 16)
correct = (probabilities.argmax(1) == labels).astype(float)
goldens["scores"]["bins"] = {
    "samples": scipy.stats.binned_statistic(confidence, correct, "count", bins=edges)[0].tolist(),
    "correct": scipy.stats.binned_statistic(confidence, correct, "sum", bins=edges)[0].tolist(),
    "confidence": scipy.stats.binned_statistic(confidence, confidence, "sum", bins=edges)[0].tolist(),
}

# Corruption errors: [corruption, severity].
errors = np.round(rng.uniform(0.2, 0.9, (4, 5)), 4)
baseline = np.round(rng.uniform(0.4, 0.95, (4, 5)), 4)
clean, baseline_clean = 0.0831, 0.1214
goldens["corruption_error"] = {
    "errors": errors.tolist(),
    "baseline": baseline.tolist(),
    "clean": clean,
    "baseline_clean": baseline_clean,
    "mce": float(np.mean(errors.sum(1) / baseline.sum(1))),
    "relative_mce": float(
        np.mean((errors - clean).sum(1) / (baseline - baseline_clean).sum(1))
    ),
}

path = pathlib.Path(__file__).with_name("goldens.json")
path.write_text(json.dumps(goldens, indent=1) + "\n")
