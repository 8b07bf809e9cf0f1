"""A second reader of a tenet library, written from FORMAT.md alone. Usage: reader.py DIR

Reads library.db without bbolt, checks the ledger as FORMAT.md §10 says, and prints
"changes N root HEX things N" or the first fault.
"""
import hashlib
import json
import os
import re
import struct
import sys
import unicodedata

PAGE_HEAD = 16


def fnv1a(data):
    h = 0xCBF29CE484222325
    for b in data:
        h = ((h ^ b) * 0x100000001B3) % (1 << 64)
    return h


class Bolt:
    """FORMAT.md §3."""

    def __init__(self, path):
        with open(path, "rb") as f:
            self.data = f.read()
        best = None
        for page in (0, 1):
            head = self.data[page * 4096 + PAGE_HEAD:][:64]
            magic, version, size, _, root, _, _, _, txid, checksum = struct.unpack("<IIIIQQQQQQ", head)
            if magic == 0xED0CDAED and version == 2 and checksum == fnv1a(head[:56]):
                if best is None or txid > best[0]:
                    best = (txid, root, size)
        if best is None:
            raise SystemExit("no sound meta page")
        _, self.root, self.size = best

    def buckets(self):
        out = {}
        for key, value, is_bucket in self.tree(self.root):
            if not is_bucket:
                raise SystemExit("the root bucket holds a value")
            (root,) = struct.unpack("<Q", value[:8])
            items = self.tree(root) if root else self.leaf(value[16:])
            out[key.decode()] = {k: v for k, v, _ in items}
        return out

    def tree(self, page):
        (more,) = struct.unpack("<I", self.data[page * self.size + 12:][:4])
        data = self.data[page * self.size:(page + 1 + more) * self.size]
        flags, count = struct.unpack("<HH", data[8:12])
        if flags == 2:
            yield from self.leaf(data)
            return
        if flags != 1:
            raise SystemExit(f"page {page} is neither branch nor leaf")
        for i in range(count):
            (child,) = struct.unpack("<Q", data[PAGE_HEAD + 16 * i + 8:][:8])
            yield from self.tree(child)

    @staticmethod
    def leaf(data):
        (count,) = struct.unpack("<H", data[10:12])
        for i in range(count):
            at = PAGE_HEAD + 16 * i
            flags, pos, ksize, vsize = struct.unpack("<IIII", data[at:at + 16])
            start = at + pos
            yield data[start:start + ksize], data[start + ksize:start + ksize + vsize], flags & 1 == 1


def canonical(v):
    """FORMAT.md §4."""
    if v is None or isinstance(v, bool):
        return json.dumps(v).encode()
    if isinstance(v, int):
        if abs(v) >= 1 << 53:
            raise ValueError("integer too large")
        return str(v).encode()
    if isinstance(v, str):
        if unicodedata.normalize("NFC", v) != v:
            raise ValueError("not NFC")
        named = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
        return ('"' + "".join(named.get(c) or (f"\\u{ord(c):04x}" if c < " " else c) for c in v) + '"').encode()
    if isinstance(v, list):
        return b"[" + b",".join(canonical(x) for x in v) + b"]"
    if isinstance(v, dict):
        keys = sorted(v, key=lambda k: k.encode())
        return b"{" + b",".join(canonical(k) + b":" + canonical(v[k]) for k in keys) + b"}"
    raise ValueError("a real number")


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def be64(n):
    return struct.pack(">Q", n)


class Fold:
    """FORMAT.md §7."""

    def __init__(self):
        self.state, self.seen, self.counts, self.alias, self.numbers = {}, {}, {}, {}, {}
        self.stacks, self.links, self.batch = {}, {}, None

    def add(self, c, link):
        if c["batch"] != self.batch:
            self.batch = c["batch"]
            self.push(c, link)
        elif link:
            raise SystemExit(f"change {c['seq']} has a link inside a batch")
        key = c["kind"].encode() + b"\0" + c["id"].encode()
        if self.seen.get(key) != c["before"]:
            raise SystemExit(f"change {c['seq']}: before does not match")
        self.seen[key] = c["after"]
        self.counts.setdefault(c["kind"], 0)
        self.counts[c["kind"]] += (c["after"] is not None) - (c["before"] is not None)
        if c["after"] is None:
            del self.state[key]
            return
        self.state[key] = be64(c["seq"]) + canonical(c["after"])
        alias = c["after"].get("alias")
        if isinstance(alias, str) and alias and alias.lower() not in self.alias:
            self.alias[alias.lower()] = key
            prefix, number = re.fullmatch(r"(.*?)([0-9]*)", alias.lower(), re.S).groups()
            n = int(number or 0)
            if n < 1 << 32:
                self.numbers[prefix] = max(self.numbers.get(prefix, 0), n)

    def push(self, c, link):
        undo, redo = self.stacks.get(c["actor"], (0, 0))
        b = c["batch"]
        if c["undoes"] == 0:
            under, after = undo, (b, 0)
        elif c["undoes"] == redo:
            under, after = undo, (b, self.links[redo])
        else:
            under, after = redo, (self.links[undo], b)
        if link != under:
            raise SystemExit(f"change {c['seq']}: lies over batch {link}, expected {under}")
        self.links[b], self.stacks[c["actor"]] = link, after

    def index(self):
        out = set()
        for key, value in self.state.items():
            kind, _, ident = key.partition(b"\0")
            for field, v in json.loads(value[8:]).items():
                if field == "key" or field.endswith("_id"):
                    values = [v] if isinstance(v, str) else []
                elif field.endswith("_ids") and isinstance(v, list):
                    values = v
                else:
                    continue
                for text in (x.encode() for x in values if x):
                    if len(text) >= 256 or b"\0" in text:
                        text = b"\x01" + hashlib.sha256(text).hexdigest().encode()
                    out.add(kind + b"\0" + field.encode() + b"\0" + text + b"\0" + ident)
        return out


def compare(name, got, want):
    if got != want:
        raise SystemExit(f"bucket {name} is not what the changes make it")


def main(folder):
    b = Bolt(os.path.join(folder, "library.db")).buckets()
    if set(b) != {"meta", "changes", "state", "counts", "index", "alias", "numbers", "actors"}:
        raise SystemExit(f"buckets {sorted(b)}")
    if b["meta"][b"schema"] != b"1":
        raise SystemExit("another schema")
    fold, levels = Fold(), []  # levels[k] is the node waiting at level k
    for seq in range(1, len(b["changes"]) + 1):
        entry = b["changes"][be64(seq)]
        count = entry[8]
        hashes = [entry[9 + 32 * i:41 + 32 * i] for i in range(count)]
        record = entry[9 + 32 * count:]
        c = json.loads(record)
        if canonical(c) != record or c["seq"] != seq or len(c) != 12:
            raise SystemExit(f"change {seq}: the record is not in order")
        node, want = sha(b"\0", record), []
        for k in range(64):
            want.append(node)
            if seq >> k & 1:
                levels[k:k + 1] = [node]
                break
            node = sha(b"\1", levels[k], node)
        if hashes != want:
            raise SystemExit(f"change {seq}: its hashes do not match")
        (link,) = struct.unpack(">Q", entry[:8])
        fold.add(c, link)
    compare("state", b["state"], fold.state)
    compare("counts", b["counts"], {k.encode(): be64(n) for k, n in fold.counts.items()})
    compare("alias", b["alias"], {k.encode(): v for k, v in fold.alias.items()})
    compare("numbers", b["numbers"], {k.encode(): be64(n) for k, n in fold.numbers.items() if n})
    compare("actors", b["actors"], {k.encode() + b"\0": be64(u) + be64(r) for k, (u, r) in fold.stacks.items()})
    compare("index", set(b["index"]), fold.index())
    root = None
    for k in range(64):
        if len(b["changes"]) >> k & 1:
            root = levels[k] if root is None else sha(b"\1", levels[k], root)
    for path, _, names in os.walk(os.path.join(folder, "vault")):
        for name in names:
            with open(os.path.join(path, name), "rb") as f:
                if hashlib.sha256(f.read()).hexdigest() != name or os.path.basename(path) != name[:2]:
                    raise SystemExit(f"vault file {name}")
    print("changes", len(b["changes"]), "root", (root or sha()).hex(), "things", len(b["state"]))


main(sys.argv[1])
