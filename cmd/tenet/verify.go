package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/spf13/cobra"

	"tenet/internal/report/proof"
	"tenet/internal/store"
	"tenet/runner"
)

// verified is the JSON form of `tenet verify --json`.
type verified struct {
	Changes  uint64          `json:"changes"`
	Root     string          `json:"root"`
	Verdicts int             `json:"verdicts"`
	Trials   int             `json:"trials"`
	Stamps   int             `json:"stamps"`
	Reruns   []string        `json:"reruns,omitempty"`
	Sample   *runner.Sample  `json:"sample,omitempty"`
	Seed     uint64          `json:"seed,omitempty"` // by which the trials to rerun were drawn
	Findings []store.Finding `json:"findings"`
	Took     string          `json:"took"`

	Origin string `json:"origin,omitempty"` // of a restored library: whose changes it begins with
}

func (a *app) verifyVerb() *cobra.Command {
	var again int
	var seed uint64
	var trust bool
	cmd := &cobra.Command{
		Use: "verify", Short: "Check the whole library",
		Long: `Check everything: every change record and the Merkle tree over them, the current
state against the changes, every file in the vault against its hash, the order of lock,
start and blocks, every verdict recomputed from its logged blocks, the thresholds of its
family and the deviations on record, every trial's key, and every time stamp. Findings name
the change; one never hides the next. Exit code 5 when there is a finding.

--rerun N trains N trials again, drawn by chance, and compares metrics, weights and curves
bit for bit; --seed draws the same ones again. Trials that cannot give the same bits here
(another engine or kernel path, data files that are not here) are passed over and counted,
and others are drawn instead; it says how many were trained. With --json "sample" has the
numbers.

A library that was restored from a bundle, as that of tenet demo, must still begin with the
changes that the bundle's key signed.`,
		Example: "  tenet verify\n  tenet verify --json\n  tenet verify --rerun 3",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withLibrary(cmd, func(ctx context.Context, s *session) error {
				v, err := a.verify(ctx, s)
				if err != nil {
					return err
				}
				if again > 0 {
					if err := a.rerun(ctx, s, &v, again, seed, trust); err != nil {
						return err
					}
				}
				if a.json {
					err = writeJSON(a.out, v)
				} else {
					for _, f := range v.Findings {
						fmt.Fprintf(a.out, "! %s\n", clean(f.String()))
					}
					for _, r := range v.Reruns {
						fmt.Fprintf(a.out, "rerun: %s\n", clean(r))
					}
					if v.Origin != "" {
						fmt.Fprintf(a.out, "restored: %s\n", clean(v.Origin))
					}
					fmt.Fprintf(a.out, "%d changes, %d verdicts replayed, %d trial keys recomputed, %d findings, root %s (%s)\n", v.Changes, v.Verdicts, v.Trials, len(v.Findings), v.Root, v.Took)
				}
				if err == nil && len(v.Findings) > 0 {
					err = errIntegrity
				}
				return err
			})
		},
	}
	cmd.Flags().IntVar(&again, "rerun", 0, "train so many trials again and compare the bits")
	cmd.Flags().Uint64Var(&seed, "seed", 0, "by which the trials to rerun are drawn (default: by chance)")
	cmd.Flags().BoolVar(&trust, "trust-exec", false, "with --rerun: trials of external commands too")
	return cmd
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
	missing, err := s.lib.MissingFiles(ctx, "file_sha", "text_sha", "curve_sha", "log_sha", "token_sha")
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
		key, err := s.lib.VerifierKey()
		if err != nil {
			return err
		}
		c, err := proof.CheckAll(tx, key, s.lib.Vault().Bytes)
		v.Verdicts, v.Trials, v.Stamps = c.Verdicts, c.Trials, c.Stamps
		if c.OriginKey != "" {
			v.Origin = fmt.Sprintf("changes 1 to %d, root %x, were signed by %s", c.Origin.Size, c.Origin.Root, c.OriginKey)
		}
		for _, w := range c.Wrong {
			v.Findings = append(v.Findings, store.Finding{Where: fmt.Sprintf("change %d", w.Seq), Seq: w.Seq, Text: w.What})
		}
		return err
	})
	v.Took = time.Since(start).Round(time.Millisecond).String()
	return v, err
}

// rerun trains trials again; one that gives other bits is a finding.
func (a *app) rerun(ctx context.Context, s *session, v *verified, n int, seed uint64, trust bool) error {
	if seed == 0 {
		seed = rand.Uint64()
	}
	live := a.live()
	defer live.end()
	sample, err := runner.Verify(ctx, s.lib, n, rand.New(rand.NewPCG(seed, 0)), runner.Options{TrustExec: trust, Command: a.self("worker", "--stdio"), OnEvent: live.event})
	if err != nil {
		return err
	}
	v.Seed, v.Sample = seed, &sample
	v.Reruns = append(v.Reruns, sample.Passed...)
	for _, r := range sample.Reruns {
		v.Reruns = append(v.Reruns, fmt.Sprintf("block %d, arm %s, key %.12s: %s", r.Trial.Block, r.Trial.Arm, r.Trial.Key, r.Text))
		if !r.Same {
			v.Findings = append(v.Findings, store.Finding{Where: "trial " + r.Trial.Key[:12], Text: "trained again: " + r.Text})
		}
	}
	v.Reruns = append(v.Reruns, fmt.Sprintf("%s (--seed %d draws the same)", sample, seed))
	return nil
}
