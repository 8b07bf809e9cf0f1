package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
)

var update = flag.Bool("update", false, "write docs/commands.md anew")

// TestCommandPagesAreCurrent holds docs/commands.md to what --help says.
func TestCommandPagesAreCurrent(t *testing.T) {
	const path = "../../docs/commands.md"
	a := &app{getenv: func(string) string { return "" }}
	var b bytes.Buffer
	fmt.Fprint(&b, "# Commands\n\nWritten by `go test ./cmd/tenet -run Pages -update` from the program's own help; do not edit.\n\n")
	fmt.Fprint(&b, "Exit codes of every verb: 0 ok, 1 failed, 2 usage, 3 not found, 4 locked or busy, 5 integrity.\n\n")
	root := a.root()
	page(&b, root)
	for _, v := range root.Commands() {
		if v.Name() != "help" && v.Name() != "completion" {
			page(&b, v)
		}
	}
	if *update {
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(have), b.String()); diff != "" {
		t.Errorf("docs/commands.md is stale (-have +want):\n%s", diff)
	}
}

func page(b *bytes.Buffer, v *cobra.Command) {
	fmt.Fprintf(b, "## %s\n\n%s\n\n", v.CommandPath(), v.Short)
	fmt.Fprintf(b, "    %s\n\n", v.UseLine())
	if v.Long != "" {
		fmt.Fprintf(b, "%s\n\n", v.Long)
	}
	if v.Example != "" {
		fmt.Fprintf(b, "```sh\n%s\n```\n\n", undent(v.Example))
	}
	if f := v.LocalFlags().FlagUsages(); f != "" {
		fmt.Fprintf(b, "```text\n%s```\n\n", f)
	}
}

func undent(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimPrefix(l, "  ")
	}
	return strings.Join(lines, "\n")
}

// TestEveryVerbTeaches holds each verb to a long help and an example.
func TestEveryVerbTeaches(t *testing.T) {
	a := &app{getenv: func(string) string { return "" }}
	for _, v := range a.root().Commands() {
		if v.Short == "" || v.Long == "" || v.Example == "" || v.GroupID == "" {
			t.Errorf("tenet %s lacks a short help, a long help, an example or a group", v.Name())
		}
	}
}
