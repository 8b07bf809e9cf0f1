package proof

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"tenet/hypotheses"
	"tenet/internal/store"
	"tenet/runner"
)

// faults is what `tenet verify` says of a library.
func faults(t *testing.T, lib *store.Library) []string {
	t.Helper()
	found, err := lib.Verify(t.Context(), nil)
	must(t, err)
	var out []string
	for _, f := range found {
		out = append(out, f.String())
	}
	key, err := lib.VerifierKey()
	must(t, err)
	must(t, lib.View(func(tx *store.Tx) error {
		c, err := CheckAll(tx, key, lib.Vault().Bytes)
		for _, w := range c.Wrong {
			out = append(out, w.What)
		}
		return err
	}))
	return out
}

// tampering is one row of the table in docs/trust.md: what someone does who may write into the library, but not
// break SHA-256 or Ed25519, and what the check names.
type tampering struct {
	name string
	act  func(t *testing.T, l *lab, tx *store.Tx) error
	want string
}

func tamperings() []tampering {
	return []tampering{
		{"a verdict edited", func(t *testing.T, l *lab, tx *store.Tx) error {
			return put(tx, hypotheses.KindVerdict, l.find("H01").Verdict.ID, func(v *hypotheses.Verdict) { v.Verdict, v.Seq = "refuted", tx.Seq()+1 })
		}, "H01: the record says refuted"},
		{"a plan edited after the lock", func(t *testing.T, l *lab, tx *store.Tx) error {
			return put(tx, hypotheses.KindHypothesis, l.find("H01").ID, func(h *hypotheses.Hypothesis) { h.Decision.Delta = 0.01 })
		}, "the plan is not the one that was locked"},
		{"the locked bytes edited too", func(t *testing.T, l *lab, tx *store.Tx) error {
			return put(tx, hypotheses.KindLock, l.find("H01").Lock.ID, func(r *hypotheses.LockRecord) {
				r.Canonical = strings.Replace(r.Canonical, `"delta":"0.05"`, `"delta":"0.01"`, 1)
			})
		}, "the lock says it is change"},
		{"a lock back-dated before the blocks", func(t *testing.T, l *lab, tx *store.Tx) error {
			return put(tx, hypotheses.KindLock, l.find("H01").Lock.ID, func(r *hypotheses.LockRecord) { r.At, r.Seq = "2020-01-01T00:00:00Z", 1 })
		}, "the lock says it is change 1; it is change"},
		{"an unfavourable block dropped", func(t *testing.T, l *lab, tx *store.Tx) error {
			return tx.Delete("block.dropped", hypotheses.KindBlock, l.blocks("H01")[2].ID, "")
		}, "block 3 was logged after 2 blocks: one is gone or out of order"},
		{"the last block dropped", func(t *testing.T, l *lab, tx *store.Tx) error {
			bs := l.blocks("H01")
			return tx.Delete("block.dropped", hypotheses.KindBlock, bs[len(bs)-1].ID, "")
		}, "the record says validated (effect) after"},
		{"blocks exchanged", func(t *testing.T, l *lab, tx *store.Tx) error {
			bs := l.blocks("H01")
			for i, b := range [][2]int{{1, 2}, {2, 1}} {
				_ = i
				if err := put(tx, hypotheses.KindBlock, bs[b[0]].ID, func(x *hypotheses.Block) { x.B = b[1] }); err != nil {
					return err
				}
			}
			return nil
		}, "says it is change"},
		{"a threshold lowered", func(t *testing.T, l *lab, tx *store.Tx) error {
			return put(tx, hypotheses.KindBlock, l.blocks("H01")[3].ID, func(b *hypotheses.Block) { b.TV = 2 })
		}, "says it is change"},
		{"a block invented at the end", func(t *testing.T, l *lab, tx *store.Tx) error {
			bs := l.blocks("H01")
			b := bs[len(bs)-1]
			b.ID, b.B, b.Seq, b.TV = tx.NewID(), len(bs), tx.Seq()+1, 2
			return tx.PutFinal("block.logged", hypotheses.KindBlock, b.ID, b, "")
		}, "H01: block"},
		{"a trial's outcome improved", func(t *testing.T, l *lab, tx *store.Tx) error {
			return put(tx, runner.KindTrial, l.blocks("H01")[1].Trials[0].TrialID, func(t *runner.Trial) { t.Metrics["test_accuracy"] = 0.99 })
		}, "the trial gave 0.99, the block says"},
		{"a trial of another net", func(t *testing.T, l *lab, tx *store.Tx) error {
			return put(tx, runner.KindTrial, l.blocks("H01")[1].Trials[0].TrialID, func(t *runner.Trial) { t.Job.Steps = 4000 })
		}, "its job has the key"},
		{"a block run again under other seeds", func(t *testing.T, l *lab, tx *store.Tx) error {
			b := l.blocks("H01")[1]
			tr, err := store.Get[runner.Trial](tx, runner.KindTrial, b.Trials[0].TrialID)
			if err != nil {
				return err
			}
			tr.ID, tr.Job.Study = tx.NewID(), "luckier"
			if tr.Key, err = tr.Job.Key(); err != nil {
				return err
			}
			if err := tx.PutFinal("trial.done", runner.KindTrial, tr.ID, tr, ""); err != nil {
				return err
			}
			b.Trials[0].TrialID, b.Trials[0].Key, b.Seq = tr.ID, tr.Key, tx.Seq()+1
			return tx.PutFinal("block.logged", hypotheses.KindBlock, b.ID, b, "")
		}, `its seeds are those of study "luckier"`},
		{"a run on other data that nobody owns up to", func(t *testing.T, l *lab, tx *store.Tx) error {
			var s hypotheses.StartRecord
			for x, err := range store.All[hypotheses.StartRecord](tx, hypotheses.KindStart) {
				if err != nil {
					return err
				}
				s = x
			}
			s.ID, s.RunID, s.Seq, s.Env.DataSHA = "r-other", "r-other", tx.Seq()+1, "d2"
			return tx.PutFinal("run.started", hypotheses.KindStart, s.ID, s, "")
		}, "departs from the plan (data d2, locked under d1), and no major deviation says so"},
		{"a deviation taken off the record", func(t *testing.T, l *lab, tx *store.Tx) error {
			for d, err := range hypotheses.Deviations(tx, l.find("H01").ID) {
				if err != nil {
					return err
				}
				return tx.Delete("deviation.dropped", hypotheses.KindDeviation, d.ID, "")
			}
			return nil
		}, "H01: the record says"},
	}
}

func TestTampering(t *testing.T) {
	for _, row := range tamperings() {
		t.Run(row.name, func(t *testing.T) {
			l := newLab(t, "H01")
			l.decide("H01", 0.1)
			l.update(func(tx *store.Tx) error {
				return hypotheses.Deviate(tx, hypotheses.Deviation{HypothesisID: "H01", Class: "minor", Text: "another machine"})
			})
			if got := faults(t, l.lib); len(got) > 0 {
				t.Fatalf("before: %v", got)
			}
			l.update(func(tx *store.Tx) error { return row.act(t, l, tx) })
			if got := strings.Join(faults(t, l.lib), "\n"); !strings.Contains(got, row.want) {
				t.Errorf("want %q, got\n%s", row.want, got)
			}
		})
	}
}

// What is done to the bytes below the library: files and records.
func TestTamperingWithBytes(t *testing.T) {
	l := newLab(t, "H01")
	h := l.decide("H01", 0.1)
	dir := l.lib.Dir()
	must(t, l.lib.Close())
	reopen := func() []string {
		lib, err := store.Open(t.Context(), dir, store.Options{})
		if err != nil {
			return []string{err.Error()}
		}
		defer lib.Close()
		return faults(t, lib)
	}
	if got := reopen(); len(got) > 0 {
		t.Fatal(got)
	}
	t.Run("a file of the vault swapped", func(t *testing.T) {
		var name string
		must(t, filepath.WalkDir(filepath.Join(dir, "vault"), func(p string, d os.DirEntry, err error) error {
			if len(d.Name()) == 64 {
				name = p
			}
			return err
		}))
		old, err := os.ReadFile(name)
		must(t, err)
		must(t, os.Chmod(name, 0o600))
		must(t, os.WriteFile(name, []byte("another curve"), 0o600))
		if got := strings.Join(reopen(), "\n"); !strings.Contains(got, "vault") || !strings.Contains(got, filepath.Base(name)[:8]) {
			t.Errorf("got %s", got)
		}
		must(t, os.WriteFile(name, old, 0o600))
	})
	t.Run("a bit flipped in a record", func(t *testing.T) {
		path := filepath.Join(dir, "library.db")
		old, err := os.ReadFile(path)
		must(t, err)
		at := bytes.Index(old, []byte(h.Lock.Digest))
		bad := bytes.Clone(old)
		bad[at] ^= 1
		must(t, os.WriteFile(path, bad, 0o600))
		if got := strings.Join(reopen(), "\n"); !strings.Contains(got, "does not match its leaf") && !strings.Contains(got, "not what change") {
			t.Errorf("got %s", got)
		}
		must(t, os.WriteFile(path, old, 0o600))
	})
}

// bundled is a bundle of a decided library, and the records in it.
func bundled(t *testing.T) (dir string, l *lab) {
	t.Helper()
	l = newLab(t, "H01")
	l.decide("H01", 0.1)
	dir = filepath.Join(t.TempDir(), "bundle")
	b, err := WriteBundle(t.Context(), l.lib, dir)
	must(t, err)
	if b.Records != l.lib.Seq() || b.Files != 2*len(l.blocks("H01")) {
		t.Errorf("got %+v", b)
	}
	return dir, l
}

func TestABundleIsJudgedAsTheLibraryIs(t *testing.T) {
	dir, l := bundled(t)
	b, err := AuditBundle(t.Context(), os.DirFS(dir), t.TempDir())
	must(t, err)
	if len(b.Findings) > 0 || b.Verdicts != 1 || b.Trials < 10 {
		t.Errorf("got %+v", b)
	}
	if _, err := WriteBundle(t.Context(), nil, dir); err == nil || !strings.Contains(err.Error(), "is not empty") {
		t.Errorf("over an old bundle: %v", err)
	}
	again := filepath.Join(t.TempDir(), "again")
	_, err = WriteBundle(t.Context(), l.lib, again)
	must(t, err)
	for _, name := range []string{BundleName, ledgerName, vaultName} {
		if !bytes.Equal(readFile(t, filepath.Join(dir, name)), readFile(t, filepath.Join(again, name))) {
			t.Errorf("%s has other bytes the second time", name)
		}
	}
}

// A library made from a bundle verifies as the one that it comes from does, and knows whose it was.
func TestALibraryMadeFromABundleVerifies(t *testing.T) {
	dir, l := bundled(t)
	e, err := OpenEvidence(os.DirFS(dir))
	must(t, err)
	records, err := e.Records()
	must(t, err)
	files, err := e.Files()
	must(t, err)
	lib, err := store.RestoreSigned(t.Context(), filepath.Join(t.TempDir(), "lib"), records, e.Origin(), store.Options{})
	must(t, err)
	defer lib.Close()
	if found := faults(t, lib); len(found) > 0 {
		t.Error(found)
	}
	must(t, lib.View(func(tx *store.Tx) error {
		c, err := CheckAll(tx, "", func(sha string) ([]byte, error) { return files[sha], nil })
		if c.Origin != e.Signed || c.Verdicts != 1 || c.OriginKey != e.Origin().Key {
			t.Errorf("got %+v", c)
		}
		return err
	}))
	if len(files) != 2*len(l.blocks("H01")) {
		t.Errorf("%d files", len(files))
	}
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	must(t, err)
	return data
}

func unpacked(t *testing.T, data []byte) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(data))
	must(t, err)
	out, err := io.ReadAll(z)
	must(t, err)
	return out
}

// repack changes what is in a packed file of a bundle, and the hash of it in bundle.txt: nothing but the meaning tells.
func repack(t *testing.T, dir, name string, change func([]byte) []byte) {
	t.Helper()
	old := readFile(t, filepath.Join(dir, name))
	inside := change(unpacked(t, old))
	now, err := packed(func(w io.Writer) error { _, err := w.Write(inside); return err })
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, name), now, 0o600))
	text := readFile(t, filepath.Join(dir, BundleName))
	must(t, os.WriteFile(filepath.Join(dir, BundleName), bytes.Replace(text, []byte(sha(old)), []byte(sha(now)), 1), 0o600))
}

// Each row is done to a file of a bundle, or to what is packed in one, and both readers must see it.
func TestTamperingWithABundle(t *testing.T) {
	edit := func(name string, change func([]byte) []byte) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			path := filepath.Join(dir, name)
			must(t, os.WriteFile(path, change(readFile(t, path)), 0o600))
		}
	}
	inside := func(name string, change func([]byte) []byte) func(*testing.T, string) {
		return func(t *testing.T, dir string) { repack(t, dir, name, change) }
	}
	lines := func(change func([][]byte) [][]byte) func(*testing.T, string) {
		return inside(ledgerName, func(data []byte) []byte { return bytes.Join(change(bytes.SplitAfter(data, []byte("\n"))), nil) })
	}
	for want, act := range map[string]func(*testing.T, string){
		"":                             func(*testing.T, string) {},
		"its tree has another root":    lines(func(l [][]byte) [][]byte { l[3], l[4] = l[4], l[3]; return l }),
		"not the ledger that was sig":  inside(ledgerName, func(d []byte) []byte { return bytes.Replace(d, []byte("ben"), []byte("eve"), 1) }),
		"records, ":                    lines(func(l [][]byte) [][]byte { return append(l[:5:5], l[6:]...) }),
		"the last record is cut short": inside(ledgerName, func(d []byte) []byte { return d[:len(d)-1] }),
		"checkpoint":                   edit(BundleName, func(d []byte) []byte { d[len(d)-8] ^= 1; return d }),
		"does not begin with":          edit(BundleName, func(d []byte) []byte { return append([]byte("x"), d...) }),
		"ledger.jsonl.gz has the hash": edit(ledgerName, func(d []byte) []byte { d[5] ^= 1; return d }), // the time in its head, which says nothing
		"unexpected EOF":               edit(ledgerName, func(d []byte) []byte { return d[:len(d)-9] }),
		"vault.tar.gz has the hash":    edit(vaultName, func(d []byte) []byte { return append(d, 0) }),
		"its bytes have the hash":      inside(vaultName, func(d []byte) []byte { return bytes.Replace(d, []byte("curve 1"), []byte("cusve 1"), 1) }),
		"no such file":                 func(t *testing.T, dir string) { must(t, os.Remove(filepath.Join(dir, vaultName))) },
	} {
		t.Run("want "+want, func(t *testing.T) {
			dir, _ := bundled(t)
			act(t, dir)
			b, err := AuditBundle(t.Context(), os.DirFS(dir), t.TempDir())
			got := strings.Join(b.Findings, "\n")
			if err != nil {
				got += err.Error()
			}
			if !strings.Contains(got, want) || (want == "") != (got == "") {
				t.Errorf("want %q, got %q", want, got)
			}
			python, script := reader(t)
			out, err := command(t, python, script, dir)
			if (err == nil) != (want == "") || strings.Contains(out, "Traceback") {
				t.Errorf("the second reader says %s", out)
			}
		})
	}
}

// A flipped bit anywhere in the files of a bundle is seen, and one in what they hold though the packing is made anew.
// The parts are checked as AuditBundle checks them, each alone, so that a sweep over every byte takes seconds.
func TestNoByteOfABundleCanChange(t *testing.T) {
	dir, _ := bundled(t)
	text, ledger, vault := readFile(t, filepath.Join(dir, BundleName)), readFile(t, filepath.Join(dir, ledgerName)), readFile(t, filepath.Join(dir, vaultName))
	seen := func(text, ledger, vault []byte) bool {
		e, err := OpenEvidence(fstest.MapFS{BundleName: {Data: text}, ledgerName: {Data: ledger}, vaultName: {Data: vault}})
		if err != nil {
			return true
		}
		var b Bundle
		b.take(e)
		return len(b.Findings) > 0
	}
	if seen(text, ledger, vault) {
		t.Fatal("the sound bundle is refused")
	}
	flips := 0
	sweep := func(what string, sound []byte, stride int, seen func([]byte) bool) {
		for i := 0; i < len(sound); i += stride {
			bad := bytes.Clone(sound)
			bad[i] ^= 1 << (i / stride % 8)
			flips++
			if !seen(bad) {
				t.Errorf("%s: byte %d changed and nothing was said", what, i)
			}
		}
	}
	sweep(BundleName, text, 1, func(b []byte) bool { return seen(b, ledger, vault) })
	sweep(ledgerName, ledger, bundleStride, func(b []byte) bool { return seen(text, b, vault) })
	sweep(vaultName, vault, bundleStride, func(b []byte) bool { return seen(text, ledger, b) })
	// The packing made anew over other bytes. In the vault only what is in its files counts, not how tar lays them out.
	again := func(name string, old []byte) func([]byte) bool {
		return func(inside []byte) bool {
			now, err := packed(func(w io.Writer) error { _, err := w.Write(inside); return err })
			must(t, err)
			head := bytes.Replace(text, []byte(sha(old)), []byte(sha(now)), 1)
			if name == ledgerName {
				return seen(head, now, vault)
			}
			return seen(head, ledger, now)
		}
	}
	records := unpacked(t, ledger)
	sweep("in "+ledgerName, records, max(len(records)/50, bundleStride), again(ledgerName, ledger))
	files := unpacked(t, vault)
	for at := bytes.Index(files, []byte("curve ")); at >= 0 && at < 4096; at++ {
		if bytes.HasPrefix(files[at:], []byte("curve ")) {
			bad := bytes.Clone(files)
			bad[at+2] ^= 1
			flips++
			if !again(vaultName, vault)(bad) {
				t.Errorf("vault: byte %d changed and nothing was said", at+2)
			}
		}
	}
	t.Logf("%d bytes of %d changed, all seen", flips, len(text)+len(ledger)+len(vault)+len(records))
	// Now and then the whole of it, by both readers.
	python, script := reader(t)
	for i := 7; i < len(ledger); i += len(ledger)/3 + 1 {
		bad := bytes.Clone(ledger)
		bad[i] ^= 4
		must(t, os.WriteFile(filepath.Join(dir, ledgerName), bad, 0o600))
		if b, err := AuditBundle(t.Context(), os.DirFS(dir), t.TempDir()); err == nil && len(b.Findings) == 0 {
			t.Errorf("byte %d: accepted", i)
		}
		if out, err := command(t, python, script, dir); err == nil {
			t.Errorf("byte %d: the second reader says %s", i, out)
		}
	}
}

// Who holds the key can write another history and sign it. A head that somebody else kept shows it.
func TestARewrittenHistoryIsSeenByAKeptHead(t *testing.T) {
	dir, l := bundled(t)
	kept, err := l.lib.Prove(nil)
	must(t, err)
	data := unpacked(t, readFile(t, filepath.Join(dir, ledgerName)))
	records := bytes.Split(bytes.TrimSuffix(data, []byte("\n")), []byte("\n"))
	records[0] = bytes.Replace(records[0], []byte("ben"), []byte("eve"), 1)
	if store.Root(records) == kept.Head {
		t.Error("another history has the same root")
	}
	// A copy is signed by a key of its own, which --key refuses.
	forged, err := store.Restore(t.Context(), filepath.Join(t.TempDir(), "forged"), bytes.Split(bytes.TrimSuffix(data, []byte("\n")), []byte("\n")), store.Options{})
	must(t, err)
	defer forged.Close()
	copied, err := forged.Prove(nil)
	must(t, err)
	if copied.Head != kept.Head || copied.Key == kept.Key {
		t.Errorf("the copy has the head %+v under the key %s", copied.Head, copied.Key)
	}
	// What comes later must continue what was kept.
	l.update(func(tx *store.Tx) error {
		return hypotheses.Deviate(tx, hypotheses.Deviation{HypothesisID: "H01", Class: "minor", Text: "later"})
	})
	if _, err := l.lib.ProveConsistency(kept.Head.Size, l.lib.Seq()); err != nil {
		t.Error(err)
	}
}

// The table for people and the tests are one list.
func TestEveryTamperingIsInTheTable(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "trust.md"))
	must(t, err)
	for _, row := range tamperings() {
		if !bytes.Contains(text, []byte("\n| "+row.name+" |")) {
			t.Errorf("docs/trust.md has no row %q", row.name)
		}
	}
	for _, name := range []string{"a file of the vault swapped", "a bit flipped in a record", "a record deleted, or two exchanged, in a bundle", "a byte changed in a packed file of a bundle, its head and padding included", "the whole ledger rewritten and signed anew"} {
		if !bytes.Contains(text, []byte("\n| "+name+" |")) {
			t.Errorf("docs/trust.md has no row %q", name)
		}
	}
}
