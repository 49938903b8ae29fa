"""Learns page_lines.tsv: the weights by which a line of a web page is told to be its text.

    ANJUAN_PAGES=html_gold ANJUAN_FEATURES=features.tsv \
        cargo test -p anjuan-import --lib -- --ignored features_of_pages
    python3 page_lines.py features.tsv html_gold/gold.jsonl page_lines.tsv

Needs numpy and scikit-learn. A line is of the text if most of its runs of four characters are in
the text set out by hand. Each page counts the same, each of its lines by the root of its length.
The figures printed are of pages whose site took no part in the learning.
"""

import json
import re
import sys
import unicodedata
from collections import Counter

import numpy as np
from sklearn.linear_model import LogisticRegression

FAVOUR, LARGEST, AGAINST, OUT, LEAD = 0.8, 4.0, -20.0, -3.0, 30


def squeezed(text):
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def grams(text):
    return Counter(text[at : at + 4] for at in range(len(text) - 3))


def f1(found, gold):
    found = grams(squeezed(found))
    common = sum(min(n, gold[g]) for g, n in found.items() if g in gold)
    whole = sum(found.values()) + sum(gold.values())
    return 2 * common / whole if whole else 1.0


def site(record):
    """Pages of one site are learned from together or not at all."""
    if record.get("url"):
        return ".".join(record["url"].split("/")[2].split(".")[-2:])
    name = record["file"].split("/")[-1]
    return name if record["set"] == "cwce" else re.split(r"_|\d", name)[0]


def read(features, gold):
    gold = {r["file"]: r for r in map(json.loads, open(gold)) if r.get("text")}
    pages, page = [], None
    for line in open(features):
        kind, *fields = line.rstrip("\n").split("\t")
        if kind == "page":
            record = gold.get(fields[0])
            page = dict(lines=[], rows=[], record=record, file=fields[0]) if record else None
            if page:
                pages.append(page)
        elif kind == "names":
            names = fields
        elif page and kind == "parents":
            page["parents"] = list(map(int, fields[0].split()))
        elif page and kind == "line":
            place, chars, title, prose, row, text = fields
            page["lines"].append((int(place), int(chars), title == "1", prose == "1", text))
            page["rows"].append([float(f) for f in row.split()])
    pages = [p for p in pages if p["lines"]]
    for page in pages:
        text = squeezed(page["record"]["text"])
        page["gold"] = grams(text)
        page["site"] = site(page["record"])
        page["forum"] = page["record"]["set"] == "magic_forum"
        page["x"] = np.array(page["rows"])
        page["y"] = labels(page, text)
        weight = np.sqrt([max(1, l[1]) for l in page["lines"]])
        page["w"] = weight / weight.sum()
    return pages, names


def labels(page, text):
    found = []
    for *_, line in page["lines"]:
        line = squeezed(line)
        runs = [line[at : at + 4] for at in range(len(line) - 3)]
        if len(line) < 8:
            found.append(line in text)
        else:
            found.append(sum(r in page["gold"] for r in runs) > 0.7 * len(runs))
    # A short line is often somewhere in the text by chance.
    for at, (*_, line) in enumerate(page["lines"]):
        around = found[max(0, at - 3) : at] + found[at + 1 : at + 4]
        if len(squeezed(line)) < 8 and sum(around) * 2 < len(around):
            found[at] = False
    return np.array(found, dtype=int)


def learn(pages):
    x = np.vstack([p["x"] for p in pages])
    y = np.concatenate([p["y"] for p in pages])
    w = np.concatenate([p["w"] for p in pages])
    return LogisticRegression(C=0.3, max_iter=2000).fit(x, y, sample_weight=w / w.mean())


def text(page, weight, favour=FAVOUR, against=AGAINST, out=OUT, power=0.4):
    """What `weigh.rs` does with the weights."""
    lines, parents = page["lines"], page["parents"]
    weight = weight + favour
    value = [max(-LARGEST, min(LARGEST, w)) * max(1, l[1]) ** power for w, l in zip(weight, lines)]
    total = [0.0] * len(parents)
    for line, v in zip(lines, value):
        total[line[0]] += v
    for at in range(len(parents) - 1, 0, -1):
        total[parents[at]] += total[at]
    main = max(range(len(parents)), key=lambda at: (total[at], at))
    inside = [False] * len(parents)
    inside[main] = True
    for at in range(main + 1, len(parents)):
        inside[at] = inside[parents[at]] and total[at] >= against
    within = [k for k, l in enumerate(lines) if inside[l[0]]]
    best, span, current, start = -1e9, (0, -1), 0.0, 0
    for j, k in enumerate(within):
        if current <= 0:
            current, start = 0.0, j
        current += value[k]
        if current > best:
            best, span = current, (start, j)
    kept = [k for k in within[span[0] : span[1] + 1] if weight[k] >= out]
    title = next((k for k, l in enumerate(lines) if l[2]), None)
    if kept and title is not None and title < kept[0] <= title + LEAD:
        kept = [k for k in range(title + 1, kept[0]) if weight[k] > favour and lines[k][3]] + kept
    return "".join(lines[k][4] for k in kept if k != title)


def main(features, gold, target):
    pages, names = read(features, gold)
    taught = [p for p in pages if not p["forum"]]
    sites = sorted({p["site"] for p in pages})
    for fold in range(12):
        inside = {s for at, s in enumerate(sites) if at % 12 == fold}
        model = learn([p for p in taught if p["site"] not in inside])
        for page in pages:
            if page["site"] in inside:
                page["weight"] = model.decision_function(page["x"])
    for options in OPTIONS:
        scores = [f1(text(p, p["weight"], *options), p["gold"]) for p in taught]
        good = sum(s >= 0.95 for s in scores)
        thread = [f1(text(p, p["weight"], *options), p["gold"]) for p in pages if p["forum"]]
        print(f"threads {np.mean(thread):.3f}", end=" ")
        print(options, f"left out: mean F1 {np.mean(scores):.4f}, {good} of {len(scores)}")
    model = learn(taught)
    with open(target, "w") as out:
        for name, weight in zip(["constant", *names], [model.intercept_[0], *model.coef_[0]]):
            out.write(f"{name}\t{weight:.3f}\n")
    if "-v" in sys.argv:
        for page in sorted(pages, key=lambda p: f1(text(p, p["weight"]), p["gold"]))[:30]:
            print("%.3f" % f1(text(page, page["weight"]), page["gold"]), page["file"])


OPTIONS = [()]
if "-o" in sys.argv:
    OPTIONS = [(f, a, o, w) for f in (0.8, 1.1, 1.4) for a in (-20, -8) for o in (-3.0,) for w in (0.5,)]
if __name__ == "__main__":
    main(*sys.argv[1:4])
