#!/usr/bin/env python3
"""A second reader of tenet's proof files and bundles, written from FORMAT.md alone. Standard library only.
    audit.py FILE|DIR     prints "accepted: ..." and exits 0, or "refused: ..." and exits 1
    audit.py --cases      reads cases from standard input, each a decimal length, a newline and that many bytes of a
                          proof file, and answers "accepted" or "refused: ..." to each on a line
"""
import base64, gzip, hashlib, io, json, math, os, sys, tarfile, unicodedata, zlib

INF = math.inf

class Refused(Exception): pass
def need(ok, why):
    if not ok: raise Refused(why)

# ---------------------------------------------------------------- Ed25519 (RFC 8032), verification only
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
def recover(y, sign):
    need(y < P, "point is not canonical")
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    need((x * x - x2) % P == 0 and (x or not sign), "no such point")
    return P - x if (x & 1) != sign else x
def point(b):
    n = int.from_bytes(b, "little")
    y, sign = n & (2**255 - 1), n >> 255
    x = recover(y, sign)
    return (x, y, 1, x * y % P)
def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)
def mul(s, p):
    q = (0, 1, 1, 0)
    while s:
        if s & 1:
            q = add(q, p)
        p, s = add(p, p), s >> 1
    return q

BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
def verify(key, message, sig):
    need(len(key) == 32 and len(sig) == 64, "wrong size of key or signature")
    s = int.from_bytes(sig[32:], "little")
    need(s < L, "signature is not canonical")
    h = int.from_bytes(hashlib.sha512(sig[:32] + key + message).digest(), "little") % L
    a, b = mul(s, BASE), add(point(sig[:32]), mul(h, point(key)))
    need((a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0, "the signature does not fit")

# ---------------------------------------------------------------- text, canonical JSON, Merkle tree
def unbase64(text):
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        raise Refused("not base64: %.40r" % text)
    need(base64.b64encode(raw).decode() == text, "base64 with another spelling")
    return raw
def decimal(text):
    need(text.isascii() and text.isdigit() and (text == "0" or text[0] != "0") and len(text) < 17, "no decimal: %.20r" % text)
    return int(text)
def encode(v):
    if v is None or isinstance(v, bool):
        return {None: "null", True: "true", False: "false"}[v]
    if isinstance(v, int):
        need(abs(v) < 2**53, "integer too large")
        return str(v)
    if isinstance(v, str):
        need(unicodedata.is_normalized("NFC", v), "text is not NFC")
        out = []
        for c in v:
            short = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}.get(c)
            out.append(short or ("\\u%04x" % ord(c) if c < " " else c))
        return '"' + "".join(out) + '"'
    if isinstance(v, list):
        return "[" + ",".join(map(encode, v)) + "]"
    need(isinstance(v, dict), "a number with a fraction")
    return "{" + ",".join(encode(k) + ":" + encode(v[k]) for k in sorted(v, key=lambda k: k.encode())) + "}"
def unjson(raw):
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        raise Refused("a record is not JSON")

def record(seq, raw):
    c = unjson(raw)
    need(isinstance(c, dict) and sorted(c) == "actor after at batch before final id kind seq undoes verb why".split() and encode(c).encode() == raw, "change %d is not canonical" % seq)
    need(c["seq"] == seq, "change %d says it is change %r" % (seq, c["seq"]))
    return c
def leaf(raw): return hashlib.sha256(b"\0" + raw).digest()
def node(a, b): return hashlib.sha256(b"\1" + a + b).digest()
def included(index, size, h, path, root):  # RFC 9162, 2.1.3.2
    need(index < size, "index beyond the tree")
    fn, sn = index, size - 1
    for p in path:
        need(sn > 0, "proof too long")
        if fn & 1 or fn == sn:
            h = node(p, h)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            h = node(h, p)
        fn, sn = fn >> 1, sn >> 1
    need(sn == 0 and h == root, "change %d is not in the tree" % (index + 1))
def tree(leaves):
    if not leaves:
        return hashlib.sha256(b"").digest()
    while len(leaves) > 1:
        leaves = [node(*leaves[i:i + 2]) if i + 1 < len(leaves) else leaves[i] for i in range(0, len(leaves), 2)]
    return leaves[0]

class Checkpoint:
    def __init__(self, text, key):
        name, hash_, raw = (key.split("+", 2) + ["", ""])[:3]
        self.raw, self.name = unbase64(raw), name
        need(len(self.raw) == 33 and self.raw[0] == 1, "not an Ed25519 key")
        need(hash_ == hashlib.sha256(name.encode() + b"\n" + self.raw).hexdigest()[:8], "the key's hash does not fit")
        lines = text.split("\n")
        need(len(lines) == 6 and lines[0] == name and lines[3] == lines[5] == "", "checkpoint of another form")
        self.size, self.root = decimal(lines[1]), unbase64(lines[2])
        need(len(self.root) == 32 and lines[4].startswith("— " + name + " "), "checkpoint of another form")
        self.sig = unbase64(lines[4][len("— " + name + " "):])
        self.body = "\n".join(lines[:3]) + "\n"
    def verify(self):
        need(len(self.sig) == 68 and self.sig[:4] == hashlib.sha256(self.name.encode() + b"\n" + self.raw).digest()[:4], "signed by another key")
        verify(self.raw[1:], self.body.encode(), self.sig[4:])

# ---------------------------------------------------------------- the rule: FORMAT.md §13
def real(t): return need(isinstance(t, str), "a real number is a text") or float(t)
def median(v):
    v, n = sorted(v), len(v)
    return math.nan if not n else v[n // 2] if n % 2 or v[n // 2 - 1] == v[n // 2] else v[n // 2 - 1] / 2 + v[n // 2] / 2
def midranks(v): return [sum(b < a for b in v) + (sum(b == a for b in v) + 1) / 2 for a in v]
def slope(x, y):
    mx, my = math.fsum(x) / len(x), math.fsum(y) / len(y)
    return math.fsum((a - mx) * (b - my) for a, b in zip(x, y)) / math.fsum((a - mx) ** 2 for a in x)
def corr(x, y):
    mx, my = math.fsum(x) / len(x), math.fsum(y) / len(y)
    xy = math.fsum((a - mx) * (b - my) for a, b in zip(x, y))
    q = math.fsum((a - mx) ** 2 for a in x) * math.fsum((b - my) ** 2 for b in y)
    return xy / math.sqrt(q) if q else 0.0

def contrast(e, trials):
    """(kind, D, diverged) of a block: kind is number, void or missing."""
    worst = -INF if e["worst"] == "inf" else real(e["worst"])
    ys, div = [], []
    for t in trials:
        if t.get("missing"):
            return "missing", None, False
        m = real(t["metric"])
        bad = t.get("diverged", False) or not math.isfinite(m) or (e["transform"] == "log" and m <= 0)
        y = worst if bad else math.log(m) if e["transform"] == "log" else m
        ys.append(worst if bad else max(worst, -y if e["better"] == "lower" else y))
        div.append(bad)
    if all(div):
        return "void", None, True
    x, table = [real(v) for v in e["levels"]], [real(v) for v in e["table_values"]]
    if e["table_better"] == "lower":
        table = [-v for v in table]
    d = {"slope": lambda: slope(x, ys), "slope_diff": lambda: slope(x, ys[:len(x)]) - slope(x, ys[len(x):]),
         "interaction": lambda: (ys[0] - ys[1]) - (ys[2] - ys[3]), "spearman": lambda: corr(midranks(ys), midranks(table)),
         "single": lambda: ys[0] - real(e["baseline"]), "paired": lambda: ys[0] - ys[1]}[e["reduction"]]()
    return "number", d, any(div)
def spread(d):
    if len(d) < 2:
        return 0.0
    s = median([0.0 if a == b else abs(a - b) for i, a in enumerate(d) for b in d[:i]]) / 0.9538725524089398
    f = [v for v in d if math.isfinite(v)]
    if s or len(f) < 2:
        return s
    m = math.fsum(f) / len(f)
    return math.sqrt(math.fsum((v - m) ** 2 for v in f) / (len(f) - 1))

class Wealth:
    """log e of one side of one edge, and its running maximum, are kept by the caller."""
    def __init__(self, theta, side, signs):
        self.theta, self.side, self.signs, self.acc = theta, side, signs, [0.0, 0.0, 0.0]
    def add(self, d, s, i):
        x, nu = d - self.theta, max(1, i)
        if x == 0 or not self.signs and math.isinf(s) and not math.isinf(x):
            r = 0.0
        elif self.signs:
            r = math.copysign(1, x)
        else:
            r = math.copysign(min(3, math.sqrt(nu) / (1 if math.isinf(x) else math.hypot(1, math.sqrt(nu - 1) * (s / abs(x))))), x)
        for j, c in enumerate((0.5, 1, 2)):
            self.acc[j] += math.log1p(self.side * 0.99 * math.tanh(c * r))
        top = max(self.acc)
        return top + math.log(sum(math.exp(a - top) for a in self.acc) / 3)
def mix(a, b): return max(a, b) + math.log((math.exp(a - max(a, b)) + math.exp(b - max(a, b))) / 2)

class Rule:
    def __init__(self, reg):
        e, g = reg["estimand"], reg["gates"]
        self.kind, self.t0, self.delta, self.e = e["kind"], real(e["theta0"]), real(e["delta"]), e
        self.nmin, self.nmax, self.median = reg["n_min"], reg["n_max"], e["center"] == "median"
        self.missing_max, self.unstable_max, self.constant_stop = real(g["missing_max"]), real(g["unstable_max"]), int(g["constant_stop"])
        def edges(signs):
            d, t = self.delta, self.t0
            a = [(t, 1), (d, -1)] if self.kind == "greater" else [(d, -1), (-d, 1), (d, 1), (-d, -1)] if self.kind == "equivalent" else [(d, -1), (-d, 1), (t, 1), (-t, -1)]
            return [Wealth(th, side, signs) for th, side in a]
        self.main, self.sign = edges(self.median), edges(True)
        self.best = [[-INF] * 3, [-INF] * 3]
        self.now = [0.0, 0.0]
        self.d, self.n, self.missing, self.void, self.diverged, self.done = [], 0, 0, 0, 0, None
    def sides(self, e):
        if self.kind == "greater":
            return e[0], e[1]
        return (min(e[0], e[1]), e[2]) if self.kind == "equivalent" else (e[2], min(e[0], e[1]))
    def evidence(self): return tuple(map(math.exp, self.sides(self.best[0]))) if self.d else (1.0, 1.0)
    def take(self, kind, d, diverged):
        self.n += 1
        self.missing += kind == "missing"
        self.void += kind == "void"
        self.diverged += diverged
        if kind != "number":
            return
        s, i = spread(self.d), len(self.d)
        for k, side in enumerate((self.main, self.sign)):
            e = [w.add(d, s, i) for w in side]
            e = [e[0], e[1], -INF] if self.kind == "greater" else [e[0], e[1], mix(e[2], e[3])]
            self.best[k] = [max(a, b) for a, b in zip(self.best[k], e)]
            if k == 0:
                self.now = self.sides(e)
        self.d.append(d)
    def estimate(self):
        return median(self.d) if self.median else median([a / 2 + b / 2 for i, a in enumerate(self.d) for b in self.d[:i + 1] if not (math.isinf(a) and math.isinf(b) and a != b)])
    def judge(self, tv, tr):
        k, n = len(self.d), max(self.n, 1)
        flat = self.e["constant"] == "forbid" and self.diverged == self.void and k > 0 and len(set(self.d)) == 1
        many = (self.void if self.e["divergence"] == "outcome" else self.diverged) > self.unstable_max * n
        self.open = "missing" if self.missing > self.missing_max * n else "no-variation" if k >= max(1, self.nmin) and flat else "unstable" if many else "budget"
        if k < self.nmin: return
        if flat:
            if k >= self.constant_stop:
                self.done = "inconclusive"
            return
        if self.missing > self.missing_max * n or many: return
        (v, r), (sv, sr), est = self.sides(self.best[0]), self.sides(self.best[1]), self.estimate()
        yes = v >= math.log(tv) and (self.median or sv >= math.log(tv) / 2)
        no = r >= math.log(tr) and (self.median or sr >= math.log(tr) / 2)
        if self.kind == "greater":
            self.done = "refuted" if no and not est >= self.delta else "validated" if yes and not no and est >= self.delta else None
        elif self.kind == "equivalent":
            self.done = "validated" if yes and not no and abs(est) < self.delta else "refuted" if no and not yes and abs(est) >= self.delta else None
        else:
            self.done = "validated" if yes and not no and abs(est) >= self.delta else "refuted" if no and abs(est) < self.delta else None
        if not self.done and no and (yes or self.kind == "greater" and est >= self.delta):
            self.open = "unstable"
def near(a, b): return a == b or abs(a - b) <= 1e-9 * max(abs(a), abs(b))
def standing(blocks, before):
    out = {}
    for b in sorted(blocks, key=lambda b: b["seq"]):
        if b["seq"] < before and (b["b"] not in out or b.get("retry", 0) > 0):
            out[b["b"]] = b
    return [out[k] for k in sorted(out)]
def replay(reg, blocks):
    rule = Rule(reg)
    for b in blocks:
        if rule.done:
            break
        d = b["d"]
        kind = d if d in ("void", "missing") else "number"
        rule.take(kind, None if kind != "number" else real(d), b["diverged"])
        rule.judge(real(b["tv"]), real(b["tr"]))
    return rule
def holm(values, own):
    order, m = sorted(range(len(values)), key=lambda i: -values[i]), len(values)
    for q, i in enumerate(order):
        t = (m - q) / 0.05
        if values[i] < t or i == own:
            return t

def thresholds(lock, reg, peers, logged, before, v, r):
    members = reg["family_members"]
    if reg["rule"] == "eholm":
        t = len(members) / 0.05
        if len(logged) < reg["n_max"]:
            return t, t
        sums = [[], []]
        for name in members:
            if name != reg["hypothesis"]:
                e = (-INF, -INF)
                if name in peers:
                    p = standing(peers[name][1], before)
                    rule = replay(peers[name][0], p)
                    if rule.done or len(p) >= peers[name][0]["n_max"]:
                        e = rule.now
                sums[0].append(math.exp(e[0]))
                sums[1].append(math.exp(e[1]))
        own, out = replay(reg, logged).now, []
        for i in (0, 1):
            s = sorted(sums[i])
            c = max((q + 1) / 0.05 - math.fsum(s[:q]) for q in range(len(s) + 1))
            out.append(min(t, c) if math.exp(own[i]) >= c else t)
        return tuple(out)
    vs, rs = [], []
    for name in members:
        e = (v, r) if name == reg["hypothesis"] else (1.0, 1.0)
        if name in peers and name != reg["hypothesis"]:
            e = replay(peers[name][0], standing(peers[name][1], before)).evidence()
        vs.append(e[0])
        rs.append(e[1])
    own = members.index(reg["hypothesis"])
    return (min([holm(vs, own)] + [real(b["tv"]) for b in logged]), min([holm(rs, own)] + [real(b["tr"]) for b in logged]))

SAYS = {"validated": "is validated", "refuted": "is refuted", "inconclusive": "stays open", "invalid": "has no valid verdict"}
BECAUSE = {
    "effect": "the effect is there and large enough", "equivalence": "the difference lies inside the margin",
    "higher": "the difference is real and upwards", "lower": "the difference is real and downwards", "reversed": "the effect goes the other way",
    "below-minimum": "there is an effect, but smaller than worth having", "absent": "no effect worth having", "missing": "too many trials were lost",
    "no-variation": "every block gave the same number, so the seeds or the arms do not differ",
    "unstable": "too many trials diverged, or the evidence contradicts itself", "protocol": "the locked plan was not followed",
    "budget": "the blocks were used up before the evidence sufficed"}
def registration(lock):
    raw = lock["canonical"].encode()
    need(hashlib.sha256(b"tenet/prereg/v1\0" + raw).hexdigest() == lock["digest"], "the plan does not have the digest of its lock")
    reg = unjson(raw)
    need(encode(reg).encode() == raw and reg["family_members"] == lock["members"], "the plan is not canonical")
    return reg

WORLD = {"study": "study", "data": "data_digest", "task": "task_digest", "training": "training_digest", "engine": "engine", "vcs": "vcs", "kernel": "kernel"}
def owns_up(reg, s, deviations):
    said = {d["class"] for d, seq in deviations if d["hypothesis_id"] == s["hypothesis_id"] and d.get("run_id") == s["run_id"] and seq < s["seq"]}
    other = {k for k in WORLD if s["env"].get(k) and s["env"][k] != reg[WORLD[k]]}
    need(not other or "major" in said or said and not other & {"study", "data", "task", "training"}, "change %d departs from the plan and no deviation says so" % s["seq"])
def judge_case(lock, starts, blocks, deviations, verdict, peers, trials):
    """Judges one verdict from the trials upwards; gives its sentence."""
    reg = registration(lock)
    begun = {}
    for s in starts:
        need(s["hypothesis_id"] == lock["hypothesis_id"] and s.get("lock_id") == lock["id"] and s["seq"] > lock["seq"], "a start before its lock")
        owns_up(reg, s, deviations)
        begun[s["run_id"]] = s
    for b in sorted(blocks, key=lambda b: b["seq"]):
        need(b["run_id"] in begun and begun[b["run_id"]]["seq"] < b["seq"] < verdict["seq"], "block %d is out of order" % b["b"])
        before = standing(blocks, b["seq"])
        retry = b.get("retry", 0)
        need(b["b"] <= len(before) if not retry else b["b"] < len(before) and before[b["b"]]["d"] == "missing", "block %d is out of order" % b["b"])
        need(retry or b["b"] == len(before), "block %d is logged twice" % b["b"])
        by_arm = {t["arm"]: t for t in b["trials"]}
        need(sorted(by_arm) == sorted(a["name"] for a in reg["arms"]) and len(by_arm) == len(b["trials"]), "block %d has other arms" % b["b"])
        for t in b["trials"]:
            if t.get("missing"):
                continue
            need(t["trial"] in trials, "a trial of block %d is not there" % b["b"])
            got, job = trials[t["trial"]], trials[t["trial"]]["job"]
            need(hashlib.sha256(b"tenet/trial/v2\0" + encode(job).encode()).hexdigest() == got["key"] == t["key"], "the key of a trial does not fit")
            need(job["study"] == begun[b["run_id"]]["seed_study"] and job["hypothesis"] == reg["hypothesis"] and job["block"] == b["b"] and job["scope"] == "*" and not job.get("tuning"), "a trial of other seeds")
            need((begun[b["run_id"]]["env"].get("data") or reg["data_digest"]) in ("", "generated", job["data"]), "a trial on other data")
            m = got["metrics"].get(reg["estimand"]["metric"])
            bad = got.get("diverged", False) or m is None
            need(bad == t.get("diverged", False) and (t["metric"] == "nan" if bad else t["metric"] == m), "a trial gave another outcome")
        kind, d, diverged = contrast(reg["estimand"], [by_arm[a["name"]] for a in reg["arms"]])
        need(b["diverged"] == diverged and (near(real(b["d"]), d) if kind == "number" and b["d"] not in ("void", "missing") else b["d"] == kind), "block %d: its trials give another D" % b["b"])
        prefix = before[:b["b"]]
        v, r = replay(reg, prefix + [b]).evidence()
        need(near(v, real(b["v"])) and near(r, real(b["r"])), "block %d: its evidence is another" % b["b"])
        tv, tr = thresholds(lock, reg, peers, prefix, b["seq"], v, r) if not retry else (real(before[b["b"]]["tv"]), real(before[b["b"]]["tr"]))
        need(near(tv, real(b["tv"])) and near(tr, real(b["tr"])), "block %d: its family asks for another threshold" % b["b"])
    logged = standing(blocks, verdict["seq"])
    rule = replay(reg, logged)
    tv, tr = (real(logged[rule.n - 1]["tv"]), real(logged[rule.n - 1]["tr"])) if rule.done else thresholds(lock, reg, peers, logged, verdict["seq"], *rule.evidence())
    if not rule.done:
        rule.judge(tv, tr)
    classes = [d["class"] for d, seq in deviations if seq < verdict["seq"]]
    computed = rule.done or "inconclusive"
    said = "invalid" if "major" in classes else computed
    v, r = rule.evidence()
    need(verdict["verdict"] == said and verdict["stop"] == rule.n and verdict["lock_id"] == lock["id"] and verdict["digest"] == lock["digest"], "the blocks give the verdict %s at block %d" % (said, rule.n))
    need(near(real(verdict["v"]), v) and near(real(verdict["r"]), r) and near(real(verdict["tv"]), tv) and near(real(verdict["tr"]), tr), "the verdict has other evidence")
    need(said != "inconclusive" or rule.done or verdict["reason"] == rule.open, "the verdict has another reason")
    return " ".join(("%s %s: %s. %s" % (reg["hypothesis"], SAYS[said], BECAUSE.get(verdict["reason"], ""), reg["statement"])).split())

class Held:
    """What a set of change records holds, by kind."""
    def __init__(self, changes):
        self.by, self.seq = {}, {}
        for c in changes:
            if c["after"] is not None:
                self.by.setdefault(c["kind"], {})[c["id"]] = c["after"]
                self.seq[c["kind"], c["id"]] = c["seq"]
        self.deviations = [(d, self.seq["deviation", d["id"]]) for d in self.all("deviation")]
    def all(self, kind): return list(self.by.get(kind, {}).values())
    def case(self, verdict):
        lock = self.by.get("lock", {}).get(verdict.get("lock_id", ""))
        need(lock is not None and lock["hypothesis_id"] == verdict["hypothesis_id"], "the lock of the verdict is not there")
        before, hyp = verdict["seq"], verdict["hypothesis_id"]
        blocks = {}
        for b in self.all("block"):
            if not b.get("exploratory") and b["seq"] < before:
                blocks.setdefault(b["hypothesis_id"], []).append(b)
        peers = {}
        for other in self.all("lock"):
            if other["id"] != lock["id"] and other["family_id"] == lock["family_id"] and other["seq"] < before:
                reg = registration(other)
                peers[reg["hypothesis"]] = (reg, blocks.get(other["hypothesis_id"], []))
        starts = [s for s in self.all("start") if s["hypothesis_id"] == hyp and not s["exploratory"] and s["seq"] < before]
        return judge_case(lock, starts, blocks.get(hyp, []), [x for x in self.deviations if x[0]["hypothesis_id"] == hyp], verdict, peers, self.by.get("trial", {}))

# ---------------------------------------------------------------- §11 proof files, §12 bundles
def audit_file(data):
    lines = data.decode().split("\n")
    need(len(lines) > 5 and lines[0] == "tenet/proof@v1" and lines[1].startswith("sentence ") and lines[2].startswith("key ") and lines[3].startswith("records ") and not lines[4], "it does not begin as a proof does")
    count, at, parts = decimal(lines[3][8:]), 5, []
    need(0 < count < len(lines), "no number of records")
    for _ in range(count):
        need(at + 3 < len(lines) and lines[at].startswith("record ") and lines[at + 1] == "c2sp.org/tlog-proof@v1" and lines[at + 2].startswith("index "), "a record of another form")
        raw, index, path, at = lines[at][7:].encode(), decimal(lines[at + 2][6:]), [], at + 3
        while at < len(lines) and lines[at]:
            path.append(unbase64(lines[at]))
            need(len(path[-1]) == 32, "a hash of another size")
            at += 1
        at += 1
        need(not parts or index > parts[-1][0], "records are not in order")
        parts.append((index, raw, path))
    check = Checkpoint("\n".join(lines[at:]), lines[2][4:])
    for index, raw, path in parts:
        included(index, check.size, leaf(raw), path, check.root)
    check.verify()
    changes = [record(index + 1, raw) for index, raw, _ in parts]
    for c in changes:
        need(c["before"] is None and c["final"] and c["kind"] in ("lock", "start", "deviation", "trial", "block", "verdict"), "change %d does not belong here" % c["seq"])
        need(c["after"]["id"] == c["id"] and c["after"].get("seq", c["seq"]) == c["seq"], "change %d holds something else" % c["seq"])
    held = Held(changes)
    if held.all("verdict"):
        need(len(held.all("verdict")) == 1, "not one verdict")
        sentence = held.case(held.all("verdict")[0])
    else:  # the receipt of a lock
        need(count == 1 and held.all("lock"), "neither a verdict nor a lock alone")
        reg = registration(held.all("lock")[0])
        sentence = " ".join(("%s is preregistered: %s" % (reg["hypothesis"], reg["statement"])).split())
    need(lines[1] == "sentence " + sentence, "the records say: " + sentence)
    return "%s (%d records, root %s)" % (sentence, count, check.root.hex())

def audit_bundle(folder):
    with open(os.path.join(folder, "bundle.txt"), encoding="utf-8", newline="") as f:
        lines = f.read().split("\n", 6)
    need(len(lines) == 7 and lines[0] == "tenet/bundle@v2" and lines[1].startswith("key ") and lines[2].startswith("records ") and not lines[5], "bundle.txt of another form")
    check = Checkpoint(lines[6], lines[1][4:])
    def unpack(name, line):
        with open(os.path.join(folder, name), "rb") as f:
            packed = f.read()
        need(line == name + " " + hashlib.sha256(packed).hexdigest(), "%s is not the file that bundle.txt names" % name)
        return gzip.decompress(packed)
    raw, vault = unpack("ledger.jsonl.gz", lines[3]), unpack("vault.tar.gz", lines[4])
    need(not raw or raw.endswith(b"\n"), "the last record is cut short")
    raws = raw.split(b"\n")[:-1]
    need(len(raws) == check.size == decimal(lines[2][8:]), "%d records, %d are signed" % (len(raws), check.size))
    need(tree([leaf(r) for r in raws]) == check.root, "another tree than was signed")
    check.verify()
    changes, state = [record(i + 1, r) for i, r in enumerate(raws)], {}
    for c in changes:
        need(encode(state.get((c["kind"], c["id"]))) == encode(c["before"]), "change %d: another state before" % c["seq"])
        state[c["kind"], c["id"]] = c["after"]
        if c["kind"] in ("lock", "start", "deviation", "trial", "block", "verdict"):
            need(c["before"] is None and c["final"], "change %d rewrites a %s" % (c["seq"], c["kind"]))
            need(c["after"].get("seq", c["seq"]) == c["seq"], "change %d holds another number" % c["seq"])
    held, n = Held(changes), 0
    for v in held.all("verdict"):
        if v["verdict"] != "exploratory":
            held.case(v)
            n += 1
    for s in held.all("start"):
        if not s["exploratory"]:
            owns_up(registration(held.by["lock"][s["lock_id"]]), s, held.deviations)
    files = 0
    with tarfile.open(fileobj=io.BytesIO(vault)) as tar:
        for member in tar:
            need(hashlib.sha256(tar.extractfile(member).read()).hexdigest() == member.name, "vault file %s has other bytes" % member.name)
            files += 1
    return "%d records, %d verdicts, %d files, root %s" % (check.size, n, files, check.root.hex())
def answer(audit, what):
    try:
        return "accepted: " + audit(what)
    except Refused as e:
        return "refused: %s" % e
    except (KeyError, TypeError, AttributeError, ValueError, IndexError, OSError, OverflowError, EOFError, zlib.error, tarfile.TarError) as e:
        return "refused: a part is missing or of another kind (%s: %s)" % (type(e).__name__, e)
def main(args):
    if args == ["--cases"]:
        while line := sys.stdin.buffer.readline():
            print(answer(audit_file, sys.stdin.buffer.read(int(line))).split(":")[0], flush=True)
        return 0
    if len(args) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    if os.path.isdir(args[0]):
        text = answer(audit_bundle, args[0])
    else:
        with open(args[0], "rb") as f:
            text = answer(audit_file, f.read())
    print(text)
    return 0 if text.startswith("accepted") else 1

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
