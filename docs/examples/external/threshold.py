#!/usr/bin/env python3
"""One trial for tenet: logistic regression on two clouds of points, with or without scaled inputs.

It reads the trial as JSON on standard input and answers {"metrics": {...}} on standard output. Everything
that is random follows from the trial's seeds, so the same trial gives the same answer to the last digit.
"""
import json
import math
import random
import sys

trial = json.load(sys.stdin)
arm = trial["arm"]


def clouds(stream, n):
    """n points of two classes; the second number is a hundred times as large as the first."""
    rng = random.Random(trial["seeds"][stream])
    points = []
    for i in range(n):
        label = i % 2
        side = 1.0 if label else -1.0
        points.append((rng.gauss(0.7 * side, 1.0), 100.0 * rng.gauss(0.7 * side, 1.0), label))
    return points


def scaled(points, by):
    return [(x / by[0], y / by[1], label) for x, y, label in points]


train = clouds("split", 200)
# While rates are chosen the answer must not look at the test part: other points stand in for it.
test = clouds("noise" if trial["tuning"] else "eval", 400)
if arm["scale"]:
    by = tuple(math.sqrt(sum(p[i] ** 2 for p in train) / len(train)) for i in (0, 1))
    train, test = scaled(train, by), scaled(test, by)

rng = random.Random(trial["seed"])
w = [rng.gauss(0.0, 0.01) for _ in range(3)]
rate = trial["rate"] or 0.1
order = random.Random(trial["seeds"]["order"])
for step in range(trial["steps"]):
    x, y, label = train[order.randrange(len(train))]
    z = w[0] * x + w[1] * y + w[2]
    p = 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, z))))
    g = p - label
    w = [w[0] - rate * g * x, w[1] - rate * g * y, w[2] - rate * g]

hits = sum((w[0] * x + w[1] * y + w[2] > 0) == bool(label) for x, y, label in test)
print("trained", trial["steps"], "steps", file=sys.stderr)  # kept with the trial
json.dump({"metrics": {"test_accuracy": hits / len(test)}, "params": 3}, sys.stdout)
