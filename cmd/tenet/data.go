package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"tenet/runner"
	"tenet/runner/task"
)

// dataFile is a data file as `tenet data --json` shows it.
type dataFile struct {
	Name  string `json:"name"`
	Bytes int    `json:"bytes"` // unpacked
	SHA   string `json:"sha256"`
	Tasks string `json:"tasks"`
	From  string `json:"from"`
	Here  bool   `json:"here"`
}

func (a *app) dataVerb() *cobra.Command {
	cmd := &cobra.Command{
		Use: "data", Short: "List the data files that tasks train on",
		Long: `List the data files that the tasks of a study train on and that do not come with the
program, whether the library has them, and where they come from. tenet data add brings them.

Files are known by the SHA-256 of what they hold, whatever they are called. They lie packed
in the folder data beside the library's ledger. A trial's key names the data by their hash.`,
		Example: "  tenet data\n  tenet data add ~/Downloads/mnist\n  tenet data --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withLibrary(cmd, func(_ context.Context, s *session) error {
				d := task.OpenData(runner.DataDir(s.lib))
				files := []dataFile{}
				for _, f := range task.Files() {
					files = append(files, dataFile{f.Name, f.Size, f.SHA, f.Tasks, f.From, d.Has(f.Name)})
				}
				if a.json {
					return writeJSON(a.out, files)
				}
				for _, f := range files {
					word := "missing"
					if f.Here {
						word = "here"
					}
					fmt.Fprintf(a.out, "%-8s %-30s %6d KB  for %s; %s\n", word, f.Name, f.Bytes/1000, f.Tasks, f.From)
				}
				return nil
			})
		},
	}
	add := &cobra.Command{
		Use: "add FILE|DIR…", Short: "Bring data files into the library",
		Long: `Look at files, or at every file below a folder, and keep those that a task trains on:
known by the SHA-256 of what they hold, packed by gzip or not. Other files are left alone.
Of MNIST's full training files the first 10,000 rows are kept.`,
		Example: "  tenet data add ~/Downloads\n  tenet data add train-images-idx3-ubyte.gz train-labels-idx1-ubyte.gz",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withLibrary(cmd, func(ctx context.Context, s *session) error { return a.addData(ctx, s, args) })
		},
	}
	asUsage(add)
	cmd.AddCommand(add)
	return cmd
}

func (a *app) addData(ctx context.Context, s *session, paths []string) error {
	d := task.OpenData(runner.DataDir(s.lib))
	known, looked := []task.Added{}, 0
	for _, path := range paths {
		got, err := d.Add(ctx, a.path(path))
		if err != nil {
			return err
		}
		looked += len(got)
		for _, f := range got {
			if f.File != "" {
				known = append(known, f)
			}
		}
	}
	if a.json {
		return writeJSON(a.out, known)
	}
	for _, f := range known {
		word := "added"
		if f.Was {
			word = "here before"
		}
		fmt.Fprintf(a.out, "%-32s %s, from %s\n", f.File, word, clean(f.Path))
	}
	fmt.Fprintf(a.out, "%d of %d files are data of a task\n", len(known), looked)
	if len(known) == 0 {
		fmt.Fprintln(a.err, "next: tenet data lists what is wanted and where it comes from")
	}
	return nil
}
