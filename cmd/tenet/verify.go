package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"tenet/hypotheses"
	"tenet/internal/store"
)

// verified is the JSON form of `tenet verify --json`.
type verified struct {
	Changes  uint64          `json:"changes"`
	Root     string          `json:"root"`
	Verdicts int             `json:"verdicts"`
	Findings []store.Finding `json:"findings"`
	Took     string          `json:"took"`
}

func (a *app) verifyVerb() *cobra.Command {
	return &cobra.Command{
		Use: "verify", Short: "Check the whole library",
		Long: `Check everything: every change record and the Merkle tree over them, the current
state against the changes, every file in the vault against its hash, the order of lock,
start and blocks, and every verdict recomputed from its logged blocks. Findings name the
change; one never hides the next. Exit code 5 when there is a finding.`,
		Example: "  tenet verify\n  tenet verify --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withLibrary(cmd, func(ctx context.Context, s *session) error {
				v, err := a.verify(ctx, s)
				if err != nil {
					return err
				}
				if a.json {
					err = writeJSON(a.out, v)
				} else {
					for _, f := range v.Findings {
						fmt.Fprintf(a.out, "! %s\n", clean(f.String()))
					}
					fmt.Fprintf(a.out, "%d changes, %d verdicts replayed, %d findings, root %s (%s)\n", v.Changes, v.Verdicts, len(v.Findings), v.Root, v.Took)
				}
				if err == nil && len(v.Findings) > 0 {
					err = errIntegrity
				}
				return err
			})
		},
	}
}

func (a *app) verify(ctx context.Context, s *session) (verified, error) {
	start := time.Now()
	var bar *progress
	findings, err := s.lib.Verify(ctx, func(done, total uint64) {
		if bar == nil {
			bar = newProgress(a.err, "records", 0)
		}
		bar.total = int(total)
		bar.step(int(done)-bar.done, "checking")
	})
	if bar != nil {
		bar.clear()
	}
	if err != nil {
		return verified{}, err
	}
	missing, err := s.lib.MissingFiles(ctx, "file_sha", "text_sha", "curve_sha")
	if err != nil {
		return verified{}, err
	}
	findings = append(findings, missing...)
	v := verified{Changes: s.lib.Seq(), Findings: findings}
	head, err := s.lib.Head()
	switch {
	case err == nil:
		v.Root = hex.EncodeToString(head.Root[:])
	case len(findings) > 0 && errors.Is(err, store.ErrCorrupt):
		v.Root = "none: the tree does not hold"
	default:
		return v, err
	}
	err = s.lib.View(func(tx *store.Tx) error {
		n, wrong, err := hypotheses.Replay(tx)
		v.Verdicts = n
		for _, w := range wrong {
			v.Findings = append(v.Findings, store.Finding{Where: fmt.Sprintf("change %d", w.Seq), Seq: w.Seq, Text: w.What})
		}
		return err
	})
	v.Took = time.Since(start).Round(time.Millisecond).String()
	return v, err
}
