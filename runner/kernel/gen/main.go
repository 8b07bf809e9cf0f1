package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/printer"
)

func main() {
	dir := flag.String("dir", "..", "folder to write to")
	flag.Parse()
	calls := &calls{}
	for _, f := range []struct {
		name  string
		write func(isa)
	}{
		{"product", products},
		{"elementwise", elementwise},
		{"columns", columns},
		{"rows", rows},
		{"convolution", convolutions},
		{"winograd", winograds},
		{"pictures", pictures},
		{"smooth", smooth},
		{"attention", attentions},
	} {
		if err := write(*dir, f.name, f.write, calls); err != nil {
			fmt.Fprintf(os.Stderr, "gen: %s: %v\n", f.name, err)
			os.Exit(1)
		}
	}
	for _, name := range []string{"amd64", "other"} {
		if err := os.WriteFile(filepath.Join(*dir, "vector_"+name+".go"), calls.source(name == "amd64"), 0o644); err != nil {
			fmt.Fprintf(os.Stderr, "gen: %v\n", err)
			os.Exit(1)
		}
	}
}

// write makes name_amd64.s and name_amd64.go from one family.
func write(dir, name string, family func(isa), calls *calls) error {
	c := build.NewContext()
	c.ConstraintExpr("amd64")
	for _, wide := range []bool{true, false} {
		family(newISA(c, name, wide, calls))
	}
	file, err := c.Result()
	if err != nil {
		return err
	}
	if err := pass.Compile.Execute(file); err != nil {
		return err
	}
	cfg := printer.Config{Name: "runner/kernel/gen", Pkg: "kernel"}
	for ext, make := range map[string]func(printer.Config) printer.Printer{".s": printer.NewGoAsm, ".go": printer.NewStubs} {
		if err := print(make(cfg), file, filepath.Join(dir, name+"_amd64"+ext)); err != nil {
			return err
		}
	}
	return nil
}

func print(p printer.Printer, file *ir.File, path string) error {
	text, err := p.Print(file)
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(bytes.TrimRight(text, "\n"), '\n'), 0o644)
}
