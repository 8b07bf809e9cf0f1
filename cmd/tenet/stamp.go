package main

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"fmt"
	"math/big"
	"os"
	"time"

	"github.com/spf13/cobra"

	"tenet/internal/report/proof"
	"tenet/internal/store/stamp"
)

func (a *app) stampVerb() *cobra.Command {
	var query, roots, checkpoint string
	cmd := &cobra.Command{
		Use: "stamp FILE TOKEN | --query FILE | --checkpoint FILE", Short: "Tie the ledger to a date by a third party's stamp (RFC 3161)",
		Long: `Times in the ledger are claimed by the library's own clock. A time-stamping authority can
say when a file existed: a receipt or proof file of tenet prove, a bundle.txt, or the signed
checkpoint that --checkpoint writes. Such a file fixes every change before it, so its stamp
shows that a plan stood in the ledger by that time. Nothing is sent by tenet.

  --query FILE writes FILE.tsq, the question for an authority (application/timestamp-query);
  its answer, a .tsr file, is the token. stamp FILE TOKEN checks the token against the file
  and the file against this ledger, and keeps both: why shows the stamp, verify checks it.

--roots names a PEM file of certificates that you trust; without it the token's signature is
checked with the certificate in it, and that nobody vouched for it is said.`,
		Example: "  tenet prove H12 -o h12.receipt && tenet stamp --query h12.receipt\n  tenet stamp h12.receipt h12.receipt.tsr --roots authority.pem\n  tenet audit h12.receipt --stamp h12.receipt.tsr",
		Args: func(_ *cobra.Command, args []string) error {
			want := 0
			if query == "" && checkpoint == "" {
				want = 2
			}
			if len(args) != want || query != "" && checkpoint != "" {
				return fmt.Errorf("a file and its token, or --query FILE, or --checkpoint FILE")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if query != "" {
				return a.stampQuery(query)
			}
			return a.withLibrary(cmd, func(ctx context.Context, s *session) error {
				if checkpoint != "" {
					e, err := s.lib.Prove(nil)
					if err != nil {
						return err
					}
					if err := os.WriteFile(a.path(checkpoint), e.Checkpoint, 0o644); err != nil {
						return fmt.Errorf("stamp: %w", err)
					}
					fmt.Fprintf(a.out, "checkpoint of %d changes: %s\n", e.Head.Size, checkpoint)
					return nil
				}
				data, token, pool, err := a.stampFiles(args[0], args[1], roots)
				if err != nil {
					return err
				}
				st, err := proof.AttachStamp(ctx, s.lib, a.actor(ctx), data, token, pool)
				if err != nil {
					return stampRefused(args[1], err)
				}
				return a.saved(s.lib.Seq(), st, "%s", clean(st.String()))
			})
		},
	}
	cmd.Flags().StringVar(&query, "query", "", "write the question for an authority about this file")
	cmd.Flags().StringVar(&checkpoint, "checkpoint", "", "write the signed checkpoint of the ledger to this file")
	cmd.Flags().StringVar(&roots, "roots", "", "PEM file of trusted certificates")
	return cmd
}

func (a *app) stampQuery(file string) error {
	data, err := os.ReadFile(a.path(file))
	if err != nil {
		return fmt.Errorf("stamp: %w", err)
	}
	nonce, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 63))
	if err != nil {
		return fmt.Errorf("stamp: %w", err)
	}
	q, err := stamp.Query(data, nonce)
	if err != nil {
		return err
	}
	if err := os.WriteFile(a.path(file+".tsq"), q, 0o644); err != nil {
		return fmt.Errorf("stamp: %w", err)
	}
	fmt.Fprintf(a.out, "query: %s.tsq\n", file)
	fmt.Fprintf(a.err, "next: curl -H 'Content-Type: application/timestamp-query' --data-binary @%s.tsq URL-OF-AN-AUTHORITY >%s.tsr\n", file, file)
	return nil
}

func (a *app) stampFiles(file, token, roots string) (data, der []byte, pool *x509.CertPool, err error) {
	if data, err = os.ReadFile(a.path(file)); err == nil {
		der, err = os.ReadFile(a.path(token))
	}
	if err != nil {
		return nil, nil, nil, fmt.Errorf("stamp: %w", err)
	}
	if roots != "" {
		text, err := os.ReadFile(a.path(roots))
		if err != nil {
			return nil, nil, nil, fmt.Errorf("stamp: %w", err)
		}
		if pool = x509.NewCertPool(); !pool.AppendCertsFromPEM(text) {
			return nil, nil, nil, fmt.Errorf("stamp: %s: no certificate in it", roots)
		}
	}
	return data, der, pool, nil
}

func stampRefused(token string, err error) error {
	return fmt.Errorf("stamp: %s: refused: %w: %w", token, err, errRefused)
}

// auditStamp checks a token over the file that was audited and says when that was.
func (a *app) auditStamp(file, token, roots string) (string, error) {
	data, der, pool, err := a.stampFiles(file, token, roots)
	if err != nil {
		return "", err
	}
	tok, err := proof.ReadStamp(data, der, pool)
	if err != nil {
		return "", stampRefused(token, err)
	}
	trust := "its certificate was not checked; --roots does"
	if pool != nil {
		trust = "its certificate leads to the roots given"
	}
	return fmt.Sprintf("stamped: the file existed by %s, says %s (%s)", tok.Time.Format(time.RFC3339), clean(tok.Authority), trust), nil
}
