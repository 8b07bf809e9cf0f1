package tui

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"

	"tenet/hypotheses"
	"tenet/internal/report"
	reportproof "tenet/internal/report/proof"
	"tenet/internal/store"
)

func (d *desk) Trace(_ context.Context, name string) (traceNode, error) {
	n, err := report.Trace(d.lib, name)
	if err != nil {
		return traceNode{}, err
	}
	return nodeOf(n), nil
}

func nodeOf(n report.Node) traceNode {
	out := traceNode{Kind: n.Kind, ID: n.ID, Alias: n.Alias, Label: n.Label, Digest: n.Digest, State: string(n.State), Seq: n.Seq}
	for _, c := range n.Children {
		out.Children = append(out.Children, nodeOf(c))
	}
	return out
}

// Verify checks the ledger, then judges locks, blocks, verdicts, trials and
// stamps anew. One fault never hides the next.
func (d *desk) Verify(ctx context.Context, tell func(progress)) ([]string, error) {
	found, err := d.lib.Verify(ctx, func(done, total uint64) {
		tell(progress{Done: int(done), Total: int(total), What: "checking", Stop: "esc stops"})
	})
	if err != nil {
		return nil, err
	}
	var out []string
	for _, f := range found {
		out = append(out, f.String())
	}
	key, err := d.lib.VerifierKey()
	if err != nil {
		return out, err
	}
	err = d.lib.View(func(tx *store.Tx) error {
		c, err := reportproof.CheckAll(tx, key, d.lib.Vault().Bytes)
		for _, w := range c.Wrong {
			out = append(out, fmt.Sprintf("change %d: %s", w.Seq, w.What))
		}
		return err
	})
	return out, err
}

// proof is what an exported chain holds: the chain, and the signed head of the
// log it stands in, so that a stranger can check the change numbers.
type proof struct {
	Trace  report.Node `json:"trace"`
	Size   uint64      `json:"log_size"`
	Root   string      `json:"log_root"`
	Signed string      `json:"signed_head"`
	Key    string      `json:"verifier_key"`
}

// ExportTrace writes what a stranger can check: of a locked hypothesis the file
// that tenet audit takes, of anything else the chain under the signed head.
func (d *desk) ExportTrace(ctx context.Context, name, path string) (saved, error) {
	locked := false
	if err := d.lib.View(func(tx *store.Tx) error {
		h, err := hypotheses.Find(tx, name)
		locked = err == nil && h.Lock != nil
		return nil //nolint:nilerr // another kind of thing is no fault
	}); err != nil {
		return saved{}, err
	}
	if locked {
		data, err := reportproof.Write(ctx, d.lib, name)
		if err != nil {
			return saved{}, err
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			return saved{}, fmt.Errorf("the proof cannot be written: %w", err)
		}
		return saved{Text: "proof of " + name + " written to " + path + "; tenet audit checks it anywhere"}, nil
	}
	n, err := report.Trace(d.lib, name)
	if err != nil {
		return saved{}, err
	}
	signed, head, err := d.lib.SignedHead()
	if err != nil {
		return saved{}, err
	}
	key, err := d.lib.VerifierKey()
	if err != nil {
		return saved{}, err
	}
	data, err := json.MarshalIndent(proof{n, head.Size, hex.EncodeToString(head.Root[:]), string(signed), key}, "", "  ")
	if err != nil {
		return saved{}, err
	}
	if err := os.WriteFile(path, append(data, '\n'), 0o644); err != nil {
		return saved{}, fmt.Errorf("the proof cannot be written: %w", err)
	}
	return saved{Text: "proof of " + name + " written to " + path}, nil
}
