package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"
)

const rootLong = `tenet turns a field's literature into tested principles.

PDFs go in; you tag sentences as claims; claims support or contradict principles;
each principle makes hypotheses that are fixed before any run; one key runs the
experiment; and from every verdict you can walk back to the sentence it rests on.

Without a verb the terminal program opens on this folder's library.`

const rootExample = `  tenet demo                      a finished example: skip connections in deep nets
  tenet init my-survey            a new, empty library
  tenet add papers/ refs.bib      PDFs, folders and bibliographies
  tenet search 'vanish* -batch'   full text of papers, claims and principles
  tenet lock H01 && tenet run H01 preregister, then execute
  tenet why H01                   the chain from the verdict to the sentence`

// root builds the tree of verbs.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use: "tenet", Short: "Turn a field's literature into tested principles", Long: rootLong, Example: rootExample,
		Version: version, SilenceUsage: true, SilenceErrors: true,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.ui(cmd.Context()) },
	}
	f := root.PersistentFlags()
	f.StringVar(&a.library, "library", "", "folder of the library (else $TENET_LIBRARY, else the nearest parent that has one)")
	f.StringVar(&a.reviewer, "reviewer", "", "name under which changes are recorded (else $TENET_REVIEWER, else git's user.name)")
	f.BoolVar(&a.json, "json", false, "answer as JSON")
	f.BoolVar(&a.plain, "plain", false, "no full-screen display: one fact a line, commands as words")
	f.BoolVar(&a.ascii, "ascii", false, "draw with ASCII only")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return flagError(err) })
	root.AddGroup(
		&cobra.Group{ID: "library", Title: "The library:"},
		&cobra.Group{ID: "review", Title: "Reviewing:"},
		&cobra.Group{ID: "experiment", Title: "Experiments:"},
		&cobra.Group{ID: "proof", Title: "Checking and sharing:"},
		&cobra.Group{ID: "machine", Title: "The machine room:"},
	)
	add := func(group string, verbs ...*cobra.Command) {
		for _, v := range verbs {
			v.GroupID = group
			root.AddCommand(v)
		}
	}
	add("library", a.demoVerb(), a.initVerb(), a.addVerb(), a.searchVerb(), a.listVerb(), a.dataVerb(), a.undoVerb(), a.redoVerb())
	add("review", a.screenVerb(), a.tagVerb(), a.linkVerb(), a.principleVerb())
	add("experiment", a.lockVerb(), a.runVerb(), a.controlVerb(), a.calibrateVerb())
	add("proof", a.whyVerb(), a.verifyVerb(), a.proveVerb(), a.auditVerb(), a.reportVerb(), a.importVerb(), a.exportVerb())
	add("machine", a.doctorVerb(), a.benchVerb(), a.papersVerb(), a.workerVerb())
	root.SetHelpCommandGroupID("machine")
	root.SetCompletionCommandGroupID("machine")
	for _, v := range root.Commands() {
		asUsage(v)
	}
	asUsage(root)
	return root
}

// asUsage makes a verb's complaint about its arguments a usage error (exit 2) that shows how to call it.
func asUsage(v *cobra.Command) {
	check := v.Args
	if check == nil {
		return
	}
	v.Args = func(cmd *cobra.Command, args []string) error {
		err := check(cmd, args)
		if i := slices.Index(args, ""); err == nil && i >= 0 {
			err = fmt.Errorf("argument %d is empty", i+1)
		}
		if err != nil {
			return usagef("%w\n  usage: %s", err, cmd.UseLine())
		}
		return nil
	}
}
